"""What a month would not pay if it were locked now: for the checklist, so that HR sees it in time."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.incentives import reading
from domain.incentives.model import Credit
from domain.incentives.paying import PayingPlan, measures_beside, paying_plans
from domain.metrics.coverage import reported_days
from domain.metrics.model import MeasureRecord
from domain.people import service as people
from domain.periods import Period, PeriodKind
from domain.scoring.model import Card, ScoreRun
from domain.scoring.rules_cards import CardStatus


def unreported_for_pay(session: Session, month: Period, run: ScoreRun) -> list[str]:
    """Measures that pay or cost, that no card needs, and that are not reported for every day of the month."""
    beside = {measure for plan in _plans(session, month, run).values() for measure in measures_beside(plan)}
    return list(reported_days(session).uncovered(sorted(beside), month.start, month.last_day))


def unpaid_sharers(session: Session, month: Period, run: ScoreRun) -> set[int]:
    """Who shares in records of the month and has no complete card that pays for them.

    Nobody else is paid these shares: the card may be completed or made later, and then they are.
    """
    plans = _plans(session, month, run)
    paid_for = {version_id: _measure(plan) for version_id, plan in plans.items() if _measure(plan)}
    if not paid_for or not reading.has_credits(session):
        return set()
    shared = _sharers(session, month, set(paid_for.values()))
    card = sa.select(Card.person_id, Card.plan_version_id).where(
        Card.run_id == run.id,
        Card.status == CardStatus.COMPLETE,
        is_one_of(session, Card.person_id, sorted({person_id for person_id, _ in shared})),
    )
    paid = {(person_id, paid_for.get(version_id)) for person_id, version_id in session.execute(card)}
    return {person_id for person_id, _ in shared - paid}


def _plans(session: Session, month: Period, run: ScoreRun) -> dict[int, PayingPlan]:
    """Only months pay."""
    if month.kind is not PeriodKind.MONTH:
        return {}
    versions = set(session.scalars(sa.select(Card.plan_version_id).where(Card.run_id == run.id).distinct()))
    return paying_plans(session, versions, people.company(session).currency)


def _measure(plan: PayingPlan) -> str:
    return plan.pays.commission.measure if plan.pays.commission else ""


def _sharers(session: Session, month: Period, measures: Collection[str]) -> set[tuple[int, str | None]]:
    """With the measure of the records."""
    record = MeasureRecord
    rows = (
        sa.select(Credit.person_id, record.measure)
        .join(record, sa.and_(record.source == Credit.source, record.record_id == Credit.record_id))
        .where(
            record.measure.in_(measures),
            record.occurred_on >= month.start,
            record.occurred_on < month.end,
            record.ended_in.is_(None),
            Credit.ended_in.is_(None),
        )
    )
    return {(person_id, measure) for person_id, measure in session.execute(rows.distinct())}
