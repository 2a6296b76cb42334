"""The app in front of a small company, and Slack as it would call."""

import hashlib
import hmac
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import BoltRequest, BoltResponse

from bot.app import PacesetterApp, create_app
from domain.clock import FixedClock
from domain.database import Database
from domain.services import Services
from domain.settings import Settings
from tests.bot.company import EAST, WEST, a_company, load
from tests.bot.contracts import OutgoingContracts
from tests.bot.fake_slack import FakeSlack
from tests.conftest import TEN_IN_SHANGHAI

SECRET = "a signing secret"
PEOPLE = [*EAST, *WEST, "M1", "M2", "H1", "A1"]


def slack_id(employee_id: str) -> str:
    return f"U0{employee_id}"


@pytest.fixture(scope="session")
def scored_database(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    path = folder / "scored.db"
    shutil.copy(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    load(database, FixedClock(TEN_IN_SHANGHAI), a_company().write(folder / "acme"))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def company_database(scored_database: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "company.db"
    shutil.copy(scored_database, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def services(company_database: Database, clock: FixedClock, tmp_path: Path) -> Services:
    settings = Settings.from_environment(
        {"PACESETTER_HOME": str(tmp_path), "SLACK_BOT_TOKEN": "xoxb-fake", "SLACK_SIGNING_SECRET": SECRET}
    )
    return Services(settings, company_database, clock)


@pytest.fixture(scope="session")
def contracts() -> OutgoingContracts | None:
    """Slack's published types; without them the tests run, and check less."""
    folder = Path(os.environ.get("PACESETTER_SHARED", "../shared")) / "slack-contracts"
    return OutgoingContracts(folder) if folder.is_dir() else None


@pytest.fixture
def slack(contracts: OutgoingContracts | None) -> FakeSlack:
    fake = FakeSlack(contracts.check_call) if contracts else FakeSlack()
    for employee_id in PEOPLE:
        locale = "zh-CN" if employee_id in WEST else "en-US"
        fake.add_user(slack_id(employee_id), f"{employee_id.lower()}@example.com", locale)
    return fake


@dataclass(frozen=True)
class Answer:
    """What the asker sees below the command."""

    text: str
    blocks: list[dict[str, Any]]

    @property
    def shown(self) -> str:
        return "\n".join(texts(self.blocks))


def texts(value: Any) -> list[str]:
    """What blocks or a view show, a text an entry, in order."""
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for name, part in value.items() if name != "alt_text" for text in texts(part)]


class Caller:
    """Calls the app as Slack does, by signed requests."""

    def __init__(self, app: PacesetterApp, slack: FakeSlack, contracts: OutgoingContracts | None) -> None:
        self.app = app
        self.slack = slack
        self._contracts = contracts
        self._numbers = count(1)

    def command(self, employee_id: str, command: str, text: str = "") -> Answer:
        response = self.app.dispatch(self.signed(self.command_body(employee_id, command, text)))
        assert response.status == 200
        body = json.loads(response.body)
        assert body["response_type"] == "ephemeral"
        if self._contracts:
            self._contracts.check_message(body["text"], body["blocks"])
        return Answer(body["text"], body["blocks"])

    def command_body(self, employee_id: str, command: str, text: str = "") -> str:
        fields = {
            "command": command,
            "text": text,
            "user_id": slack_id(employee_id),
            "team_id": "T1",
            "channel_id": "C1",
            "trigger_id": f"t{next(self._numbers)}",
            "response_url": "https://hooks.slack.com/commands/1",
        }
        return urlencode(fields)

    def press(self, employee_id: str, button: dict[str, Any]) -> dict[str, Any] | None:
        """Press a button; the window that opens."""
        return self.press_again(self.press_body(employee_id, button))

    def press_again(self, body: str) -> dict[str, Any] | None:
        self.slack.forget_calls()
        assert self.app.dispatch(self.signed(body)).status == 200
        opened = self.slack.called("views.open")
        return opened[0]["view"] if opened else None

    def press_body(self, employee_id: str, button: dict[str, Any]) -> str:
        payload = {
            "type": "block_actions",
            "user": {"id": slack_id(employee_id), "team_id": "T1"},
            "team": {"id": "T1"},
            "trigger_id": f"t{next(self._numbers)}",
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1.0", **button}],
        }
        return urlencode({"payload": json.dumps(payload)})

    def opens_home(self, employee_id: str, tab: str = "home") -> dict[str, Any] | None:
        self.slack.forget_calls()
        event = {"type": "app_home_opened", "user": slack_id(employee_id), "channel": "D1", "tab": tab}
        assert self.event(event).status == 200
        published = self.slack.called("views.publish")
        return published[0]["view"] if published else None

    def event(self, event: dict[str, Any]) -> BoltResponse:
        body = {
            "type": "event_callback",
            "team_id": "T1",
            "event_id": f"Ev{next(self._numbers)}",
            "event": event,
        }
        return self.app.dispatch(self.signed(json.dumps(body)))

    @staticmethod
    def signed(body: str, at: str | None = None, secret: str = SECRET) -> BoltRequest:
        timestamp = at or str(int(time.time()))
        digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
        kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
        headers = {
            "content-type": kind,
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": f"v0={digest}",
        }
        return BoltRequest(body=body, headers=headers)


@pytest.fixture
def app(services: Services, slack: FakeSlack) -> PacesetterApp:
    return create_app(services, slack)


@pytest.fixture
def caller(app: PacesetterApp, slack: FakeSlack, contracts: OutgoingContracts | None) -> Caller:
    return Caller(app, slack, contracts)


def button(answer: Answer | dict[str, Any], action_id: str) -> dict[str, Any]:
    """The first button of that name."""
    blocks = answer.blocks if isinstance(answer, Answer) else answer["blocks"]
    found = [
        one
        for block in blocks
        if block["type"] == "actions"
        for one in block["elements"]
        if one["action_id"] == action_id
    ]
    assert found, f"no button {action_id}"
    return {"action_id": action_id, "value": found[0]["value"]}
