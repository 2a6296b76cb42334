"""Alerts that are written and stand: whose they are, what they tell of, and what they would say today."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import audit
from domain.clock import Clock, today
from domain.people import service as people
from domain.people.model import Company
from domain.periods import Period
from domain.watch.facts import AlertFacts
from domain.watch.model import Alert, AlertState
from domain.watch.reading import MonthAtLarge, alert_facts, locked_cards


def alerts_of(session: Session, person_id: int) -> list[Alert]:
    """Those that stand, the oldest first."""
    stands = Alert.state != AlertState.WITHDRAWN
    return list(
        session.scalars(sa.select(Alert).where(Alert.person_id == person_id, stands).order_by(Alert.id))
    )


def told(alert: Alert) -> list[Period]:
    """The months that the alert tells of."""
    return [Period.parse(month.period) for month in AlertFacts.from_json(alert.facts).months]


def with_todays_figures(session: Session, alerts: Sequence[Alert]) -> list[AlertFacts]:
    """The facts of each as they are now: cards may have been restated since."""
    cards = locked_cards(session, {alert.person_id for alert in alerts})
    tree = people.unit_tree(session)
    at_large: dict[Period, MonthAtLarge] = {}
    found = []
    for alert in alerts:
        by_month = {card.month: card for card in cards[alert.person_id]}
        missed = [by_month[month] for month in told(alert)]
        month = missed[-1].month
        if month not in at_large:
            at_large[month] = MonthAtLarge(session, month)
        unit = tree.by_id[alert.unit_id]
        found.append(alert_facts(session, missed, at_large[month], alert.length, unit))
    return found


def still_employed(session: Session, clock: Clock, company: Company, alerts: Sequence[Alert]) -> list[Alert]:
    day = today(clock, company.time_zone)
    tenures = people.tenures(session, {alert.person_id for alert in alerts})
    return [alert for alert in alerts if tenures[alert.person_id].employed_on(day)]


def note(
    session: Session, clock: Clock, by: str, action: str, alert: Alert, more: dict[str, Any] | None = None
) -> None:
    detail = {"streak_start": alert.streak_start, "length": alert.length, "state": alert.state}
    audit.record(session, clock, by, action, alert.facts["employee_id"], detail | (more or {}))
