"""People as viewers, with their role of this moment."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock, today
from domain.errors import NotFound
from domain.people import service as people
from domain.people.model import Company, Employment, Person, PersonalPreferences, Role, employed_on
from domain.people.preferences import Preferences
from domain.periods import Period

# Every request begins with one of these, so it is one statement, put together once, of what is needed.
_FACTS = (
    sa.select(
        Person.id,
        Person.employee_id,
        Person.name,
        Person.role,
        sa.func.coalesce(Person.locale, Company.language).label("locale"),
        sa.func.coalesce(Person.slack_time_zone, Person.time_zone, Company.time_zone).label("time_zone"),
        Company.time_zone.label("company_zone"),
        PersonalPreferences.language,
        Employment.hired_on,
        Employment.left_on,
    )
    .select_from(Person)
    .join(Company, Company.id == 1)
    .outerjoin(PersonalPreferences, PersonalPreferences.person_id == Person.id)
    .outerjoin(Employment, sa.and_(Employment.person_id == Person.id, Employment.ended_in.is_(None)))
)
_BY_ID = _FACTS.where(Person.id == sa.bindparam("person_id"))
_BY_SLACK_ID = _FACTS.where(Person.slack_id == sa.bindparam("slack_id"))


@dataclass(frozen=True)
class KnownPerson:
    viewer: Viewer
    locale: str
    """As our records have it, whatever Slack says and the person has chosen."""
    time_zone: str
    """The one that messages wait by."""


def viewer_of(
    session: Session, clock: Clock, person: Person, locale: str | None = None, time_zone: str | None = None
) -> Viewer:
    """`locale` and `time_zone` are what Slack says of the person, where it does.

    A language that the person has chosen counts more. Raises NotFound before there is a company.
    """
    known = known_person(session, clock, person.id, locale, time_zone)
    if known is None:
        raise NotFound(people.NO_COMPANY)
    return known.viewer


def known_person(
    session: Session, clock: Clock, person_id: int, locale: str | None, time_zone: str | None
) -> KnownPerson | None:
    """None before there is a company."""
    return _known(session.execute(_BY_ID, {"person_id": person_id}), clock, locale, time_zone)


def linked_person(
    session: Session, clock: Clock, slack_id: str, locale: str | None, time_zone: str | None
) -> KnownPerson | None:
    """Who is linked to a Slack user; None where nobody is."""
    return _known(session.execute(_BY_SLACK_ID, {"slack_id": slack_id}), clock, locale, time_zone)


def _known(
    found: sa.Result[Any], clock: Clock, locale: str | None, time_zone: str | None
) -> KnownPerson | None:
    facts = found.one_or_none()
    if facts is None:
        return None
    day = today(clock, facts.company_zone)
    viewer = Viewer(
        person_id=facts.id,
        employee_id=facts.employee_id,
        name=facts.name,
        role=Role(facts.role),
        employed=facts.hired_on is not None and employed_on(day, facts.hired_on, facts.left_on),
        locale=Preferences(language=facts.language).locale(locale or facts.locale),
        time_zone=time_zone or facts.time_zone,
        company_zone=facts.company_zone,
    )
    return KnownPerson(viewer, facts.locale, facts.time_zone)


def who_may_see_all(
    session: Session, clock: Clock, candidates: Collection[int], about: Collection[int], period: Period
) -> set[int]:
    """Those of the candidates who may see the cards of all these people. Both are person ids."""
    viewers = [viewer_of(session, clock, session.get_one(Person, one)) for one in candidates]
    return {
        viewer.person_id
        for viewer in viewers
        if all(access.may_see_card(session, viewer, person_id, period) for person_id in about)
    }
