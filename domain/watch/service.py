"""The watch: who has missed three or six locked months in a row, and who must hear of it.

Asked after a month is locked, after a card is restated, and when a dispute begins or ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.clock import Clock, today
from domain.database import one_at_a_time
from domain.disputes.open_disputes import people_with_open_disputes
from domain.errors import NotFound
from domain.people import service as people
from domain.people.model import Company
from domain.people.service import UnitTree
from domain.periods import Period
from domain.scoring.rules_cards import Miss
from domain.scoring.rules_streaks import streaks
from domain.watch.breaker import held_units
from domain.watch.due import Due, due_alerts
from domain.watch.facts import AlertFacts
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
from domain.watch.rules import HoldReason, still_stands
from domain.watch.taking_back import hold_back, take_back

SYSTEM = "system"
STANDING = Alert.state != AlertState.WITHDRAWN


def watch_month(session: Session, clock: Clock, month: Period) -> list[Alert]:
    """Write the alerts that the locked month brings about, with their messages; a second look adds none."""
    one_at_a_time(session, "watch")
    return _watch(session, clock, month, people_who_missed(session, month))


def reconsider(session: Session, clock: Clock, person_id: int) -> list[Alert]:
    """After a locked card of the person became another: withdraw the alerts whose misses do not stand.

    What the new card brings about is alerted as after a lock. The result: the alerts that were withdrawn.
    """
    one_at_a_time(session, "watch")
    cards = locked_cards(session, [person_id]).get(person_id, [])
    found = streaks(outcomes(cards))
    undone = [alert for alert in _alerts_of(session, person_id) if not still_stands(_told(alert), found)]
    for alert in undone:
        _withdraw(session, clock, alert, cards)
    _watch(session, clock, Period.parse(people.company(session).alerts_from), [person_id])
    return undone


def hold_disputed(session: Session, clock: Clock, person_id: int) -> list[Alert]:
    """A dispute began: what managers have not been told of these months waits until it is answered."""
    one_at_a_time(session, "watch")
    queued = [one for one in _alerts_of(session, person_id) if one.state == AlertState.QUEUED]
    held = [alert for alert in queued if _is_disputed(session, alert) and hold_back(session, clock, alert)]
    for alert in held:
        alert.state, alert.reason = AlertState.HELD, HoldReason.OPEN_DISPUTE
        _note(session, clock, SYSTEM, "alert.hold", alert)
    return held


def release_disputed(session: Session, clock: Clock, person_id: int) -> list[Alert]:
    """A dispute ended: what was held for it goes, if it still stands and no other dispute holds it."""
    reconsider(session, clock, person_id)
    company = people.company(session)
    released = [
        alert
        for alert in _still_employed(session, clock, company, _alerts_of(session, person_id))
        if alert.state == AlertState.HELD
        and alert.reason == HoldReason.OPEN_DISPUTE
        and not _is_disputed(session, alert)
    ]
    tree = people.unit_tree(session)
    _release(session, company, tree, released)
    for alert in released:
        alert.reason = None
        _note(session, clock, SYSTEM, "alert.release", alert)
    write_posts(session, clock, company, tree, released)
    return released


def _release(session: Session, company: Company, tree: UnitTree, alerts: Sequence[Alert]) -> None:
    """What waited goes with the figures of today: cards may have been restated meanwhile."""
    cards = locked_cards(session, {alert.person_id for alert in alerts})
    at_large: dict[Period, MonthAtLarge] = {}
    for alert in alerts:
        by_month = {card.month: card for card in cards[alert.person_id]}
        missed = [by_month[month] for month in _told(alert)]
        month = missed[-1].month
        at_large.setdefault(month, MonthAtLarge(session, month))
        unit = tree.by_id[alert.unit_id]
        alert.facts = alert_facts(session, missed, at_large[month], alert.length, unit).to_json()
        alert.state = AlertState.SHADOW if company.shadow else AlertState.QUEUED


def release_held(session: Session, clock: Clock, month: Period, by: str) -> list[Alert]:
    """Send what the circuit breaker held for a month, once HR has looked at it. Raises NotFound.

    Alerts about people who have left meanwhile stay held; those with an open dispute, until its answer.
    """
    one_at_a_time(session, "watch")
    company = people.company(session)
    held = _held_alerts(session, clock, company, month)
    if not held:
        raise NotFound("No alerts are held for {month}.", month=month.key)
    released = [alert for alert in held if not _is_disputed(session, alert)]
    for alert in held:
        if alert not in released:
            alert.reason = HoldReason.OPEN_DISPUTE
    tree = people.unit_tree(session)
    _release(session, company, tree, released)
    write_posts(session, clock, company, tree, released)
    audit.record(
        session, clock, by, "alerts.release", month.key, {"alerts": [alert.id for alert in released]}
    )
    return released


def set_paused(session: Session, clock: Clock, by: str, paused: bool) -> None:
    """Stop all sending, or go on; what is due waits in the outbox meanwhile."""
    company = people.company(session)
    company.paused_at = clock.now() if paused else None
    company.paused_by = by if paused else None
    audit.record(session, clock, by, "sending.pause" if paused else "sending.resume", "company")


def _watch(session: Session, clock: Clock, since: Period, person_ids: list[int]) -> list[Alert]:
    company = people.company(session)
    tree = people.unit_tree(session)
    alerts = []
    for month, due in _by_month(due_alerts(session, clock, company, since, person_ids)).items():
        at_large = MonthAtLarge(session, month)
        held = held_units(session, company, tree, at_large, due)
        disputed = _disputed(session, due)
        written = []
        for one in due:
            reason = next((held[unit.id] for unit in tree.path_to(one.unit_id) if unit.id in held), None)
            if reason is None and one.person_id in disputed and not company.shadow:
                reason = HoldReason.OPEN_DISPUTE
            written.append(_write_alert(session, clock, company, tree, at_large, reason, one))
        write_posts(session, clock, company, tree, written)
        alerts += written
    return alerts


def _disputed(session: Session, due: Sequence[Due]) -> set[int]:
    """Those of the people who dispute one of the cards that their alert would tell of."""
    disputing = people_with_open_disputes(session, [one.person_id for one in due])
    return {
        one.person_id
        for one in due
        if one.person_id in disputing
        and people_with_open_disputes(session, [one.person_id], {card.month.key for card in one.missed})
    }


def _is_disputed(session: Session, alert: Alert) -> bool:
    months = {month.key for month in _told(alert)}
    return bool(people_with_open_disputes(session, [alert.person_id], months))


def _alerts_of(session: Session, person_id: int) -> list[Alert]:
    """Those that stand, the oldest first."""
    written = sa.select(Alert).where(Alert.person_id == person_id, STANDING).order_by(Alert.id)
    return list(session.scalars(written))


def _told(alert: Alert) -> list[Period]:
    """The months that the alert tells of."""
    return [Period.parse(month.period) for month in AlertFacts.from_json(alert.facts).months]


def _withdraw(session: Session, clock: Clock, alert: Alert, cards: Iterable[LockedCard]) -> None:
    missed = {card.month for card in cards if card.miss is Miss.MISS}
    undone = [month.key for month in _told(alert) if month not in missed]
    alert.facts = {**alert.facts, "withdrawn": True, "undone": undone}
    take_back(session, clock, alert)
    alert.state, alert.withdrawn_at = AlertState.WITHDRAWN, clock.now()
    _note(session, clock, SYSTEM, "alert.withdraw", alert, {"undone": undone})


def _held_alerts(session: Session, clock: Clock, company: Company, month: Period) -> list[Alert]:
    """What the circuit breaker holds, of people who are still employed."""
    held = session.scalars(
        sa.select(Alert)
        .where(
            Alert.month == month.key,
            Alert.state == AlertState.HELD,
            Alert.reason != HoldReason.OPEN_DISPUTE,
        )
        .order_by(Alert.id)
    )
    return _still_employed(session, clock, company, held.all())


def _still_employed(session: Session, clock: Clock, company: Company, alerts: Sequence[Alert]) -> list[Alert]:
    day = today(clock, company.time_zone)
    tenures = people.tenures(session, {alert.person_id for alert in alerts})
    return [alert for alert in alerts if tenures[alert.person_id].employed_on(day)]


def _by_month(due: Iterable[Due]) -> dict[Period, list[Due]]:
    found: dict[Period, list[Due]] = defaultdict(list)
    for one in sorted(due, key=lambda one: (one.month, one.unit_id, one.person_id)):
        found[one.month].append(one)
    return found


def _write_alert(
    session: Session,
    clock: Clock,
    company: Company,
    tree: UnitTree,
    at_large: MonthAtLarge,
    reason: HoldReason | None,
    due: Due,
) -> Alert:
    state = AlertState.SHADOW if company.shadow else AlertState.HELD if reason else AlertState.QUEUED
    facts = alert_facts(session, due.missed, at_large, due.length, tree.by_id[due.unit_id])
    alert = Alert(
        person_id=due.person_id,
        unit_id=due.unit_id,
        streak_start=due.streak_start.key,
        length=due.length,
        number=due.number,
        month=due.month.key,
        state=state,
        reason=reason,
        facts=facts.to_json(),
        created_at=clock.now(),
    )
    session.add(alert)
    session.flush()
    _note(session, clock, SYSTEM, "alert.write", alert)
    return alert


def _note(
    session: Session, clock: Clock, by: str, action: str, alert: Alert, more: dict[str, Any] | None = None
) -> None:
    detail = {"streak_start": alert.streak_start, "length": alert.length, "state": alert.state}
    audit.record(session, clock, by, action, alert.facts["employee_id"], detail | (more or {}))
