"""The first working day of a week: cards for those who sell, then digests for those who lead them."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery import Delivery, NothingToSay
from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.jobs import Job, JobState
from domain.outbox import Post, PostState
from domain.people.model import Person
from domain.people.preferences import Preferences, choose
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.quiet_hours import QuietHours
from domain.scoring.service import score_and_lock
from domain.services import Services
from domain.viewers import viewer_of
from domain.weekly import service as weekly
from domain.weekly.rules import first_working_day, is_due
from domain.working_days import WorkingDays
from tests.builders import CompanyFolder
from tests.worker.delivery_builders import services_for
from tests.worker.fake_slack import FakeSlack, FreePace
from worker.actors import all_handlers
from worker.actors.sending import Drawer
from worker.runner import JobRunner
from worker.schedule import add_due_jobs

REPS = ("E1", "E2", "E3", "E4", "E5", "E6")
MONTHS = ("2026-04", "2026-05", "2026-06", "2026-07")
MONDAY = datetime(2026, 7, 6, 0, 30, tzinfo=UTC)  # 8:30 in Shanghai
W28 = Period.parse("2026-W28")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def acme(database: Database, clock: FixedClock, home: Path) -> CompanyFolder:
    """Six reps in West; E1 missed April, May and June. Maria leads them, Boss leads everybody."""
    folder = (
        CompanyFolder()
        .plan()
        .company('time_zone = "Asia/Shanghai"\nalerts_from = "2026-01"\ncalendar = "cn"\n')
    )
    for rep in REPS:
        folder.person(rep, unit="Acme/West", manager_id="M1")
        for month in MONTHS:
            sold = 500 if rep == "E1" else 1200
            folder.target(rep, "sales", month, 1000)
            folder.measure(rep, "won_amount", f"{month}-02", sold if month != "2026-07" else sold / 5)
            folder.measure(rep, "wins", f"{month}-02", 1).measure(rep, "closed_deals", f"{month}-02", 2)
    folder.person("M1", name="Maria", role="manager", job_family="", unit="Acme/West")
    folder.person("BOSS", name="Boss", role="manager", job_family="", unit="Acme")
    folder.unit("Acme", manager_id="BOSS").unit("Acme/West", manager_id="M1")
    load(database, clock, folder, home)
    return folder


def load(database: Database, clock: FixedClock, folder: CompanyFolder, home: Path) -> None:
    with database.writing() as session:
        import_folder(session, clock, folder.write(home / "acme"), "cli:test")


def run_everything(database: Database, clock: FixedClock, home: Path) -> list[str]:
    """Scheduler and worker, until nothing is left to do; the keys of the week's jobs."""
    services = services_for(database, clock, home)
    runner = JobRunner(services, all_handlers(a_delivery(services, FakeSlack())))
    for _ in range(3):
        with database.writing() as session:
            add_due_jobs(session, clock)
        while open_jobs := jobs(database, Job.state == JobState.QUEUED):
            for job in open_jobs:
                assert runner.run(job.id), job.problem
    kinds = (weekly.CARDS_JOB, weekly.CHUNK_JOB, weekly.DIGESTS_JOB)
    return [job.key for job in jobs(database, Job.kind.in_(kinds))]


def jobs(database: Database, which: sa.ColumnElement[bool]) -> list[Job]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Job).where(which).order_by(Job.id)))


def posts(database: Database, kind: str = weekly.CARD_POST) -> list[Post]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Post).where(Post.kind == kind).order_by(Post.id)))


def readers(database: Database, kind: str = weekly.CARD_POST) -> list[str]:
    with database.reading() as session:
        names = sa.select(Person.employee_id).join(Post, Post.person_id == Person.id).where(Post.kind == kind)
        return list(session.scalars(names.order_by(Person.employee_id)))


def a_delivery(services: Services, slack: FakeSlack) -> Delivery:
    return Delivery(services, slack, Drawer(services), FreePace())


def choose_for(database: Database, clock: FixedClock, who: str, preferences: Preferences) -> None:
    with database.writing() as session:
        choose(session, clock, viewer_of(session, clock, person_by_employee_id(session, who)), preferences)


def due_at(database: Database, kind: str) -> set[datetime]:
    """When the messages of this kind are due."""
    return {post.not_before for post in posts(database, kind)}


def said(database: Database, clock: FixedClock, post: Post, locale: str = "en-US") -> str:
    """What the message says now."""
    drawn = Drawer(services_for(database, clock))(post.kind, post.facts, locale).write(None)
    return json.dumps(drawn.blocks, ensure_ascii=False)


CHINA = WorkingDays("cn")


@pytest.mark.parametrize(
    ("week", "first"),
    [
        ("2026-W28", date(2026, 7, 6)),
        ("2026-W41", date(2026, 10, 8)),  # the national holiday ends on a Wednesday
        ("2026-W08", None),  # the Spring Festival
        ("2026-W19", date(2026, 5, 6)),  # Labour Day; the Saturday after makes up for it
    ],
)
def test_a_week_begins_on_its_first_working_day(week: str, first: date | None) -> None:
    assert first_working_day(Period.parse(week), CHINA) == first


