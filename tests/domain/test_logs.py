"""What may stand in a log: no names, no scores, no tokens."""

import json
import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import structlog

from domain import logs
from domain.database import Database
from domain.people.model import Person
from domain.redaction import Redactor


@pytest.fixture
def as_before() -> Iterator[None]:
    """The test runner's own logging, put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    for name in (None, *logs.OURS):
        logging.getLogger(name).setLevel(level if name is None else logging.NOTSET)
    structlog.reset_defaults()


def test_libraries_do_not_write_down_what_they_send(
    as_before: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("DEBUG")

    logging.getLogger("slack_sdk.web.base_client").debug("body: {'text': 'Ada scored 12'}")
    structlog.get_logger("bot.app").debug("request", what="/myscore")

    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["what"] == "/myscore"


SECRETS = {
    "a bot's token": "xoxb-1234-5678-abcDEF",
    "a refresh token": "xoxe.xoxb-1-Mi0yLUFB",
    "an app's token": "xapp-1-A012-345-abcdef",
    "a password of a database": "postgresql://ann:tiger@db/pace",
    "a password of Redis": "redis://:tiger@cache:6379/1",
    "a header": "Authorization: Bearer tiger.striped",
    "a header among others": {"headers": {"Authorization": "Basic dGlnZXI="}},
    "a field of an answer": {"client_secret": "tiger", "ok": True},
    "a secret that is known": "shhh the signing secret",
    "a known secret in another spelling": {"nested": ['quotes " and ünicode']},
}
KNOWN = ("the signing secret", 'quotes " and ünicode')
TELLTALES = ("tiger", "dGlnZXI", "abcDEF", "Mi0yLUFB", "A012", "the signing secret", "quotes", "striped")


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_no_secret_stands_in_a_line(
    as_before: None, capsys: pytest.CaptureFixture[str], secret: object, form: str
) -> None:
    logs.configure("INFO", form, KNOWN)

    structlog.get_logger("bot.app").info("as a value", given=secret)
    structlog.get_logger("bot.app").info(f"in the text {secret}")
    logging.getLogger("slack_sdk").warning("of a library: %s", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        structlog.get_logger("bot.app").exception("in a traceback")

    written = capsys.readouterr().err
    assert written.count("[hidden]") >= 4
    assert not [telltale for telltale in TELLTALES if telltale in written]


def test_a_token_that_begins_as_a_known_one_is_hidden_to_its_end() -> None:
    assert Redactor(["xoxb-1"])("xoxb-1234-5678-abcDEF") == "[hidden]"


def test_what_is_no_secret_stays_as_it_is(as_before: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", "json")

    structlog.get_logger("bot.app").info(
        "a call", url="http://127.0.0.1:4000/api/", mail="to ann@example.com"
    )

    line = json.loads(capsys.readouterr().err)
    assert (line["url"], line["mail"]) == ("http://127.0.0.1:4000/api/", "to ann@example.com")


def test_a_secret_that_is_learnt_later_is_hidden_from_then_on(
    as_before: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("INFO", "json")
    logs.hide("a key for the CRM")

    structlog.get_logger("worker").info("asking", parameter="a key for the CRM")

    assert json.loads(capsys.readouterr().err)["parameter"] == "[hidden]"


@pytest.mark.parametrize(("form", "is_json"), [("json", True), ("console", False), (None, True)])
def test_lines_are_json_unless_people_read_them(
    as_before: None, capsys: pytest.CaptureFixture[str], form: str | None, is_json: bool
) -> None:
    logs.configure("INFO", form)

    structlog.get_logger("bot.app").info("a call")

    assert capsys.readouterr().err.startswith("{") == is_json


def test_a_statement_that_fails_does_not_say_what_was_in_it(sqlite_database: Database) -> None:
    ada = {"employee_id": "E1", "name": "Ada Okafor", "role": "rep"}

    with pytest.raises(sa.exc.IntegrityError) as failure, sqlite_database.writing() as session:
        session.execute(sa.insert(Person), [{"id": 1, **ada}, {"id": 2, **ada}])

    assert "Ada Okafor" not in str(failure.value)
