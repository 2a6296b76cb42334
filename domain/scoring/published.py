"""Which cards of a period readers see."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.closing.model import Restatement
from domain.periods import Period
from domain.scoring.model import Card, ScoredPeriod, ScoreRun

IS_PUBLISHED = ScoredPeriod.published_run_id == Card.run_id
"""Joins a card to its period where readers see it; of a restated card this is the version of the lock."""

_RESTATED = (
    sa.select(
        Restatement.period,
        Restatement.person_id,
        sa.func.max(Restatement.run_id).label("run_id"),
    )
    .group_by(Restatement.period, Restatement.person_id)
    .subquery("restated")
)
"""The newest version of each restated card; runs of later versions have higher ids."""


def of_current_cards(statement: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """Of cards, in their newest version: the restated one, else that of the published run.

    Joins `Card` to its `ScoredPeriod`.
    """
    return (
        statement.select_from(Card)
        .join(ScoreRun, ScoreRun.id == Card.run_id)
        .join(ScoredPeriod, ScoredPeriod.key == ScoreRun.period)
        .outerjoin(
            _RESTATED,
            sa.and_(_RESTATED.c.person_id == Card.person_id, _RESTATED.c.period == ScoredPeriod.key),
        )
        .where(Card.run_id == sa.func.coalesce(_RESTATED.c.run_id, ScoredPeriod.published_run_id))
    )


def current_cards_of(session: Session, run: ScoreRun) -> sa.ColumnElement[bool]:
    """Picks the cards of a published run, each in its newest version."""
    of_period = Restatement.period == run.period
    if not session.scalar(sa.select(sa.exists().where(of_period))):
        return Card.run_id == run.id
    restated = sa.select(Restatement.person_id).where(of_period)
    newest = sa.select(sa.func.max(Restatement.run_id)).where(of_period).group_by(Restatement.person_id)
    at_lock = sa.and_(Card.run_id == run.id, Card.person_id.not_in(restated))
    return sa.or_(at_lock, Card.run_id.in_(newest))


def newest_run(period_key: Any, person_id: Any, published_run_id: Any) -> sa.ColumnElement[int]:
    """The run of one person's newest card, where the person is known before the cards are looked at."""
    restated = sa.select(sa.func.max(Restatement.run_id)).where(
        Restatement.person_id == person_id, Restatement.period == period_key
    )
    return sa.func.coalesce(restated.scalar_subquery(), published_run_id)


def current_card(session: Session, person_id: int, period: Period) -> Card | None:
    """The newest version of a person's card: restated, else locked or published."""
    newest = newest_run(ScoredPeriod.key, person_id, ScoredPeriod.published_run_id)
    return session.scalar(
        sa.select(Card)
        .join(ScoredPeriod, Card.run_id == newest)
        .where(ScoredPeriod.key == period.key, Card.person_id == person_id)
    )


def published(session: Session, period: Period) -> tuple[ScoredPeriod, ScoreRun] | None:
    """The period, and the run whose cards readers see; None while it has not been scored."""
    return session.execute(
        sa.select(ScoredPeriod, ScoreRun)
        .join(ScoreRun, ScoreRun.id == ScoredPeriod.published_run_id)
        .where(ScoredPeriod.key == period.key)
    ).one_or_none()


def published_run(session: Session, period: Period) -> ScoreRun | None:
    """As `published`, the run alone."""
    found = published(session, period)
    return None if found is None else found[1]
