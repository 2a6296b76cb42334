"""What the week's messages say: read when they are sent, with the newest published numbers."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import Clock
from domain.errors import NotFound
from domain.people import service as people
from domain.people.preferences import preferences_of
from domain.periods import Period
from domain.scoring import views
from domain.scoring.projections import projection_of
from domain.scoring.rules_cards import CardStatus
from domain.scoring.rules_projection import Forecast
from domain.scoring.rules_streaks import Streak
from domain.scoring.views import CardView, ScoreView
from domain.watch.own_streak import own_streak


@dataclass(frozen=True)
class WeeklyCard:
    """One person's card of the month that runs, as it stands when a week begins."""

    week: Period
    """The one that has begun."""
    last_week: CardView | None
    month: ScoreView
    projection: Forecast | None
    streak: Streak | None


def weekly_card(session: Session, clock: Clock, viewer: Viewer, week: Period) -> WeeklyCard | None:
    """None where there is nothing to say: not wanted any more, the week over, the person away or without a
    running card.
    """
    day = views.company_day(viewer, clock)
    wanted = preferences_of(session, viewer.person_id).weekly_card
    if not wanted or day not in week or not people.present(session, [viewer.person_id], day):
        return None
    month = _of(session, clock, viewer, None)
    if month is None or month.card.status is not CardStatus.RUNNING or _counts_no_day(month.card):
        return None
    last_week = _of(session, clock, viewer, week.previous())
    return WeeklyCard(
        week,
        last_week.card if last_week else None,
        month,
        projection_of(session, month.card),
        own_streak(session, viewer),
    )


def _of(session: Session, clock: Clock, viewer: Viewer, period: Period | None) -> ScoreView | None:
    try:
        return views.my_score(session, viewer, clock, period)
    except NotFound:
        return None


def _counts_no_day(card: CardView) -> bool:
    """Back from a leave that took the month so far: there is nothing to look at yet."""
    return card.as_of_day is not None and card.eligible_days == 0
