"""The watch: after a month is locked, who has missed three or six in a row, and who must hear of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
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
from domain.watch.rules import HoldReason, Streak, circuit_breaker, streaks

SYSTEM = "system"


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
    person_ids = people_who_missed(session, since)
    tenures = people.tenures(session, person_ids)
    day = today(clock, company.time_zone)
    known = _known(session, person_ids)
    due = []
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
                    due.append(Due(person_id, missed[-1].unit_id, streak.start, length, month, missed))
    return due


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
    alerts_in = _subtree_counts(tree, (one.unit_id for one in due))
    people_in = _subtree_counts(tree, (card.unit_id for card in at_large.cards))
    reasons = {}
    for unit_id, count in alerts_in.items():
        earlier = _earlier_counts(session, company, tree, unit_id, due[0].month)
        reason = circuit_breaker(count, people_in[unit_id], earlier)
        if reason is not None:
            reasons[unit_id] = reason
    return reasons


def _subtree_counts(tree: UnitTree, unit_ids: Iterable[int]) -> Counter[int]:
    return Counter(unit.id for unit_id in unit_ids for unit in tree.path_to(unit_id))


def _earlier_counts(
    session: Session, company: Company, tree: UnitTree, unit_id: int, before: Period
) -> list[int]:
    """Alerts of the unit's subtree in each locked month since alerts began, up to the one before."""
    months = session.scalars(
        sa.select(ScoredPeriod.key).where(
            ScoredPeriod.kind == PeriodKind.MONTH,
            ScoredPeriod.locked_at.is_not(None),
            ScoredPeriod.key >= company.alerts_from,
            ScoredPeriod.start < before.start,
        )
    ).all()
    alerts = session.scalars(sa.select(Alert.month).where(Alert.unit_id.in_(tree.subtree_of({unit_id}))))
    by_month = Counter(alerts)
    return [by_month[month] for month in months]


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
