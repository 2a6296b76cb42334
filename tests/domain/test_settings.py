"""Settings: defaults that need nothing, and errors that name the variable and say what to do."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import BadInput
from domain.settings import Settings


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
            "PACESETTER_CLOCK_OFFSET": "-3600",
            "PACESETTER_LOG_LEVEL": "debug",
        }
    )

    assert settings.database_url == "postgresql://ann:secret@db/pace"
    assert settings.redis_url == "rediss://cache:6380/1"
    assert settings.clock_offset == timedelta(hours=-1)
    assert settings.log_level == "DEBUG"
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


@pytest.mark.parametrize("missing", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_process_that_speaks_to_slack_needs_its_tokens(missing: str) -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    del given[missing]

    with pytest.raises(BadInput, match=f"{missing} is not set"):
        Settings.from_environment(given).require_slack()
