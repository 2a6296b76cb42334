"""/targets, and agreeing by buttons and forms: who sees what, who may do what, what nonsense is told."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import targets as blocks
from bot.blocks.targets import AMOUNT, FROM_DAY, NOTE, target_message
from domain.jobs import Job
from domain.outbox import UPDATE_JOB, Post, PostState
from domain.people.model import Role
from domain.people.service import person_by_employee_id
from domain.services import Services
from domain.targets.posts import TARGET_POST, News
from tests.bot.builders import CHINESE, ENGLISH
from tests.bot.calling import Caller, button, buttons, texts
from tests.bot.target_builders import a_target, an_appeal, ask_for_august, target_of


@pytest.fixture
def asked(services: Services) -> Services:
    ask_for_august(services)
    return services


def shown(window: dict[str, Any] | None) -> str:
    return "\n".join(texts(window))


def look(caller: Caller, who: str) -> dict[str, Any]:
    """The first target that `/targets` lists."""
    window = caller.press(who, buttons(caller.command(who, "/targets"), blocks.LOOK)[0])
    assert window is not None
    return window


def pressed_in(caller: Caller, who: str, window: dict[str, Any], pressed: dict[str, Any]) -> dict[str, Any]:
    """What comes on top of the window, or in its place."""
    _, view = caller.press_in_view(who, window, pressed)
    assert view is not None
    return view


def test_own_targets_of_a_time(caller: Caller, asked: Services) -> None:
    said = caller.command("E3", "/targets", "august").shown
    assert "*Your targets, August 2026*" in said
    assert "sales: *1,000*" in said
    assert "Target: *1,000* for August 2026, not confirmed yet." in said
    of_the_year = caller.command("E3", "/targets", "2026").shown
    assert "August 2026 1,000" in of_the_year
    assert "*Your targets, 2026*" in of_the_year
    assert "No target is set for you in December 2026." in caller.command("E3", "/targets", "2026-12").shown


def test_times_as_people_type_them(caller: Caller) -> None:
    for typed, meant in (
        ("august", "August 2026"),
        ("june", "June 2026"),
        ("last month", "June 2026"),
        ("december", "December 2026"),
        ("february", "February 2026"),
        ("last quarter", "Q2 2026"),
        ("上季度", "Q2 2026"),
        ("August", "August 2026"),
        ("八月", "August 2026"),
        ("去年八月", "August 2025"),
        ("this year", "2026"),
        ("明年", "2027"),
    ):
        assert f"*Your targets, {meant}*" in caller.command("E3", "/targets", typed).shown


def test_a_units_targets_with_what_a_year_says_of_them(caller: Caller, asked: Services) -> None:
    for typed in ("East august", "2026-08 Acme/East", "east 2026-08"):
        said = caller.command("M1", "/targets", typed).shown
        assert "*Acme/East: targets, August 2026*" in said
        assert "sales: *6,000*" in said
        assert "All of it is split." in said
        assert "Name of E3 (E3) *1,000* · usual month 900 · reached in 0 of 3 months" in said
    assert "*West* *2,000*" in caller.command("H1", "/targets", "Acme 2026").shown
    assert "sales: none for the unit itself." in caller.command("M1", "/targets", "East").shown
    assert "*Acme: targets, 2025*" in caller.command("H1", "/targets", "last year Acme").shown
    said = caller.command("M1", "/targets", "East 2026-12").shown
    assert "No target is set in Acme/East for December 2026." in said


@pytest.mark.parametrize(
    ("who", "typed", "sentence"),
    [
        ("E3", "East", "You may not see the team of Acme/East"),
        ("M2", "East q3", "You may not see the team of Acme/East"),
        ("M1", "Eest", "There is no unit called Eest. These come close: West, East"),
        ("M1", "Eest 2026", "There is no unit called Eest. These come close: West, East"),
        ("E3", "xyzzy", "I know neither a unit nor a period called xyzzy."),
        ("E3", "2026-W31", "week 31 of 2026 is a week: targets are for a month, a quarter or a year."),
        ("E3", "2026-13", "2026-13"),
    ],
)
def test_what_cannot_be_shown_says_why(
    caller: Caller, asked: Services, who: str, typed: str, sentence: str
) -> None:
    assert sentence in caller.command(who, "/targets", typed).shown


def appealed(
    caller: Caller, who: str = "E3", wanted: object = 900, note: str = "My mean is 900."
) -> dict[str, Any]:
    form = pressed_in(caller, who, look(caller, who), button(look(caller, who), blocks.APPEAL))
    return caller.submit(who, form, **{AMOUNT: str(wanted), NOTE: note})


def posts(services: Services) -> list[Post]:
    with services.database.reading() as session:
        return list(session.scalars(sa.select(Post).where(Post.kind == TARGET_POST).order_by(Post.id)))


def test_without_targets_it_says_so(caller: Caller) -> None:
    assert "No target waits for you" in caller.command("E3", "/targets").shown


def test_help_says_how(caller: Caller) -> None:
    assert "`/targets`" in caller.command("E3", "/targets", "help").shown


def test_a_rep_sees_the_figures_and_confirms(caller: Caller, asked: Services) -> None:
    # given
    answer = caller.command("E3", "/targets")
    assert "1 target waits for your answer." in answer.text
    window = look(caller, "E3")
    assert "Target: *1,000* for August 2026, not confirmed yet." in shown(window)
    assert "Achieved: April 2026 900, May 2026 900, June 2026 900." in shown(window)
    assert "Mean of these 3 months: *900*." in shown(window)
    assert "The target would have been reached in 0 of 3 months of the last year." in shown(window)
    assert "Please answer by Jul 14, 2026. No answer is no consent" in shown(window)
    # when
    after = pressed_in(caller, "E3", window, button(window, blocks.CONFIRM))
    # then
    assert "confirmed." in shown(after)
    assert buttons(after, blocks.CONFIRM) == []
    assert "nothing waits for your answer" in caller.command("E3", "/targets").text


def test_an_appeal_goes_to_the_manager_who_settles_it(caller: Caller, asked: Services) -> None:
    # when: the rep appeals
    told = appealed(caller)
    assert told["response_action"] == "update"
    assert "the appeal proposes *900*" in shown(told["view"])
    # then: the manager has it, with the same figures
    assert "Appeals that wait for you" in caller.command("M1", "/targets").shown
    window = look(caller, "M1")
    assert "Mean of these 3 months: *900*." in shown(window)
    assert "Name of E3 appealed and proposed 900. “My mean is 900.”" in shown(window)
    # when
    form = pressed_in(caller, "M1", window, button(window, blocks.REVISE))
    told = caller.submit("M1", form, **{AMOUNT: "950", NOTE: "Half way."})
    # then
    assert "revised after an appeal" in shown(told["view"])
    assert target_of(asked, "E3") == 950
    last = posts(asked)[-1]
    assert last.facts["news"] == News.SETTLED


def settled(caller: Caller, services: Services, **fields: str) -> dict[str, Any]:
    appealed(caller)
    window = look(caller, "M1")
    form = pressed_in(caller, "M1", window, button(window, blocks.REVISE))
    return caller.submit("M1", form, **{AMOUNT: "950", NOTE: "Half way.", **fields})


def test_a_revision_may_hold_from_a_day_on(caller: Caller, asked: Services) -> None:
    told = settled(caller, asked, **{FROM_DAY: "2026-08-17"})
    assert "Maria revised it to 950 from Aug 17, 2026 on. “Half way.”" in shown(told["view"])


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-09-01", "is not in 2026-08: choose a day from"),
        ("2026-08-45", "Choose a day from the calendar"),
    ],
)
def test_a_day_that_cannot_be_gets_its_sentence(
    caller: Caller, asked: Services, day: str, sentence: str
) -> None:
    told = settled(caller, asked, **{FROM_DAY: day})
    assert sentence in told["errors"][FROM_DAY]
    assert target_of(asked, "E3") == 1000


def test_those_who_are_asked_get_a_message_and_it_is_renewed(caller: Caller, asked: Services) -> None:
    # given: eight reps and the two managers of units are asked; one message is out
    first = posts(asked)
    assert len(first) == 10
    assert {post.facts["news"] for post in first} == {News.ASKED}
    with asked.database.writing() as session:
        for post in session.scalars(sa.select(Post).where(Post.kind == TARGET_POST)):
            post.state = PostState.SENT
    # when
    window = look(caller, "E3")
    pressed_in(caller, "E3", window, button(window, blocks.CONFIRM))
    # then
    with asked.database.reading() as session:
        (job,) = session.scalars(sa.select(Job).where(Job.kind == UPDATE_JOB)).all()
    changed = next(post for post in posts(asked) if post.id == job.args["post_id"])
    assert changed.facts["reader_id"] == changed.person_id


@pytest.mark.parametrize(
    ("amount", "note", "field", "sentence"),
    [
        ("many", "because", AMOUNT, "Write a number of at least 0"),
        ("", "because", AMOUNT, "Write a number of at least 0"),
        ("-5", "because", AMOUNT, "0 or more, in steps of 1"),
        ("0.5", "because", AMOUNT, "0 or more, in steps of 1"),
        ("1000", "because", AMOUNT, "stands already"),
        ("900", "   ", NOTE, "Give a reason"),
        ("900", "x" * 1001, NOTE, "too long"),
    ],
)
def test_nonsense_gets_its_sentence_at_the_field(
    caller: Caller, asked: Services, amount: str, note: str, field: str, sentence: str
) -> None:
    told = appealed(caller, wanted=amount, note=note)
    assert told["response_action"] == "errors"
    assert sentence in told["errors"][field]
    assert "not confirmed yet" in shown(look(caller, "E3"))


def test_a_button_in_other_hands_does_nothing_but_explain(caller: Caller, asked: Services) -> None:
    window = look(caller, "E3")
    for who in ("E4", "A1"):
        refused = caller.press(who, button(window, blocks.CONFIRM))
        assert "Only the person whose target it is may answer." in shown(refused)
    assert "not confirmed yet" in shown(look(caller, "E3"))


def test_passed_up_it_waits_for_hr(caller: Caller, asked: Services) -> None:
    # given: nobody leads the company's root
    appealed(caller)
    window = look(caller, "M1")
    # when
    after = pressed_in(caller, "M1", window, button(window, blocks.ESCALATE))
    # then
    assert "Maria passed it up." in shown(after)
    form = pressed_in(caller, "H1", look(caller, "H1"), button(look(caller, "H1"), blocks.UPHOLD))
    told = caller.submit("H1", form, **{NOTE: "June was 900 with a week of leave."})
    assert "upheld after an appeal" in shown(told["view"])
    assert target_of(asked, "E3") == 1000


def test_who_passes_up_what_is_not_theirs_to_see_hears_that_it_is_done(
    caller: Caller, asked: Services
) -> None:
    # given: Maria is the manager on E3's assignment, and looks after nobody
    appealed(caller)
    window = look(caller, "M1")
    with asked.database.writing() as session:
        person_by_employee_id(session, "M1").role = Role.REP
    # when
    after = pressed_in(caller, "M1", window, button(window, blocks.ESCALATE))
    # then
    assert "It is somebody else's to answer now" in shown(after)
    assert "Maria passed it up." in shown(look(caller, "H1"))


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "12345"])
def test_a_button_that_names_nothing_is_explained(caller: Caller, asked: Services, value: str) -> None:
    pressed = {"action_id": blocks.LOOK, "type": "button", "value": value}
    said = shown(caller.press("E3", pressed))
    assert "out of date" in said or "not known any more" in said


def test_the_messages_in_both_languages() -> None:
    english = target_message(ENGLISH, a_target(), News.ASKED)
    assert english.text == "A target to confirm. Ada Okafor: sales, Q3 2026"
    assert "By month: July 2026 80,000, August 2026 80,000, September 2026 80,000." in "\n".join(
        texts(english.blocks)
    )
    chinese = target_message(CHINESE, an_appeal(), News.APPEALED)
    assert "申诉" in chinese.text


def test_a_year_is_named_by_its_number() -> None:
    year = a_target(span="2026", by_month=a_target().by_month * 4)
    assert "Ada Okafor: sales, 2026" in target_message(ENGLISH, year, News.SETTLED).text
