"""The app comes into a workspace by OAuth, works there, is thrown out, and comes back."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from slack_bolt import BoltRequest
from slack_sdk.oauth.installation_store import Installation as Arrived
from structlog.testing import capture_logs

from bot.app import create_app
from bot.delivery import Delivery, Outcome, delivery_client
from bot.oauth.stores import InstallationRefusedError, OneWorkspace
from bot.slack_client import NotInstalledError
from bot.token_check import TokenCheck
from bot.wiring import make_bot
from cli.demo.processes import free_port
from domain.audit import AuditEntry
from domain.clock import Clock
from domain.database import Database
from domain.encryption import Vault, new_key
from domain.health import NotReady
from domain.installation import Installation, installed
from domain.outbox import Post, add_post
from domain.people.model import Person as Employee
from domain.services import Services
from domain.settings import Settings
from sandbox.client import Operator, Person
from sandbox.server import Sandbox
from tests.bot.http_calls import a_site, behind_uvicorn
from tests.sandbox.waiting import PATIENT, until
from tests.worker.delivery_builders import draw, let_leases_run_out
from tests.worker.fake_slack import FreePace

MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.json"
KEY = new_key()
CREDENTIALS = {"signing_secret": "signed by Slack", "client_id": "11.22", "client_secret": "only for two"}
WORKSPACE: dict[str, Any] = {
    "team": {"id": "T0ACME", "name": "Acme"},
    "app": {"id": "A0APP", "name": "Pacesetter", "bot_user_id": "U0BOT", "bot_id": "B0BOT"},
    "tokens": {"bot": "xoxb-acme", "app": "xapp-acme", **CREDENTIALS},
    "users": [
        {
            "id": f"U0{one}",
            "name": one,
            "real_name": one,
            "email": f"{one}@example.com",
            "tz": "Asia/Shanghai",
        }
        for one in ("E1", "A1")
    ],
    "channels": [{"id": "C0GENERAL", "name": "general", "members": ["U0E1", "U0A1", "U0BOT"]}],
}


@dataclass(frozen=True)
class Place:
    """A bot that waits to be installed, at `url`, and a workspace that does not know it yet."""

    url: str
    services: Services
    workspace: str
    """Its address."""

    @property
    def operator(self) -> Operator:
        return Operator(self.workspace)

    @property
    def rep(self) -> Person:
        return Person(self.workspace, "U0E1")

    @property
    def admin(self) -> Person:
        return Person(self.workspace, "U0A1")

    def install(self, *, allow: bool = True) -> str:
        """Go through all the pages; the text of the last one."""
        return self.admin.install(f"{self.url}/slack/install", allow=allow)

    def installation(self) -> Installation | None:
        with self.services.database.reading() as session:
            return installed(session)


@contextmanager
def a_place(database: Database, clock: Clock, home: Path, **more: str) -> Iterator[Place]:
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    with Sandbox(
        WORKSPACE, MANIFEST, http_url=f"{url}/slack/events", installed=False, timing=PATIENT
    ).run_in_thread() as sandbox:
        settings = Settings.from_environment(
            {
                "PACESETTER_HOME": str(home),
                "PACESETTER_URL": url,
                "PACESETTER_ENCRYPTION_KEY": KEY,
                "SLACK_API_URL": sandbox.api_url,
                "SLACK_SIGNING_SECRET": CREDENTIALS["signing_secret"],
                "SLACK_CLIENT_ID": CREDENTIALS["client_id"],
                "SLACK_CLIENT_SECRET": CREDENTIALS["client_secret"],
                **more,
            }
        )
        services = Services(settings, database, clock)
        with behind_uvicorn(a_site(create_app(services)), port):
            yield Place(url, services, sandbox.url)


@pytest.fixture
def place(company_database: Database, clock: Clock, tmp_path: Path) -> Iterator[Place]:
    with a_place(company_database, clock, tmp_path) as found:
        yield found


def calls(place: Place, method: str) -> int:
    return len([one for one in place.operator.traffic() if one["method"] == method])


def audited(database: Database) -> list[str]:
    with database.reading() as session:
        entries = sa.select(AuditEntry.action).where(AuditEntry.action.startswith("workspace."))
        return list(session.scalars(entries.order_by(AuditEntry.seq)))


def test_an_administrator_installs_it_and_a_rep_is_answered(place: Place):
    shown = place.install()

    assert "Pacesetter is installed in Acme" in shown
    assert "/myscore" in shown
    (answer,) = place.rep.command("/myscore last month", "general")
    assert answer["text"] == "June 2026: score 98, tier A"


def test_slack_is_asked_once_whose_the_token_is(place: Place):
    place.install()
    before = calls(place, "auth.test")

    for _ in range(3):
        place.rep.command("/myscore last month", "general")

    assert calls(place, "auth.test") == before + 1


def test_who_cancels_is_told_that_nothing_has_changed(place: Place):
    shown = place.install(allow=False)

    assert "Pacesetter was not installed Nothing has changed." in shown
    assert place.installation() is None


def test_the_pages_speak_the_browsers_language(place: Place):
    chinese = requests.get(
        f"{place.url}/slack/install", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, timeout=10
    )
    english = requests.get(f"{place.url}/slack/install", headers={"Accept-Language": "fr,en"}, timeout=10)

    assert '<html lang="zh-CN">' in chinese.text
    assert "安装" in chinese.text
    assert "Install Pacesetter" in english.text
    assert "default-src 'none'" in english.headers["content-security-policy"]


def test_an_answer_that_belongs_to_another_browser_is_refused(place: Place):
    state_of_another = requests.get(f"{place.url}/slack/install", timeout=10)
    state = re.findall(r"state=([\w-]+)", state_of_another.text)[0]

    shown = requests.get(
        f"{place.url}/slack/oauth_redirect", params={"code": "c", "state": state}, timeout=10
    )

    assert shown.status_code == 400
    assert "began in another browser" in shown.text
    assert place.installation() is None


def test_a_code_that_slack_does_not_know_installs_nothing(place: Place):
    with requests.Session() as browser:
        page = browser.get(f"{place.url}/slack/install", timeout=10)
        for cookie in browser.cookies:
            cookie.secure = False
        state = re.findall(r"state=([\w-]+)", page.text)[0]
        shown = browser.get(
            f"{place.url}/slack/oauth_redirect", params={"code": "made up", "state": state}, timeout=10
        )

    assert shown.status_code == 401
    assert "Slack did not finish the installation" in shown.text


def test_nothing_of_the_address_gets_onto_the_page(place: Place):
    shown = requests.get(
        f"{place.url}/slack/oauth_redirect", params={"error": "<script>alert(1)</script>"}, timeout=10
    )

    assert "script" not in shown.text


def test_a_second_workspace_is_shown_out_again(place: Place):
    with place.services.database.writing() as session:
        session.add(
            Installation(
                id=1,
                team_id="T0FIRST",
                team_name="First & Sons",
                bot_user_id="U",
                bot_id="B",
                scopes="",
                token=Vault([KEY]).encrypt("xoxb-first"),
                installed_at=place.services.clock.now(),
                installed_by="U",
            )
        )

    shown = place.install()

    assert "This Pacesetter belongs to the workspace First & Sons." in shown
    kept = place.installation()
    assert kept is not None
    assert kept.team_id == "T0FIRST"
    assert place.operator.workspace()["app"]["installed"] is False


def test_only_the_workspace_that_the_settings_name_may_be_the_first(
    company_database: Database, clock: Clock, tmp_path: Path
):
    with a_place(company_database, clock, tmp_path, SLACK_TEAM_ID="T0OTHER") as place:
        shown = place.install()

        assert "may be installed into one workspace only, and Acme is another one" in shown
        assert place.installation() is None


@pytest.mark.parametrize(("team", "warns"), [({}, True), ({"SLACK_TEAM_ID": "T0ACME"}, False)])
def test_a_bot_that_anybody_may_install_says_so_when_it_starts(
    migrated_sqlite: Path, tmp_path: Path, team: dict[str, str], warns: bool
):
    shutil.copy(migrated_sqlite, tmp_path / "pacesetter.db")
    settings = Settings.from_environment(
        {
            "PACESETTER_HOME": str(tmp_path),
            "PACESETTER_URL": "https://pacesetter.example.com",
            "PACESETTER_ENCRYPTION_KEY": KEY,
            "SLACK_SIGNING_SECRET": "s",
            "SLACK_CLIENT_ID": "11.22",
            "SLACK_CLIENT_SECRET": "c",
            **team,
        }
    )

    with capture_logs() as logs:
        make_bot(settings).close()

    warnings = [one["event"] for one in logs if one["log_level"] == "warning"]
    assert [one.startswith("SLACK_TEAM_ID is not set") for one in warnings] == [True] * warns


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"is_enterprise_install": True}, "Enterprise organisation"),
        ({"team_id": None}, "Enterprise organisation"),
        ({"bot_token": None}, "no token for the bot"),
    ],
)
def test_what_is_installed_in_another_way_is_refused(
    services: Services, changed: dict[str, Any], sentence: str
):
    arrived = {
        "user_id": "U0A1",
        "team_id": "T1",
        "team_name": "Acme",
        "bot_token": "xoxb-1",
        "bot_id": "B",
        "bot_user_id": "U",
    }

    with pytest.raises(InstallationRefusedError, match=sentence):
        OneWorkspace(services, Vault([KEY]), None).save(Arrived(**(arrived | changed)))


def test_an_app_that_was_thrown_out_stops_writing_until_it_is_back(place: Place):
    database = place.services.database
    place.install()
    delivery = Delivery(place.services, delivery_client(place.services), draw, FreePace())
    post_id = a_post_to_the_rep(place.services)

    place.operator.uninstall()
    until(lambda: place.installation() is None)

    assert delivery.deliver(post_id) is Outcome.WAITS
    assert "was removed from the workspace Acme on 2026-07-07" in problem_of(database, post_id)
    with pytest.raises(NotInstalledError):
        delivery_client(place.services).auth_test()

    place.install()
    let_leases_run_out(database)

    assert delivery.deliver(post_id) is Outcome.SENT
    assert audited(database) == ["workspace.install", "workspace.remove", "workspace.install"]
    (answer,) = place.rep.command("/myscore last month", "general")
    assert answer["text"] == "June 2026: score 98, tier A"


def test_nothing_but_the_token_is_lost_with_the_app(place: Place):
    def people() -> int:
        with place.services.database.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(Employee)) or 0

    place.install()
    before = people()
    place.operator.uninstall()
    until(lambda: place.installation() is None)

    assert people() == before > 0


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
def test_a_goodbye_that_comes_late_does_not_end_a_new_installation(place: Place, kind: str):
    place.install()
    place.operator.uninstall()
    until(lambda: place.installation() is None)
    place.install()

    late = event(kind, "Ev-late", team_id="T0ACME", tokens={"bot": ["U0BOT"]})
    create_app(place.services).dispatch(late)

    assert place.installation() is not None


@pytest.mark.parametrize("trouble", [{"lose_replies": 1.0}, {"rate_limit_next": 1}], ids=["lost", "limited"])
def test_a_goodbye_is_not_believed_while_slack_does_not_say(place: Place, trouble: dict[str, Any]):
    place.install()
    place.operator.faults(**trouble, methods=["auth.test"])
    app = create_app(place.services)

    with capture_logs():
        assert app.dispatch(event("app_uninstalled", "Ev-1", team_id="T0ACME")).status == 503
    assert place.installation() is not None

    place.operator.faults(lose_replies=0.0, rate_limit_next=0)
    assert app.dispatch(event("app_uninstalled", "Ev-1", team_id="T0ACME")).status == 200
    assert place.installation() is not None  # Slack takes the token


@pytest.mark.parametrize(
    ("told", "team_id"),
    [
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U0E1"]}}, "T0ACME"),
        ({"type": "tokens_revoked"}, "T0ACME"),
        ({"type": "app_uninstalled"}, "T0OTHER"),
    ],
)
def test_what_others_lose_is_not_our_token(place: Place, told: dict[str, Any], team_id: str):
    place.install()

    create_app(place.services).dispatch(event(told.pop("type"), "Ev-1", team_id=team_id, **told))

    assert place.installation() is not None


def test_a_bot_that_waits_to_be_installed_is_ready_and_one_whose_token_is_refused_is_not(place: Place):
    check = TokenCheck(place.services)
    check.ask()
    place.install()
    check.ask()
    with place.services.database.writing() as session:
        session.get_one(Installation, 1).token = Vault([KEY]).encrypt("xoxb-stale")

    with pytest.raises(NotReady, match="Slack refuses the token: invalid_auth"):
        TokenCheck(place.services).ask()


def test_a_key_that_does_not_fit_is_named_where_the_token_is_needed(place: Place):
    place.install()
    settings = place.services.settings
    assert settings.oauth is not None
    other = replace(settings, oauth=replace(settings.oauth, encryption_keys=(new_key(),)))

    with pytest.raises(NotInstalledError, match="PACESETTER_ENCRYPTION_KEY does not fit"):
        delivery_client(replace(place.services, settings=other)).auth_test()


def a_post_to_the_rep(services: Services) -> int:
    with services.database.writing() as session:
        rep_id = session.scalars(sa.select(Employee.id).where(Employee.employee_id == "E1")).one()
        return add_post(session, services.clock, key="k", kind="notice", facts={}, person_id=rep_id).id


def problem_of(database: Database, post_id: int) -> str:
    with database.reading() as session:
        return session.get_one(Post, post_id).problem or ""


def event(kind: str, event_id: str, team_id: str, **more: Any) -> BoltRequest:
    body = {
        "type": "event_callback",
        "team_id": team_id,
        "event_id": event_id,
        "event": {"type": kind, **more},
    }
    return BoltRequest(mode="socket_mode", body=body)
