"""A draft held against the past, and put into force: what it shows, and what it leaves alone."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.access import CommandLine
from domain.audit import AuditEntry
from domain.clock import FixedClock
from domain.closing.restating import restate
from domain.database import Base, Database
from domain.errors import BadInput, NotAllowed
from domain.imports.service import import_folder
from domain.people import service as people
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.rules_file import parse_plan
from domain.previews.applying import Applied, apply_plan
from domain.previews.service import Preview, preview
from domain.previews.sheets import EVERYBODY, change_rows, tiers_in_all, total_rows
from domain.scoring.model import ReachedTier
from domain.scoring.printing import line_rows, score_rows
from domain.scoring.service import score_and_lock, score_now
from domain.scoring.verification import verify
from tests.builders import SALES_PLAN, CompanyFolder
from tests.conftest import TEN_IN_SHANGHAI
from tests.differential.plans import random_plans
from tests.domain.conftest import Load, Lock, Look
from tests.sqlite_files import a_copy

MAY, JUNE = Period.parse("2026-05"), Period.parse("2026-06")
OPERATOR = CommandLine("cli:test")
RESULTS = {"R0": 700, "R1": 900, "R2": 1000, "R3": 1250}
GROWTH = """
[[indicators]]
name = "growth"
measure = "won_amount"
against = "own_months"
months = 1
weight = 40
weight_by_tier = { S = 90 }
curve = [[0.5, 0], [1.0, 100], [1.5, 120]]
"""
RETURNS = """
[[indicators]]
name = "returns"
repurchase = "won_amount"
within_days = 60
weight = 40
curve = [[0, 0], [1, 120]]
"""


def company() -> CompanyFolder:
    """Four reps with the same results in May and in June, each with a customer who comes back."""
    folder = CompanyFolder().person("H1", role="hr", job_family="").plan()
    for rep, won in RESULTS.items():
        folder.person(rep, unit=f"Acme/{'West' if rep < 'R2' else 'East'}")
        for month in ("2026-05", "2026-06"):
            folder.target(rep, "sales", month, 1000)
            folder.measure(rep, "won_amount", f"{month}-10", won, record_id=f"{month}-{rep}", customer_id=rep)
            folder.measure(rep, "wins", f"{month}-10", 1, record_id=f"{month}-wins-{rep}")
            folder.measure(rep, "closed_deals", f"{month}-10", 2, record_id=f"{month}-closed-{rep}")
    return folder


def drafted(*extra: str, begins: str = "2026-07", weight: int = 40) -> str:
    """The plan in force, from another month on, with another weight of its ratio, and more indicators."""
    text = SALES_PLAN.replace('from = "2026-01"', f'from = "{begins}"')
    return text.replace("weight = 40", f"weight = {weight}") + "".join(extra)


SALES_ONLY = drafted().replace("weight = 40", "weight = 0.0001")


def previewed(database: Database, clock: FixedClock, text: str, *periods: Period) -> Preview:
    return preview(database, clock, OPERATOR, parse_plan(text), periods or (MAY, JUNE))


def rows_of_every_table(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def kept(database: Database, period: Period) -> list[dict[str, str]]:
    with database.reading() as session:
        return [*score_rows(session, period), *line_rows(session, period)]


def test_a_draft_shows_who_would_stand_where(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    # given May locked, June open, and a draft in which nearly all hangs on sales
    load(company())
    lock("2026-05")

    found = previewed(database, clock, SALES_ONLY)

    # then each change has both scores, to the cent, with tiers and places
    assert [(one.period.key, one.is_locked, one.people) for one in found.periods] == [
        ("2026-05", True, 4),
        ("2026-06", False, 4),
    ]
    changes = {(one.period.key, one.person_id): one for one in found.changes()}
    with database.reading() as session:
        rows = {(row["period"], row["employee_id"]): row for row in change_rows(session, found)}
    assert len(changes) == len(rows)
    low = rows["2026-05", "R0"]
    assert (low["score"], low["new_score"], low["difference"]) == tuple(
        map(Decimal, ("64.00", "40.00", "-24.00"))
    )
    assert (low["tier"], low["new_tier"], low["unit"]) == ("C", "C", "Acme/West")
    high = rows["2026-06", "R3"]
    assert (high["score"], high["new_score"]) == (Decimal("112.00"), Decimal("120.00"))
    assert (high["place"], high["new_place"]) == ("1 of 2", "1 of 2")
    assert rows["2026-06", "R1"]["tier"] == "B"


def test_what_is_in_force_is_shown_as_it_is_kept(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(company())
    lock("2026-05")
    score_now(database, clock, JUNE)

    found = previewed(database, clock, SALES_ONLY)

    with database.reading() as session:
        rows = list(change_rows(session, found))
        for period in (MAY, JUNE):
            cards = {row["employee_id"]: row for row in score_rows(session, period)}
            for row in (row for row in rows if row["period"] == period.key):
                card = cards[str(row["employee_id"])]
                assert (f"{row['score']:f}", row["tier"]) == (card["score"], card["tier"])
                assert f"Acme={row['company_place']}" in card["ranks"].split(";")


def test_totals_count_everybody_by_tier_and_unit(database: Database, clock: FixedClock, load: Load) -> None:
    load(company())

    found = previewed(database, clock, SALES_ONLY, JUNE)

    with database.reading() as session:
        rows = list(total_rows(session, found))
    whole = {row["tier"]: (row["people"], row["new_people"]) for row in rows if row["unit"] == EVERYBODY}
    assert whole == {"S": (1, 1), "A": (1, 1), "B": (1, 1), "C": (1, 1)}
    assert {row["unit"] for row in rows} == {EVERYBODY, "Acme/East", "Acme/West"}
    assert sum(Decimal(row["new_people"]) for row in rows if row["unit"] == "Acme/West") == 2
    assert tiers_in_all(found.periods) == [(tier, *map(int, counts)) for tier, counts in whole.items()]


@pytest.mark.parametrize("extra", ["", GROWTH, RETURNS, GROWTH + RETURNS])
def test_an_unchanged_plan_changes_nothing(
    database: Database, clock: FixedClock, load: Load, lock: Lock, extra: str
) -> None:
    load(company().plan(SALES_PLAN + extra))
    lock("2026-05")

    found = previewed(database, clock, SALES_PLAN + extra)

    assert found.changes() == []
    assert all(len(one.after) == 4 for one in found.periods)


def test_a_preview_stores_nothing(database: Database, clock: FixedClock, load: Load, lock: Lock) -> None:
    load(company())
    lock("2026-05")
    before = rows_of_every_table(database)

    found = previewed(database, clock, drafted(GROWTH, RETURNS))

    assert found.changes()
    assert rows_of_every_table(database) == before


def test_a_draft_for_nobody_yet_is_shown_beside_nothing(
    database: Database, clock: FixedClock, load: Load
) -> None:
    load(company().person("N1", job_family="service"))

    found = previewed(database, clock, drafted().replace('"sales"\nfrom', '"service"\nfrom'), JUNE)

    (period,) = found.periods
    assert (len(period.before), len(period.after)) == (0, 1)


def test_previews_are_for_hr_and_for_periods_that_have_begun(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(company())
    draft = parse_plan(SALES_PLAN)

    preview(database, clock, viewer("H1"), draft, [JUNE])
    with pytest.raises(NotAllowed):
        preview(database, clock, viewer("R1"), draft, [JUNE])
    with pytest.raises(BadInput, match="has not begun"):
        preview(database, clock, OPERATOR, draft, [Period.parse("2030-01")])
    with pytest.raises(BadInput, match="At most 24"):
        preview(database, clock, OPERATOR, draft, [JUNE] * 25)


def test_hr_of_a_unit_is_shown_its_own_people_alone(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given HR that looks after the East only
    folder = company().unit("Acme", hr_id="H1").unit("Acme/East", hr_id="H2")
    load(folder.person("H2", role="hr", job_family="", unit="Acme"))
    lock("2026-05")

    found = preview(database, clock, viewer("H2"), parse_plan(SALES_ONLY), [MAY, JUNE])
    whole = preview(database, clock, viewer("H1"), parse_plan(SALES_ONLY), [MAY, JUNE])

    # then those of the East alone are named and counted, with the places they have among all
    with database.reading() as session:
        rows = list(change_rows(session, found))
        everybody = list(change_rows(session, whole))
        units = {row["unit"] for row in total_rows(session, found)}
    assert {row["unit"] for row in rows} == {"Acme/East"}
    assert rows == [row for row in everybody if row["unit"] == "Acme/East"]
    assert units == {EVERYBODY, "Acme/East"}
    assert [one.people for one in found.periods] == [2, 2]
    assert (found.in_part, whole.in_part) == (True, False)


# --- into force -------------------------------------------------------------------------------------------


def put_into_force(database: Database, clock: FixedClock, text: str) -> Applied:
    with database.writing() as session:
        return apply_plan(session, clock, OPERATOR, text)


def test_a_plan_put_into_force_scores_what_is_open_and_leaves_what_is_locked(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(company())
    lock("2026-05")
    score_now(database, clock, JUNE)
    locked, open_before = kept(database, MAY), kept(database, JUNE)

    applied = put_into_force(database, clock, SALES_ONLY.replace("2026-07", "2026-06"))
    score_now(database, clock, JUNE)

    assert (applied.version, applied.replaces, applied.open_periods) == (
        1,
        ("sales-plan (2026-01)",),
        ("2026-06",),
    )
    assert kept(database, MAY) == locked
    assert kept(database, JUNE) != open_before
    with database.reading() as session:
        assert verify(session, MAY) == []
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "plan.apply"))
        assert (entry.actor, entry.subject) == ("cli:test", "sales-plan:2026-06")


@pytest.mark.parametrize("begins", ["2026-01", "2026-05"])
def test_a_plan_that_would_begin_before_a_lock_is_refused(
    database: Database, clock: FixedClock, load: Load, lock: Lock, begins: str
) -> None:
    load(company())
    lock("2026-05")

    with pytest.raises(BadInput, match=r"2026-05 is locked.*begin in 2026-06 or later"):
        put_into_force(database, clock, drafted(begins=begins, weight=41))


def test_a_job_family_that_nothing_locked_scores_may_begin_at_any_time(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(company())
    lock("2026-05")
    service = (
        drafted(begins="2026-01").replace('"sales"\nfrom', '"service"\nfrom').replace("sales-plan", "new")
    )

    assert put_into_force(database, clock, service).changed


def test_new_content_is_a_new_version_and_the_same_again_is_none(
    database: Database, clock: FixedClock, load: Load
) -> None:
    load(company())

    versions = [
        put_into_force(database, clock, text)
        for text in (drafted(), drafted(), drafted(weight=41), drafted())
    ]

    assert [(one.version, one.changed) for one in versions] == [(1, True), (1, False), (2, True), (3, True)]
    with database.reading() as session:
        current = session.scalars(sa.select(PlanVersion.version).where(PlanVersion.ended_in.is_(None)))
        assert sorted(current) == [1, 3]  # the plan of January, and this one


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'name = "sales-plan"',
            'name = "other"',
            'The plan "sales-plan" scores sales from 2026-01 on already',
        ),
        ('job_family = "sales"', 'job_family = "x"', "is that of sales: give this one another name"),
        ("weight = 60", "weight = -1", "Line 9: The weight of"),
    ],
)
def test_a_plan_that_clashes_or_is_wrong_is_refused(
    database: Database, clock: FixedClock, load: Load, old: str, new: str, sentence: str
) -> None:
    load(company())

    with pytest.raises(BadInput) as refused:
        put_into_force(database, clock, SALES_PLAN.replace(old, new))
    assert sentence in str(refused.value)


# --- weights by starting tier -----------------------------------------------------------------------------


def test_the_lock_of_a_month_makes_its_tiers_an_input_of_the_next(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    # given a plan that weighs by starting tier, and May locked with R3 in tier S
    load(company().plan(SALES_PLAN.replace("weight = 60", "weight = 60\nweight_by_tier = { S = 10 }")))
    lock("2026-05", "2026-06")

    # then in June sales weigh less for R3 alone, and both months are proved
    with database.reading() as session:
        june = {row["employee_id"]: row for row in line_rows(session, JUNE) if row["name"] == "sales"}
        assert {rep: row["weight"] for rep, row in june.items()} == {
            "R0": "60",
            "R1": "60",
            "R2": "60",
            "R3": "10",
        }
        assert verify(session, MAY) == []
        assert verify(session, JUNE) == []


def test_a_plan_that_comes_to_weigh_by_tier_finds_the_tiers_of_months_locked_before(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(company())
    lock("2026-05")
    assert rows_of_every_table(database)["reached_tiers"] == 0

    put_into_force(database, clock, drafted(GROWTH, begins="2026-06"))
    score_now(database, clock, JUNE)

    with database.reading() as session:
        growth = {
            row["employee_id"]: row["weight"] for row in line_rows(session, JUNE) if row["name"] == "growth"
        }
        reached = session.execute(sa.select(ReachedTier.month, ReachedTier.tier)).all()
    assert growth == {"R0": "40", "R1": "40", "R2": "40", "R3": "90"}
    assert sorted(reached) == [("2026-05", tier) for tier in "ABCS"]


SHAPES = [
    shape.text()
    for seed in range(40)
    for shape in random_plans(random.Random(seed), date(2026, 5, 1), date(2026, 7, 1))
    if shape.family == "sales"
]


@contextmanager
def may_locked(migrated: Path, plan: str = SALES_PLAN) -> Iterator[tuple[Database, FixedClock]]:
    clock = FixedClock(TEN_IN_SHANGHAI)
    with TemporaryDirectory() as folder, a_copy(migrated, Path(folder) / "pacesetter.db") as database:
        with database.writing() as session:
            import_folder(session, clock, company().plan(plan).write(Path(folder) / "company"), "test")
        score_and_lock(database, clock, MAY, "test")
        yield database, clock


@settings(deadline=None, max_examples=20)
@given(text=st.sampled_from(SHAPES), begins=st.sampled_from(["2026-01", "2026-05", "2026-06", "2026-07"]))
def test_no_plan_put_into_force_changes_what_is_locked(migrated_sqlite: Path, text: str, begins: str) -> None:
    draft = text.replace(f'from = "{parse_plan(text).from_month}"', f'from = "{begins}"')
    with may_locked(migrated_sqlite) as (database, clock):
        locked = kept(database, MAY)

        previewed(database, clock, draft)
        with suppress(BadInput):
            put_into_force(database, clock, draft)
        score_now(database, clock, JUNE)

        assert kept(database, MAY) == locked
        with database.reading() as session:
            assert verify(session, MAY) == []


@settings(deadline=None, max_examples=20)
@given(text=st.sampled_from(SHAPES))
def test_no_plan_in_force_changes_anybody_beside_itself(migrated_sqlite: Path, text: str) -> None:
    in_force = text.replace(f'from = "{parse_plan(text).from_month}"', 'from = "2026-01"')
    with may_locked(migrated_sqlite, in_force) as (database, clock):
        before = rows_of_every_table(database)

        assert previewed(database, clock, in_force).changes() == []
        assert rows_of_every_table(database) == before


def test_a_restated_month_changes_what_the_next_one_was_started_with(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    # given May locked with R3 in tier S, which weighs sales less in June
    by_tier = SALES_PLAN.replace("weight = 60", "weight = 60\nweight_by_tier = { S = 10, A = 20 }")
    load(company().plan(by_tier))
    lock("2026-05")
    folder = company().plan(by_tier)
    (late,) = [row for row in folder.tables["measures"] if row["record_id"] == "2026-05-R3"]
    late["value"] = "1000"
    load(folder)

    # when R3's May is restated to tier A
    with database.reading() as session:
        person = people.person_by_employee_id(session, "R3")
    restate(database, clock, OPERATOR, person.id, MAY, "A refund came late.")
    score_now(database, clock, JUNE)

    # then June rests on it, and May is proved as it was locked
    with database.reading() as session:
        weights = {
            row["employee_id"]: row["weight"] for row in line_rows(session, JUNE) if row["name"] == "sales"
        }
        assert weights == {"R0": "60", "R1": "60", "R2": "20", "R3": "20"}
        assert verify(session, MAY) == []
    lock("2026-06")
    with database.reading() as session:
        assert verify(session, JUNE) == []
