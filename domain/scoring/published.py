"""Which cards of a period readers see."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.periods import Period
from domain.scoring.model import Card, ScoredPeriod, ScoreRun

IS_PUBLISHED = ScoredPeriod.published_run_id == Card.run_id
"""Joins a card to its period where readers see it."""


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
