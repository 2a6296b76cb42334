"""What `pacesetter init` asks, one setting after the other; what is set already is not asked again."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import typer

from cli.common import errors
from domain.errors import BadInput
from domain.settings import Settings
from domain.settings_slack import Transport

HEXADECIMAL = re.compile(r"[0-9a-f]{32}")
CLIENT_ID_FORM = re.compile(r"[0-9]+\.[0-9]+")


@dataclass(frozen=True)
class Question:
    """`check` returns a sentence for an answer that cannot be right, or None."""

    name: str
    text: str
    check: Callable[[str], str | None]
    default: str | None = None
    is_secret: bool = True


def begins_with(prefix: str) -> Callable[[str], str | None]:
    return lambda answer: None if answer.startswith(prefix) else f"It begins with {prefix}: copy it again."


def _client_id(answer: str) -> str | None:
    return (
        None if CLIENT_ID_FORM.fullmatch(answer) else "It is two numbers with a dot between: copy it again."
    )


def _hexadecimal(answer: str) -> str | None:
    return (
        None if HEXADECIMAL.fullmatch(answer) else "It is 32 digits and letters from a to f: copy it again."
    )


def _by_settings(name: str) -> Callable[[str], str | None]:
    def check(answer: str) -> str | None:
        try:
            Settings.from_environment({name: answer})
        except BadInput as problem:
            return str(problem)
        return None

    return check


def _transport(answer: str) -> str | None:
    return None if answer in tuple(Transport) else "Write socket or http."


TRANSPORT = Question(
    "PACESETTER_TRANSPORT",
    "How Slack reaches the bot: socket (it opens a connection itself) or http (Slack calls it)",
    _transport,
    default=Transport.SOCKET.value,
    is_secret=False,
)
BOT_TOKEN = Question(
    "SLACK_BOT_TOKEN", "Bot token (OAuth & Permissions, after installing)", begins_with("xoxb-")
)
CLIENT_ID = Question("SLACK_CLIENT_ID", "Client ID (Basic Information)", _client_id, is_secret=False)
CLIENT_SECRET = Question("SLACK_CLIENT_SECRET", "Client secret (Basic Information)", _hexadecimal)
TEAM = Question(
    "SLACK_TEAM_ID",
    "The only workspace that may install the app, by its id (T…; Enter: whichever is the first)",
    begins_with("T"),
    default="",
    is_secret=False,
)
APP_TOKEN = Question(
    "SLACK_APP_TOKEN", "App token (Basic Information, connections:write)", begins_with("xapp-")
)
SECRET = Question("SLACK_SIGNING_SECRET", "Signing secret (Basic Information)", _hexadecimal)
ADDRESS = Question(
    "PACESETTER_URL",
    "The bot's address for Slack, like https://pacesetter.example.com",
    _by_settings("PACESETTER_URL"),
    is_secret=False,
)
DATABASE = Question(
    "DATABASE_URL",
    "Database (Enter: a file of SQLite below var/)",
    _by_settings("DATABASE_URL"),
    default="",
    is_secret=False,
)
ALL = (TRANSPORT, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, TEAM, APP_TOKEN, SECRET, ADDRESS, DATABASE)


def ask(question: Question, known: dict[str, str]) -> None:
    """Into `known`, until the answer can be right."""
    if known.get(question.name):
        errors.print(f"{question.name} is set already.", markup=False)
        return
    while True:
        answer = str(
            typer.prompt(
                question.text,
                default=question.default,
                show_default=False,
                hide_input=question.is_secret,
                err=True,
            )
        ).strip()
        problem = question.check(answer) if answer else None
        if problem is None:
            break
        errors.print(problem, style="red", markup=False)
    if answer:
        known[question.name] = answer
