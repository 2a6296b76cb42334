"""Settings, read once from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from domain.errors import BadInput
from domain.settings_slack import Http, OAuth, Transport, read_http, read_oauth, read_transport

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("console", "json")

COMMAND_NAME = re.compile(r"[a-z0-9]([a-z0-9_-]{0,29}[a-z0-9])?")
"""What Slack takes as a slash command, without the slash."""


@dataclass(frozen=True)
class CommandNames:
    """What the slash commands are called here: the defaults, unless they collide with another app's."""

    my_score: str = "/myscore"
    ranking: str = "/ranking"
    team: str = "/team"
    targets: str = "/targets"
    hr: str = "/hr"

    def by_default_name(self) -> dict[str, str]:
        return {str(field.default): getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Settings:
    """What an installation is told from outside. With nothing set, all is embedded below `home`."""

    home: Path
    database_url: str
    redis_url: str | None
    """None: the embedded Valkey, owned by the scheduler process."""
    slack_bot_token: str | None
    slack_app_token: str | None
    slack_signing_secret: str | None
    slack_api_url: str
    transport: Transport
    http: Http
    oauth: OAuth | None
    """None: the one token above. Else the token comes with the installation in the database."""
    commands: CommandNames
    clock_offset: timedelta
    sources_file: Path
    log_level: str
    log_format: str | None
    """None: for people on a terminal, else JSON."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Raises BadInput, naming the variable and what to do."""
        env = {k: v for k, v in (os.environ if environment is None else environment).items() if v}
        home = Path(env.get("PACESETTER_HOME", "var")).absolute()
        transport = read_transport(env)
        return cls(
            home=home,
            database_url=_database_url(env, home),
            redis_url=_redis_url(env),
            slack_bot_token=_token(env, "SLACK_BOT_TOKEN", "xoxb-"),
            slack_app_token=_token(env, "SLACK_APP_TOKEN", "xapp-"),
            slack_signing_secret=env.get("SLACK_SIGNING_SECRET"),
            slack_api_url=_slack_api_url(env),
            transport=transport,
            http=read_http(env, transport),
            oauth=read_oauth(env),
            commands=_command_names(env),
            clock_offset=_seconds(env, "PACESETTER_CLOCK_OFFSET"),
            sources_file=Path(env.get("PACESETTER_SOURCES", home / "sources.toml")),
            log_level=_log_level(env),
            log_format=_log_format(env),
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must stand in no log."""
        password = sa.make_url(self.database_url).password
        redis_password = urlsplit(self.redis_url).password if self.redis_url else None
        tokens = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        oauth = (self.oauth.client_secret, *self.oauth.encryption_keys) if self.oauth else ()
        return tuple(str(one) for one in (password, redis_password, *tokens, *oauth) if one)

    def require_token(self) -> None:
        """Refuse to start a process that calls Slack without a token or a way to get one."""
        if self.slack_bot_token is None and self.oauth is None:
            raise BadInput(
                "SLACK_BOT_TOKEN is not set: set it to the token that Slack shows on the app's page, or set "
                "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET to install the app by OAuth."
            )

    def require_slack(self) -> None:
        """Refuse to start a bot that Slack could not reach, or that could not answer."""
        self.require_token()
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise BadInput(
                "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: set the first for Socket Mode, the "
                "second for HTTP; Slack shows both on the app's page."
            )
        if self.transport is Transport.SOCKET and self.slack_app_token is None:
            raise BadInput("SLACK_APP_TOKEN is not set, and Socket Mode needs it: see the app's page.")
        if self.transport is Transport.HTTP and self.slack_signing_secret is None:
            raise BadInput(
                "SLACK_SIGNING_SECRET is not set, and HTTP needs it to know Slack by: see the app's page."
            )
        if self.oauth is not None and self.http.bot_port is None:
            raise BadInput(
                "PACESETTER_HTTP_PORT is not set, and the pages for installing the app by OAuth need it: "
                "set it to a port, or set SLACK_BOT_TOKEN in place of SLACK_CLIENT_ID."
            )


def _database_url(env: Mapping[str, str], home: Path) -> str:
    text = env.get("DATABASE_URL", f"sqlite:///{home / 'pacesetter.db'}")
    try:
        backend = sa.make_url(text).get_backend_name()
    except sa.exc.ArgumentError:
        raise BadInput(
            "DATABASE_URL is not a database address: set it like postgresql://user:password@host/name, "
            "or leave it out for SQLite."
        ) from None
    if backend not in ("sqlite", "postgresql", "postgres"):
        raise BadInput(
            "DATABASE_URL names {backend}: Pacesetter runs on sqlite and postgresql.", backend=backend
        )
    return text.replace("postgres://", "postgresql://", 1) if backend == "postgres" else text


def _redis_url(env: Mapping[str, str]) -> str | None:
    url = env.get("REDIS_URL")
    if url is not None and not url.startswith(("redis://", "rediss://", "unix://")):
        raise BadInput(
            "REDIS_URL must begin with redis://, rediss:// or unix://: set it like redis://localhost:6379/0, "
            "or leave it out for the embedded Valkey."
        )
    return url


def _slack_api_url(env: Mapping[str, str]) -> str:
    url = env.get("SLACK_API_URL", "https://slack.com/api/")
    if not url.startswith(("http://", "https://")):
        raise BadInput(
            "SLACK_API_URL must begin with http:// or https://: set it like http://127.0.0.1:4000/api/, "
            "or leave it out for Slack itself."
        )
    return url


def _token(env: Mapping[str, str], name: str, prefix: str) -> str | None:
    token = env.get(name)
    if token is not None and not token.startswith(prefix):
        raise BadInput(
            "{name} must begin with {prefix}: copy it again from the app's page.", name=name, prefix=prefix
        )
    return token


def _log_level(env: Mapping[str, str]) -> str:
    level = env.get("PACESETTER_LOG_LEVEL", "INFO").upper()
    if level not in LOG_LEVELS:
        raise BadInput(
            "PACESETTER_LOG_LEVEL is {level}: set it to DEBUG, INFO, WARNING or ERROR.", level=level
        )
    return level


def _log_format(env: Mapping[str, str]) -> str | None:
    chosen = env.get("PACESETTER_LOG_FORMAT")
    if chosen is not None and chosen not in LOG_FORMATS:
        raise BadInput("PACESETTER_LOG_FORMAT is {chosen}: set it to console or json.", chosen=chosen)
    return chosen


def _command_names(env: Mapping[str, str]) -> CommandNames:
    """`myscore=score,ranking=rank`: our name, then the one to use instead; a slash before either is fine."""
    names = CommandNames().by_default_name()
    for pair in filter(None, map(str.strip, env.get("PACESETTER_COMMANDS", "").split(","))):
        ours, _, chosen = (f"/{part.strip().removeprefix('/')}" for part in pair.partition("="))
        if ours not in names:
            raise BadInput(
                "PACESETTER_COMMANDS renames {command}, which is no command of ours: those are {known}.",
                command=ours,
                known=", ".join(names),
            )
        if not COMMAND_NAME.fullmatch(chosen.removeprefix("/")):
            raise BadInput(
                'PACESETTER_COMMANDS says "{pair}": write it like myscore=score, the new name in at most 31 '
                "small letters, digits, - and _.",
                pair=pair,
            )
        names[ours] = chosen
    if len(set(names.values())) < len(names):
        raise BadInput(
            "PACESETTER_COMMANDS gives two commands one name: call them differently ({names}).",
            names=", ".join(names.values()),
        )
    return CommandNames(*names.values())


def _seconds(env: Mapping[str, str], name: str) -> timedelta:
    text = env.get(name, "0")
    try:
        return timedelta(seconds=int(text))
    except (ValueError, OverflowError):
        raise BadInput(
            "{name} is {text}: set it to a whole number of seconds.", name=name, text=text
        ) from None
