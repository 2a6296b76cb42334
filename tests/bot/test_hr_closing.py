"""Closing from /hr: what HR sees, locking with a reason, restating a card, and what nonsense is told."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import closing as blocks
from bot.blocks.closing import BECAUSE, EMPLOYEE, PERIOD
from domain.closing.locking import LOCK_JOB
from domain.closing.model import Restatement
from domain.imports.service import import_folder
from domain.jobs import Job
from domain.periods import Period
from domain.scoring.model import ScoredPeriod
from domain.scoring.service import score_now
from domain.services import Services
from tests.bot.builders import CHINESE, ENGLISH
from tests.bot.calling import Caller, button, buttons, texts
from tests.bot.company import a_company
from tests.bot.test_targets import pressed_in


def shown(window: dict[str, Any] | None) -> str:
    return "\n".join(texts(window))


@pytest.fixture
def open_june(services: Services) -> Services:
    """June as it is before anybody locks it."""
    with services.database.writing() as session:
        june = session.get_one(ScoredPeriod, "2026-06")
        june.locked_at = june.locked_by = None
    score_now(services.database, services.clock, Period.parse("2026-06"))
    return services


def lock_jobs(services: Services) -> list[dict[str, Any]]:
    with services.database.reading() as session:
        return [job.args for job in session.scalars(sa.select(Job).where(Job.kind == LOCK_JOB))]


def test_the_overview_says_that_all_is_locked(caller: Caller) -> None:
    answer = caller.command("H1", "/hr")
    assert "Every month that has ended and been scored is locked." in answer.shown
    assert "*June 2026* · locked" in answer.shown


def test_a_month_that_waits_leads(caller: Caller, open_june: Services) -> None:
    answer = caller.command("H1", "/hr")
    assert "*June 2026* · in review" in answer.shown
    assert "Data due Jul 3, 2026, review to Jul 8, 2026, lock by Jul 10, 2026." in answer.shown
    window = caller.press("H1", buttons(answer, blocks.LOOK)[0])
    assert "Nothing is open." in shown(window)


def test_many_months_that_wait_are_read_page_by_page(caller: Caller, services: Services) -> None:
    # given thirty months that were scored and never locked
    with services.database.writing() as session:
        july = session.get_one(ScoredPeriod, "2026-07")
        month = Period.parse("2026-04")
        for _ in range(30):
            month = month.previous()
            kept = {"key": month.key, "kind": month.kind, "start": month.start}
            session.add(ScoredPeriod(**kept, published_run_id=july.published_run_id))

    # then /hr shows the oldest, and all its other parts
    answer = caller.command("H1", "/hr")
    assert len(buttons(answer, blocks.LOOK)) == blocks.MONTHS_SHOWN + 1
    assert "*October 2023* · overdue" in answer.shown
    assert "not shown" not in answer.shown
    assert "Plans" in answer.shown

    # and a window has them all
    window = caller.press("H1", button(answer, blocks.MONTHS))
    assert window is not None
    assert "1 to 10 of 30" in shown(window)
    turned = pressed_in(caller, "H1", window, button(window, f"{blocks.MONTHS_PAGE}.next"))
    assert "*August 2024*" in shown(turned)
    assert "October 2023" not in shown(turned)
    assert "11 to 20 of 30" in shown(turned)
    assert "This is for HR" in shown(caller.press("M1", button(answer, blocks.MONTHS)))


def test_a_period_that_is_typed_shows_its_checklist(caller: Caller, open_june: Services) -> None:
    assert caller.command("H1", "/hr", "last month").text == "Closing June 2026"
    running = caller.command("H1", "/hr", "2026-07")
    assert "running" in running.shown
    assert buttons(running, blocks.LOCK) == []


def test_with_nothing_open_it_is_locked_without_a_reason(caller: Caller, open_june: Services) -> None:
    form = caller.press("H1", button(caller.command("H1", "/hr", "june"), blocks.LOCK))
    assert form is not None
    told = caller.submit("H1", form)
    assert "It is being locked." in shown(told["view"])
    (args,) = lock_jobs(open_june)
    assert (args["period"], args["because"]) == ("2026-06", "")
    # and once is enough
    caller.submit("H1", form)
    assert len(lock_jobs(open_june)) == 1
    again = caller.command("H1", "/hr", "june")
    assert buttons(again, blocks.LOCK) == []
    assert "It is being locked." in shown(caller.press("H1", button(again, blocks.AGAIN)))


@pytest.fixture
def without_a_target(services: Services, tmp_path: Any) -> Services:
    """June is open, and E3's target of it is gone."""
    folder = a_company()
    for target in folder.tables["targets"]:
        if target["owner"] == "E3" and target["period"] == "2026-06":
            target["amount"] = "0"
    folder.person("E9", unit="Acme/East", manager_id="M1")
    with services.database.writing() as session:
        june = session.get_one(ScoredPeriod, "2026-06")
        june.locked_at = june.locked_by = None
        import_folder(session, services.clock, folder.write(tmp_path / "again"), "test")
    score_now(services.database, services.clock, Period.parse("2026-06"))
    return services


def test_with_something_open_it_asks_for_a_reason(caller: Caller, without_a_target: Services) -> None:
    answer = caller.command("H1", "/hr", "2026-06")
    assert "*1 person has no target:* Name of E9 (E9)" in answer.shown
    form = caller.press("H1", button(answer, blocks.LOCK))
    assert form is not None
    # when
    told = caller.submit("H1", form, **{BECAUSE: "  "})
    # then
    assert "write down why" in told["errors"][BECAUSE]
    assert lock_jobs(without_a_target) == []
    # when
    caller.submit("H1", form, **{BECAUSE: "E9 sells from July on."})
    # then
    (args,) = lock_jobs(without_a_target)
    assert args["because"] == "E9 sells from July on."


