"""The best of a month in a channel: any of ours, none that is shared, and only who wants to be named."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.delivery import Outcome
from domain.clock import FixedClock
from domain.database import Database
from domain.disputes import service as disputes
from domain.disputes.subjects import card_line
from domain.imports.service import import_folder
from domain.jobs import Job
from domain.outbox import Post, PostState
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.recognition.service import ASKED_POST, choose_to_be_named
from domain.scoring.service import score_and_lock
from domain.viewers import viewer_of
from domain.watch.model import Alert, AlertState
from tests.builders import CompanyFolder
from tests.domain.watch_stories import ALERTS_FROM_JANUARY, QUARTER, company, rep
from tests.worker.delivery_builders import a_delivery, services_for, the_post
from tests.worker.fake_slack import FakeSlack, FreePace
from tests.worker.test_scheduler import work_all_off
from worker.actors.sending import Drawer
from worker.schedule import add_due_jobs

MARCH = Period.parse("2026-03")
TOLD = ALERTS_FROM_JANUARY + '[policies]\nrecognition = true\nrecognition_channel = "#wins"\n'


def five_reps() -> CompanyFolder:
    """RITA misses three months in a row; BEST is best of March."""
    folder = company(TOLD)
    rep(folder, "RITA", "MMM")
    for number in range(1, 4):
        rep(folder, f"R{number}", "HHH")
    rep(folder, "BEST", "HH")
    folder.target("BEST", "sales", "2026-03", 1000).measure("BEST", "won_amount", "2026-03-10", 2000)
    return folder.measure("BEST", "wins", "2026-03-10", 1).measure("BEST", "closed_deals", "2026-03-10", 2)


@pytest.fixture
def march_is_locked(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    with database.writing() as session:
        import_folder(session, clock, five_reps().write(tmp_path / "acme"), "cli:test")
    for month in QUARTER:
        score_and_lock(database, clock, Period.parse(month), "H1")
    work_all_off(database, clock, tmp_path)


def wants_it(database: Database, clock: FixedClock, employee_id: str, wanted: bool = True) -> None:
    with database.writing() as session:
        viewer = viewer_of(session, clock, person_by_employee_id(session, employee_id))
        choose_to_be_named(session, clock, viewer, wanted)


def named_post(database: Database, month: str = "2026-03") -> Post:
    with database.reading() as session:
        return session.scalars(sa.select(Post).where(Post.key == f"recognition:{month}")).one()


def deliver(database: Database, clock: FixedClock, slack: FakeSlack, post: Post) -> Outcome | None:
    clock.at += timedelta(days=6)
    delivery = a_delivery(database, clock, slack, FreePace(), Drawer(services_for(database, clock)))
    return delivery.deliver(post.id)


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack().with_channel("C0WINS", "wins", {"U0ANYBODY"}, is_private=False, is_member=True)


@pytest.mark.usefixtures("march_is_locked")
def test_a_public_channel_reads_who_wants_to_be_named(database, clock, slack) -> None:
    wants_it(database, clock, "BEST")

    assert deliver(database, clock, slack, named_post(database)) is Outcome.SENT

    [message] = slack.messages["C0WINS"]
    said = "\n".join(block["text"]["text"] for block in message["blocks"] if "text" in block)
    assert "Well done: the best of March 2026" in said
    assert "*Name of BEST*: best of West at sales" in said
    assert "2,000" not in said


@pytest.mark.usefixtures("march_is_locked")
def test_where_nobody_wants_it_nothing_is_said(database, clock, slack) -> None:
    post = named_post(database)
    deliver(database, clock, slack, post)
    assert slack.messages == {}
    assert the_post(database, post.id).state == PostState.CANCELLED


@pytest.mark.usefixtures("march_is_locked")
@pytest.mark.parametrize("info", [{"is_ext_shared": True}, {"is_shared": True}, {"is_archived": True}])
def test_a_channel_that_others_read_hears_nothing(database, clock, slack, info) -> None:
    wants_it(database, clock, "BEST")
    slack.channels["C0WINS"].update(info)
    post = named_post(database)
    deliver(database, clock, slack, post)
    assert slack.messages == {}
    assert the_post(database, post.id).state == PostState.FAILED


@pytest.mark.usefixtures("march_is_locked")
def test_winners_are_asked_in_their_direct_messages(database, clock, slack) -> None:
    slack.people["best@example.com"] = "U0BEST"
    with database.reading() as session:
        asked = session.scalars(sa.select(Post).where(Post.kind == ASKED_POST)).all()
        (post,) = [one for one in asked if one.person_id == person_by_employee_id(session, "BEST").id]
    assert deliver(database, clock, slack, post) is Outcome.SENT
    [message] = slack.messages["DU0BEST"]
    said = "\n".join(block["text"]["text"] for block in message["blocks"] if "text" in block)
    assert "You: best of West at sales" in said
    assert "Would you like to be named" in said
    assert "Then #wins reads your name" in said


@pytest.mark.usefixtures("march_is_locked")
def test_a_dispute_holds_the_alert_and_its_answer_lets_it_go(database, clock, tmp_path) -> None:
    # given: three misses, of which March is disputed before anything was sent
    def state() -> str:
        with database.reading() as session:
            return session.scalars(sa.select(Alert)).one().state

    assert state() == AlertState.QUEUED
    with database.writing() as session:
        rita = viewer_of(session, clock, person_by_employee_id(session, "RITA"))
        subject = card_line(rita.person_id, MARCH, "sales")
        number = disputes.open_dispute(session, clock, rita, subject, [], "Two deals are missing.").id
    # when
    work_all_off(database, clock, tmp_path)
    assert state() == AlertState.HELD
    with database.writing() as session:
        manager = viewer_of(session, clock, person_by_employee_id(session, "MW"))
        disputes.explain(session, clock, manager, number, "They were cancelled.")
    work_all_off(database, clock, tmp_path)
    # then
    assert state() == AlertState.QUEUED


@pytest.mark.usefixtures("march_is_locked")
def test_open_disputes_are_reminded_of_by_the_day(database, clock) -> None:
    with database.writing() as session:
        rita = viewer_of(session, clock, person_by_employee_id(session, "RITA"))
        disputes.open_dispute(session, clock, rita, card_line(rita.person_id, MARCH, "sales"), [], "Wrong.")
    with database.writing() as session:
        add_due_jobs(session, clock)
        assert session.scalar(sa.select(Job.id).where(Job.kind == "remind_disputes")) is not None
