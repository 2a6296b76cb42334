"""Who a user of Slack is: by the id we have noted, else by an e-mail address that names one person."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.people.model import Person
from domain.people.reachability import zone_or_none


def person_by_slack_id(session: Session, slack_id: str) -> Person | None:
    return session.scalar(sa.select(Person).where(Person.slack_id == slack_id))


def person_ids_by_slack_id(session: Session, slack_ids: Collection[str]) -> dict[str, int]:
    """Those of the Slack ids that belong to somebody, with the person's id."""
    linked = sa.select(Person.slack_id, Person.id).where(Person.slack_id.in_(slack_ids))
    return {slack_id: person_id for slack_id, person_id in session.execute(linked) if slack_id is not None}


def person_by_email(session: Session, email: str | None) -> Person | None:
    """Only where the address is one person's alone, who is not linked to another Slack user."""
    if email is None:
        return None
    found = session.scalars(sa.select(Person).where(Person.email == email).limit(2)).all()
    return found[0] if len(found) == 1 and found[0].slack_id is None else None


def link(session: Session, person_id: int, slack_id: str) -> bool:
    """Note the person's Slack id; false where the id, or the person, is somebody else's already."""
    if person_by_slack_id(session, slack_id) is None:
        session.execute(
            sa.update(Person)
            .where(Person.id == person_id, Person.slack_id.is_(None))
            .values(slack_id=slack_id)
        )
    owner = session.scalar(sa.select(Person.id).where(Person.slack_id == slack_id))
    return owner == person_id


def note_time_zone(session: Session, person_id: int, time_zone: str | None) -> None:
    """Keep the zone that Slack says the person is in; none, or one that does not exist, is no news."""
    if zone_or_none(time_zone) is None:
        return
    session.execute(
        sa.update(Person)
        .where(Person.id == person_id, Person.slack_time_zone.is_distinct_from(time_zone))
        .values(slack_time_zone=time_zone)
    )
