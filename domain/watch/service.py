"""The watch: who has missed three or six locked months in a row, and who must hear of it.

Asked after a month is locked, after a card is restated, and when a dispute begins or ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.clock import Clock
from domain.database import one_at_a_time
from domain.disputes.open_disputes import people_waiting_for_hr, people_with_open_disputes
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
from domain.watch.rules import FOR_THE_PERSON, HoldReason, still_stands
from domain.watch.standing import alerts_of, note, still_employed, told, with_todays_figures
from domain.watch.taking_back import hold_back, is_told, take_back, tell_anew

SYSTEM = "system"


def watch_month(session: Session, clock: Clock, month: Period) -> list[Alert]:
    """Write the alerts that the locked month brings about, with their messages; a second look adds none."""
    one_at_a_time(session, "watch")
    return _watch(session, clock, month, people_who_missed(session, month))


def reconsider(session: Session, clock: Clock, person_id: int) -> list[Alert]:
    """After a locked card of the person became another: withdraw the alerts whose misses do not stand.

    What the new card brings about is alerted as after a lock; what waited for it goes. The result: the alerts
    that were withdrawn.
    """
    undone = _look_again(session, clock, person_id)
    _release_waiting(session, clock, person_id)
    return undone


def hold_disputed(session: Session, clock: Clock, person_id: int) -> list[Alert]:
    """A dispute began: what managers have not been told of these months waits until it is answered."""
    one_at_a_time(session, "watch")
    held = []
    for alert in alerts_of(session, person_id):
        reason = _waits_for(session, person_id, told(alert))
        if alert.state == AlertState.QUEUED and reason and hold_back(session, clock, alert):
            alert.state, alert.reason = AlertState.HELD, reason
            note(session, clock, SYSTEM, "alert.hold", alert)
            held.append(alert)
    return held


def release_disputed(session: Session, clock: Clock, person_id: int) -> list[Alert]:
    """A dispute ended: what was held for it goes, if it still stands and nothing else holds it.

    Where a record of a locked card was corrected it waits on, for HR to restate the card or to leave it.
    """
    _look_again(session, clock, person_id)
    return _release_waiting(session, clock, person_id)


def _look_again(session: Session, clock: Clock, person_id: int) -> list[Alert]:
    one_at_a_time(session, "watch")
    cards = locked_cards(session, [person_id]).get(person_id, [])
    found = streaks(outcomes(cards))
    standing = alerts_of(session, person_id)
    undone = [alert for alert in standing if not still_stands(told(alert), found)]
    for alert in undone:
        _withdraw(session, clock, alert, cards)
    _bring_up_to_date(session, clock, [alert for alert in standing if alert not in undone])
    _watch(session, clock, Period.parse(people.company(session).alerts_from), [person_id])
    return undone


def _bring_up_to_date(session: Session, clock: Clock, alerts: Sequence[Alert]) -> None:
    """What managers have not got says what the cards say now; what they have got stays as it was told."""
    waiting = [alert for alert in alerts if not is_told(session, alert)]
    for alert, facts in zip(waiting, with_todays_figures(session, waiting), strict=True):
        if facts != AlertFacts.from_json(alert.facts):
            alert.facts = facts.to_json()
            tell_anew(session, clock, alert)


def _release_waiting(session: Session, clock: Clock, person_id: int) -> list[Alert]:
    company = people.company(session)
    released = []
    for alert in still_employed(session, clock, company, alerts_of(session, person_id)):
        if alert.state != AlertState.HELD or alert.reason not in FOR_THE_PERSON:
            continue
        alert.reason = _waits_for(session, person_id, told(alert))
        if alert.reason is None:
            released.append(alert)
    _release(session, company, released)
    for alert in released:
        note(session, clock, SYSTEM, "alert.release", alert)
    write_posts(session, clock, company, people.unit_tree(session), released)
    return released


def _release(session: Session, company: Company, alerts: Sequence[Alert]) -> None:
    """What waited goes with the figures of today."""
    for alert, facts in zip(alerts, with_todays_figures(session, alerts), strict=True):
        alert.facts = facts.to_json()
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
    released = []
    for alert in held:
        reason = _waits_for(session, alert.person_id, told(alert))
        if reason is None:
            released.append(alert)
        else:
            alert.reason = reason
    _release(session, company, released)
    write_posts(session, clock, company, people.unit_tree(session), released)
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
        held = held_units(session, clock, company, tree, at_large, due)
        waiting = _waiting(session, due)
        written = []
        for one in due:
            reason = next((held[unit.id] for unit in tree.path_to(one.unit_id) if unit.id in held), None)
            if reason is None and not company.shadow:
                reason = waiting.get(one.person_id)
            written.append(_write_alert(session, clock, company, tree, at_large, reason, one))
        write_posts(session, clock, company, tree, written)
        alerts += written
    return alerts


def _waiting(session: Session, due: Sequence[Due]) -> dict[int, HoldReason]:
    """Those of the people whose alert has to wait, and for what."""
    ids = [one.person_id for one in due]
    months = {card.month.key for one in due for card in one.missed}
    concerned = people_with_open_disputes(session, ids, months) | people_waiting_for_hr(session, ids, months)
    found = {}
    for one in due:
        if one.person_id in concerned:
            reason = _waits_for(session, one.person_id, [card.month for card in one.missed])
            if reason is not None:
                found[one.person_id] = reason
    return found


def _waits_for(session: Session, person_id: int, told_of: Iterable[Period]) -> HoldReason | None:
    """What an alert about these months waits for: the person disputes one of the cards, or HR is to act."""
    months = {month.key for month in told_of}
    if people_with_open_disputes(session, [person_id], months):
        return HoldReason.OPEN_DISPUTE
    if people_waiting_for_hr(session, [person_id], months):
        return HoldReason.RESTATEMENT
    return None


def _withdraw(session: Session, clock: Clock, alert: Alert, cards: Iterable[LockedCard]) -> None:
    missed = {card.month for card in cards if card.miss is Miss.MISS}
    undone = [month.key for month in told(alert) if month not in missed]
    alert.facts = {**alert.facts, "withdrawn": True, "undone": undone}
    alert.state, alert.withdrawn_at = AlertState.WITHDRAWN, clock.now()
    note(session, clock, SYSTEM, "alert.withdraw", alert, {"undone": undone})
    take_back(session, clock, alert)


def _held_alerts(session: Session, clock: Clock, company: Company, month: Period) -> list[Alert]:
    """What the circuit breaker holds, of people who are still employed."""
    held = session.scalars(
        sa.select(Alert)
        .where(
            Alert.month == month.key,
            Alert.state == AlertState.HELD,
            Alert.reason.not_in(FOR_THE_PERSON),
        )
        .order_by(Alert.id)
    )
    return still_employed(session, clock, company, held.all())


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
    note(session, clock, SYSTEM, "alert.write", alert)
    return alert
