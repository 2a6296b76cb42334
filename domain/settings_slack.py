"""The part of the settings that says how Slack and the bot reach each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from domain.encryption import is_key
from domain.errors import BadInput

DEFAULT_HTTP_PORT = 3000


class Transport(StrEnum):
    """How requests of Slack's come in."""

    SOCKET = "socket"
    """The bot opens a connection to Slack (Socket Mode)."""
    HTTP = "http"
    """Slack calls the bot, and signs its requests."""


@dataclass(frozen=True)
class Http:
    """Where the processes listen. A port of None: that process serves nothing."""

    host: str
    bot_port: int | None
    worker_port: int | None
    scheduler_port: int | None
    intake_port: int | None
    public_url: str | None
    """As the world sees the bot, behind its proxy; without a slash at the end."""
    drain_s: float
    """How long a bot that was told to stop still answers, while `/ready` already says no."""


@dataclass(frozen=True)
class OAuth:
    """What an installation through Slack's pages needs."""

    client_id: str
    client_secret: str
    encryption_keys: tuple[str, ...]
    """For the stored token: the first encrypts, all of them decrypt."""
    team_id: str | None
    """The only workspace that may install the app; None: the first that does."""


def read_transport(env: Mapping[str, str]) -> Transport:
    """As PACESETTER_TRANSPORT says, else as the tokens allow."""
    text = env.get("PACESETTER_TRANSPORT")
    if text is None:
        return Transport.SOCKET if "SLACK_APP_TOKEN" in env else Transport.HTTP
    try:
        return Transport(text.lower())
    except ValueError:
        raise BadInput("PACESETTER_TRANSPORT is {text}: set it to socket or http.", text=text) from None


def read_http(env: Mapping[str, str], transport: Transport) -> Http:
    ports = {
        name: _port(env, name)
        for name in (
            *("PACESETTER_HTTP_PORT", "PACESETTER_WORKER_PORT"),
            *("PACESETTER_SCHEDULER_PORT", "PACESETTER_INTAKE_PORT"),
        )
    }
    taken = [port for port in ports.values() if port is not None]
    if len(set(taken)) < len(taken):
        raise BadInput(
            "{names} name one port twice: each process needs its own.",
            names=", ".join(name for name, port in ports.items() if taken.count(port or -1) > 1),
        )
    bot, worker, scheduler, intake = ports.values()
    if bot is None and transport is Transport.HTTP:
        bot = DEFAULT_HTTP_PORT
    host = env.get("PACESETTER_HTTP_HOST", "127.0.0.1")
    return Http(host, bot, worker, scheduler, intake, _public_url(env), _drain(env))


def read_oauth(env: Mapping[str, str]) -> OAuth | None:
    """None where the bot has one token of its own instead."""
    given = {name: env.get(name) for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")}
    if not any(given.values()):
        return None
    for name, value in given.items():
        if value is None:
            raise BadInput(
                "{name} is not set, but its counterpart is: set both as on the app's page, or neither.",
                name=name,
            )
    if "SLACK_BOT_TOKEN" in env:
        raise BadInput(
            "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set: leave out the first to install the app by "
            "OAuth, or the second and SLACK_CLIENT_SECRET to use the token."
        )
    return OAuth(
        str(given["SLACK_CLIENT_ID"]),
        str(given["SLACK_CLIENT_SECRET"]),
        _encryption_keys(env),
        env.get("SLACK_TEAM_ID"),
    )


def _encryption_keys(env: Mapping[str, str]) -> tuple[str, ...]:
    keys = tuple(part.strip() for part in env.get("PACESETTER_ENCRYPTION_KEY", "").split(",") if part.strip())
    if not keys:
        raise BadInput(
            "PACESETTER_ENCRYPTION_KEY is not set: an installation by OAuth stores its token encrypted. "
            "Make a key with `pacesetter workspace new-key`."
        )
    if not all(map(is_key, keys)):
        raise BadInput(
            "PACESETTER_ENCRYPTION_KEY holds something that is no key: make one with "
            "`pacesetter workspace new-key`; several stand in a row, the newest first, separated by commas."
        )
    return keys


def _port(env: Mapping[str, str], name: str) -> int | None:
    text = env.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536):
        raise BadInput("{name} is {text}: set it to a port, 1 to 65535.", name=name, text=text)
    return int(text)


def _public_url(env: Mapping[str, str]) -> str | None:
    url = env.get("PACESETTER_URL")
    if url is None:
        return None
    return public_url(url, "PACESETTER_URL")


def public_url(url: str, name: str) -> str:
    """The address without its last slash. Raises BadInput, naming the setting `name`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise BadInput(
            "{name} is {url}: set it to the address at which Slack reaches the bot, "
            "like https://pacesetter.example.com.",
            name=name,
            url=url,
        )
    return url.rstrip("/")


def _drain(env: Mapping[str, str]) -> float:
    text = env.get("PACESETTER_DRAIN_SECONDS", "2")
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 300:
        raise BadInput("PACESETTER_DRAIN_SECONDS is {text}: set it to seconds, 0 to 300.", text=text)
    return seconds
