"""A company of any size, written straight into the tables: a plan of six indicators, a month of records."""

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from domain.bulk import insert_rows
from domain.clock import FixedClock
from domain.database import Database
from domain.loads import begin_load
from domain.metrics.model import Coverage
from domain.people.model import Company, Unit
from domain.plans.model import PlanVersion

MONTH = "2026-06"
CLOCK = FixedClock(datetime(2026, 7, 7, 2, 0, tzinfo=UTC))
TEAM = 10
TEAMS_IN_A_REGION = 100
CHUNK = 50_000

TARGETS = {"sales": 80_000, "quality_customers": 20, "new_customers": 12, "repurchase": 6}
"""Indicators with a target, and its usual amount; each reads a measure of its own name."""
RATIOS = {"overdue_rate": ("overdue_amount", "loan_balance"), "compliance": ("checks_passed", "checks_made")}
MEASURES = (*TARGETS, *(measure for ratio in RATIOS.values() for measure in ratio))
PLAN = """
name = "bench"
job_family = "sales"
from = "2025-01"
stocks = ["overdue_amount", "loan_balance"]
[[indicators]]
name = "sales"
measure = "sales"
weight = 35
curve = [[0.5, 0], [0.8, 60], [1.0, 100], [1.2, 120]]
[[indicators]]
name = "quality_customers"
measure = "quality_customers"
weight = 15
curve = [[0.4, 0], [0.8, 70], [1.0, 100], [1.4, 120]]
[[indicators]]
name = "new_customers"
measure = "new_customers"
weight = 15
curve = [[0.4, 0], [0.8, 70], [1.0, 100], [1.4, 120]]
[[indicators]]
name = "repurchase"
measure = "repurchase"
weight = 10
curve = [[0.3, 0], [0.8, 70], [1.0, 100], [1.5, 120]]
[[indicators]]
name = "overdue_rate"
ratio = ["overdue_amount", "loan_balance"]
weight = 15
curve = [[0.00, 120], [0.02, 100], [0.05, 60], [0.10, 0]]
[[indicators]]
name = "compliance"
ratio = ["checks_passed", "checks_made"]
weight = 10
curve = [[0.80, 0], [0.90, 60], [0.97, 100], [1.00, 110]]
[[tiers]]
name = "S"
from = 110
[[tiers]]
name = "A"
from = 95
[[tiers]]
name = "B"
from = 70
[[tiers]]
name = "C"
from = 0
[[gates]]
ratio = ["overdue_amount", "loan_balance"]
above = 0.08
cap = "B"
[miss]
indicator = "sales"
below = 1.0
[pip_pass]
indicator = "sales"
at_least = 0.9
months = 3
"""


def write_company(database: Database, people: int, months: Sequence[str] = (MONTH,)) -> None:
    """Fill an empty database: `people` reps in teams of ten below regions.

    In each of the months everybody has a target per indicator that takes one, and a record per measure.
    """
    with database.writing() as session:
        load_id = begin_load(session, CLOCK, "import", "cli:bench").id
        session.add(_company())
        session.add(
            PlanVersion(
                name="bench",
                job_family="sales",
                from_month="2025-01",
                version=1,
                text=PLAN,
                digest=hashlib.sha256(PLAN.encode()).hexdigest(),
                added_in=load_id,
            )
        )
        session.add(
            Coverage(
                origin="import",
                measure="*",
                first_day=date(2020, 1, 1),
                last_day=date(2026, 7, 6),
                added_in=load_id,
            )
        )
        teams = -(-people // TEAM)
        session.add_all(_units(teams))
        session.flush()
        first_team = 2 + -(-teams // TEAMS_IN_A_REGION)
        numbers = range(1, people + 1)
        _write(session.connection(), "people", _people(numbers))
        _write(session.connection(), "employments", _employments(numbers, load_id))
        _write(session.connection(), "assignments", _assignments(numbers, first_team, load_id))
        for month in months:
            _write(session.connection(), "targets", _targets(numbers, month, load_id))
            _write(session.connection(), "measure_records", _records(numbers, month, load_id))
    _settle(database)


def _settle(database: Database) -> None:
    """As a database is that has run for a while: all in the one file, and counted."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("ANALYZE")
    else:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def slack_id(person: int) -> str:
    return f"U{person:09}"


def _company() -> Company:
    return Company(
        id=1,
        name="Bench",
        time_zone="Asia/Shanghai",
        calendar="cn",
        currency="CNY",
        language="en",
        alerts_from="2026-06",
        shadow=False,
        policies={},
    )


def _units(teams: int) -> Iterator[Unit]:
    """The company, then its regions, then their teams."""
    regions = -(-teams // TEAMS_IN_A_REGION)
    yield Unit(id=1, path="Bench", name="Bench")
    for region in range(regions):
        yield Unit(id=2 + region, path=f"Bench/R{region}", name=f"R{region}", parent_id=1)
    for team in range(teams):
        region = team // TEAMS_IN_A_REGION
        yield Unit(
            id=2 + regions + team, path=f"Bench/R{region}/T{team}", name=f"T{team}", parent_id=2 + region
        )


Row = dict[str, Any]


def _people(numbers: Sequence[int]) -> Iterator[Row]:
    for number in numbers:
        yield {
            "id": number,
            "employee_id": f"E{number:07}",
            "name": f"Rep {number}",
            "email": f"rep{number}@bench.example",
            "role": "rep",
            "slack_id": slack_id(number),
        }


def _employments(numbers: Sequence[int], load_id: int) -> Iterator[Row]:
    for number in numbers:
        yield {"id": number, "person_id": number, "hired_on": "2024-02-01", "added_in": load_id}


def _assignments(numbers: Sequence[int], first_team: int, load_id: int) -> Iterator[Row]:
    for number in numbers:
        yield {
            "id": number,
            "person_id": number,
            "from_day": "2024-02-01",
            "at_hire": True,
            "unit_id": first_team + (number - 1) // TEAM,
            "job_family": "sales",
            "added_in": load_id,
        }


def _targets(numbers: Sequence[int], month: str, load_id: int) -> Iterator[Row]:
    for number in numbers:
        for indicator, amount in TARGETS.items():
            yield {
                "person_id": number,
                "indicator": indicator,
                "period": month,
                "amount": amount * 10_000,
                "state": "confirmed",
                "version": 1,
                "added_in": load_id,
            }


def _records(numbers: Sequence[int], month: str, load_id: int) -> Iterator[Row]:
    chance = random.Random(month)  # noqa: S311 - sample data is seeded on purpose
    for number in numbers:
        values = _values(chance)
        for place, measure in enumerate(MEASURES):
            yield {
                "source": "import",
                "record_id": f"{month}-{measure}-{number}",
                "person_id": number,
                "measure": measure,
                "occurred_on": f"{month}-{1 + (number + place) % 28:02}",
                "value": round(values[measure] * 10_000),
                "added_in": load_id,
            }


def _values(chance: random.Random) -> dict[str, float]:
    """Of one person: most between half of the target and a third more than it."""
    values = {name: round(usual * chance.uniform(0.5, 1.35), 2) for name, usual in TARGETS.items()}
    balance, checks = round(chance.uniform(200_000, 900_000), 2), chance.randint(10, 40)
    return values | {
        "loan_balance": balance,
        "overdue_amount": round(balance * chance.uniform(0, 0.09), 2),
        "checks_made": checks,
        "checks_passed": checks - chance.randint(0, 4),
    }


def _write(connection: Any, table: str, rows: Iterable[Row]) -> None:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        insert_rows(connection, table, list(chunk[0]), (tuple(row.values()) for row in chunk))
