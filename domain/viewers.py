"""People as viewers, with their role of this moment."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer, viewer_is_employed
from domain.clock import Clock, today
from domain.people import service as people
from domain.people.model import Person, Role
from domain.periods import Period


def viewer_of(
    session: Session, clock: Clock, person: Person, locale: str | None = None, time_zone: str | None = None
) -> Viewer:
    """`locale` and `time_zone` are what Slack says of the person, where it does."""
    company = people.company(session)
    tenure = people.tenures(session, {person.id}).get(person.id)
    return Viewer(
        person_id=person.id,
        employee_id=person.employee_id,
        name=person.name,
        role=Role(person.role),
        employed=viewer_is_employed(tenure, today(clock, company.time_zone)),
        locale=locale or person.locale or company.language,
        time_zone=time_zone or person.time_zone or company.time_zone,
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
