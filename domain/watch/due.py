"""Which alerts are due: streaks that have come to a length that alerts, and nobody was told of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.people import service as people
from domain.people.model import Company
from domain.periods import Period
from domain.scoring.rules_streaks import Streak, streaks
from domain.watch.model import Alert, AlertState
from domain.watch.reading import LockedCard, locked_cards, outcomes

PEOPLE_AT_ONCE = 5_000


@dataclass(frozen=True)
class Due:
    """An alert that is not written yet."""

    person_id: int
    unit_id: int
    streak_start: Period
    length: int
    number: int
    month: Period
    missed: list[LockedCard]


def due_alerts(
    session: Session, clock: Clock, company: Company, since: Period, person_ids: list[int]
) -> list[Due]:
    """Those of these people whose last month is `since` or later; of nobody who has left."""
    day = today(clock, company.time_zone)
    due: list[Due] = []
    for start in range(0, len(person_ids), PEOPLE_AT_ONCE):
        due += _due_of(session, company, since, day, person_ids[start : start + PEOPLE_AT_ONCE])
    return due


def _due_of(
    session: Session, company: Company, since: Period, day: date, person_ids: list[int]
) -> Iterator[Due]:
    tenures = people.tenures(session, person_ids)
    known = _known(session, person_ids)
    for person_id, cards in locked_cards(session, person_ids).items():
        if not tenures[person_id].employed_on(day):
            continue
        by_month = {card.month: card for card in cards}
        for streak in streaks(outcomes(cards)):
            for length, month in streak.reached.items():
                if month < since or month.key < company.alerts_from:
                    continue
                if not _was_alerted(streak, length, known[person_id]):
                    missed = [by_month[m] for m in streak.missed[:length]]
                    number = _next_number(streak, length, known[person_id])
                    yield Due(person_id, missed[-1].unit_id, streak.start, length, number, month, missed)


def _known(session: Session, person_ids: Iterable[int]) -> dict[int, list[Alert]]:
    known: dict[int, list[Alert]] = defaultdict(list)
    for alert in session.scalars(sa.select(Alert).where(Alert.person_id.in_(list(person_ids)))):
        known[alert.person_id].append(alert)
    return known


def _was_alerted(streak: Streak, length: int, known: Iterable[Alert]) -> bool:
    """Whether these misses have had their alert; a month locked late may since have moved their start."""
    months = {month.key for month in streak.missed}
    return any(
        alert.length == length and alert.streak_start in months and alert.state != AlertState.WITHDRAWN
        for alert in known
    )


def _next_number(streak: Streak, length: int, known: Iterable[Alert]) -> int:
    """1, unless an alert of the same start and length was withdrawn before."""
    alike = [alert for alert in known if (alert.streak_start, alert.length) == (streak.start.key, length)]
    return len(alike) + 1
