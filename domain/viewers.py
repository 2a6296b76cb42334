"""People as viewers, with their role of this moment."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock, today
from domain.errors import NotFound
from domain.people import service as people
from domain.people.model import Company, Employment, Person, PersonalPreferences, Role
from domain.people.preferences import as_chosen
from domain.periods import Period

# Every request begins with one of these, so it is one statement, and put together once.
_FACTS = (
    sa.select(Person, Company, PersonalPreferences, Employment)
    .select_from(Person)
    .join(Company, Company.id == 1)
    .outerjoin(PersonalPreferences, PersonalPreferences.person_id == Person.id)
    .outerjoin(Employment, sa.and_(Employment.person_id == Person.id, Employment.ended_in.is_(None)))
)
_BY_ID = _FACTS.where(Person.id == sa.bindparam("person_id"))
_BY_SLACK_ID = _FACTS.where(Person.slack_id == sa.bindparam("slack_id"))


def viewer_of(
    session: Session, clock: Clock, person: Person, locale: str | None = None, time_zone: str | None = None
) -> Viewer:
    """`locale` and `time_zone` are what Slack says of the person, where it does.

    A language that the person has chosen counts more. Raises NotFound before there is a company.
    """
    facts = session.execute(_BY_ID, {"person_id": person.id}).one_or_none()
    if facts is None:
        raise NotFound(people.NO_COMPANY)
    return _viewer(facts, clock, locale, time_zone)


def linked_viewer(
    session: Session, clock: Clock, slack_id: str, locale: str | None, time_zone: str | None
) -> tuple[Person, Company, Viewer] | None:
    """Who is linked to a Slack user, and their company; None where nobody is."""
    facts = session.execute(_BY_SLACK_ID, {"slack_id": slack_id}).one_or_none()
    return None if facts is None else (facts[0], facts[1], _viewer(facts, clock, locale, time_zone))


def _viewer(
    facts: tuple[Person, Company, PersonalPreferences | None, Employment | None],
    clock: Clock,
    locale: str | None,
    time_zone: str | None,
) -> Viewer:
    person, company, chosen, employment = facts
    day = today(clock, company.time_zone)
    return Viewer(
        person_id=person.id,
        employee_id=person.employee_id,
        name=person.name,
        role=Role(person.role),
        employed=employment is not None and employment.covers(day),
        locale=as_chosen(chosen).locale(locale or person.locale or company.language),
        time_zone=time_zone or person.slack_time_zone or person.time_zone or company.time_zone,
    )


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
