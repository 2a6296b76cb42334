"""Personal terms: what HR means by what it writes, and that no payroll is computed meanwhile."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.access import CommandLine
from domain.database import Database
from domain.errors import BadField
from domain.incentives.reading import terms_in_force
from domain.incentives.rules_terms import TermKind, require_plausible, term_value
from domain.incentives.terms import set_term, terms_in
from domain.people.service import person_by_employee_id
from domain.periods import Period
from tests.domain.ledgers import Ledgers, paying_plan
from tests.domain.pay_builders import BANDS


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (TermKind.RATE, "2.5 %", "0.025"),
        (TermKind.RATE, " 2.5%", "0.025"),
        (TermKind.RATE, "2.5\uff05", "0.025"),
        (TermKind.RATE, "0.0325", "0.0325"),
        (TermKind.RATE, "0.12345 %", "0.0012345"),
        (TermKind.RATE, "0", "0"),
        (TermKind.BASE, "1,500.50", "1500.50"),
        (TermKind.WAGE, "4000", "4000"),
    ],
)
def test_what_is_written_is_understood(kind: TermKind, typed: str, value: str) -> None:
    assert term_value(kind, typed) == Decimal(value)


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (TermKind.RATE, "2,5 %", '"2,5 %" is no rate: write it like 2.5% or 0.025'),
        (TermKind.RATE, "-1 %", "is no rate"),
        (TermKind.RATE, "a lot", "is no rate"),
        (TermKind.RATE, "nan", "is no rate"),
        (TermKind.RATE, "0.00000000001", "at most 10 digits after the point"),
        (TermKind.BASE, "5 %", '"5 %" is no amount: write it like 1500'),
        (TermKind.WAGE, "1.23456", "at most 4 digits after the point"),
        (TermKind.WAGE, "9" * 13, "Write a number of 0 or more"),
    ],
)
def test_what_cannot_be_understood_gets_a_sentence(kind: TermKind, typed: str, sentence: str) -> None:
    with pytest.raises(BadField) as refused:
        term_value(kind, typed)
    assert sentence in str(refused.value)


def test_a_rate_is_plausible_beside_those_of_the_plans() -> None:
    require_plausible(Decimal("0.5"), highest=Decimal("0.03"))
    require_plausible(Decimal(50), highest=Decimal(20))  # of a plan that pays for each new customer
    with pytest.raises(BadField) as refused:
        require_plausible(Decimal("2.5"), highest=Decimal("0.03"))
    assert str(refused.value) == (
        'This says 250%, and a rate is at most 50%: for 2.5% write "2.5%" or 0.025.'
    )


@pytest.fixture
def acme(database: Database, tmp_path: Path) -> Ledgers:
    ledgers = Ledgers(database, tmp_path / "acme")
    ledgers.files.person("E1").plan(paying_plan(BANDS))
    ledgers.hand_in()
    return ledgers


def test_the_rates_of_the_plans_are_asked_for(acme: Ledgers) -> None:
    with acme.database.writing() as session:
        person = person_by_employee_id(session, "E1")
        by, day = CommandLine("cli:test"), date(2026, 3, 1)
        with pytest.raises(BadField, match="at most 50%"):
            set_term(session, acme.clock, by, person.id, TermKind.RATE, Decimal("2.5"), day, "key account")


def test_of_the_terms_of_a_month_the_last_one_recorded_holds(acme: Ledgers) -> None:
    # given: a rate mistyped, from the middle of February on
    by = CommandLine("cli:test")
    rates = (("0.25", date(2026, 2, 15)), ("0.025", date(2026, 2, 1)))
    with acme.database.writing() as session:
        person = person_by_employee_id(session, "E1")
        # when: it is corrected from the month on, as the form under /hr writes it
        for rate, day in rates:
            set_term(session, acme.clock, by, person.id, TermKind.RATE, Decimal(rate), day, "key account")
    # then
    with acme.database.reading() as session:
        for month in (Period.parse("2026-02"), Period.parse("2026-06")):
            assert terms_in_force(session, month)[person.id].rate == Decimal("0.025")
            assert [term.value for term in terms_in(session, person.id, month)] == [Decimal("0.025")]


def test_no_month_is_paid_while_a_term_is_recorded(acme: Ledgers) -> None:
    """SQLite has one writer at a time anyway."""
    if acme.database.engine.dialect.name == "sqlite":
        return
    free = sa.select(sa.func.pg_try_advisory_xact_lock(sa.func.hashtext("ledger")))
    with acme.database.writing() as session:
        person = person_by_employee_id(session, "E1")
        by, day = CommandLine("cli:test"), date(2026, 3, 1)
        set_term(session, acme.clock, by, person.id, TermKind.RATE, Decimal("0.02"), day, "key account")
        with acme.database.writing() as another:
            assert another.scalar(free) is False
