"""The window *Preferences* on the Home tab, and what a choice changes at once."""

import json
from datetime import time
from typing import Any
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from bot.blocks import preferences as blocks
from bot.blocks.preferences import preferences_window
from bot.blocks.primitives import Writer
from bot.listeners import preferences as listeners
from bot.locale import for_locale
from domain.people.preferences import Preferences, preferences_of
from domain.people.service import person_by_employee_id
from domain.quiet_hours import QuietHours
from domain.services import Services
from tests.bot.calling import Caller, slack_id, texts
from tests.bot.contracts import OutgoingContracts

NIGHT_SHIFT = QuietHours(time(6), time(14, 30), days_off=False)
AS_SHOWN: dict[str, Any] = {
    blocks.QUIET_FROM: {"type": "timepicker", "selected_time": "20:00"},
    blocks.QUIET_UNTIL: {"type": "timepicker", "selected_time": "08:00"},
    blocks.DAYS_OFF: {"type": "checkboxes", "selected_options": [{"value": blocks.QUIET}]},
    blocks.MESSAGES: {"type": "checkboxes", "selected_options": [{"value": blocks.WEEKLY_CARD}]},
    blocks.LANGUAGE: {"type": "static_select", "selected_option": {"value": blocks.FOLLOW_SLACK}},
}


def opened(caller: Caller, who: str) -> dict[str, Any]:
    window = caller.press(who, {"action_id": blocks.OPEN, "value": "home"})
    assert window is not None
    return window


def saved(caller: Caller, who: str, **filled_in: Any) -> dict[str, Any]:
    """What Slack is answered when the window is sent off; nothing where it closes."""
    caller.slack.forget_calls()
    values = {block_id: {block_id: state} for block_id, state in {**AS_SHOWN, **filled_in}.items()}
    payload = {
        "type": "view_submission",
        "user": {"id": slack_id(who), "team_id": "T1"},
        "team": {"id": "T1"},
        "trigger_id": f"save-{who}-{json.dumps(filled_in)}",
        "view": {
            "id": "V1",
            "hash": "1",
            "type": "modal",
            "callback_id": blocks.FORM,
            "state": {"values": values},
        },
    }
    response = caller.app.dispatch(caller.signed(urlencode({"payload": json.dumps(payload)})))
    assert response.status == 200
    return json.loads(response.body) if response.body else {}


def at(text: str | None) -> dict[str, Any]:
    return {"type": "timepicker", "selected_time": text}


def chosen(*values: str) -> dict[str, Any]:
    return {"type": "checkboxes", "selected_options": [{"value": value} for value in values]}


