"""Views: opened within three seconds, stacked, updated, filled in, closed; and the Home tab."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Person, RefusedError
from sandbox.server import Sandbox
from sandbox.slack import Timing
from tests.sandbox.builders import (
    ADA,
    BEN,
    a_manifest,
    actions,
    button,
    home,
    modal,
    section,
    select,
    text_input,
)
from tests.sandbox.conftest import SetClock, web_client
from tests.sandbox.test_web_api_access import error_of

Connect = Callable[[Sandbox, App], SocketModeHandler]


@pytest.fixture
def trigger(sandbox: Sandbox, bolt: App, connect: Connect, ada: Person) -> Callable[[], str]:
    """Let Ada type a command; gives the trigger_id that came with it."""
    triggers: list[str] = []

    @bolt.command("/hello")
    def hello(ack: Ack, command: dict[str, Any]) -> None:
        triggers.append(command["trigger_id"])
        ack()

    connect(sandbox, bolt)

    def pull() -> str:
        ada.command("/hello")
        return triggers[-1]

    return pull


def test_a_trigger_opens_one_modal(trigger: Callable[[], str], api: WebClient, ada: Person) -> None:
    trigger_id = trigger()

    opened = api.views_open(trigger_id=trigger_id, view=modal(section("Hello"), private_metadata="7"))["view"]

    assert [one["id"] for one in ada.modals()] == [opened["id"]]
    assert (opened["private_metadata"], opened["root_view_id"]) == ("7", opened["id"])
    again = error_of(lambda: api.views_open(trigger_id=trigger_id, view=modal(section())))
    assert again == "exchanged_trigger_id"


def test_a_trigger_lives_three_seconds(start: Callable[..., Sandbox], set_clock: SetClock) -> None:
    sandbox = start(clock=set_clock, timing=Timing())
    trigger_id = sandbox.slack.triggers.issue(ADA)
    set_clock.advance(3.1)

    refused = error_of(lambda: web_client(sandbox).views_open(trigger_id=trigger_id, view=modal(section())))

    assert refused == "expired_trigger_id"


def test_a_trigger_that_nobody_pulled(api: WebClient) -> None:
    assert error_of(lambda: api.views_open(trigger_id="1.2.3", view=modal(section()))) == "invalid_trigger_id"


def test_a_view_that_slack_refuses_does_not_use_the_trigger_up(
    trigger: Callable[[], str], api: WebClient
) -> None:
    trigger_id = trigger()

    with pytest.raises(SlackApiError) as caught:
        api.views_open(trigger_id=trigger_id, view=modal({"type": "section"}))

    assert caught.value.response["error"] == "invalid_arguments"
    assert "json-pointer:/view/blocks/0" in caught.value.response["response_metadata"]["messages"][0]
    assert api.views_open(trigger_id=trigger_id, view=modal(section()))["ok"]


def test_a_modal_is_filled_in_later_unless_it_changed_meanwhile(
    trigger: Callable[[], str], api: WebClient, ada: Person
) -> None:
    view = api.views_open(trigger_id=trigger(), view=modal(section("Loading")))["view"]

    api.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("Loaded")))

    assert ada.modals()[0]["blocks"][0]["text"]["text"] == "Loaded"
    stale = error_of(lambda: api.views_update(view_id=view["id"], hash=view["hash"], view=modal(section())))
    assert stale == "hash_conflict"
    assert error_of(lambda: api.views_update(view_id="V0NONE", view=modal(section()))) == "not_found"


def test_a_view_is_found_by_its_external_id_which_is_its_own(
    trigger: Callable[[], str], api: WebClient, ada: Person
) -> None:
    api.views_open(trigger_id=trigger(), view=modal(section("Loading"), external_id="score:7"))

    api.views_update(external_id="score:7", view=modal(section("Loaded"), external_id="score:7"))

    assert ada.modals()[0]["blocks"][0]["text"]["text"] == "Loaded"
    again = trigger()
    refused = error_of(lambda: api.views_open(trigger_id=again, view=modal(section(), external_id="score:7")))
    assert refused == "duplicate_external_id"


def test_views_are_pushed_from_within_a_modal_up_to_three(
    sandbox: Sandbox, trigger: Callable[[], str], bolt: App, api: WebClient, ada: Person
) -> None:
    deeper = modal(actions(button("deeper")))

    @bolt.action("deeper")
    def push(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        try:
            api.views_push(trigger_id=body["trigger_id"], view=deeper)
        except SlackApiError as error:
            errors.append(error.response["error"])

    errors: list[str] = []
    api.views_open(trigger_id=trigger(), view=deeper)
    for _ in range(3):
        ada.press_in(ada.modals()[-1], "deeper")

    stack = ada.modals()
    assert len(stack) == 3
    assert [one["previous_view_id"] for one in stack] == [None, stack[0]["id"], stack[1]["id"]]
    assert errors == ["push_limit_reached"]
    assert (
        error_of(lambda: api.views_push(trigger_id=sandbox.slack.triggers.issue(BEN), view=deeper))
        == "not_found"
    )


def submitted(app: App, response: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer submissions of the modal `form`; gives the payloads that came."""
    bodies: list[dict[str, Any]] = []

    @app.view("form")
    def submit(ack: Ack, body: dict[str, Any]) -> None:
        bodies.append(body)
        ack(**response)

    return bodies


