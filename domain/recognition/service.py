"""After a month is locked: who was best, who climbed most. Kept in their files; told where they chose it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.access import Viewer
from domain.clock import Clock, today
from domain.database import one_at_a_time
from domain.jobs import add_job
from domain.outbox import UPDATE_JOB, NewPost, Post, PostState, add_posts
from domain.people import service as people
from domain.people.model import Company, Person, PersonalPreferences, Unit
from domain.people.preferences import choose, preferences_of
from domain.people.reachability import zone_or_utc
from domain.periods import Period
from domain.quiet_hours import Hours
from domain.recognition import reading
from domain.recognition.model import Award, AwardKind, EntryKind, EntrySource, FileEntry
from domain.recognition.rules import best, climbers, distinct
from domain.working_days import working_days_of

SYSTEM = "system"
POLICY, CHANNEL = "recognition", "recognition_channel"
"""In [policies] of company.toml: true, and where."""
DAYS_TO_CHOOSE = 2
"""Working days between asking winners whether they want to be named and naming those who do."""
NAMED_POST = "recognition"
"""To the channel. Facts: `month_named`; drawn of those who want to be named when it is sent."""
ASKED_POST = "recognition_asked"
"""To a winner who has not chosen yet, once and never again. Facts: `person_id`, `month_named`."""


@dataclass(frozen=True)
class Named:
    """One line of what a channel reads: who was best, as far as they want to be named."""

    kind: AwardKind
    indicator: str
    unit: str
    people: tuple[str, ...]


def recognise(session: Session, clock: Clock, month: Period) -> list[Award]:
    """Write down the awards of a locked month, once; ask and tell whom the policy allows."""
    one_at_a_time(session, "recognition")
    run_id = reading.locked_run_id(session, month)
    known = session.scalar(sa.select(Award.id).where(Award.period == month.key).limit(1))
    if run_id is None or known is not None:
        return []
    awards = _awards(session, clock, month, run_id)
    session.add_all(awards)
    session.flush()
    session.add_all(_entry(month, award) for award in awards)
    session.flush()
    detail = {"awards": [award.id for award in awards]}
    audit.record(session, clock, SYSTEM, "recognition.award", month.key, detail)
    company = people.company(session)
    if awards and is_told(company):
        _ask(session, clock, month, {award.person_id for award in awards})
        _tell(session, clock, company, month)
    return awards


def is_told(company: Company) -> bool:
    return company.policies.get(POLICY) is True and bool(company.policies.get(CHANNEL))


def named(session: Session, month: Period, day: date) -> list[Named]:
    """What may be said of a month: those who want to be named and are here on the day; nothing of others."""
    rows = session.execute(
        sa.select(Award, Person.name, Unit.name)
        .join(Person, Person.id == Award.person_id)
        .join(Unit, Unit.id == Award.unit_id)
        .join(PersonalPreferences, PersonalPreferences.person_id == Award.person_id)
        .where(Award.period == month.key, PersonalPreferences.recognition)
        .order_by(Unit.path, Award.plan, Award.id)
    ).all()
    tenures = people.tenures(session, {award.person_id for award, _, _ in rows})
    lines: dict[tuple[int, str, str, str], list[tuple[str, str]]] = {}
    for award, person, unit in rows:
        if not tenures[award.person_id].employed_on(day):
            continue
        key = (award.unit_id, award.plan, award.kind, award.indicator)
        lines.setdefault(key, []).append((person, unit))
    return [
        Named(AwardKind(kind), indicator, found[0][1], tuple(person for person, _ in found))
        for (_, _, kind, indicator), found in lines.items()
    ]


def awards_of(session: Session, person_id: int, month: Period) -> list[Named]:
    """What one person has won in a month, for that person."""
    rows = session.execute(
        sa.select(Award, Person.name, Unit.name)
        .join(Person, Person.id == Award.person_id)
        .join(Unit, Unit.id == Award.unit_id)
        .where(Award.period == month.key, Award.person_id == person_id)
        .order_by(Unit.path, Award.id)
    )
    return [Named(AwardKind(award.kind), award.indicator, unit, (person,)) for award, person, unit in rows]


def wants_to_be_named(session: Session, person_id: int) -> bool:
    return preferences_of(session, person_id).recognition


def is_out(session: Session, month: Period) -> bool:
    """Whether the channel has read of the month."""
    return bool(
        session.scalar(sa.select(Post.id).where(Post.key == _key(month), Post.state == PostState.SENT))
    )


def choose_to_be_named(session: Session, clock: Clock, viewer: Viewer, wanted: bool) -> None:
    """The answer to whether one wants to be named."""
    before = preferences_of(session, viewer.person_id)
    choose(session, clock, viewer, replace(before, recognition=wanted))
    renew(session, clock, viewer.person_id)


def renew(session: Session, clock: Clock, person_id: int) -> None:
    """After the person has chosen anew: what is out or on its way names those who want it, nobody else."""
    months = set(session.scalars(sa.select(Award.period).where(Award.person_id == person_id)))
    is_out = Post.state.in_((PostState.SENT, PostState.SENDING))
    sent = sa.select(Post).where(Post.kind == NAMED_POST, is_out)
    at = clock.now().isoformat()
    for post in session.scalars(sent):
        if post.facts["month_named"] in months:
            add_job(session, clock, UPDATE_JOB, f"recognition:{post.id}:{at}", {"post_id": post.id})


def _awards(session: Session, clock: Clock, month: Period, run_id: int) -> list[Award]:
    sizes = reading.group_sizes(session, run_id)
    parents = {unit.id: unit.parent_id for unit in people.unit_tree(session)}
    groups = distinct(sizes, parents)
    rising = reading.more_is_better(session, run_id)
    won: list[tuple[int, str, AwardKind, str, int]] = []
    for (group, indicator), results in reading.top_results(session, run_id).items():
        if group in groups:
            is_more = rising[group.plan, indicator]
            for person_id in best(results, sizes[group], more_is_better=is_more):
                won.append((group.unit_id, group.plan, AwardKind.BEST, indicator, person_id))
    for group, climbs in reading.climbs(session, month, run_id).items():
        if group in groups:
            for person_id in climbers(climbs, sizes[group]):
                won.append((group.unit_id, group.plan, AwardKind.CLIMBER, "", person_id))
    return [
        Award(
            period=month.key,
            unit_id=unit_id,
            plan=plan,
            kind=kind,
            indicator=indicator,
            person_id=person_id,
            at=clock.now(),
        )
        for unit_id, plan, kind, indicator, person_id in sorted(won)
    ]


def _entry(month: Period, award: Award) -> FileEntry:
    """Its words are made of the award, in the language of whoever reads it."""
    return FileEntry(
        person_id=award.person_id,
        kind=EntryKind.REWARD,
        title=award.kind,
        on_day=month.end - timedelta(days=1),
        reason="",
        source=EntrySource.AUTOMATIC,
        award_id=award.id,
        by=SYSTEM,
        at=award.at,
    )


def _ask(session: Session, clock: Clock, month: Period, winners: Iterable[int]) -> None:
    """Those who have not said that they want to be named; the key makes it once in a lifetime."""
    posts = [
        NewPost(
            key=f"recognition:asked:{person_id}",
            kind=ASKED_POST,
            facts={"person_id": person_id, "month_named": month.key},
            person_id=person_id,
            hours=Hours.WORKING,
        )
        for person_id in sorted(winners)
        if not wants_to_be_named(session, person_id)
    ]
    if posts:
        add_posts(session, clock, posts)


def _tell(session: Session, clock: Clock, company: Company, month: Period) -> None:
    post = NewPost(
        key=_key(month),
        kind=NAMED_POST,
        facts={"month_named": month.key},
        channel=company.policies[CHANNEL],
        not_before=_after_choosing(clock, company),
        hours=Hours.WORKING,
    )
    add_posts(session, clock, [post])


def _key(month: Period) -> str:
    return f"recognition:{month.key}"


def _after_choosing(clock: Clock, company: Company) -> datetime:
    """The morning after the days in which winners can choose."""
    day = today(clock, company.time_zone)
    begins: date = working_days_of(company.calendar).add(day, DAYS_TO_CHOOSE + 1)
    return datetime.combine(begins, time(9), zone_or_utc(company.time_zone))
