"""The same request again and again: by Slack, whose answer got lost, or by somebody who wrote it down."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
import sqlalchemy as sa
from slack_bolt import BoltRequest, BoltResponse

from bot.blocks import preferences
from bot.blocks.sources import RUN_AGAIN
from domain.audit import AuditEntry
from domain.database import Database
from domain.jobs import Job
from domain.outbox import Post, PostState
from domain.people.preferences import preferences_of
from domain.people.service import person_by_employee_id
from domain.scoring.chart_requests import TEAM_CHARTS
from domain.scoring.sharing import SHARE_POST, CardShare
from domain.sources.configured import SourceEntry, remember_configured
from tests.bot.calling import Caller, button
from tests.bot.fake_slack import FakeSlack

TIMES = 5

Send = Callable[[Caller, str], BoltResponse]


def over_http(caller: Caller, body: str) -> BoltResponse:
    return caller.app.dispatch(caller.signed(body))


def over_socket_mode(caller: Caller, body: str) -> BoltResponse:
    return caller.app.dispatch(BoltRequest(mode="socket_mode", body=_envelope(body)))


def _envelope(body: str) -> dict[str, Any]:
    """What Socket Mode hands over for the same request."""
    if body.startswith("{"):
        found: dict[str, Any] = json.loads(body)
        return found
    fields = dict(parse_qsl(body))
    return dict(json.loads(fields["payload"])) if "payload" in fields else dict(fields)


@pytest.fixture(params=[over_http, over_socket_mode])
def send(request: pytest.FixtureRequest) -> Send:
    chosen: Send = request.param
    return chosen


def left_behind(database: Database) -> int:
    """Jobs and posts."""
    with database.reading() as session:
        return sum(
            session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in (Job, Post)
        )


@pytest.mark.parametrize(
    ("asker", "command", "pressed"),
    [
        ("E1", "/myscore", "card.history"),
        ("E1", "/myscore", "card.lines_chart"),
        ("M1", "/ranking", "unit.ranking_chart"),
        ("M1", "/ranking", "unit.distribution_chart"),
    ],
)
def test_a_click_that_comes_five_times_acts_once(
    caller: Caller, company_database: Database, send: Send, asker: str, command: str, pressed: str
):
    answer = caller.command(asker, command, "last month")
    body = caller.press_body(asker, button(answer, pressed))
    before = left_behind(company_database)

    statuses = [send(caller, body).status for _ in range(TIMES)]

    assert statuses == [200] * TIMES
    assert left_behind(company_database) == before + 1


def test_the_charts_of_a_team_are_drawn_once(caller: Caller, company_database: Database, send: Send):
    answer = caller.command("M1", "/team", "last month")
    body = caller.press_body("M1", button(answer, "team.charts"))
    before = left_behind(company_database)

    for _ in range(TIMES):
        assert send(caller, body).status == 200

    assert left_behind(company_database) == before + len(TEAM_CHARTS)


def test_a_card_is_shared_once_and_withdrawn_once(
    caller: Caller, company_database: Database, send: Send, slack: FakeSlack
):
    slack.channels["C1"] = {"name": "general", "is_private": False, "is_member": True}
    form = caller.press("E3", button(caller.command("E3", "/myscore", "june"), "card.share"))
    assert form is not None
    preview = caller.submit("E3", form, channel="C1")["view"]
    before = left_behind(company_database)

    confirmation = caller.submit_body("E3", preview)
    for _ in range(TIMES):
        assert send(caller, confirmation).status == 200
    with company_database.writing() as session:
        (posted,) = session.scalars(sa.select(Post).where(Post.kind == SHARE_POST))
        posted.state = PostState.SENT
        share_id = str(posted.facts["share_id"])
    assert left_behind(company_database) == before + 1

    withdrawal = caller.press_body("E3", {"action_id": "card.withdraw", "value": share_id})
    for again in (withdrawal, confirmation):
        for _ in range(TIMES):
            assert send(caller, again).status == 200
    with company_database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CardShare)) == 1
        kinds = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.startswith("card.")))
        assert sorted(kinds) == ["card.share", "card.share_withdrawn"]


def test_an_earlier_choice_that_comes_again_does_not_undo_a_later_one(
    caller: Caller, company_database: Database, send: Send
):
    window = caller.press("E1", {"action_id": preferences.OPEN, "value": "home"})
    assert window is not None
    weekly, nothing = (
        caller.submit_body("E1", window, messages=messages) for messages in ([preferences.WEEKLY_CARD], [])
    )
    for body in (weekly, nothing, *[weekly] * (TIMES - 1)):
        assert send(caller, body).status == 200

    with company_database.reading() as session:
        person = person_by_employee_id(session, "E1")
        assert preferences_of(session, person.id).weekly_card is False


def test_a_source_is_run_again_once(caller: Caller, company_database: Database, send: Send):
    with company_database.writing() as session:
        remember_configured(session, [SourceEntry("crm", "sql", 3600, ("won_amount",))])
    body = caller.press_body("A1", {"action_id": RUN_AGAIN, "value": "crm"})
    before = left_behind(company_database)

    for _ in range(TIMES):
        assert send(caller, body).status == 200

    assert left_behind(company_database) == before + 1


def test_a_click_that_came_by_http_and_comes_again_by_socket_mode_acts_once(
    caller: Caller, company_database: Database
):
    answer = caller.command("E1", "/myscore", "last month")
    body = caller.press_body("E1", button(answer, "card.history"))
    before = left_behind(company_database)

    over_http(caller, body)
    over_socket_mode(caller, body)

    assert left_behind(company_database) == before + 1


def test_a_command_that_comes_again_is_answered_again(caller: Caller, send: Send):
    """Its first answer may never have arrived; and reading changes nothing."""
    body = caller.command_body("E1", "/myscore", "last month")

    answers = [json.loads(str(send(caller, body).body))["text"] for _ in range(TIMES)]

    assert answers == ["June 2026: score 98, tier A"] * TIMES
