"""The circuit breaker: which units' alerts of a day are too many to be true."""

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.people.model import Company
from domain.people.reachability import zone_or_utc
from domain.people.service import UnitTree
from domain.periods import Period, PeriodKind
from domain.scoring.model import ScoredPeriod
from domain.watch.due import Due
from domain.watch.model import Alert, AlertState
from domain.watch.reading import MonthAtLarge
from domain.watch.rules import HoldReason, circuit_breaker


def held_units(
    session: Session,
    clock: Clock,
    company: Company,
    tree: UnitTree,
    at_large: MonthAtLarge,
    due: list[Due],
) -> dict[int, HoldReason]:
    """Each unit speaks for its whole subtree. What restatements bring about one by one counts together."""
    alerts_of_day = _alerts_of_day(session, clock, company, due[0].month)
    alerts_in = _subtree_counts(tree, Counter(one.unit_id for one in due) + alerts_of_day)
    people_in = _subtree_counts(tree, at_large.cards_in)
    earlier = _earlier_alerts(session, company, tree, due[0].month)
    reasons = {}
    for unit_id, count in alerts_in.items():
        before = [alerts_of_month[unit_id] for alerts_of_month in earlier]
        reason = circuit_breaker(count, people_in[unit_id], before)
        if reason is not None:
            reasons[unit_id] = reason
    return reasons


def _alerts_of_day(session: Session, clock: Clock, company: Company, month: Period) -> Counter[int]:
    """By unit, those of the month that were written today and that HR has not let go after a hold."""
    zone = zone_or_utc(company.time_zone)
    day = today(clock, company.time_zone)
    was_let_go = sa.and_(Alert.state == AlertState.QUEUED, Alert.reason.is_not(None))
    written = sa.select(Alert.unit_id, Alert.created_at).where(
        Alert.month == month.key, Alert.state != AlertState.WITHDRAWN, ~was_let_go
    )
    return Counter(unit_id for unit_id, at in session.execute(written) if at.astimezone(zone).date() == day)


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
