"""The lists of alerts that HR got by message, read again page by page."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.errors import NotAllowed, NotFound
from domain.people import service as people
from domain.people.model import Role
from domain.periods import Period
from domain.watch.facts import AlertFacts, HrAlertFacts
from domain.watch.model import Alert, AlertState
from domain.watch.rules import FOR_THE_PERSON


def alerts_for_hr(
    session: Session, viewer: Viewer, unit_path: str, month: Period, state: AlertState
) -> HrAlertFacts:
    """A unit's alerts of a month that are held, or were kept back in shadow mode, about people in sight.

    Raises NotAllowed for anybody but HR, and where nobody is in sight; NotFound where there are none.
    """
    refused = NotAllowed("You may not see these alerts: they are for those in HR who look after the unit.")
    if viewer.role is not Role.HR:
        raise refused
    unit = people.unit_tree(session).find(unit_path)
    alerts = session.scalars(
        sa.select(Alert)
        .where(
            Alert.unit_id == (unit.id if unit else None),
            Alert.month == month.key,
            Alert.state == state,
            sa.or_(Alert.reason.is_(None), Alert.reason.not_in(FOR_THE_PERSON)),
        )
        .order_by(Alert.id)
    ).all()
    if not alerts:
        raise NotFound("There are no such alerts for {month} any more.", month=month.key)
    seen = access.seen_among(session, viewer, month, {alert.person_id for alert in alerts})
    shown = [alert for alert in alerts if alert.person_id in seen and alert.person_id != viewer.person_id]
    if not shown:
        raise refused
    facts = tuple(AlertFacts.from_json(alert.facts) for alert in shown)
    return HrAlertFacts(unit_path, month.key, shown[0].reason, facts)