def test_a_form_drawn_before_something_was_opened_asks_anew(
    caller: Caller, open_june: Services, tmp_path: Any
) -> None:
    # given: the form needs no reason
    form = caller.press("H1", button(caller.command("H1", "/hr", "june"), blocks.LOCK))
    assert form is not None
    folder = a_company().person("E9", unit="Acme/East", manager_id="M1")
    with open_june.database.writing() as session:
        import_folder(session, open_june.clock, folder.write(tmp_path / "again"), "test")
    score_now(open_june.database, open_june.clock, Period.parse("2026-06"))
    # when
    told = caller.submit("H1", form)
    # then
    assert told["response_action"] == "update"
    assert "1 person has no target" in shown(told["view"])
    assert lock_jobs(open_june) == []


@pytest.mark.parametrize("who", ["E3", "M1", "A1"])
def test_buttons_and_forms_in_other_hands_do_nothing(caller: Caller, open_june: Services, who: str) -> None:
    answer = caller.command("H1", "/hr", "june")
    lock_form = caller.press("H1", button(answer, blocks.LOCK))
    restate_form = caller.press("H1", button(caller.command("H1", "/hr"), blocks.RESTATE))
    assert lock_form is not None
    assert restate_form is not None
    for action in (blocks.LOOK, blocks.LOCK, blocks.AGAIN, blocks.RESTATE):
        pressed = {"action_id": action, "type": "button", "value": "2026-06"}
        assert "This is for HR" in shown(caller.press(who, pressed))
    assert "This is for HR" in shown(caller.submit(who, lock_form)["view"])
    given = {EMPLOYEE: "E2", PERIOD: "2026-06", BECAUSE: "Because."}
    assert "This is for HR" in shown(caller.submit(who, restate_form, **given)["view"])
    assert lock_jobs(open_june) == []


def restate_form(caller: Caller) -> dict[str, Any]:
    form = caller.press("H1", button(caller.command("H1", "/hr"), blocks.RESTATE))
    assert form is not None
    return form


def test_who_locked_a_period_is_told_by_name(caller: Caller) -> None:
    assert "Locked by Helen." in caller.command("H1", "/hr", "june").shown


def test_a_card_is_restated(caller: Caller, services: Services, tmp_path: Any) -> None:
    # given: E2's record of June is corrected after the lock
    folder = a_company()
    record = next(
        row
        for row in folder.tables["measures"]
        if row["employee_id"] == "E2" and row["measure"] == "won_amount" and "2026-06" in row["occurred_on"]
    )
    record["value"] = "1"
    with services.database.writing() as session:
        import_folder(session, services.clock, folder.write(tmp_path / "again"), "test")
    # when
    given = {EMPLOYEE: " E2 ", PERIOD: "june", BECAUSE: "It was wrong."}
    told = caller.submit("H1", restate_form(caller), **given)
    # then
    assert "The card of Name of E2 for June 2026 is restated: version 2 counts now." in shown(told["view"])
    with services.database.reading() as session:
        made = session.scalars(sa.select(Restatement)).one()
    assert (made.by, made.because) == ("H1", "It was wrong.")
    assert "Version 2, restated on" in caller.command("E2", "/myscore", "june").shown


@pytest.mark.parametrize(
    ("employee_id", "period", "because", "field", "sentence"),
    [
        ("E99", "june", "Because.", EMPLOYEE, "Nobody has the employee id E99"),
        ("", "june", "Because.", EMPLOYEE, "Nobody has the employee id"),
        ("E2", "moon", "Because.", PERIOD, "I do not know the period"),
        ("E2", "june", "  ", BECAUSE, "why the card is restated"),
        ("E2", "june", "Because.", PERIOD, "comes out the same"),
        ("E2", "july", "Because.", PERIOD, "is not locked"),
        ("H1", "june", "Because.", EMPLOYEE, "Nobody restates a card of their own"),
    ],
)
def test_nonsense_gets_its_sentence_at_the_field(
    caller: Caller, employee_id: str, period: str, because: str, field: str, sentence: str
) -> None:
    given = {EMPLOYEE: employee_id, PERIOD: period, BECAUSE: because}
    told = caller.submit("H1", restate_form(caller), **given)
    assert sentence in told["errors"][field]


@pytest.mark.parametrize("value", ["", "x", "2026-13", "9" * 30])
def test_a_button_that_names_no_period_is_explained(caller: Caller, value: str) -> None:
    pressed = {"action_id": blocks.LOOK, "type": "button", "value": value}
    assert "out of date" in shown(caller.press("H1", pressed))


def test_messages_in_both_languages() -> None:
    restated = {
        "period": "2026-06",
        "version": 2,
        "by": "Helen",
        "because": "A late invoice.",
        "before": {"score": "72.44", "tier": "B"},
        "after": {"score": None, "tier": None},
    }
    english = "\n".join(texts(blocks.card_restated(ENGLISH, restated).blocks))
    assert "Before: score 72.44, tier B." in english
    assert "Now: no score." in english
    assert "“A late invoice.”" in english
    assert "已重算" in blocks.card_restated(CHINESE, restated).text
    first = "\n".join(texts(blocks.card_restated(ENGLISH, {**restated, "version": 1, "before": None}).blocks))
    assert "You have a card for June 2026 now" in first
    assert "You had none when the period was locked." in first
    assert "Both versions" not in first
    said = {"sentence": "{period} is locked already.", "values": {"period": "2026-06"}}
    refused = blocks.period_not_locked(ENGLISH, {"period": "2026-06", "said": said})
    assert "June 2026 is locked already." in "\n".join(texts(refused.blocks))
