"""A published period brought up to date by the few cards whose inputs changed: as a whole run would be."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.database import Database
from domain.periods import Period
from domain.scoring.amending import amend, amendment_of
from domain.scoring.chunks import chunks_of_everybody
from domain.scoring.service import compute_chunk, publish, start_run
from tests.domain.books import PEOPLE, Books

FEBRUARY, MARCH = "2026-02", "2026-03"
"""Over, and running, on the first day of the books."""


@pytest.fixture
def books(database: Database, tmp_path: Path) -> Books:
    """Both months scored; E1 leads, E4 is last."""
    kept = Books(database, tmp_path / "folder")
    kept.begin()
    for number, employee_id in enumerate(PEOPLE):
        for day in (date(2026, 2, 10), date(2026, 3, 1)):
            kept.record(employee_id, "won_amount", day, Decimal(1100 - 100 * number))
            kept.record(employee_id, "wins", day, Decimal(1))
            kept.record(employee_id, "closed_deals", day, Decimal(2))
    kept.hand_in()
    kept.score(FEBRUARY)
    kept.score(MARCH)
    return kept


def a_correction(books: Books) -> None:
    books.correct(-3, value=5000, occurred_on=date(2026, 3, 1))


def a_record_for_another(books: Books) -> None:
    books.correct(0, employee_id="E2")


def a_target(books: Books) -> None:
    books.set_target("E2", FEBRUARY, 500, None)
    books.set_target("E2", MARCH, 500, date(2026, 3, 2))


def a_leave(books: Books) -> None:
    books.files.leave("E1", "2026-02-01", "2026-03-31")


def somebody_new(books: Books) -> None:
    books.files.person("E5", unit="Acme/West", hired_on="2025-02-01")
    books.files.target("E5", "sales", FEBRUARY, 100)


def a_transfer(books: Books) -> None:
    books.files.transfer("E1", "2026-02-10", unit="Acme/East")


def somebody_who_left(books: Books) -> None:
    books.files.tables["people"][1]["left_on"] = "2026-01-31"


CHANGES = [
    *(a_correction, a_record_for_another, a_target, a_leave),
    *(somebody_new, a_transfer, somebody_who_left),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("month", [FEBRUARY, MARCH])
def test_what_is_amended_is_what_a_whole_run_comes_to(
    books: Books, month: str, change: Callable[[Books], None]
) -> None:
    change(books)
    books.hand_in()

    assert books.bring_up_to_date(month)

    amended = books.shown(month)
    books.score(month)
    assert books.shown(month) == amended


def test_readers_see_new_places_of_those_who_changed_nothing(books: Books) -> None:
    before = books.places(FEBRUARY)
    books.correct(18, value=5000)
    books.hand_in()

    books.bring_up_to_date(FEBRUARY)

    assert before == {"E1": 1, "E2": 2, "E3": 3, "E4": 4}
    assert books.places(FEBRUARY) == {"E1": 2, "E2": 3, "E3": 4, "E4": 1}


def test_an_amended_month_can_be_locked_and_proven(books: Books) -> None:
    a_correction(books)
    books.hand_in()
    books.bring_up_to_date(FEBRUARY)

    books.lock(FEBRUARY)

    assert books.differences(FEBRUARY) == []


def test_another_day_of_a_running_month_takes_a_whole_run(books: Books) -> None:
    books.pass_days(1)
    a_correction(books)
    books.hand_in()

    assert not books.bring_up_to_date(MARCH)
    assert books.bring_up_to_date(FEBRUARY)


def test_another_plan_takes_a_whole_run(books: Books) -> None:
    books.set_plan("2026-01", 50, 50)
    books.hand_in()

    assert not books.bring_up_to_date(FEBRUARY)


def test_days_that_are_no_longer_covered_take_a_whole_run(books: Books) -> None:
    books.set_coverage("wins", date(2026, 2, 20))
    books.hand_in()

    assert not books.bring_up_to_date(FEBRUARY)


def test_many_changed_people_take_a_whole_run(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.scoring.amending.MOST_PEOPLE", 1)
    a_record_for_another(books)
    books.hand_in()

    assert not books.bring_up_to_date(FEBRUARY)


def test_a_locked_month_is_never_amended(books: Books) -> None:
    books.lock(FEBRUARY)
    a_record_for_another(books)
    books.hand_in()

    assert not books.bring_up_to_date(FEBRUARY)


def test_an_amendment_of_what_another_run_has_replaced_changes_nothing(books: Books) -> None:
    a_record_for_another(books)
    books.hand_in()
    with books.database.reading() as session:
        amendment = amendment_of(session, books.clock, Period.parse(FEBRUARY))
    assert amendment is not None
    books.score(FEBRUARY)
    replaced = books.shown(FEBRUARY)

    with books.database.writing() as session:
        assert not amend(session, books.clock, amendment)

    assert books.shown(FEBRUARY) == replaced


def test_a_run_that_an_amendment_overtook_does_not_put_the_old_data_back(books: Books) -> None:
    period = Period.parse(FEBRUARY)
    with books.database.writing() as session:
        overtaken = start_run(session, books.clock, period).id
        (everybody,) = chunks_of_everybody(session, 100)
    compute_chunk(books.database, overtaken, everybody.people)
    a_record_for_another(books)
    books.hand_in()
    assert books.bring_up_to_date(FEBRUARY)
    amended = books.shown(FEBRUARY)

    assert not publish(books.database, books.clock, overtaken)

    assert books.shown(FEBRUARY) == amended
