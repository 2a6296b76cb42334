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


def test_a_statement_that_fails_does_not_say_what_was_in_it(sqlite_database: Database) -> None:
    ada = {"employee_id": "E1", "name": "Ada Okafor", "role": "rep"}

    with pytest.raises(sa.exc.IntegrityError) as failure, sqlite_database.writing() as session:
        session.execute(sa.insert(Person), [{"id": 1, **ada}, {"id": 2, **ada}])

    assert "Ada Okafor" not in str(failure.value)
