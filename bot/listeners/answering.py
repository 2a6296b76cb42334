"""How listeners read a command or a click, and answer it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import structlog
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.blocks.actions import DELIVERY_NOTE, out_of_date
from bot.blocks.primitives import Block, Message
from bot.slack_client import TOO_MANY_REQUESTS, is_away

TRIGGER_IS_GONE = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"}
)
WINDOW_IS_GONE = frozenset({"hash_conflict", "not_found", "view_not_found"})
LONGEST_NAME = 255
ANSWER_TIMEOUT_S = 5
OK, SERVER_ERROR = 200, 500

MOST_TYPED = 600
"""Longer than any unit's path with a period."""
_HELP = frozenset({"help", "?", "？", "--help", "-h", "帮助", "幫助"})

log = structlog.get_logger()


def typed(command: dict[str, Any]) -> str:
    """What stands after the command, as far as it can be a unit and a period: answers quote it."""
    return str(command.get("text", "")).strip()[:MOST_TYPED]


def asks_for_help(text: str) -> bool:
    return text.strip().lower() in _HELP


def answer_command(ack: Ack, answer: Message) -> None:
    """In the acknowledgement itself, and to the asker alone."""
    ack(response_type="ephemeral", text=answer.text, blocks=answer.blocks)


def open_window(slack: WebClient, body: dict[str, Any], view: Block) -> bool:
    """Above the message, or on top of the window that the click was made in; whether it is there now.

    Slack opens one for each click, within 3 seconds of it; the same click sent again opens none. It stacks
    three at most: on the third one the view takes its place, and closing it leads to the second.
    """
    if how_to_go_on(body) == "update":
        return replace_window(slack, body, view)
    show = slack.views_push if is_in_window(body) else slack.views_open
    try:
        show(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as refused:
        if refused.response.get("error") not in TRIGGER_IS_GONE:
            raise
        log.info("the click was answered before, or too late")
        return False
    return True


def open_and_fill(slack: WebClient, body: dict[str, Any], at_once: Block, draw: Callable[[], Block]) -> None:
    """Open a window for what takes longer to draw than a click lives, then put that in its place.

    The window goes by a name of ours: it is found even if Slack's word that it has opened is lost, or if
    the client asked again after such a loss, and hears that the click was answered before.
    """
    lost: Exception | None = None
    try:
        open_window(slack, body, {**at_once, "external_id": _name_of_window(body)})
    except (SlackClientError, OSError) as problem:
        if not is_away(problem):
            raise
        lost = problem
    if not fill_window(slack, body, draw()) and lost is not None:
        raise lost


def fill_window(slack: WebClient, body: dict[str, Any], view: Block) -> bool:
    """Put the view in the place of what `open_and_fill` opened for this click; False if that is closed."""
    return _update(slack, external_id=_name_of_window(body), view=view)


def how_to_go_on(body: dict[str, Any]) -> Literal["push", "update"]:
    """A window on top of the one that is shown, or in its place if it is the third: Slack stacks no more."""
    below = body.get("view", {}).get("previous_view_id")
    return "update" if below and below != body["view"].get("root_view_id") else "push"


def _name_of_window(body: dict[str, Any]) -> str:
    return f"click-{body.get('trigger_id')}"[:LONGEST_NAME]


def is_in_window(body: dict[str, Any]) -> bool:
    return bool(body.get("view", {}).get("type") == "modal")


def is_on_home(body: dict[str, Any]) -> bool:
    return bool(body.get("view", {}).get("type") == "home")


def replace_message(body: dict[str, Any], answer: Message) -> None:
    """Put the answer in the place of the message that was clicked in, below what was said of its delivery."""
    stands = body.get("message", {}).get("blocks", ())
    notes = [block for block in stands if block.get("block_id") == DELIVERY_NOTE]
    _respond(body, replace(answer, blocks=[*notes, *answer.blocks]), ANSWER_TIMEOUT_S, replace_original=True)


def answer_below(body: dict[str, Any], answer: Message, within_s: int = ANSWER_TIMEOUT_S) -> None:
    """Leave the message that was clicked in, and answer to the one who clicked alone."""
    _respond(body, answer, within_s, replace_original=False, response_type="ephemeral")


def replace_window(slack: WebClient, body: dict[str, Any], view: Block) -> bool:
    """Put the view in the place of the window that was clicked in; False if a faster click has done so."""
    shown = body["view"]
    return _update(slack, view_id=shown["id"], hash=shown["hash"], view=view)


def pressed_value(body: dict[str, Any]) -> str:
    """What the pressed button, or the option chosen from a list, carries. Raises BadInput for no text."""
    action = body["actions"][0]
    value = str((action.get("selected_option") or action).get("value", ""))
    try:
        value.encode()
    except UnicodeEncodeError:  # half a character: no database takes it
        raise out_of_date() from None
    return value


def _respond(body: dict[str, Any], answer: Message, within_s: int, **how: Any) -> None:
    """Raises SlackClientError or OSError where Slack does not take it now."""
    place = WebhookClient(body["response_url"], timeout=within_s)
    response = place.send_dict({**how, "text": answer.text, "blocks": answer.blocks})
    status = response.status_code
    if status == TOO_MANY_REQUESTS or status >= SERVER_ERROR:
        raise SlackClientError(f"the response URL answered {status}")
    if status != OK:
        log.info("the answer could not be given", status=status, problem=response.body)


def _update(slack: WebClient, **window: Any) -> bool:
    try:
        slack.views_update(**window)
    except SlackApiError as refused:
        if refused.response.get("error") not in WINDOW_IS_GONE:
            raise
        log.info("the window has changed or is closed")
        return False
    return True