FORM = modal(
    text_input("goal", "goal_text", max_length=20),
    {
        "type": "input",
        "block_id": "unit",
        "optional": True,
        "label": {"type": "plain_text", "text": "Unit"},
        "element": select("unit_choice", "north", "south"),
    },
    callback_id="form",
)


def test_what_was_filled_in_arrives_and_the_modal_closes(
    trigger: Callable[[], str], bolt: App, api: WebClient, ada: Person
) -> None:
    bodies = submitted(bolt, {})
    api.views_open(trigger_id=trigger(), view=FORM)

    result = ada.submit({"goal_text": "Ten calls", "unit_choice": "south"})

    values = bodies[0]["view"]["state"]["values"]
    assert result == {"response_action": None}
    assert ada.modals() == []
    assert values["goal"]["goal_text"]["value"] == "Ten calls"
    assert values["unit"]["unit_choice"]["selected_option"]["value"] == "south"


def test_what_must_be_filled_in_is_asked_for_before_the_app_hears(
    trigger: Callable[[], str], bolt: App, api: WebClient, ada: Person
) -> None:
    bodies = submitted(bolt, {})
    api.views_open(trigger_id=trigger(), view=FORM)

    empty = ada.submit()
    long = ada.submit({"goal_text": "x" * 21})

    assert empty["errors"] == {"goal": "Please complete this required field."}
    assert long["errors"] == {"goal": "Please write at most 20 characters."}
    assert bodies == []


def test_errors_of_the_app_keep_the_modal_open(
    trigger: Callable[[], str], bolt: App, api: WebClient, ada: Person
) -> None:
    submitted(bolt, {"response_action": "errors", "errors": {"goal": "Too easy"}})
    api.views_open(trigger_id=trigger(), view=FORM)

    assert ada.submit({"goal_text": "x"}) == {"response_action": "errors", "errors": {"goal": "Too easy"}}
    assert len(ada.modals()) == 1


@pytest.mark.parametrize(
    "response",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ],
)
def test_an_answer_to_a_submission_that_makes_no_sense(
    trigger: Callable[[], str], bolt: App, api: WebClient, ada: Person, response: dict[str, Any]
) -> None:
    submitted(bolt, response)
    api.views_open(trigger_id=trigger(), view=FORM)

    with pytest.raises(RefusedError, match="We had some trouble connecting"):
        ada.submit({"goal_text": "x"})


def test_a_submission_may_update_push_and_clear(
    trigger: Callable[[], str], bolt: App, api: WebClient, ada: Person
) -> None:
    step = {"number": 0}
    answers = [
        {"response_action": "update", "view": modal(section("Updated"), callback_id="form")},
        {"response_action": "push", "view": modal(section("Pushed"), callback_id="form")},
        {"response_action": "clear"},
    ]

    @bolt.view("form")
    def submit(ack: Ack) -> None:
        ack(answers[step["number"]])
        step["number"] += 1

    api.views_open(trigger_id=trigger(), view=modal(section("First"), callback_id="form"))

    assert ada.submit()["view"]["blocks"][0]["text"]["text"] == "Updated"
    assert ada.submit()["view"]["blocks"][0]["text"]["text"] == "Pushed"
    assert len(ada.modals()) == 2
    assert ada.submit() == {"response_action": "clear"}
    assert ada.modals() == []


