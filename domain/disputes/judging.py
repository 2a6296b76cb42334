"""Who answers a dispute, and who may see it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.disputes.model import Dispute, SubjectKind
from domain.disputes.subjects import JUDGED_BY_HR
from domain.errors import NotAllowed
from domain.judges.ladder import above_person, hr_of_person, others_in_hr
from domain.people.model import Person, Role
from domain.periods import Period, PeriodKind
from domain.recognition.model import FileEntry


def ladder_of(session: Session, owner_id: int, kind: SubjectKind, day: date) -> tuple[int, ...]:
    """Who is asked before HR, nearest first."""
    return () if kind in JUDGED_BY_HR else above_person(session, owner_id, day)


def judges_of(session: Session, dispute: Dispute, day: date) -> list[int]:
    """Who is to answer now: one judge, or the HR that looks after the owner."""
    if dispute.judge_id is not None:
        return [dispute.judge_id]
    asked = hr_of_person(session, dispute.owner_id, day)
    author = _author(session, dispute)
    others = [one for one in asked if one != author]
    return others or others_in_hr(session, {dispute.owner_id, author or 0}, day) or asked


def may_judge(session: Session, viewer: Viewer, dispute: Dispute, day: date) -> bool:
    """The judge named, as long as above the owner and in office, else HR that looks after the owner.

    Never the owner; nor who made the entry of the file, as long as there is anybody else in HR.
    """
    if viewer.person_id == dispute.owner_id or not viewer.employed:
        return False
    if dispute.judge_id is not None:
        return viewer.person_id == dispute.judge_id and has_judge(session, dispute, day)
    if viewer.role is not Role.HR:
        return False
    if viewer.person_id in judges_of(session, dispute, day):
        return True
    is_author = viewer.person_id == _author(session, dispute)
    return not is_author and _oversees(session, viewer, dispute, day)


def may_decide(session: Session, viewer: Viewer, dispute: Dispute, day: date) -> bool:
    """What becomes of the locked card: HR that looks after the owner, or that is asked where nobody does.

    Never of the own card.
    """
    if viewer.person_id == dispute.owner_id or not viewer.employed or viewer.role is not Role.HR:
        return False
    asked = hr_of_person(session, dispute.owner_id, day)
    return viewer.person_id in asked or _oversees(session, viewer, dispute, day)


def has_judge(session: Session, dispute: Dispute, day: date) -> bool:
    """Whether the one who is to answer is in office and above the owner still; HR always is."""
    if dispute.judge_id is None:
        return True
    return dispute.judge_id in ladder_of(session, dispute.owner_id, SubjectKind(dispute.subject), day)


def require_sight(session: Session, viewer: Viewer, dispute: Dispute, day: date) -> None:
    """The owner, who is to answer, and those who see the owner's cards; money and the file HR alone.

    Raises NotAllowed.
    """
    if viewer.person_id == dispute.owner_id or may_judge(session, viewer, dispute, day):
        return
    is_for_hr = dispute.subject in JUDGED_BY_HR
    if (is_for_hr and viewer.role is not Role.HR) or not _oversees(session, viewer, dispute, day):
        raise NotAllowed("You may not see this dispute: ask the person, their manager or HR.")


def _oversees(session: Session, viewer: Viewer, dispute: Dispute, day: date) -> bool:
    month = Period.containing(PeriodKind.MONTH, day)
    return access.may_see_card(session, viewer, dispute.owner_id, month)


def _author(session: Session, dispute: Dispute) -> int | None:
    """Who made the entry of the file that is disputed."""
    if dispute.subject != SubjectKind.FILE_ENTRY:
        return None
    by = session.get_one(FileEntry, int(dispute.name)).by
    return session.scalar(sa.select(Person.id).where(Person.employee_id == by))
