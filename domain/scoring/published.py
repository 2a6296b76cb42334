"""Which cards of a period readers see."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.periods import Period
from domain.scoring.model import ScoredPeriod, ScoreRun


def published_run(session: Session, period: Period) -> ScoreRun | None:
    """The run whose cards readers see; None while the period has not been scored."""
    return session.scalar(
        sa.select(ScoreRun)
        .join(ScoredPeriod, ScoredPeriod.published_run_id == ScoreRun.id)
        .where(ScoredPeriod.key == period.key)
    )
