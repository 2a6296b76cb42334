"""Whose pay of which earned month may have changed: by what arrived, or what HR did, since it was accrued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.closing.model import Adjustment, Restatement
from domain.incentives import reading
from domain.incentives.model import AccruedMonth, Credit
from domain.incentives.paying import measures_beside, month_end, paying_plans
from domain.incentives.versions import people_under
from domain.metrics.coverage import reported_days
from domain.metrics.model import MeasureRecord
from domain.people import service as people
from domain.periods import Period
from domain.plans.model import PlanVersion

Who = tuple[str, int]
"""A month, and a person."""


def known_to(session: Session, booked: Period) -> Period:
    """The month by whose end everything counts in the payroll of `booked`: the newest that has a payroll.

    Where months are locked out of order, what a later one has settled stays so.
    """
    newest = session.scalar(sa.select(sa.func.max(AccruedMonth.month)))
    return booked if newest is None else max(booked, Period.parse(newest))


def changed(session: Session, booked: Period) -> dict[Period, set[int]]:
    """By earned month, from what came in `booked`, and in months before it that have no payroll of their own.

    Without the month itself: it has just been accrued.
    """
    accrued = {*session.scalars(sa.select(AccruedMonth.month).where(AccruedMonth.month != booked.key))}
    before = max((month for month in accrued if month < booked.key), default=None)
    since = None if before is None else Period.parse(before)
    found: dict[Period, set[int]] = defaultdict(set)
    for month, person_id in [
        *_adjusted(session, booked, since),
        *_restated(session, booked, since),
        *_shared_anew(session, booked, since),
        *_reported_since(session, booked, since, accrued),
    ]:
        if month in accrued:
            found[Period.parse(month)].add(person_id)
    return found


def _adjusted(session: Session, booked: Period, since: Period | None) -> Iterable[Who]:
    """Those named on the records, and those who share in them."""
    in_book = sa.and_(
        Adjustment.booked_period <= booked.key, Adjustment.booked_period > (since.key if since else "")
    )
    own = sa.select(Adjustment.locked_period, Adjustment.person_id).where(in_book).distinct()
    shared = (
        sa.select(Adjustment.locked_period, Credit.person_id)
        .join(Credit, sa.and_(Credit.source == Adjustment.source, Credit.record_id == Adjustment.record_id))
        .where(in_book)
        .distinct()
    )
    return [(month, one) for rows in (own, shared) for month, one in session.execute(rows)]


def _restated(session: Session, booked: Period, since: Period | None) -> Iterable[Who]:
    company = people.company(session)
    rows = sa.select(Restatement.period, Restatement.person_id).where(
        Restatement.at < month_end(company, booked)
    )
    if since is not None:
        rows = rows.where(Restatement.at >= month_end(company, since))
    return [(month, person_id) for month, person_id in session.execute(rows)]


def _shared_anew(session: Session, booked: Period, since: Period | None) -> Iterable[Who]:
    """Whose records, or shares of records, are shared otherwise."""
    first, last = _load_at_end(session, since), _load_at_end(session, booked)
    record = MeasureRecord
    came, went = Credit.added_in.between(first + 1, last), Credit.ended_in.between(first + 1, last)
    rows = (
        sa.select(record.occurred_on, record.person_id, Credit.person_id)
        .join(record, sa.and_(record.source == Credit.source, record.record_id == Credit.record_id))
        .where(sa.or_(came, went), record.as_of(last))
    )
    found = []
    for day, owner, person_id in session.execute(rows):
        found += [(f"{day:%Y-%m}", owner), (f"{day:%Y-%m}", person_id)]
    return found


def _reported_since(
    session: Session, booked: Period, since: Period | None, accrued: Collection[str]
) -> Iterable[Who]:
    """Whose pay was withheld because measures that no card needs lacked days, and lack none any more."""
    beside = _measures_beside(session)
    if not beside:
        return []
    first = _load_at_end(session, since)
    now = reported_days(session, _load_at_end(session, booked))
    named = sorted({measure for measures in beside.values() for measure in measures})
    found: list[Who] = []
    for key in sorted(accrued):
        month = Period.parse(key)
        then = reported_days(session, max(first, reading.load_of_lock(session, month)))
        days = (month.start, month.last_day)
        known = set(then.uncovered(named, *days)) - set(now.uncovered(named, *days))
        versions = {version_id for version_id, measures in beside.items() if known & measures}
        found += ((key, one) for one in people_under(session, month, versions))
    return found


def _measures_beside(session: Session) -> dict[int, set[str]]:
    """By version of a plan that pays by any."""
    company = people.company(session)
    every = list(session.scalars(sa.select(PlanVersion.id)))
    found = {
        one.version_id: set(measures_beside(one))
        for one in paying_plans(session, every, company.currency).values()
    }
    return {version_id: measures for version_id, measures in found.items() if measures}


def _load_at_end(session: Session, month: Period | None) -> int:
    if month is None:
        return 0
    return reading.newest_load(session, month_end(people.company(session), month))
