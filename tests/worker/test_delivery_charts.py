"""Charts that were asked for, over the wire: drawn from what the asker may see, uploaded, and shown."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery import Delivery, Outcome, delivery_client
from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.people.model import Person, Role
from domain.periods import Period
from domain.scoring.chart_requests import ChartKind, ChartRequest, ask_for_chart
from domain.scoring.service import score_and_lock
from sandbox.server import Sandbox
from tests.builders import CompanyFolder
from tests.worker.delivery_builders import let_leases_run_out, services_for, the_post
from tests.worker.fake_slack import FreePace
from worker.actors.sending import Drawer

MONTHS = ("2026-04", "2026-05", "2026-06")
REPS = ("E1", "E2", "E3", "E4", "E5", "E6")
TOKEN = "xoxb-charts"


@pytest.fixture
def acme(database: Database, clock: FixedClock, tmp_path: Path) -> dict[str, int]:
    """Six reps of M1 with three locked months; their ids by employee id."""
    folder = CompanyFolder().people(REPS[1:]).plan()
    folder.person("E1", name="林晓")
    folder.person("M1", role="manager", job_family="management").unit("Acme", manager_id="M1")
    for month in MONTHS:
        for number, rep in enumerate(REPS):
            folder.target(rep, "sales", month, 1000)
            folder.measure(rep, "won_amount", f"{month}-15", 700 + 100 * number)
    with database.writing() as session:
        import_folder(session, clock, folder.write(tmp_path / "acme"), "cli:test")
    for month in MONTHS:
        score_and_lock(database, clock, Period.parse(month), "cli:test")
    with database.reading() as session:
        return {person.employee_id: person.id for person in session.scalars(sa.select(Person))}


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    """One of the six reads Chinese."""
    users = [
        {
            "id": f"U0{rep}",
            "name": rep.lower(),
            "real_name": rep,
            "email": f"{rep.lower()}@example.com",
            "locale": "zh-CN" if rep == "E1" else "en-US",
        }
        for rep in (*REPS, "M1")
    ]
    workspace = {
        "app": {"id": "A0APP", "name": "Pacesetter", "bot_user_id": "U0BOT", "bot_id": "B0BOT"},
        "tokens": {"bot": TOKEN, "app": "xapp-charts"},
        "users": users,
        "channels": [],
    }
    with Sandbox(workspace, Path("bot/manifest.json")).run_in_thread() as running:
        yield running


@pytest.fixture
def delivery(database: Database, clock: FixedClock, slack: Sandbox) -> Delivery:
    services = services_for(database, clock)
    settings = services.settings.from_environment({"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": slack.api_url})
    client = delivery_client(replace(services, settings=settings))
    return Delivery(services, client, Drawer(services), FreePace())


def ask(database: Database, clock: FixedClock, request: ChartRequest) -> int:
    with database.writing() as session:
        return ask_for_chart(session, clock, request).id


def image_in(slack: Sandbox, user: str) -> dict[str, Any]:
    channel = slack.slack.workspace.app_channel(user)
    [message] = slack.slack.messages.history(channel.id)
    return next(block for block in message.blocks if block["type"] == "image")


def deliver_once_ready(database: Database, delivery: Delivery, post_id: int) -> None:
    """Slack needs a moment for an uploaded file; the post is put back meanwhile."""
    for _ in range(50):
        if delivery.deliver(post_id) is Outcome.SENT:
            return
        let_leases_run_out(database)
        time.sleep(0.1)
    raise AssertionError(the_post(database, post_id).problem)


@pytest.mark.parametrize(
    ("who", "kind", "words"),
    [
        ("E2", ChartKind.HISTORY, "Score history"),
        ("E2", ChartKind.LINES, "Results against target"),
        ("M1", ChartKind.RANKING, "Ranking"),
        ("M1", ChartKind.DISTRIBUTION, "Distribution of scores"),
        ("M1", ChartKind.TEAM_PEOPLE, "Attainment by person: Acme"),
        ("M1", ChartKind.TEAM_TIERS, "Tiers: Acme"),
        ("M1", ChartKind.TEAM_TREND, "Attainment of the team: Acme"),
    ],
)
def test_each_chart_comes_with_its_numbers_as_alt_text(
    database, clock, acme, slack, delivery, who, kind, words
) -> None:
    post = ask(database, clock, ChartRequest(kind, acme[who], period="2026-06"))

    deliver_once_ready(database, delivery, post)

    picture = image_in(slack, f"U0{who}")
    assert "2026" in picture["alt_text"]
    channel = slack.slack.workspace.app_channel(f"U0{who}")
    assert words in slack.slack.messages.history(channel.id)[0].text


def test_a_teams_charts_hold_the_numbers_of_its_cards(database, clock, acme, slack, delivery) -> None:
    request = ChartRequest(ChartKind.TEAM_PEOPLE, acme["M1"], period="2026-06")
    deliver_once_ready(database, delivery, ask(database, clock, request))

    assert image_in(slack, "U0M1")["alt_text"].startswith(
        "Attainment by person in Acme: June 2026, sales. 3 of 6 met the goal of 100%. Name of E6: 120%."
    )


def test_a_team_that_one_does_not_lead_any_more_is_not_drawn(database, clock, acme, slack, delivery) -> None:
    post = ask(database, clock, ChartRequest(ChartKind.TEAM_TREND, acme["M1"], unit_id=1))
    with database.writing() as session:
        session.execute(sa.update(Person).where(Person.id == acme["M1"]).values(role=Role.REP))

    assert delivery.deliver(post) is Outcome.SENT

    [message] = slack.slack.messages.history(slack.slack.workspace.app_channel("U0M1").id)
    assert "You may not see the team of Acme" in str(message.blocks)
    assert "image" not in str(message.blocks)


def test_a_chinese_reader_gets_a_chinese_chart(database, clock, acme, slack, delivery) -> None:
    deliver_once_ready(database, delivery, ask(database, clock, ChartRequest(ChartKind.HISTORY, acme["E1"])))

    alt_text = image_in(slack, "U0E1")["alt_text"]
    assert "林晓" in alt_text
    assert "年" in alt_text
    channel = slack.slack.workspace.app_channel("U0E1")
    assert slack.slack.messages.history(channel.id)[0].text.startswith("得分历史：")


def test_a_chart_that_the_asker_may_not_see_is_not_drawn_and_the_asker_hears_why(
    database, clock, acme, slack, delivery
) -> None:
    post = ask(database, clock, ChartRequest(ChartKind.HISTORY, acme["E2"], person_id=acme["E3"]))

    assert delivery.deliver(post) is Outcome.SENT

    [message] = slack.slack.messages.history(slack.slack.workspace.app_channel("U0E2").id)
    assert message.text == "The chart that you asked for cannot be drawn."
    assert "You may not see this person's card" in str(message.blocks)
    assert "image" not in str(message.blocks)
