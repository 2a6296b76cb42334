"""The week's messages: who gets a card, who gets a digest. Written once, drawn when they are sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.database import one_at_a_time
from domain.jobs import Job, add_job, batch_is_done
from domain.outbox import NewPost, add_posts
from domain.people import service as people
from domain.people.model import Assignment, Company, Unit
from domain.people.preferences import Preferences
from domain.people.reachability import habits_of
from domain.periods import Period, PeriodKind
from domain.quiet_hours import Hours
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.published import IS_PUBLISHED, published_run
from domain.scoring.rules_cards import CardStatus
from domain.weekly.rules import CARDS_AT, DIGESTS_AT, first_working_day, is_due, morning, week_of
from domain.working_days import working_days_of

CARD_POST, DIGEST_POST = "weekly_card", "team_digest"
"""Facts: `person_id`, whose it is, and the `week` that has begun."""
CARDS_JOB, CHUNK_JOB, DIGESTS_JOB = "weekly_cards", "weekly_cards_chunk", "weekly_digests"
CHUNK = 500


@dataclass(frozen=True)
class _Message:
    """A kind of message of the week, and who wants it."""

    kind: str
    key: str
    at: time
    hours: Hours
    is_wanted: Callable[[Preferences], bool]


_CARD = _Message(CARD_POST, "rolling", CARDS_AT, Hours.AWAKE, lambda chosen: chosen.weekly_card)
_DIGEST = _Message(DIGEST_POST, "digest", DIGESTS_AT, Hours.WORKING, lambda chosen: chosen.digest)


def due_week(session: Session, company: Company, day: date) -> Period | None:
    """The week that runs, from its first working day on, once that day's numbers are published."""
    week, calendar = week_of(day), working_days_of(company.calendar)
    first = first_working_day(week, calendar)
    if first is None or not is_due(week, day, calendar):
        return None
    month = Period.containing(PeriodKind.MONTH, day)
    is_ready = _scored_on(session, month, first) and _scored_on(session, week.previous(), week.start)
    return week if is_ready else None


def request_cards(
    session: Session, clock: Clock, week: Period, correlation_id: str | None = None
) -> list[Job]:
    """A job for every chunk of people with a running card; none where the week has gone by."""
    if not _runs(session, clock, week):
        return []
    roster = _people_with_running_cards(session, clock)
    chunks = [roster[start : start + CHUNK] for start in range(0, len(roster), CHUNK)] or [[]]
    return [
        add_job(
            session,
            clock,
            CHUNK_JOB,
            f"{_batch(week)}:{number}",
            {"week": week.key, "person_ids": chunk},
            batch=_batch(week),
            correlation_id=correlation_id,
        )
        for number, chunk in enumerate(chunks)
    ]


def write_cards(session: Session, clock: Clock, week: Period, person_ids: Sequence[int]) -> int:
    """Put the cards of those who want one into the outbox; how many are new."""
    return _write(session, clock, week, _CARD, person_ids)


def chunk_finished(
    session: Session, clock: Clock, week: Period, correlation_id: str | None = None
) -> Job | None:
    """Call in the transaction that finishes a chunk's job: the last one adds the job for the managers."""
    one_at_a_time(session, _batch(week))
    if not batch_is_done(session, _batch(week)):
        return None
    key = f"digests:{week.key}"
    return add_job(session, clock, DIGESTS_JOB, key, {"week": week.key}, correlation_id=correlation_id)


def write_digests(session: Session, clock: Clock, week: Period) -> int:
    """Put a digest for who leads a unit, or people, and wants one into the outbox; how many are new.

    Who leads nobody any more is found out when it is drawn.
    """
    of_units = sa.select(Unit.manager_id)
    of_people = sa.select(Assignment.manager_id).where(Assignment.ended_in.is_(None))
    leaders = sorted(one for one in session.scalars(of_units.union(of_people)) if one is not None)
    chunks = (leaders[start : start + CHUNK] for start in range(0, len(leaders), CHUNK))
    return sum(_write(session, clock, week, _DIGEST, chunk) for chunk in chunks)


def _write(session: Session, clock: Clock, week: Period, message: _Message, person_ids: Sequence[int]) -> int:
    """For those of the people who are here today; not after the week."""
    company = people.company(session)
    day = today(clock, company.time_zone)
    if day not in week:
        return 0
    calendar = working_days_of(company.calendar)
    habits = habits_of(session, company, person_ids)
    readers = (
        person_id
        for person_id in sorted(people.present(session, person_ids, day))
        if message.is_wanted(habits[person_id].preferences)
    )
    return add_posts(
        session,
        clock,
        [
            NewPost(
                key=f"{message.key}:{person_id}:{week.key}",
                kind=message.kind,
                facts={"person_id": person_id, "week": week.key},
                person_id=person_id,
                not_before=morning(week, message.at, habits[person_id].zone, calendar),
                hours=message.hours,
            )
            for person_id in readers
        ],
    )


def _runs(session: Session, clock: Clock, week: Period) -> bool:
    return today(clock, people.company(session).time_zone) in week


def _scored_on(session: Session, period: Period, day: date) -> bool:
    """Whether the period's published cards were computed on that day or later."""
    run = published_run(session, period)
    return run is not None and run.today >= day


def _people_with_running_cards(session: Session, clock: Clock) -> list[int]:
    month = Period.containing(PeriodKind.MONTH, today(clock, people.company(session).time_zone))
    running = (
        sa.select(Card.person_id)
        .join(ScoredPeriod, IS_PUBLISHED)
        .where(ScoredPeriod.key == month.key, Card.status == CardStatus.RUNNING)
        .order_by(Card.person_id)
    )
    return list(session.scalars(running))


def _batch(week: Period) -> str:
    return f"rolling:{week.key}"
