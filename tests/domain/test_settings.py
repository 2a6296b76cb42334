"""Settings: defaults that need nothing, and errors that name the variable and say what to do."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from domain.encryption import new_key
from domain.errors import BadInput
from domain.settings import Settings
from domain.settings_slack import OAuth, Transport


def test_with_nothing_set_everything_is_embedded_below_var() -> None:
    settings = Settings.from_environment({})

    home = Path("var").absolute()
    assert settings.home == home
    assert settings.database_url == f"sqlite:///{home}/pacesetter.db"
    assert settings.redis_url is None
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.clock_offset == timedelta()
    assert settings.sources_file == home / "sources.toml"


def test_what_the_embedded_parts_write_is_below_the_home(tmp_path: Path) -> None:
    settings = Settings.from_environment({"PACESETTER_HOME": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path}/pacesetter.db"
    assert settings.sources_file == tmp_path / "sources.toml"


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    settings = Settings.from_environment({"DATABASE_URL": "", "REDIS_URL": "", "SLACK_BOT_TOKEN": ""})

    assert settings == Settings.from_environment({})


def test_what_is_set_is_taken() -> None:
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgres://ann:secret@db/pace",
            "REDIS_URL": "rediss://cache:6380/1",
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "PACESETTER_URL": "https://pacesetter.example.com/",
            "PACESETTER_CLOCK_OFFSET": "-3600",
            "PACESETTER_LOG_LEVEL": "debug",
        }
    )

    assert settings.database_url == "postgresql://ann:secret@db/pace"
    assert settings.redis_url == "rediss://cache:6380/1"
    assert settings.clock_offset == timedelta(hours=-1)
    assert settings.log_level == "DEBUG"
    assert settings.http.public_url == "https://pacesetter.example.com"
    settings.require_slack()


@pytest.mark.parametrize(
    ("variable", "value", "what_to_do"),
    [
        ("DATABASE_URL", "my database", "set it like postgresql://"),
        ("DATABASE_URL", "mysql://db/pace", "runs on sqlite and postgresql"),
        ("REDIS_URL", "localhost:6379", "set it like redis://localhost:6379/0"),
        ("SLACK_BOT_TOKEN", "xoxp-1", "must begin with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "must begin with xapp-"),
        ("SLACK_API_URL", "127.0.0.1:4000/api/", "set it like http://127.0.0.1:4000/api/"),
        ("PACESETTER_CLOCK_OFFSET", "1h", "whole number of seconds"),
        ("PACESETTER_CLOCK_OFFSET", "9" * 20, "whole number of seconds"),
        ("PACESETTER_LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(variable: str, value: str, what_to_do: str) -> None:
    with pytest.raises(BadInput) as refused:
        Settings.from_environment({variable: value})

    assert str(refused.value).startswith(variable)
    assert what_to_do in str(refused.value)


def test_a_secret_is_not_repeated_in_the_refusal() -> None:
    with pytest.raises(BadInput) as refused:
        Settings.from_environment({"SLACK_BOT_TOKEN": "secret-token"})

    assert "secret-token" not in str(refused.value)


KEY = new_key()
TOKEN = {"SLACK_BOT_TOKEN": "xoxb-1"}
OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "client", "PACESETTER_ENCRYPTION_KEY": KEY}


@pytest.mark.parametrize(
    ("given", "transport", "port"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, Transport.SOCKET, None),
        ({"SLACK_APP_TOKEN": "xapp-1", "PACESETTER_HTTP_PORT": "8080"}, Transport.SOCKET, 8080),
        ({"SLACK_SIGNING_SECRET": "s"}, Transport.HTTP, 3000),
        ({"SLACK_SIGNING_SECRET": "s", "PACESETTER_HTTP_PORT": "80"}, Transport.HTTP, 80),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_APP_TOKEN": "xapp-1"}, Transport.SOCKET, None),
        (
            {"SLACK_SIGNING_SECRET": "s", "SLACK_APP_TOKEN": "xapp-1", "PACESETTER_TRANSPORT": "HTTP"},
            Transport.HTTP,
            3000,
        ),
    ],
)
def test_what_is_set_says_how_slack_reaches_the_bot(
    given: dict[str, str], transport: Transport, port: int | None
) -> None:
    settings = Settings.from_environment(TOKEN | given)

    settings.require_slack()
    assert (settings.transport, settings.http.bot_port) == (transport, port)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "SLACK_BOT_TOKEN is not set"),
        (TOKEN, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set"),
        (
            TOKEN | {"PACESETTER_TRANSPORT": "socket", "SLACK_SIGNING_SECRET": "s"},
            "SLACK_APP_TOKEN is not set, and Socket Mode needs it",
        ),
        (
            TOKEN | {"PACESETTER_TRANSPORT": "http", "SLACK_APP_TOKEN": "xapp-1"},
            "SLACK_SIGNING_SECRET is not set, and HTTP needs it",
        ),
        (OAUTH | {"SLACK_APP_TOKEN": "xapp-1"}, "PACESETTER_HTTP_PORT is not set"),
    ],
)
def test_a_bot_that_could_not_work_does_not_start(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        Settings.from_environment(given).require_slack()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (TOKEN | OAUTH, "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET is not set"),
        ({"SLACK_CLIENT_SECRET": "client"}, "SLACK_CLIENT_ID is not set"),
        (OAUTH | {"PACESETTER_ENCRYPTION_KEY": ""}, "PACESETTER_ENCRYPTION_KEY is not set"),
        (OAUTH | {"PACESETTER_ENCRYPTION_KEY": f"{KEY},short"}, "something that is no key"),
        ({"PACESETTER_TRANSPORT": "carrier pigeon"}, "PACESETTER_TRANSPORT is carrier pigeon"),
        ({"PACESETTER_HTTP_PORT": "0"}, "PACESETTER_HTTP_PORT is 0"),
        ({"PACESETTER_HTTP_PORT": "http"}, "PACESETTER_HTTP_PORT is http"),
        ({"PACESETTER_WORKER_PORT": "65536"}, "PACESETTER_WORKER_PORT is 65536"),
        (
            {"PACESETTER_WORKER_PORT": "9101", "PACESETTER_SCHEDULER_PORT": "9101"},
            "PACESETTER_WORKER_PORT, PACESETTER_SCHEDULER_PORT name one port twice",
        ),
        ({"PACESETTER_URL": "pacesetter.example.com"}, "like https://pacesetter.example.com"),
        ({"PACESETTER_DRAIN_SECONDS": "-1"}, "seconds, 0 to 300"),
        ({"PACESETTER_DRAIN_SECONDS": "nan"}, "seconds, 0 to 300"),
        ({"PACESETTER_LOG_FORMAT": "xml"}, "console or json"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        Settings.from_environment(given)


def test_oauth_takes_the_place_of_the_token() -> None:
    other = new_key()
    settings = Settings.from_environment(
        OAUTH
        | {
            "SLACK_SIGNING_SECRET": "s",
            "PACESETTER_ENCRYPTION_KEY": f" {KEY} , {other} ",
            "SLACK_TEAM_ID": "T1",
        }
    )

    settings.require_slack()
    assert settings.oauth == OAuth("1.2", "client", (KEY, other), "T1")


def test_every_secret_is_named_as_one() -> None:
    settings = Settings.from_environment(
        OAUTH
        | {
            "DATABASE_URL": "postgresql://ann:p%40ss@db/pace",
            "REDIS_URL": "redis://:hush@cache:6380/1",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_SIGNING_SECRET": "s",
        }
    )

    assert set(settings.secrets) >= {"p@ss", "hush", "xapp-1", "s", "client", KEY}


def test_the_readme_lists_every_variable_and_no_other():
    root = Path(__file__).parents[2]
    read = "".join(file.read_text(encoding="utf-8") for file in (root / "domain").glob("settings*.py"))
    listed = [
        line for line in (root / "README.md").read_text(encoding="utf-8").splitlines() if line[:3] == "| `"
    ]
    in_readme = {name for line in listed for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])}
    assert in_readme == set(re.findall(r'"((?:PACESETTER|SLACK|DATABASE|REDIS)_[A-Z_]+)"', read))
