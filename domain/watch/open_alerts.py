"""Alerts that went out and whose misses are not over: nobody has done anything about them yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.bulk import is_one_of
from domain.outbox import Post, PostState
from domain.periods import Period
from domain.scoring.rules_streaks import open_streak
from domain.watch.facts import AlertFacts
from domain.watch.model import Alert, AlertState
from domain.watch.posts import thread_key
from domain.watch.reading import locked_cards, outcomes


@dataclass(frozen=True)
class OpenAlert:
    person_id: int
    employee_id: str
    name: str
    length: int
    """Missed months in a row that it told of."""
    month: Period
    """The last of them."""


def open_alerts(session: Session, viewer: Viewer, month: Period) -> tuple[OpenAlert, ...]:
    """The last alert about each whose card of the month the viewer may see, the longest first.

    Only those that managers have got.
    """
    waiting = Alert.state == AlertState.QUEUED
    alerted = session.scalars(sa.select(Alert.person_id).where(waiting).distinct()).all()
    seen = access.seen_among(session, viewer, month, alerted) - {viewer.person_id}
    written = sa.select(Alert).where(is_one_of(session, Alert.person_id, seen), waiting)
    alerts = _told(session, session.scalars(written.order_by(Alert.length)).all())
    last = {alert.person_id: alert for alert in alerts}
    missed = _missed_now(session, last)
    found = [_open(alert) for one, alert in last.items() if alert.streak_start in missed.get(one, ())]
    return tuple(sorted(found, key=lambda one: (-one.length, one.employee_id)))


def _told(session: Session, alerts: Sequence[Alert]) -> list[Alert]:
    """Nobody hears from a digest what the person concerned has not been told yet."""
    is_theirs = is_one_of(session, Post.key, [thread_key(alert) for alert in alerts])
    sent = set(session.scalars(sa.select(Post.key).where(is_theirs, Post.state == PostState.SENT)))
    return [alert for alert in alerts if thread_key(alert) in sent]


def _missed_now(session: Session, person_ids: Iterable[int]) -> dict[int, set[str]]:
    """The keys of the missed months that the next miss would extend, by person id."""
    found = {}
    for person_id, cards in locked_cards(session, list(person_ids)).items():
        if streak := open_streak(outcomes(cards)):
            found[person_id] = {month.key for month in streak.missed}
    return found


def _open(alert: Alert) -> OpenAlert:
    facts = AlertFacts.from_json(alert.facts)
    return OpenAlert(alert.person_id, facts.employee_id, facts.name, alert.length, Period.parse(alert.month))