def language(tag: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": tag}}


def kept(services: Services, who: str) -> Preferences:
    with services.database.reading() as session:
        return preferences_of(session, person_by_employee_id(session, who).id)


def elements(window: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block["element"] for block in window["blocks"] if block["type"] == "input"}


def test_the_button_stands_on_everybodys_home_tab(caller: Caller) -> None:
    for who in ("E1", "M1", "A1"):
        home = caller.opens_home(who)
        assert home is not None
        assert home["blocks"][0]["accessory"]["action_id"] == blocks.OPEN


def test_the_window_shows_what_is_chosen_and_says_what_always_comes(caller: Caller) -> None:
    window = opened(caller, "E1")

    shown = elements(window)
    assert (shown["begin"]["initial_time"], shown["end"]["initial_time"]) == ("20:00", "08:00")
    assert [one["value"] for one in shown["days_off"]["initial_options"]] == [blocks.QUIET]
    assert [one["value"] for one in shown["messages"]["initial_options"]] == [blocks.WEEKLY_CARD]
    assert shown["language"]["initial_option"]["value"] == blocks.FOLLOW_SLACK
    said = "\n".join(texts(window))
    assert "on the clock of Asia/Shanghai" in said
    assert "Reports about you, alerts and notices cannot be switched off" in said


def test_only_managers_are_offered_the_digest(caller: Caller) -> None:
    def offered(who: str) -> list[str]:
        return [one["value"] for one in elements(opened(caller, who))["messages"]["options"]]

    assert blocks.DIGEST not in offered("E1")
    assert blocks.DIGEST in offered("M1")


def test_a_choice_holds_at_once_and_is_shown_the_next_time(caller: Caller, services: Services) -> None:
    answer = saved(
        caller,
        "E1",
        begin=at("06:00"),
        end=at("14:30"),
        days_off=chosen(),
        messages=chosen(blocks.WEEKLY_CARD, blocks.WEEKLY_CHART),
    )

    assert answer == {}
    assert kept(services, "E1") == Preferences(NIGHT_SHIFT, weekly_chart=True)
    shown = elements(opened(caller, "E1"))
    assert shown["begin"]["initial_time"] == "06:00"
    assert "initial_options" not in shown["days_off"]
    assert len(shown["messages"]["initial_options"]) == 2


def test_what_is_saved_has_not_failed_where_the_home_tab_cannot_be_drawn(
    caller: Caller, services: Services
) -> None:
    caller.slack.failing.add("views.publish")
    with capture_logs() as logs:
        answer = saved(caller, "E1", begin=at("06:00"), end=at("14:30"), days_off=chosen())

    assert answer == {}, "the window closes"
    assert kept(services, "E1").quiet == NIGHT_SHIFT
    assert "request failed" not in [entry["event"] for entry in logs]
    assert "the Home tab could not be brought up to date" in [entry["event"] for entry in logs]


def test_no_times_are_no_quiet_hours(caller: Caller, services: Services) -> None:
    assert saved(caller, "E1", begin=at(None), end=at(None)) == {}

    assert kept(services, "E1").quiet == QuietHours(None, None)
    assert "initial_time" not in elements(opened(caller, "E1"))["begin"]


def test_a_chosen_language_is_spoken_at_once_and_slacks_again_when_followed(caller: Caller) -> None:
    saved(caller, "E1", language=language("zh-CN"))
    (home,) = caller.slack.called("views.publish")
    assert "*Name of E1，您好*" in texts(home["view"])
    assert "得分" in caller.command("E1", "/myscore", "2026-06").shown

    saved(caller, "E1", language=language(blocks.FOLLOW_SLACK))
    (home,) = caller.slack.called("views.publish")
    assert "*Hello Name of E1*" in texts(home["view"])


def test_a_rep_keeps_the_digest_for_the_day_of_a_promotion(caller: Caller, services: Services) -> None:
    saved(caller, "E1", messages=chosen())
    assert (kept(services, "E1").weekly_card, kept(services, "E1").digest) == (False, True)

    saved(caller, "M1", messages=chosen())
    assert kept(services, "M1").digest is False


@pytest.mark.parametrize(
    ("filled_in", "field", "sentence"),
    [
        ({"begin": at("25:99")}, "begin", "25:99 is no time of day"),
        ({"begin": at("0000-00")}, "begin", "0000-00 is no time of day"),
        ({"end": at("<!channel>")}, "end", "is no time of day"),
        ({"end": at(None)}, "end", "need a beginning and an end"),
        ({"begin": at(None)}, "begin", "need a beginning and an end"),
        ({"begin": at("08:00")}, "end", "cannot end when they begin"),
        ({"begin": at("08:00"), "end": at("07:30")}, "end", "leave less than an hour"),
        ({"language": language("tlh")}, "language", "I do not speak tlh"),
    ],
)
def test_nonsense_gets_a_sentence_at_its_field_and_changes_nothing(
    caller: Caller, services: Services, filled_in: dict[str, Any], field: str, sentence: str
) -> None:
    answer = saved(caller, "E1", **filled_in)

    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [field]
    assert sentence in answer["errors"][field]
    assert kept(services, "E1") == Preferences()
    assert caller.slack.called("views.publish") == []


def test_nonsense_is_answered_in_the_readers_language(caller: Caller) -> None:
    assert saved(caller, "W1", end=at(None))["errors"]["end"].startswith("免打扰时段需要")


@pytest.mark.parametrize("tag", ["en-US", "zh-CN"])
@pytest.mark.parametrize(
    "wanted", [Preferences(), Preferences(QuietHours(None, None, False), False, language="en")]
)
def test_the_window_keeps_to_slacks_contracts(
    contracts: OutgoingContracts | None, tag: str, wanted: Preferences
) -> None:
    if contracts is None:
        pytest.skip("PACESETTER_SHARED: no contracts")
    contracts.check_view(preferences_window(Writer(for_locale(tag)), wanted, "America/New_York", leads=True))


def test_what_was_filled_in_stays_below_the_word_about_a_fault_of_ours(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
):
    """So that trying again costs no second filling in."""
    monkeypatch.setattr(listeners, "choose", None)
    told = saved(caller, "E1")
    assert told["response_action"] == "push"
    assert "Something went wrong on our side." in "\n".join(texts(told["view"]))
