"""How listeners read a command or a click, and answer it."""

from typing import Any

import structlog
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.blocks.actions import out_of_date
from bot.blocks.primitives import Block, Message

TRIGGER_IS_GONE = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"}
)
WINDOW_IS_GONE = frozenset({"hash_conflict", "not_found", "view_not_found"})
ANSWER_TIMEOUT_S = 5
OK = 200

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


def open_window(slack: WebClient, body: dict[str, Any], view: Block) -> str | None:
    """Above the message, or on top of the window that the click was made in; the new window's id.

    Slack opens one for each click, within 3 seconds of it; the same click sent again opens none.
    """
    show = slack.views_push if is_in_window(body) else slack.views_open
    try:
        return str(show(trigger_id=body["trigger_id"], view=view)["view"]["id"])
    except SlackApiError as refused:
        if refused.response.get("error") not in TRIGGER_IS_GONE:
            raise
        log.info("the click was answered before, or too late")
        return None


def fill_window(slack: WebClient, window: str, view: Block) -> None:
    """Put the view in the place of a window that we have just opened, unless it is closed again."""
    _update(slack, view_id=window, view=view)


def is_in_window(body: dict[str, Any]) -> bool:
    return bool(body.get("view", {}).get("type") == "modal")


def is_on_home(body: dict[str, Any]) -> bool:
    return bool(body.get("view", {}).get("type") == "home")


def replace_message(body: dict[str, Any], answer: Message) -> None:
    """Put the answer in the place of the message that was clicked in."""
    _respond(body, answer, replace_original=True)


def answer_below(body: dict[str, Any], answer: Message) -> None:
    """Leave the message that was clicked in, and answer to the one who clicked alone."""
    _respond(body, answer, replace_original=False, response_type="ephemeral")


def replace_window(slack: WebClient, body: dict[str, Any], view: Block) -> None:
    """Put the view in the place of the window that was clicked in, unless a faster click has done so."""
    shown = body["view"]
    _update(slack, view_id=shown["id"], hash=shown["hash"], view=view)


def pressed_value(body: dict[str, Any]) -> str:
    """What the pressed button, or the option chosen from a list, carries. Raises BadInput for no text."""
    action = body["actions"][0]
    value = str((action.get("selected_option") or action).get("value", ""))
    try:
        value.encode()
    except UnicodeEncodeError:  # half a character: no database takes it
        raise out_of_date() from None
    return value


def _respond(body: dict[str, Any], answer: Message, **how: Any) -> None:
    place = WebhookClient(body["response_url"], timeout=ANSWER_TIMEOUT_S)
    response = place.send_dict({**how, "text": answer.text, "blocks": answer.blocks})
    if response.status_code != OK:
        log.info("the answer could not be given", status=response.status_code, problem=response.body)


def _update(slack: WebClient, **window: Any) -> None:
    try:
        slack.views_update(**window)
    except SlackApiError as refused:
        if refused.response.get("error") not in WINDOW_IS_GONE:
            raise
        log.info("the window has changed or is closed")