def test_a_week_is_due_from_its_first_working_day_to_its_end_and_never_later() -> None:
    october = Period.parse("2026-W41")
    due = [day for day in range(1, 15) if is_due(october, date(2026, 10, day), CHINA)]

    assert due == [8, 9, 10, 11]


def test_on_monday_everybody_who_sells_gets_a_card_and_those_who_lead_a_digest(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    assert run_everything(database, clock, home) == [
        "weekly:2026-W28",
        "rolling:2026-W28:0",
        "digests:2026-W28",
    ]

    assert readers(database) == list(REPS)
    assert readers(database, weekly.DIGEST_POST) == ["BOSS", "M1"]
    assert all(post.key == f"rolling:{post.person_id}:2026-W28" for post in posts(database))
    assert due_at(database, weekly.CARD_POST) == {clock.now()}
    assert due_at(database, weekly.DIGEST_POST) == {clock.now() + 30 * MINUTE}  # 9:00


def test_who_leads_people_and_no_unit_gets_a_digest_too(
    database: Database,
    clock: FixedClock,
    acme: CompanyFolder,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weekly, "CHUNK", 2)
    acme.person("M2", role="manager", job_family="", unit="Acme/West")
    acme.person("E7", name="Grace", unit="Acme/West", manager_id="M2")
    load(database, clock, acme, home)

    run_everything(database, clock, home)

    assert readers(database, weekly.DIGEST_POST) == ["BOSS", "M1", "M2"]
    assert "*Your reports, July 2026*" in said(database, clock, posts(database, weekly.DIGEST_POST)[-1])


def test_nobody_gets_two_in_a_week(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    run_everything(database, clock, home)
    clock.at += timedelta(days=2)

    assert len(run_everything(database, clock, home)) == 3
    assert len(posts(database)) == len(REPS)


def test_a_scheduler_that_starts_on_thursday_catches_up_on_this_week_alone(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    clock.at += timedelta(days=3)

    run_everything(database, clock, home)

    assert {post.facts["week"] for post in posts(database)} == {"2026-W28"}


def test_a_job_of_last_week_writes_nothing_any_more(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    clock.at += timedelta(days=7)
    run_everything(database, clock, home)
    with database.writing() as session:
        ids = list(session.scalars(sa.select(Person.id)))
        assert weekly.write_cards(session, clock, W28, ids) == 0
        assert weekly.write_digests(session, clock, W28) == 0
        assert weekly.request_cards(session, clock, W28) == []


def test_it_waits_for_the_numbers_of_the_day(
    database: Database, clock: FixedClock, acme: CompanyFolder
) -> None:
    with database.writing() as session:
        add_due_jobs(session, clock)
        add_due_jobs(session, clock)

    assert jobs(database, Job.kind == weekly.CARDS_JOB) == []


def test_there_is_nothing_on_a_holiday(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    clock.at = datetime(2026, 10, 5, 2, tzinfo=UTC)

    assert run_everything(database, clock, home) == []
    clock.at = datetime(2026, 10, 8, 2, tzinfo=UTC)
    assert run_everything(database, clock, home)[0] == "weekly:2026-W41"


def test_many_people_are_written_in_chunks_and_managers_follow_the_last(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weekly, "CHUNK", 4)

    assert run_everything(database, clock, home) == [
        "weekly:2026-W28",
        "rolling:2026-W28:0",
        "rolling:2026-W28:1",
        "digests:2026-W28",
    ]
    assert readers(database) == list(REPS)


def test_a_chunk_that_is_done_twice_writes_once(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    run_everything(database, clock, home)
    ids = [post.person_id for post in posts(database)]
    with database.writing() as session:
        assert weekly.write_cards(session, clock, W28, [one for one in ids if one]) == 0


def test_each_gets_it_in_the_own_morning(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    acme.person("NY", unit="Acme/West", time_zone="America/New_York").person("KI", unit="Acme/West")
    load(database, clock, acme, home)
    choose_for(database, clock, "KI", Preferences(QuietHours(time(18), time(11), days_off=False)))
    clock.at = datetime(2026, 7, 5, 16, 10, tzinfo=UTC)  # ten past midnight in Shanghai

    run_everything(database, clock, home)

    came = {post.person_id: post.not_before for post in posts(database)}
    with database.reading() as session:
        at = {who: came[person_by_employee_id(session, who).id] for who in ("E1", "KI", "NY")}
    assert at == {
        "E1": datetime(2026, 7, 6, 0, tzinfo=UTC),  # 8:00 in Shanghai
        "KI": datetime(2026, 7, 6, 3, tzinfo=UTC),  # 11:00 there
        "NY": datetime(2026, 7, 6, 12, tzinfo=UTC),  # 8:00 in New York
    }


def test_no_card_for_who_is_away_has_left_does_not_sell_or_does_not_want_one(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    acme.leave("E2", "2026-07-06", "2026-07-08")
    acme.row("people", **{**acme.tables["people"][2], "left_on": "2026-07-03"})
    del acme.tables["people"][2]
    load(database, clock, acme, home)
    choose_for(database, clock, "E4", Preferences(weekly_card=False))
    choose_for(database, clock, "M1", Preferences(digest=False))

    run_everything(database, clock, home)

    assert readers(database) == ["E1", "E5", "E6"]
    assert readers(database, weekly.DIGEST_POST) == ["BOSS"]


def test_a_card_says_last_week_the_month_so_far_and_where_it_is_heading(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    for month in MONTHS[:3]:
        score_and_lock(database, clock, Period.parse(month), "cli:test")
    clock.at += timedelta(days=1)  # Tuesday, the fifth working day
    run_everything(database, clock, home)

    card = said(database, clock, posts(database)[0])

    assert "*Your card for week 28 of 2026*" in card
    assert "Last week, week 27 of 2026: score" in card
    assert "*sales* 51.7% of the pace (100 of 193.55 due by now)" in card
    assert "*If July 2026 goes on like this*" in card
    assert "*sales* 51.7% of target (517 of 1,000)" in card
    assert "which would be worth tier C" in card
    assert "It is no tier, and nobody is judged by it." in card
    assert "April 2026, May 2026, and June 2026 count as missed." in card
    assert '"action_id": "card.why"' in card


def test_before_the_fifth_working_day_it_says_that_it_is_too_early(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    run_everything(database, clock, home)

    card = said(database, clock, posts(database)[0])

    assert "It is too early to project the end of July 2026" in card
    assert "goes on like this" not in card


def test_what_is_no_news_any_more_is_never_sent(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    """Sending was paused all week; or somebody has switched the card off, or is away, since it was queued."""
    run_everything(database, clock, home)
    first, second, third = posts(database)[:3]
    choose_for(database, clock, "E2", Preferences(weekly_card=False))
    acme.leave("E3", "2026-07-06", "2026-07-08")
    load(database, clock, acme, home)

    assert said(database, clock, first)
    for post in (second, third, posts(database, weekly.DIGEST_POST)[0]):
        if post.kind == weekly.DIGEST_POST:
            clock.at += timedelta(days=7)
        with pytest.raises(NothingToSay):
            said(database, clock, post)


def test_a_card_is_delivered_with_its_chart_to_who_wants_it(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    choose_for(database, clock, "E1", Preferences(weekly_chart=True))
    run_everything(database, clock, home)
    slack = FakeSlack()
    slack.people |= {f"{who.lower()}@example.com": f"U0{who}" for who in REPS}
    delivery = a_delivery(services_for(database, clock, home), slack)

    for post in posts(database)[:2]:
        delivery.deliver(post.id)
        delivery.deliver(post.id)

    def blocks(channel: str) -> list[dict[str, Any]]:
        (message,) = slack.messages[channel]
        return message["blocks"]

    assert blocks("DU0E1")[-1]["type"] == "image"
    assert "sales" in blocks("DU0E1")[-1]["alt_text"]
    assert all(block["type"] != "image" for block in blocks("DU0E2"))
    assert {post.state for post in posts(database)[:2]} == {PostState.SENT}


def test_a_digest_shows_the_team_and_the_alerts_that_managers_have_got(
    database: Database, clock: FixedClock, acme: CompanyFolder, home: Path
) -> None:
    for month in MONTHS[:3]:
        score_and_lock(database, clock, Period.parse(month), "cli:test")
    clock.at += timedelta(days=1)
    run_everything(database, clock, home)
    post = next(one for one in posts(database, weekly.DIGEST_POST))

    assert "*Open alerts:* none." in said(database, clock, post)
    with database.writing() as session:
        session.execute(sa.update(Post).where(Post.kind == "alert_thread").values(state=PostState.SENT))
    digest = said(database, clock, post)

    assert "*Your digest for week 28 of 2026*" in digest
    assert "*West, July 2026*" in digest
    assert "*At risk: 1 of 6*" in digest
    assert "• Name of E1 (E1): 3 missed months in a row, the last one June 2026" in digest
    assert '"action_id": "team.open"' in digest


def test_a_digest_of_too_many_people_leads_to_the_units_below_and_tells_of_every_alert(
    database: Database,
    clock: FixedClock,
    acme: CompanyFolder,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.weekly.digests.MOST_PEOPLE", 5)
    for month in MONTHS[:3]:
        score_and_lock(database, clock, Period.parse(month), "cli:test")
    clock.at += timedelta(days=1)
    run_everything(database, clock, home)
    with database.writing() as session:
        session.execute(sa.update(Post).where(Post.kind == "alert_thread").values(state=PostState.SENT))
        boss = person_by_employee_id(session, "BOSS").id
    (post,) = [one for one in posts(database, weekly.DIGEST_POST) if one.person_id == boss]

    digest = said(database, clock, post)

    assert "*Acme*\\nThese are 6 people, too many to show at once" in digest
    assert "*West*" in digest
    assert "Name of E1 (E1): 3 missed months in a row" in digest