def test_the_app_hears_of_a_closed_modal_if_it_asked_to(
    trigger: Callable[[], str], bolt: App, sandbox: Sandbox, api: WebClient, ada: Person
) -> None:
    closed: list[dict[str, Any]] = []

    @bolt.view_closed("watched")
    def on_close(ack: Ack, body: dict[str, Any]) -> None:
        closed.append(body)
        ack()
        api.chat_postMessage(channel=ADA, text="You closed it")

    for callback_id, notify in (("unwatched", False), ("watched", True)):
        view = modal(section(), callback_id=callback_id, notify_on_close=notify, clear_on_close=True)
        api.views_open(trigger_id=trigger(), view=view)
        ada.close()

    assert ada.wait_for(lambda one: one["text"] == "You closed it")
    assert [(one["view"]["callback_id"], one["is_cleared"]) for one in closed] == [("watched", True)]


def test_the_home_tab_is_published_when_it_is_opened(
    sandbox: Sandbox, bolt: App, connect: Connect, ada: Person
) -> None:
    opened: list[dict[str, Any]] = []

    @bolt.event("app_home_opened")
    def publish(event: dict[str, Any], client: WebClient) -> None:
        opened.append(event)
        client.views_publish(
            user_id=event["user"], view=home(section(f"Visit {len(opened)}"), actions(button()))
        )

    bolt.action("go")(lambda ack: ack())
    connect(sandbox, bolt)

    first, second = ada.home(), ada.home()
    ada.press_in(second, "go")

    assert [one["blocks"][0]["text"]["text"] for one in (first, second)] == ["Visit 1", "Visit 2"]
    assert first["id"] == second["id"]
    assert "view" not in opened[0]
    assert opened[1]["view"]["type"] == "home"


def test_a_home_tab_published_on_top_of_another(api: WebClient) -> None:
    old = api.views_publish(user_id=ADA, view=home(section("1")))["view"]["hash"]
    api.views_publish(user_id=ADA, view=home(section("2")), hash=old)

    assert (
        error_of(lambda: api.views_publish(user_id=ADA, view=home(section("3")), hash=old)) == "hash_conflict"
    )
    assert error_of(lambda: api.views_publish(user_id="U0NO", view=home(section()))) == "user_not_found"


def test_no_home_tab_where_the_manifest_has_none(start: Callable[..., Sandbox]) -> None:
    api = web_client(start(a_manifest(app_home={"home_tab_enabled": False})))

    assert error_of(lambda: api.views_publish(user_id=ADA, view=home(section()))) == "not_enabled"


def test_a_modal_whose_app_is_gone_stays_open(sandbox: Sandbox, api: WebClient, ada: Person) -> None:
    api.views_open(trigger_id=sandbox.slack.triggers.issue(ADA), view=FORM)

    with pytest.raises(RefusedError, match="We had some trouble connecting"):
        ada.submit({"goal_text": "x"})

    assert len(ada.modals()) == 1


def test_what_was_typed_survives_an_update(sandbox: Sandbox, api: WebClient, ada: Person) -> None:
    view = api.views_open(trigger_id=sandbox.slack.triggers.issue(ADA), view=FORM)["view"]
    with pytest.raises(RefusedError):
        ada.submit({"goal_text": "Ten calls"})

    api.views_update(view_id=view["id"], view=FORM)

    assert ada.modals()[0]["state"]["values"]["goal"]["goal_text"]["value"] == "Ten calls"


def test_a_view_keeps_its_type(sandbox: Sandbox, api: WebClient) -> None:
    view = api.views_open(trigger_id=sandbox.slack.triggers.issue(ADA), view=FORM)["view"]

    assert error_of(lambda: api.views_update(view_id=view["id"], view=home(section()))) == "invalid_arguments"
    assert error_of(lambda: api.api_call("views.update", json={"view": FORM})) == "invalid_arguments"
