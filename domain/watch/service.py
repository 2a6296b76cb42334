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
from domain.outbox import Post, PostState, add_post
from domain.people import service as people
from domain.people.model import Company, Person, Unit
from domain.people.service import UnitTree
from domain.periods import Period, PeriodKind
from domain.scoring.model import ScoredPeriod
from domain.watch import facts as f
from domain.watch.model import Alert, AlertState
from domain.watch.reading import (
    LockedCard,
    MonthAtLarge,
    alert_facts,
    locked_cards,
    outcomes,
    people_who_missed,
)
from domain.watch.rules import HoldReason, circuit_breaker, streaks
from domain.watch.rules_timing import next_working_time
from domain.working_days import WorkingDays

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
        _write_posts(session, clock, company, tree, written)
        alerts += written
    return alerts


def release_held(session: Session, clock: Clock, month: Period, by: str) -> list[Alert]:
    """Send what the circuit breaker held for a month, once HR has looked at it. Raises NotFound."""
    one_at_a_time(session, "watch")
    held = session.scalars(
        sa.select(Alert).where(Alert.month == month.key, Alert.state == AlertState.HELD).order_by(Alert.id)
    ).all()
    if not held:
        raise NotFound("No alerts are held for {month}.", month=month.key)
    for alert in held:
        alert.state = AlertState.QUEUED
    company = people.company(session)
    _write_posts(session, clock, company, people.unit_tree(session), list(held))
    audit.record(session, clock, by, "alerts.release", month.key, {"alerts": [alert.id for alert in held]})
    return list(held)


def set_paused(session: Session, clock: Clock, by: str, paused: bool) -> None:
    """Stop all sending, or go on; what is due waits in the outbox meanwhile."""
    company = people.company(session)
    company.paused_at = clock.now() if paused else None
    company.paused_by = by if paused else None
    audit.record(session, clock, by, "sending.pause" if paused else "sending.resume", "company")


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
                if (person_id, streak.start.key, length) not in known:
                    missed = [by_month[m] for m in streak.missed[:length]]
                    due.append(Due(person_id, missed[-1].unit_id, streak.start, length, month, missed))
    return due


def _known(session: Session, person_ids: Iterable[int]) -> set[tuple[int, str, int]]:
    alerts = session.scalars(sa.select(Alert).where(Alert.person_id.in_(list(person_ids))))
    return {(alert.person_id, alert.streak_start, alert.length) for alert in alerts}


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


def _write_posts(
    session: Session, clock: Clock, company: Company, tree: UnitTree, alerts: list[Alert]
) -> None:
    by_unit: dict[int, list[Alert]] = defaultdict(list)
    for alert in alerts:
        by_unit[alert.unit_id].append(alert)
    for unit_id, of_unit in by_unit.items():
        unit = tree.by_id[unit_id]
        queued = [alert for alert in of_unit if alert.state == AlertState.QUEUED]
        if queued:
            _write_unit_posts(session, clock, company, tree, unit, queued)
        for state, kind in ((AlertState.SHADOW, f.SHADOW_POST), (AlertState.HELD, f.HELD_POST)):
            for_hr = [alert for alert in of_unit if alert.state == state]
            if for_hr:
                _write_hr_posts(session, clock, tree, unit, for_hr, kind)


def _write_unit_posts(
    session: Session, clock: Clock, company: Company, tree: UnitTree, unit: Unit, alerts: list[Alert]
) -> None:
    """The people first; then one message to the unit's managers, with a thread for each person."""
    calendar = WorkingDays(company.calendar)
    now = clock.now()
    reports = [_person_post(session, clock, company, calendar, alert) for alert in alerts]
    last_report = max(reports, key=lambda report: (report.not_before, report.id))
    day = today(clock, company.time_zone)
    parent = add_post(
        session,
        clock,
        key=f"alerts:{unit.id}:{day}",
        kind=f.UNIT_POST,
        facts={},
        channel=_channel_of(tree, unit),
        after_id=last_report.id,
        not_before=last_report.not_before,
    )
    if parent.state == PostState.QUEUED:
        parent.facts = _unit_facts(session, tree, unit, alerts, parent, day).to_json()
    for alert, report in zip(alerts, reports, strict=True):
        add_post(
            session,
            clock,
            key=f"alert:{alert.person_id}:{alert.streak_start}:{alert.length}",
            kind=f.THREAD_POST,
            facts=alert.facts,
            after_id=report.id,
            thread_of_id=parent.id,
            not_before=next_working_time(now, company.time_zone, calendar),
        )


def _person_post(
    session: Session, clock: Clock, company: Company, calendar: WorkingDays, alert: Alert
) -> Post:
    person = session.get_one(Person, alert.person_id)
    return add_post(
        session,
        clock,
        key=f"report:{alert.person_id}:{alert.streak_start}:{alert.length}",
        kind=f.PERSON_POST,
        facts=alert.facts,
        person_id=alert.person_id,
        not_before=next_working_time(clock.now(), person.time_zone or company.time_zone, calendar),
    )


def _unit_facts(
    session: Session, tree: UnitTree, unit: Unit, alerts: list[Alert], parent: Post, day: date
) -> f.UnitAlertFacts:
    earlier = f.UnitAlertFacts.from_json(parent.facts).about if parent.facts else ()
    about = tuple(dict.fromkeys([*earlier, *(alert.person_id for alert in alerts)]))
    return f.UnitAlertFacts(
        unit_path=unit.path,
        unit_name=unit.name,
        month=max(alert.month for alert in alerts),
        people=len(about),
        about=about,
        recipients=_recipients(session, tree, unit, about, day),
    )


def _channel_of(tree: UnitTree, unit: Unit) -> str | None:
    """The unit's managers' channel, else its parent's, and so on up."""
    return next((above.channel for above in reversed(tree.path_to(unit.id)) if above.channel), None)


def _recipients(
    session: Session, tree: UnitTree, unit: Unit, about: tuple[int, ...], day: date
) -> tuple[int, ...]:
    """Who is told instead of the channel: the unit's manager, those above, then HR; never one concerned."""
    path = tree.path_to(unit.id)[::-1]
    named = [above.manager_id for above in path] + [above.hr_id for above in path]
    candidates = [person_id for person_id in dict.fromkeys(named) if person_id and person_id not in about]
    tenures = people.tenures(session, candidates)
    away = people.leaves(session, candidates)
    return tuple(
        person_id
        for person_id in candidates
        if person_id in tenures
        and tenures[person_id].employed_on(day)
        and not any(first <= day <= last for first, last in away.get(person_id, ()))
    )


def _write_hr_posts(
    session: Session, clock: Clock, tree: UnitTree, unit: Unit, alerts: list[Alert], kind: str
) -> None:
    month = max(alert.month for alert in alerts)
    facts = f.HrAlertFacts(
        unit_path=unit.path,
        month=month,
        reason=alerts[0].reason,
        alerts=tuple(f.AlertFacts.from_json(alert.facts) for alert in alerts),
    )
    for hr_id in people.hr_of(session, tree, unit):
        add_post(
            session,
            clock,
            key=f"{kind}:{unit.id}:{month}:{alerts[0].id}:{hr_id}",
            kind=kind,
            facts=facts.to_json(),
            person_id=hr_id,
        )
