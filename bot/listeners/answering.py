"""How listeners read a command or a click, and answer it."""

from typing import Any

from slack_bolt import Ack

from bot.blocks.primitives import Message

_HELP = frozenset({"help", "?", "？", "--help", "-h", "帮助", "幫助"})


def asks_for_help(text: str) -> bool:
    return text.strip().lower() in _HELP


def answer_command(ack: Ack, answer: Message) -> None:
    """In the acknowledgement itself, and to the asker alone."""
    ack(response_type="ephemeral", text=answer.text, blocks=answer.blocks)


def pressed_value(body: dict[str, Any]) -> str:
    """What the pressed button carries."""
    return str(body["actions"][0].get("value", ""))
