"""The watch: after a month is locked, who has missed three or six in a row, and who must hear of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.clock import Clock, today
from domain.database import one_at_a_time
from domain.errors import NotFound
from domain.people import service as people
from domain.people.model import Company
from domain.people.service import UnitTree
from domain.periods import Period, PeriodKind
from domain.scoring.model import ScoredPeriod
from domain.scoring.rules_streaks import Streak, streaks
from domain.watch.model import Alert, AlertState
from domain.watch.posts import write_posts
from domain.watch.reading import (
    LockedCard,
    MonthAtLarge,
    alert_facts,
    locked_cards,
    outcomes,
    people_who_missed,
)
from domain.watch.rules import HoldReason, circuit_breaker

SYSTEM = "system"
PEOPLE_AT_ONCE = 5_000


@dataclass(frozen=True)
class Due:
    """An alert that is not written yet."""

    person_id: int
    unit_id: int
    streak_start: Period
    length: int
    month: Period
    missed: list[LockedCard]


def watch_month(session: Session, clock: Clock, month: Period) -> list[Alert]:
    """Write the alerts that the locked month brings about, with their messages; a second look adds none."""
    one_at_a_time(session, "watch")
    company = people.company(session)
    tree = people.unit_tree(session)
    alerts = []
    for completed, due in _by_month(_due(session, clock, company, month)).items():
        at_large = MonthAtLarge(session, completed)
        held = _held_units(session, company, tree, at_large, due)
        written = [_write_alert(session, clock, company, tree, at_large, held, one) for one in due]
        write_posts(session, clock, company, tree, written)
        alerts += written
    return alerts


def release_held(session: Session, clock: Clock, month: Period, by: str) -> list[Alert]:
    """Send what the circuit breaker held for a month, once HR has looked at it. Raises NotFound.

    Alerts about people who have left meanwhile stay held.
    """
    one_at_a_time(session, "watch")
    company = people.company(session)
    held = _held_alerts(session, month, today(clock, company.time_zone))
    if not held:
        raise NotFound("No alerts are held for {month}.", month=month.key)
    for alert in held:
        alert.state = AlertState.QUEUED
    write_posts(session, clock, company, people.unit_tree(session), held)
    audit.record(session, clock, by, "alerts.release", month.key, {"alerts": [alert.id for alert in held]})
    return held


def set_paused(session: Session, clock: Clock, by: str, paused: bool) -> None:
    """Stop all sending, or go on; what is due waits in the outbox meanwhile."""
    company = people.company(session)
    company.paused_at = clock.now() if paused else None
    company.paused_by = by if paused else None
    audit.record(session, clock, by, "sending.pause" if paused else "sending.resume", "company")


def _held_alerts(session: Session, month: Period, day: date) -> list[Alert]:
    """Those about people who are still employed."""
    held = session.scalars(
        sa.select(Alert).where(Alert.month == month.key, Alert.state == AlertState.HELD).order_by(Alert.id)
    ).all()
    tenures = people.tenures(session, {alert.person_id for alert in held})
    return [alert for alert in held if tenures[alert.person_id].employed_on(day)]


def _due(session: Session, clock: Clock, company: Company, since: Period) -> list[Due]:
    day = today(clock, company.time_zone)
    person_ids = people_who_missed(session, since)
    due: list[Due] = []
    for start in range(0, len(person_ids), PEOPLE_AT_ONCE):
        due += _due_of(session, company, since, day, person_ids[start : start + PEOPLE_AT_ONCE])
    return due


def _due_of(
    session: Session, company: Company, since: Period, day: date, person_ids: list[int]
) -> Iterator[Due]:
    tenures = people.tenures(session, person_ids)
    known = _known(session, person_ids)
    for person_id, cards in locked_cards(session, person_ids).items():
        if not tenures[person_id].employed_on(day):
            continue
        by_month = {card.month: card for card in cards}
        for streak in streaks(outcomes(cards)):
            for length, month in streak.reached.items():
                if month < since or month.key < company.alerts_from:
                    continue
                if not _was_alerted(streak, length, known[person_id]):
                    missed = [by_month[m] for m in streak.missed[:length]]
                    yield Due(person_id, missed[-1].unit_id, streak.start, length, month, missed)


def _known(session: Session, person_ids: Iterable[int]) -> dict[int, list[Alert]]:
    known: dict[int, list[Alert]] = defaultdict(list)
    for alert in session.scalars(sa.select(Alert).where(Alert.person_id.in_(list(person_ids)))):
        known[alert.person_id].append(alert)
    return known


def _was_alerted(streak: Streak, length: int, known: Iterable[Alert]) -> bool:
    """Whether these misses have had their alert; a month locked late may since have moved their start."""
    months = {month.key for month in streak.missed}
    return any(alert.length == length and alert.streak_start in months for alert in known)


def _by_month(due: Iterable[Due]) -> dict[Period, list[Due]]:
    found: dict[Period, list[Due]] = defaultdict(list)
    for one in sorted(due, key=lambda one: (one.month, one.unit_id, one.person_id)):
        found[one.month].append(one)
    return found


def _held_units(
    session: Session, company: Company, tree: UnitTree, at_large: MonthAtLarge, due: list[Due]
) -> dict[int, HoldReason]:
    """The units whose alerts of the day are too many to be true; each speaks for its whole subtree."""
    alerts_in = _subtree_counts(tree, Counter(one.unit_id for one in due))
    people_in = _subtree_counts(tree, at_large.cards_in)
    earlier = _earlier_alerts(session, company, tree, due[0].month)
    reasons = {}
    for unit_id, count in alerts_in.items():
        before = [alerts_of_month[unit_id] for alerts_of_month in earlier]
        reason = circuit_breaker(count, people_in[unit_id], before)
        if reason is not None:
            reasons[unit_id] = reason
    return reasons


def _subtree_counts(tree: UnitTree, in_units: Mapping[int, int]) -> Counter[int]:
    """What is counted in units, for each unit with all that are below it."""
    found: Counter[int] = Counter()
    for unit_id, number in in_units.items():
        found.update({unit.id: number for unit in tree.path_to(unit_id)})
    return found


def _earlier_alerts(session: Session, company: Company, tree: UnitTree, before: Period) -> list[Counter[int]]:
    """Of each locked month since alerts began, up to the one before: its alerts by unit and all below it."""
    months = session.scalars(
        sa.select(ScoredPeriod.key).where(
            ScoredPeriod.kind == PeriodKind.MONTH,
            ScoredPeriod.locked_at.is_not(None),
            ScoredPeriod.key >= company.alerts_from,
            ScoredPeriod.start < before.start,
        )
    ).all()
    in_units: dict[str, dict[int, int]] = {month: {} for month in months}
    alerts = sa.select(Alert.month, Alert.unit_id, sa.func.count()).group_by(Alert.month, Alert.unit_id)
    for month, unit_id, number in session.execute(alerts):
        if month in in_units:
            in_units[month][unit_id] = number
    return [_subtree_counts(tree, of_month) for of_month in in_units.values()]


def _write_alert(
    session: Session,
    clock: Clock,
    company: Company,
    tree: UnitTree,
    at_large: MonthAtLarge,
    held: dict[int, HoldReason],
    due: Due,
) -> Alert:
    reason = next((held[unit.id] for unit in tree.path_to(due.unit_id) if unit.id in held), None)
    state = AlertState.SHADOW if company.shadow else AlertState.HELD if reason else AlertState.QUEUED
    facts = alert_facts(session, due.missed, at_large, due.length, tree.by_id[due.unit_id])
    alert = Alert(
        person_id=due.person_id,
        unit_id=due.unit_id,
        streak_start=due.streak_start.key,
        length=due.length,
        month=due.month.key,
        state=state,
        reason=reason,
        facts=facts.to_json(),
        created_at=clock.now(),
    )
    session.add(alert)
    session.flush()
    audit.record(
        session,
        clock,
        SYSTEM,
        "alert.write",
        facts.employee_id,
        {"streak_start": alert.streak_start, "length": alert.length, "state": state},
    )
    return alert
