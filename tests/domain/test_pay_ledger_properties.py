"""However late records come, in whatever pieces: the ledger says what should be paid, and nothing twice."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.incentives.model import LedgerLine
from tests.domain.ledgers import Ledgers, paying_plan
from tests.domain.pay_builders import BANDS
from tests.sqlite_files import a_copy

POOL = (
    '\n[incentives.pool]\nindicator = "sales"\namount = 10\nsteps = [[0.5, 0.5], [1, 1]]\nby = "attainment"\n'
)
FEES = '\n[[incentives.deductions]]\nname = "fees"\nmeasure = "violations"\namount = 3\ncap = 7\n'
PLAN = paying_plan(BANDS, FEES, POOL, base="base = 20\ncap = 60")
EXAMPLES = 30 if os.environ.get("PACESETTER_LONG") else 4
PEOPLE = ("E1", "E2", "E3")

Sale = tuple[str, str, int, int]
"""Whose, of which measure, how much, and in which month it becomes known: 1 is in time."""

SALES = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(["won_amount", "won_amount", "violations"]),
        st.integers(-800, 1500),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=12,
)


def a_year(migrated: Path, folder: Path, sales: list[Sale]) -> dict[tuple[str, str], int]:
    """What January pays each person in the end, by part, after three months; with rich ones to follow it."""
    with a_copy(migrated, folder / "pay.db") as database:
        acme = Ledgers(database, folder / "acme")
        acme.files.people(PEOPLE).plan(PLAN)
        for employee_id in PEOPLE:
            for month in ("01", "02", "03", "04"):
                acme.files.target(employee_id, "sales", f"2026-{month}", 1000)
            for month in ("02", "03", "04"):
                acme.files.measure(employee_id, "won_amount", f"2026-{month}-05", 2000)
        for number in (1, 2, 3):
            if number > 1:
                acme.on(f"2026-{number:02}-10")
            for place, (who, measure, value, known) in enumerate(sales):
                if known == number:
                    acme.files.measure(who, measure, "2026-01-15", value, record_id=f"s{place}")
            acme.hand_in()
            acme.lock(f"2026-{number:02}")
            assert acme.accrue(f"2026-{number:02}") == 0
        _no_payroll_is_below_0(acme)
        return {
            (who, f"{line.part} {line.name}"): sum(
                one.amount
                for one in acme.lines(who)
                if (one.earned, one.part, one.name) == ("2026-01", line.part, line.name)
            )
            for who in PEOPLE
            for line in acme.lines(who)
            if line.earned == "2026-01"
        }


def _no_payroll_is_below_0(acme: Ledgers) -> None:
    with acme.database.reading() as session:
        sums = session.execute(
            sa.select(sa.func.sum(LedgerLine.amount)).group_by(LedgerLine.person_id, LedgerLine.booked)
        )
        assert all(int(amount) >= 0 for (amount,) in sums)


@given(SALES)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_late_or_in_time_the_same_is_paid_in_the_end(migrated_sqlite: Path, sales: list[Sale]) -> None:
    with TemporaryDirectory() as folder:
        in_pieces = a_year(migrated_sqlite, Path(folder), sales)
    with TemporaryDirectory() as folder:
        at_once = a_year(migrated_sqlite, Path(folder), [(*sale[:3], 1) for sale in sales])
    assert {key: amount for key, amount in in_pieces.items() if amount} == {
        key: amount for key, amount in at_once.items() if amount
    }


CLAWBACKS = "".join(
    f'\n[[incentives.clawbacks]]\nname = "{name}"\nmeasure = "{name}_amount"\nwithin_months = 6\n'
    for name in ("refunded", "overdue")
)
GIVEN_BACK = st.lists(
    st.tuples(
        st.sampled_from(["won_amount", "won_amount", "refunded_amount", "overdue_amount"]),
        st.integers(-900, 1500),
        st.sampled_from(["c1", "c2", ""]),
        st.integers(1, 3),
    ),
    min_size=2,
    max_size=12,
)
"""Of which measure, how much, of which customer, and in which month it becomes known: sales are January's."""


@given(GIVEN_BACK)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_more_is_taken_back_of_a_month_than_its_commission_pays(
    migrated_sqlite: Path, records: list[tuple[str, int, str, int]]
) -> None:
    with TemporaryDirectory() as folder, a_copy(migrated_sqlite, Path(folder) / "pay.db") as database:
        acme = Ledgers(database, Path(folder) / "acme")
        acme.files.people(PEOPLE).plan(paying_plan(BANDS, CLAWBACKS, base="cap = 60"))
        for month in ("01", "02", "03"):
            acme.files.target("E1", "sales", f"2026-{month}", 1000)
        for month in ("02", "03"):
            acme.files.measure("E1", "won_amount", f"2026-{month}-05", 2000)
        for number in (1, 2, 3):
            if number > 1:
                acme.on(f"2026-{number:02}-10")
            for place, (measure, value, customer, known) in enumerate(records):
                if known == number:
                    month = "01" if measure == "won_amount" else f"{known:02}"
                    names = {"record_id": f"s{place}", "customer_id": customer}
                    acme.files.measure("E1", measure, f"2026-{month}-20", value, **names)
            acme.hand_in()
            acme.lock(f"2026-{number:02}")
            left = sum(
                line.amount for line in acme.lines() if line.earned == "2026-01" and line.part != "carried"
            )
            assert left >= 0
            assert acme.accrue(f"2026-{number:02}") == 0
