"""The app in front of a small company, and Slack as it would call."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import PacesetterApp, create_app
from domain.clock import FixedClock
from domain.database import Database
from domain.services import Services
from domain.settings import Settings
from domain.settings_slack import Transport
from tests.bot.calling import SECRET, Caller, slack_id
from tests.bot.company import EAST, WEST, scored_company
from tests.bot.contracts import OutgoingContracts
from tests.bot.fake_slack import FakeSlack
from tests.bot.response_urls import response_urls
from tests.sqlite_files import a_copy

PEOPLE = [*EAST, *WEST, "M1", "M2", "H1", "A1"]


@pytest.fixture(scope="session")
def scored_database(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scored_company(tmp_path_factory.mktemp("company"), migrated_sqlite)


@pytest.fixture
def company_database(scored_database: Path, tmp_path: Path) -> Iterator[Database]:
    with a_copy(scored_database, tmp_path / "company.db") as database:
        yield database


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


@pytest.fixture
def app(services: Services, slack: FakeSlack) -> PacesetterApp:
    return create_app(services, slack)


@pytest.fixture(params=Transport if os.environ.get("PACESETTER_LONG") else [Transport.HTTP])
def caller(
    request: pytest.FixtureRequest,
    app: PacesetterApp,
    slack: FakeSlack,
    contracts: OutgoingContracts | None,
) -> Iterator[Caller]:
    """By signed requests; in `make test-long` in Socket Mode's envelopes as well."""
    with response_urls() as urls:
        yield Caller(app, slack, contracts, urls, request.param)
