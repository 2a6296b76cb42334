"""Who may do what with a target that is being agreed, and who is above its owner."""

from datetime import date

from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock, today
from domain.errors import NotAllowed, NotFound
from domain.judges.ladder import above_person, above_unit, hr_of_person, hr_of_unit
from domain.people import service as people
from domain.people.model import Role
from domain.periods import Period, PeriodKind
from domain.targets.model import TargetAgreement
from domain.targets.rules_tree import Owner


def read_agreement(session: Session, agreement_id: int, *, for_update: bool = False) -> TargetAgreement:
    """Held for this transaction where it is for an update. Raises NotFound."""
    found = session.get(TargetAgreement, agreement_id, with_for_update=for_update, populate_existing=True)
    if found is None:
        raise NotFound("This target is not known any more: look at /targets.")
    return found


def owner_of(agreement: TargetAgreement) -> Owner:
    if agreement.unit_id is not None:
        return Owner.unit(agreement.unit_id)
    return Owner.person(agreement.person_id or 0)


def ladder_of(session: Session, agreement: TargetAgreement, day: date) -> tuple[int, ...]:
    """Who is above the owner, nearest first, in office."""
    if agreement.unit_id is not None:
        return above_unit(session, agreement.asked_id, agreement.unit_id, day)
    return above_person(session, agreement.asked_id, day)


def hr_of_owner(session: Session, agreement: TargetAgreement, day: date) -> list[int]:
    """Who looks after the owner; not the owner."""
    if agreement.unit_id is not None:
        return hr_of_unit(session, agreement.asked_id, agreement.unit_id, day)
    return hr_of_person(session, agreement.asked_id, day)


def require_owner(viewer: Viewer, agreement: TargetAgreement) -> None:
    if viewer.person_id != agreement.asked_id:
        raise NotAllowed("Only the person whose target it is may answer.")


def require_judge(session: Session, clock: Clock, viewer: Viewer, agreement: TargetAgreement) -> None:
    if not may_judge(session, clock, viewer, agreement):
        raise NotAllowed("This appeal is for somebody else to answer.")


def may_judge(session: Session, clock: Clock, viewer: Viewer, agreement: TargetAgreement) -> bool:
    """The judge named, as long as above the owner and in office, else HR that looks after the owner.

    Never who appeals.
    """
    if viewer.person_id == agreement.asked_id or not viewer.employed:
        return False
    day = company_today(session, clock)
    if agreement.judge_id is not None:
        return viewer.person_id == agreement.judge_id and viewer.person_id in ladder_of(
            session, agreement, day
        )
    return viewer.role is Role.HR and (
        _oversees(session, viewer, agreement, day) or viewer.person_id in hr_of_owner(session, agreement, day)
    )


def require_sight(session: Session, clock: Clock, viewer: Viewer, agreement: TargetAgreement) -> None:
    if viewer.person_id == agreement.asked_id or may_judge(session, clock, viewer, agreement):
        return
    if not _oversees(session, viewer, agreement, company_today(session, clock)):
        raise NotAllowed("You may not see this target: ask the person, their manager or HR.")


def _oversees(session: Session, viewer: Viewer, agreement: TargetAgreement, day: date) -> bool:
    month = Period.containing(PeriodKind.MONTH, day)
    if agreement.person_id is not None:
        return access.may_see_card(session, viewer, agreement.person_id, month)
    return agreement.unit_id in access.overseen_units(session, viewer, month)


def company_today(session: Session, clock: Clock) -> date:
    return today(clock, people.company(session).time_zone)
