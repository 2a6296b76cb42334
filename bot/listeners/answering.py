"""How listeners read a command or a click, and answer it."""

from typing import Any

import structlog
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks.primitives import Block, Message

TRIGGER_IS_GONE = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"}
)

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


def open_window(slack: WebClient, body: dict[str, Any], view: Block) -> None:
    """Slack opens one for each click, within 3 seconds of it; the same click sent again opens none."""
    try:
        slack.views_open(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as refused:
        if refused.response.get("error") not in TRIGGER_IS_GONE:
            raise
        log.info("the click was answered before, or too late")


def pressed_value(body: dict[str, Any]) -> str:
    """What the pressed button carries."""
    return str(body["actions"][0].get("value", ""))
