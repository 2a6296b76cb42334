"""A person's own missed months in a row, as /myscore shows them."""

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.scoring.rules_streaks import Streak, streaks
from domain.watch.reading import locked_cards, outcomes


def own_streak(session: Session, viewer: Viewer) -> Streak | None:
    """The viewer's locked, missed months that the next miss would extend; None where there are none."""
    cards = locked_cards(session, {viewer.person_id}).get(viewer.person_id, [])
    found = streaks(outcomes(cards))
    return found[-1] if found and found[-1].ended_by is None else None
