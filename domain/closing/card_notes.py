"""A card's notes: who locked it and when, its versions, and the records that came too late."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import day_of
from domain.closing.model import Adjustment, AdjustmentReason, Restatement
from domain.closing.rules_notes import Adjusted, Adjustments, CardNotes, Version
from domain.people.model import Company, Person
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.views import CardView, ScoreView

MOST_SHOWN = 30

_Row = sa.Row[*tuple[Any, ...]]

_PERIODS, _CARDS, _PLANS, _PEOPLE, _COMPANY, _ADJUSTMENTS = (
    each.__table__ for each in (ScoredPeriod, Card, PlanVersion, Person, Company, Adjustment)
)
# Put together once: /myscore asks it each time.
_LOCK = (
    sa.select(
        _PERIODS.c.locked_at,
        sa.func.coalesce(_PEOPLE.c.name, _PERIODS.c.locked_by).label("locked_by"),
        _PLANS.c.version,
        _COMPANY.c.time_zone,
    )
    .select_from(_PERIODS)
    .join(_COMPANY, _COMPANY.c.id == 1)
    .join(
        _CARDS,
        sa.and_(_CARDS.c.run_id == sa.bindparam("run_id"), _CARDS.c.person_id == sa.bindparam("person_id")),
    )
    .join(_PLANS, _PLANS.c.id == _CARDS.c.plan_version_id)
    .outerjoin(_PEOPLE, _PEOPLE.c.employee_id == _PERIODS.c.locked_by)
    .where(_PERIODS.c.key == sa.bindparam("period"))
)


def _of_period(column: sa.ColumnElement[Any], which: str) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(_ADJUSTMENTS, sa.literal(which).label("which")).where(
        column == sa.bindparam("period"), _ADJUSTMENTS.c.person_id == sa.bindparam("person_id")
    )


_BOTH = sa.union_all(
    _of_period(_ADJUSTMENTS.c.locked_period, "late"), _of_period(_ADJUSTMENTS.c.booked_period, "booked")
).subquery()
_SHOWN = sa.select(
    _BOTH,
    sa.func.count().over(partition_by=_BOTH.c.which).label("total"),
    sa.func.row_number().over(partition_by=_BOTH.c.which, order_by=_BOTH.c.id.desc()).label("place"),
).subquery()
_LATE_AND_BOOKED = (
    sa.select(_SHOWN).where(_SHOWN.c.place <= MOST_SHOWN).order_by(_SHOWN.c.which, _SHOWN.c.place)
)


def noted(session: Session, view: ScoreView) -> ScoreView:
    """Both cards of the answer to /myscore, with their notes."""
    closed = view.last_closed
    return ScoreView(with_notes(session, view.card), None if closed is None else with_notes(session, closed))


def with_notes(session: Session, card: CardView) -> CardView:
    """Of a card that somebody was let see."""
    of_card = {"period": card.period.key, "person_id": card.person.id, "run_id": card.run_id}
    lock = session.execute(_LOCK, of_card).one()
    rows = session.execute(_LATE_AND_BOOKED, of_card).all()
    locked_on = None if lock.locked_at is None else day_of(lock.locked_at, lock.time_zone)
    notes = CardNotes(
        plan_version=lock.version,
        locked_on=locked_on,
        locked_by=lock.locked_by,
        versions=_versions(session, card, lock) if card.is_restated else (),
        late=_adjustments(rows, "late"),
        booked=_adjustments(rows, "booked"),
    )
    return replace(card, notes=notes)


def _adjustments(rows: Iterable[_Row], which: str) -> Adjustments:
    of_these = [row for row in rows if row.which == which]
    shown = tuple(
        Adjusted(
            AdjustmentReason(row.reason),
            row.measure,
            f"{row.source} {row.record_id}",
            row.occurred_on,
            row.old_value,
            row.new_value,
            Period.parse(row.locked_period),
            Period.parse(row.booked_period),
        )
        for row in of_these
    )
    return Adjustments(shown, of_these[0].total if of_these else 0)


def _versions(session: Session, card: CardView, lock: _Row) -> tuple[Version, ...]:
    of_lock = session.execute(
        sa.select(Card.score, Card.tier)
        .join(ScoredPeriod, ScoredPeriod.published_run_id == Card.run_id)
        .where(ScoredPeriod.key == card.period.key, Card.person_id == card.person.id)
    ).one_or_none()
    first = () if of_lock is None else (_first(of_lock, lock),)
    rows = session.execute(
        sa.select(Restatement, Card.score, Card.tier, sa.func.coalesce(Person.name, Restatement.by))
        .join(Card, sa.and_(Card.run_id == Restatement.run_id, Card.person_id == Restatement.person_id))
        .outerjoin(Person, Person.employee_id == Restatement.by)
        .where(Restatement.period == card.period.key, Restatement.person_id == card.person.id)
        .order_by(Restatement.version)
    )
    return first + tuple(
        Version(made.version, score, tier, day_of(made.at, lock.time_zone), by, made.because)
        for made, score, tier, by in rows
    )


def _first(of_lock: sa.Row[Decimal | None, str | None], lock: _Row) -> Version:
    locked_on = day_of(lock.locked_at, lock.time_zone)
    return Version(1, of_lock.score, of_lock.tier, locked_on, lock.locked_by, None)
