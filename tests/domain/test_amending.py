"""A published period brought up to date by the few cards whose inputs changed: as a whole run would be."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.database import Database
from domain.periods import Period
from domain.scoring.amending import amend, amendment_of
from domain.scoring.changed_people import changed_people
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


def a_record_before_the_span(books: Books) -> None:
    books.record("E1", "won_amount", date(2026, 1, 31), Decimal(900))


def a_record_after_the_span(books: Books) -> None:
    books.record("E1", "won_amount", date(2026, 3, 2), Decimal(900))


def a_target_of_another_month(books: Books) -> None:
    books.set_target("E2", MARCH, 500, date(2026, 3, 2))


def a_later_leave(books: Books) -> None:
    books.files.leave("E1", "2026-03-01", "2026-03-31")


def somebody_hired_later(books: Books) -> None:
    books.files.person("E5", unit="Acme/West", hired_on="2026-03-02")


def a_later_transfer(books: Books) -> None:
    books.files.transfer("E1", "2026-03-01", unit="Acme/East")


def a_credit(books: Books) -> None:
    for employee_id, share in (("E1", "0.5"), ("E2", "0.5")):
        books.files.row("credits", source="crm", record_id="R1", employee_id=employee_id, share=share)


def a_card_of_a_former_system(books: Books) -> None:
    books.files.row("former_cards", employee_id="E1", period="2025-12", score="90")


OF_OTHER_TIMES = [
    *(a_record_before_the_span, a_record_after_the_span, a_target_of_another_month, a_later_leave),
    *(somebody_hired_later, a_later_transfer, a_credit, a_card_of_a_former_system),
]


@pytest.mark.parametrize("change", OF_OTHER_TIMES, ids=lambda change: change.__name__)
def test_what_a_period_does_not_rest_on_leaves_its_cards_alone(
    books: Books, change: Callable[[Books], None]
) -> None:
    change(books)
    assert books.hand_in()

    with books.database.reading() as session:
        amendment = amendment_of(session, books.clock, Period.parse(FEBRUARY))

    assert amendment is not None
    assert (amendment.person_ids, amendment.to_load - amendment.from_load) == ((), 1)
    assert books.bring_up_to_date(FEBRUARY)
    untouched = books.shown(FEBRUARY)
    books.lock(FEBRUARY)
    assert books.differences(FEBRUARY) == []
    assert {row for row in books.shown(FEBRUARY) if row[0] != "period"} == {
        row for row in untouched if row[0] != "period"
    }


def test_records_that_ended_are_found_by_an_index(books: Books) -> None:
    explain = "EXPLAIN QUERY PLAN" if books.database.is_sqlite else "EXPLAIN"
    asked = []
    with books.database.reading() as session:
        if not books.database.is_sqlite:
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        connection = session.connection()

        @sa.event.listens_for(connection, "before_cursor_execute")
        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
            if "FROM measure_records" in statement and "ended_in >" in statement and "DISTINCT" in statement:
                asked.append((statement, parameters))

        changed_people(session, Period.parse(FEBRUARY), [], 1, 500)
        ((statement, parameters),) = asked
        how = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()

    assert "ix_measure_records_ended" in str(how)


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
