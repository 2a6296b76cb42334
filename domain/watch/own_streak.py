"""A person's own missed months in a row, as /myscore shows them."""

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.scoring.rules_streaks import Streak, open_streak
from domain.watch.reading import own_outcomes


def own_streak(session: Session, viewer: Viewer) -> Streak | None:
    """The viewer's locked, missed months that the next miss would extend; None where there are none."""
    return open_streak(own_outcomes(session, viewer.person_id))
