"""What a card says of its lock, its versions, and of records that came too late."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.blocks.card_notes import certainty, note_blocks
from domain.access import CommandLine
from domain.closing.model import AdjustmentReason
from domain.closing.restating import restate
from domain.closing.rules_notes import Adjusted, Adjustments, CardNotes, Version
from domain.imports.service import import_folder
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.services import Services
from tests.bot.builders import CHINESE, ENGLISH, JULY, JUNE, a_card
from tests.bot.calling import Caller, button, texts
from tests.bot.company import a_company

LATE = Adjusted(
    AdjustmentReason.CORRECTED,
    "won_amount",
    "crm 4711",
    date(2026, 6, 5),
    Decimal(800),
    Decimal("812.5"),
    JUNE,
    JULY,
)


def notes(**changes: Any) -> CardNotes:
    return replace(
        CardNotes(2, date(2026, 7, 9), "Hanna", (), Adjustments(), Adjustments()),
        **changes,
    )


def said(of: CardNotes, writer: Any = ENGLISH, **most: int) -> str:
    return "\n".join(texts(note_blocks(writer, a_card(notes=of), **most)))


def test_who_locked_it_when_and_under_which_plan() -> None:
    assert certainty(ENGLISH, a_card(notes=notes())) == (
        "Locked by Hanna on Jul 9, 2026: this card does not change any more. Plan sales-plan, version 2."
    )
    assert "锁定" in certainty(CHINESE, a_card(notes=notes()))


def test_without_notes_there_is_nothing_to_say() -> None:
    assert note_blocks(ENGLISH, a_card()) == []
    assert said(notes()) == ""


def test_versions_with_who_when_and_why() -> None:
    versions = (
        Version(1, Decimal("72.44"), "B", date(2026, 7, 9), "Hanna", None),
        Version(2, None, None, date(2026, 7, 20), "Hugo", "Leave was recorded late."),
    )
    told = said(notes(versions=versions))
    assert "Version 1, locked on Jul 9, 2026 by Hanna: score 72.44, tier B." in told
    assert "Version 2, restated on Jul 20, 2026 by Hugo: no score. “Leave was recorded late.”" in told
    assert "Places stay those of the lock." in told


def test_records_that_came_late_and_those_booked_here() -> None:
    told = said(notes(late=Adjustments((LATE,) * 5, 9), booked=Adjustments((LATE,), 1)), most=2)
    assert "*9 records came or changed after the lock*" in told
    line = "won amount, Jun 5, 2026: 800 → 812.5, corrected, booked in July 2026 (record crm 4711)"
    assert told.count(line) == 2
    assert "And 7 more." in told
    assert "*1 record of a locked period is booked here*" in told
    assert "corrected, of June 2026" in told
    assert "更正" in said(notes(late=Adjustments((LATE,), 1)), CHINESE)


def test_the_card_in_slack_shows_late_records_and_versions(
    caller: Caller, services: Services, tmp_path: Any
) -> None:
    # given: June is locked in the company's database; then E2's record of it is corrected

    folder = a_company()
    record = next(
        row
        for row in folder.tables["measures"]
        if row["employee_id"] == "E2" and row["measure"] == "won_amount" and "2026-06" in row["occurred_on"]
    )
    record["value"] = "1"
    with services.database.writing() as session:
        import_folder(session, services.clock, folder.write(tmp_path / "again"), "test")
    # then
    card = caller.command("E2", "/myscore", "2026-06")
    assert "1 record came or changed after the lock" in card.shown
    assert "→ 1, corrected, booked in July 2026" in card.shown
    assert "1 record of a locked period is booked here" in caller.command("E2", "/myscore").shown
    assert "Restated" not in card.shown
    # when
    with services.database.reading() as session:
        person_id = person_by_employee_id(session, "E2").id
    june = Period.month(2026, 6)
    restate(services.database, services.clock, CommandLine("cli:root"), person_id, june, "It was wrong.")
    # then
    card = caller.command("E2", "/myscore", "2026-06")
    assert "Version 2, restated on Jul 7, 2026 by " in card.shown
    assert "“It was wrong.”" in card.shown
    window = caller.press("E2", button(card, "card.why"))
    assert "Version 1, locked on" in "\n".join(texts(window))
