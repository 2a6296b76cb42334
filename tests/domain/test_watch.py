"""Alerts from locked months: who is alerted, with which facts, who hears of it, in which order."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.errors import NotFound
from domain.outbox import Post, PostState, claim_post
from domain.periods import Period
from domain.watch.facts import (
    HELD_POST,
    PERSON_POST,
    SHADOW_POST,
    THREAD_POST,
    UNIT_POST,
    AlertFacts,
    HrAlertFacts,
    MissedMonth,
    UnitAlertFacts,
    WeakestIndicator,
)
from domain.watch.model import Alert, AlertState
from domain.watch.service import release_held, set_paused
from tests.domain.conftest import Load, Lock
from tests.domain.watch_stories import (
    ALERTS_FROM_JANUARY,
    QUARTER,
    SIX_MONTHS,
    alerts,
    company,
    employee_ids,
    messages,
    posts,
    rep,
    sells,
    watch,
)


def test_three_misses_bring_one_alert_with_its_facts(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    folder = company()
    folder.person("RITA", name="Rita", unit="Acme/West")
    for month, amount in zip(QUARTER, (700, 600, 800), strict=True):
        sells(folder, "RITA", month, amount)
    rep(folder, "HANS", "HHH")
    sells(folder.person("TIM", unit="Acme/West"), "TIM", "2026-03", 900)
    sells(folder.person("EVA", unit="Acme/East"), "EVA", "2026-03", 1000)
    load(folder)
    lock(*QUARTER)

    (alert,) = watch(database, clock, *QUARTER)

    assert (alert.streak_start, alert.length, alert.month) == ("2026-01", 3, "2026-03")
    assert alert.state == AlertState.QUEUED
    facts = AlertFacts.from_json(alert.facts)
    assert facts == AlertFacts(
        person_id=alert.person_id,
        employee_id="RITA",
        name="Rita",
        unit_path="Acme/West",
        unit_name="West",
        length=3,
        indicator="sales",
        months=(
            MissedMonth("2026-01", "700.0000", "1000.00", "0.700000"),
            MissedMonth("2026-02", "600.0000", "1000.00", "0.600000"),
            MissedMonth("2026-03", "800.0000", "1000.00", "0.800000"),
        ),
        attainment="0.700000",
        score="76.00",  # 60 % of 60 points at 0.8, 40 % of 100 points at one deal of two
        team_score="97.00",  # Hans 66 + 40, Tim 48 + 40
        team_reading="1.000000",  # 1.1 and 0.9
        team_size=2,
        peers_met=2,  # Hans and Eva
        peers=3,
        weakest=WeakestIndicator("sales", "0.800000", "60.0000", "24.00"),
    )
    assert facts.gap_in_points == Decimal("-21.00")


def test_two_misses_bring_none_and_six_a_second(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMMMMM"))

    found = []
    for month in SIX_MONTHS:
        lock(month)
        found.append([alert.length for alert in watch(database, clock, month)])

    assert found == [[], [], [3], [], [], [6]]
    assert alerts(database) == [("RITA", "2026-01", 3, "2026-03"), ("RITA", "2026-01", 6, "2026-06")]


def test_exempt_months_neither_extend_nor_break_a_streak(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(rep(company(), "RITA", "MeMeeM"), "HANS", "MMHMMe"))
    lock(*SIX_MONTHS)

    watch(database, clock, *SIX_MONTHS)

    assert alerts(database) == [("RITA", "2026-01", 3, "2026-06")]
    facts = AlertFacts.from_json(posts(database, PERSON_POST)[0].facts)
    assert [month.period for month in facts.months] == ["2026-01", "2026-03", "2026-06"]


def test_a_month_locked_late_completes_the_streak_around_it(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMM"))
    lock("2026-01", "2026-03")
    assert watch(database, clock, "2026-01", "2026-03") == []

    lock("2026-02")
    watch(database, clock, "2026-02")

    assert alerts(database) == [("RITA", "2026-01", 3, "2026-03")]


def test_an_earlier_month_locked_late_is_no_second_alert_for_the_same_misses(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMMMMM"))
    lock("2026-02", "2026-03", "2026-04")
    watch(database, clock, "2026-02", "2026-03", "2026-04")

    lock("2026-01")
    assert watch(database, clock, "2026-01") == []
    lock("2026-05", "2026-06")
    watch(database, clock, "2026-05", "2026-06")

    assert alerts(database) == [("RITA", "2026-01", 6, "2026-06"), ("RITA", "2026-02", 3, "2026-04")]


def test_nothing_is_alerted_before_the_first_month_of_alerts(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(rep(company('alerts_from = "2026-04"\n'), "RITA", "MMMMMM"), "TIM", "HMMMHH"))
    lock(*SIX_MONTHS)

    watch(database, clock, *SIX_MONTHS)

    assert alerts(database) == [("RITA", "2026-01", 6, "2026-06"), ("TIM", "2026-02", 3, "2026-04")]


def test_a_second_look_adds_nothing(database: Database, clock: FixedClock, load: Load, lock: Lock) -> None:
    load(rep(company(), "RITA", "MMM"))
    lock(*QUARTER)
    watch(database, clock, "2026-03")
    written = [post.key for post in posts(database)]

    assert watch(database, clock, "2026-03", "2026-01") == []

    assert [post.key for post in posts(database)] == written


def test_nobody_is_alerted_who_has_left(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(rep(company(), "RITA", "MMM", left_on="2026-06-30"), "TIM", "MMM", left_on="2026-07-31"))
    lock(*QUARTER)

    watch(database, clock, "2026-03")

    assert [found[0] for found in alerts(database)] == ["TIM"]


def test_a_person_hears_first_then_the_unit_then_its_threads(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(rep(company(), "RITA", "MMM"), "TIM", "MMM"))
    lock(*QUARTER)

    rita, tim = watch(database, clock, "2026-03")

    sent = messages(database)
    first, second = sent[PERSON_POST]
    (unit,) = sent[UNIT_POST]
    assert [first.person_id, second.person_id] == [rita.person_id, tim.person_id]
    assert (unit.channel, unit.person_id, unit.after_id) == ("west-managers", None, second.id)
    assert [(post.thread_of_id, post.after_id) for post in sent[THREAD_POST]] == [
        (unit.id, first.id),
        (unit.id, second.id),
    ]
    assert {post.not_before for post in posts(database)} == {clock.now()}
    facts = UnitAlertFacts.from_json(unit.facts)
    assert (facts.unit_path, facts.month, facts.people) == ("Acme/West", "2026-03", 2)
    assert facts.about == (rita.person_id, tim.person_id)


def test_each_unit_has_its_message_and_a_unit_without_a_channel_its_parents(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    folder = rep(company(), "RITA", "MMM", unit="Acme/West/Team 1/Desk A")
    load(rep(rep(folder, "EVA", "MMM", unit="Acme/East"), "BO", "MMM", unit="Acme/North"))
    lock(*QUARTER)

    watch(database, clock, "2026-03")

    sent = messages(database)
    assert [(post.channel, post.facts["unit_path"]) for post in sent[UNIT_POST]] == [
        ("east-managers", "Acme/East"),
        (None, "Acme/North"),
        ("west-managers", "Acme/West/Team 1/Desk A"),
    ]
    assert [post.thread_of_id for post in sent[THREAD_POST]] == [post.id for post in sent[UNIT_POST]]


def test_a_fresh_alert_on_the_same_day_joins_the_units_message(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(rep(company(), "RITA", "MMMH"), "TIM", "HMMM"))
    lock(*SIX_MONTHS[:4])
    watch(database, clock, "2026-04", "2026-03")

    sent = messages(database)
    (unit,) = sent[UNIT_POST]
    facts = UnitAlertFacts.from_json(unit.facts)
    assert (facts.people, facts.month) == (2, "2026-04")
    assert employee_ids(database, facts.about) == ["TIM", "RITA"]
    assert [post.thread_of_id for post in sent[THREAD_POST]] == [unit.id, unit.id]


def test_a_message_that_may_have_left_takes_no_more_people(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    """Its place was chosen so that Rita does not read there; Tim might."""
    load(rep(rep(company(), "RITA", "HMMM"), "TIM", "MMMH"))
    lock(*SIX_MONTHS[:4])
    watch(database, clock, "2026-04")
    with database.writing() as session:
        claim_post(session, posts(database, UNIT_POST)[0].id)

    watch(database, clock, "2026-03")

    first, second = posts(database, UNIT_POST)
    assert [employee_ids(database, post.facts["about"]) for post in (first, second)] == [["RITA"], ["TIM"]]
    assert [post.thread_of_id for post in posts(database, THREAD_POST)] == [first.id, second.id]


def test_the_next_day_has_its_own_message(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(rep(company(), "RITA", "MMMH"), "TIM", "HMMM"))
    lock(*QUARTER)
    watch(database, clock, "2026-03")

    clock.at = datetime(2026, 7, 8, 2, tzinfo=UTC)
    lock("2026-04")
    watch(database, clock, "2026-04")

    assert [post.facts["people"] for post in posts(database, UNIT_POST)] == [1, 1]


@pytest.mark.parametrize(
    ("now", "person", "managers"),
    [
        ("2026-07-07T02:00", "2026-07-07T13:00", "2026-07-08T01:00"),  # 22:00 in New York: 9:00 next morning
        ("2026-07-07T14:30", "2026-07-07T14:30", "2026-07-08T01:00"),  # 10:30 there, night in Shanghai
        ("2026-10-02T02:00", "2026-10-08T13:00", "2026-10-09T01:00"),  # the holiday of 1 to 7 October
        ("2026-10-09T23:30", "2026-10-10T13:00", "2026-10-12T01:00"),  # Saturday is made up, Sunday is not
        ("2026-10-10T02:00", "2026-10-10T13:00", "2026-10-12T01:00"),
    ],
)
def test_messages_arrive_in_working_hours_of_their_reader(
    database: Database, clock: FixedClock, load: Load, lock: Lock, now: str, person: str, managers: str
) -> None:
    load(rep(company(), "RITA", "MMM", time_zone="America/New_York"))
    lock(*QUARTER)
    clock.at = datetime.fromisoformat(now).replace(tzinfo=UTC)

    watch(database, clock, "2026-03")

    found = [f"{post.not_before:%Y-%m-%dT%H:%M}" for post in posts(database)]
    assert found == [person, managers, managers]


def test_hr_is_not_told_on_a_holiday_either(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(ALERTS_FROM_JANUARY + "[alerts]\nshadow = true\n"), "RITA", "MMM"))
    lock(*QUARTER)
    clock.at = datetime(2026, 10, 2, 2, tzinfo=UTC)

    watch(database, clock, "2026-03")

    assert [post.not_before for post in posts(database)] == [datetime(2026, 10, 8, 1, tzinfo=UTC)]


def test_in_shadow_mode_hr_alone_sees_what_would_be_sent(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(ALERTS_FROM_JANUARY + "[alerts]\nshadow = true\n"), "RITA", "MMM"))
    lock(*QUARTER)

    (alert,) = watch(database, clock, "2026-03")
    watch(database, clock, "2026-03")

    assert alert.state == AlertState.SHADOW
    (post,) = posts(database)
    assert post.kind == SHADOW_POST
    assert post.person_id is not None
    assert employee_ids(database, [post.person_id]) == ["HR"]
    assert [one.employee_id for one in HrAlertFacts.from_json(post.facts).alerts] == ["RITA"]


def too_many(missing: int = 5, people: int = 20) -> list[str]:
    return ["MMM" if number < missing else "HHH" for number in range(people)]


def a_unit_that_breaks_the_circuit(load: Load, lock: Lock) -> None:
    folder = company()
    for number, story in enumerate(too_many()):
        rep(folder, f"R{number:02}", story, unit="Acme/West/Team 1" if number % 2 else "Acme/West/Team 2")
    load(folder)
    lock(*QUARTER)


def test_the_circuit_breaker_holds_the_days_alerts_for_hr(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_unit_that_breaks_the_circuit(load, lock)

    found = watch(database, clock, "2026-03", "2026-03")

    assert [alert.state for alert in found] == [AlertState.HELD] * 5
    held = posts(database)
    assert [(post.kind, post.facts["unit_path"], post.facts["reason"]) for post in held] == [
        (HELD_POST, "Acme/West/Team 1", "share_of_unit"),
        (HELD_POST, "Acme/West/Team 2", "share_of_unit"),
    ]
    assert employee_ids(database, [post.person_id for post in held if post.person_id]) == ["HR", "HR"]


def test_what_hr_releases_is_sent_once(database: Database, clock: FixedClock, load: Load, lock: Lock) -> None:
    a_unit_that_breaks_the_circuit(load, lock)
    watch(database, clock, "2026-03")

    with database.writing() as session:
        released = release_held(session, clock, Period.parse("2026-03"), "HR")
    with database.writing() as session, pytest.raises(NotFound, match="2026-03"):
        release_held(session, clock, Period.parse("2026-03"), "HR")
    watch(database, clock, "2026-03")

    assert len(released) == 5
    sent = messages(database)
    assert {kind: len(found) for kind, found in sent.items()} == {
        PERSON_POST: 5,
        UNIT_POST: 2,
        THREAD_POST: 5,
    }
    assert len(posts(database, HELD_POST)) == 2


def test_who_has_left_meanwhile_is_not_released(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    a_unit_that_breaks_the_circuit(load, lock)
    watch(database, clock, "2026-03")
    folder = company()
    for number, story in enumerate(too_many()):
        rep(folder, f"R{number:02}", story, **({"left_on": "2026-07-01"} if number == 0 else {}))
    load(folder)

    with database.writing() as session:
        released = release_held(session, clock, Period.parse("2026-03"), "HR")

    assert [alert.facts["employee_id"] for alert in released] == ["R01", "R03", "R02", "R04"]


def test_fewer_than_five_alerts_are_never_held(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    folder = company()
    for number, story in enumerate(too_many(missing=4)):
        rep(folder, f"R{number:02}", story)
    load(folder)
    lock(*QUARTER)

    assert {alert.state for alert in watch(database, clock, "2026-03")} == {AlertState.QUEUED}


def recipients(database: Database) -> list[str]:
    (unit,) = posts(database, UNIT_POST)
    return employee_ids(database, UnitAlertFacts.from_json(unit.facts).recipients)


def test_the_manager_is_followed_by_those_above_and_by_hr(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMM"))
    lock(*QUARTER)

    watch(database, clock, "2026-03")

    assert recipients(database) == ["MW", "BOSS", "HR"]


def test_a_manager_on_leave_is_asked_last_and_one_who_left_never(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    folder = company().leave("MW", "2026-07-01", "2026-07-31")
    folder.tables["people"][1]["left_on"] = "2026-06-30"
    load(rep(folder, "RITA", "MMM"))
    lock(*QUARTER)

    watch(database, clock, "2026-03")

    assert recipients(database) == ["HR", "MW"]


def test_nobody_hears_of_their_own_alert_as_a_manager(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    folder = rep(company(), "LEAD", "MMM", unit="Acme/West/Team 1", role="manager")
    load(folder.unit("Acme/West/Team 1", manager_id="LEAD"))
    lock(*QUARTER)

    watch(database, clock, "2026-03")

    assert recipients(database) == ["MW", "BOSS", "HR"]


def test_without_named_leaders_the_common_reporting_line_and_all_hr_are_asked(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    folder = company()
    del folder.tables["units"]
    folder.person("HR2", role="hr", job_family="hr", unit="Acme")
    folder.person("HR3", role="hr", job_family="hr", unit="Acme", left_on="2026-06-30")
    rep(folder, "RITA", "MMM", manager_id="MW")
    load(rep(folder, "TIM", "MMM", manager_id="ME"))
    lock(*QUARTER)

    watch(database, clock, "2026-03")

    assert recipients(database) == ["BOSS", "HR", "HR2"]


def test_pausing_is_noted_and_keeps_what_is_due(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(rep(company(), "RITA", "MMM"))
    lock(*QUARTER)
    with database.writing() as session:
        set_paused(session, clock, "HR", paused=True)

    watch(database, clock, "2026-03")

    with database.reading() as session:
        assert set(session.scalars(sa.select(Post.state))) == {PostState.QUEUED}
        actions = session.scalars(sa.text("SELECT action FROM audit_chain ORDER BY seq")).all()
        assert session.scalar(sa.select(sa.func.count()).select_from(Alert)) == 1
    assert actions[-2:] == ["sending.pause", "alert.write"]
