"""Who may see and do what. Every service asks here, at every click.

Everybody sees their own card. A manager sees the people who belonged to the manager's subtree in the period:
to a unit the manager leads, or below the manager in the reporting line. HR sees the units it looks after;
where it is named for none, its own unit's subtree; where it has no unit either, the whole company. An
administrator runs the system and sees no scores.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.errors import NotAllowed, NotFound
from domain.people import service as people
from domain.people.model import Person, Role
from domain.people.rules import MANAGERS_SEE_PAY
from domain.people.service import Organisation, UnitTree
from domain.periods import Period, PeriodKind


@dataclass(frozen=True)
class Viewer:
    """The person who asks, as of this moment."""

    person_id: int
    employee_id: str
    name: str
    role: Role
    employed: bool
    """People who have left see their own cards and nothing else."""
    locale: str
    time_zone: str
    company_zone: str
    """What day it is for the company, and so which month runs, is said by this one."""


@dataclass(frozen=True)
class CommandLine:
    """Who runs commands on the machine itself: may do what HR may for the whole company."""

    name: str
    """`cli:<user>`, for the records."""


Actor = Viewer | CommandLine


def name_of(actor: Actor) -> str:
    """For the records."""
    return actor.name if isinstance(actor, CommandLine) else actor.employee_id


class RankingRight(StrEnum):
    ALL = "all"
    """Every place by name: a manager of the unit, or its HR."""
    MEMBER = "member"
    """The first places by name and one's own."""


def is_operator(viewer: Viewer) -> bool:
    """Whether the viewer runs the system: sees how its sources are, and may have them read again."""
    return viewer.role is Role.ADMIN and viewer.employed


def require_operator(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer runs the system: refused rows may name anybody in the company."""
    if not is_operator(viewer):
        raise NotAllowed("You may not see or run sources: that is for administrators.")


def require_hr(actor: Actor) -> None:
    """Raises NotAllowed unless the actor is HR: closing a period and the like are for the whole company."""
    if isinstance(actor, CommandLine):
        return
    if actor.role is not Role.HR or not actor.employed:
        raise NotAllowed("This is for HR: ask them.")


def require_card(session: Session, viewer: Viewer, person_id: int, period: Period) -> None:
    """Raises NotAllowed unless the viewer may see this person's card of this period."""
    if not may_see_card(session, viewer, person_id, period):
        raise NotAllowed("You may not see this person's card: ask their manager or HR.")


def may_see_card(session: Session, viewer: Viewer, person_id: int, period: Period) -> bool:
    return viewer.person_id == person_id or person_id in _Oversight(session, viewer, period).people(
        {person_id}
    )


def require_pay(session: Session, actor: Actor, person_id: int, period: Period) -> None:
    """Raises NotAllowed unless the actor may see what this person is paid: the person, and HR.

    Those who lead the person may where the policy `managers_see_pay` says so.
    """
    if isinstance(actor, CommandLine):
        return
    if person_id not in payees_in_sight(session, actor, period, {person_id}):
        raise NotAllowed("You may not see what this person is paid: that is between them and HR.")


def payees_in_sight(
    session: Session, viewer: Viewer, period: Period, person_ids: Collection[int]
) -> set[int]:
    """Those of the people whose pay of the period the viewer may see."""
    own = {viewer.person_id} & set(person_ids)
    may_see_others = viewer.role is Role.HR or (
        viewer.role is Role.MANAGER and people.company(session).policies.get(MANAGERS_SEE_PAY) is True
    )
    return own | seen_among(session, viewer, period, person_ids) if may_see_others else own


def may_run_payroll(session: Session, actor: Actor, period: Period) -> bool:
    """Whether the actor is HR that looks after the whole company: a payroll is of everybody."""
    if isinstance(actor, CommandLine):
        return True
    return actor.role is Role.HR and _Oversight(session, actor, period).is_of_all_units()


def require_payroll(session: Session, actor: Actor, period: Period) -> None:
    """Raises NotAllowed unless the actor may hand over a payroll, and look at one."""
    require_hr(actor)
    if not may_run_payroll(session, actor, period):
        raise NotAllowed("The payroll is of the whole company, and you look after a part of it: ask head HR.")


def require_pay_setting(session: Session, actor: Actor, person_id: int, period: Period) -> None:
    """Raises NotAllowed unless the actor is HR that looks after the person, and somebody else."""
    if isinstance(actor, CommandLine):
        return
    if actor.person_id == person_id:
        raise NotAllowed("Nobody decides about their own pay: ask a colleague in HR.")
    if actor.role is not Role.HR or person_id not in payees_in_sight(session, actor, period, {person_id}):
        raise NotAllowed("You may not decide about this person's pay: that is for HR.")


def people_in_sight(session: Session, viewer: Viewer, period: Period) -> set[int]:
    """Everybody whose card of the period the viewer may see, the viewer included."""
    everybody = set(session.scalars(sa.select(Person.id)))
    return seen_among(session, viewer, period, everybody) | {viewer.person_id}


def seen_among(
    session: Session,
    viewer: Viewer,
    period: Period,
    person_ids: Collection[int],
    organisation: Organisation | None = None,
) -> set[int]:
    """Those of the people whose card of the period the viewer may see; asked for all of them at once."""
    oversight = _Oversight(session, viewer, period, organisation)
    return oversight.people(set(person_ids)) | ({viewer.person_id} & set(person_ids))


def led_units(
    session: Session, viewer: Viewer, period: Period, organisation: Organisation | None = None
) -> set[int]:
    """The units a viewer leads or looks after, without those below another of them."""
    oversight = _Oversight(session, viewer, period, organisation)
    return {unit_id for unit_id in oversight.named if not oversight.is_below_another(unit_id)}


def overseen_units(
    session: Session, viewer: Viewer, period: Period, organisation: Organisation | None = None
) -> set[int]:
    """The units a viewer leads or looks after, and everything below them."""
    return _Oversight(session, viewer, period, organisation).units


def reports(
    session: Session, viewer: Viewer, period: Period, organisation: Organisation | None = None
) -> set[int]:
    """Everybody who reported to the viewer in the period, at any distance."""
    if not viewer.employed or viewer.role not in (Role.MANAGER, Role.HR):
        return set()
    candidates = people.ever_below(session, viewer.person_id)
    oversight = _Oversight(session, viewer, period, organisation)
    oversight.organisation.read(candidates)
    return {person_id for person_id in candidates if oversight.reports_to_viewer(person_id)}


def require_team(
    session: Session, viewer: Viewer, unit_id: int, period: Period, organisation: Organisation | None = None
) -> None:
    """Raises NotAllowed unless the viewer leads or looks after the unit, or one above it; or NotFound."""
    oversight = _Oversight(session, viewer, period, organisation)
    if unit_id not in oversight.tree.by_id:
        raise NotFound("This unit is not there any more: name another one.")
    if unit_id not in oversight.units:
        raise NotAllowed(
            "You may not see the team of {unit}: that is for those who lead it or look after it.",
            unit=oversight.tree.by_id[unit_id].path,
        )


def require_target_setting(session: Session, actor: Actor, unit_id: int, day: date) -> None:
    """Raises NotAllowed unless the actor sets the targets of a unit as a whole: HR that looks after it."""
    if isinstance(actor, CommandLine):
        return
    if actor.role is not Role.HR or unit_id not in overseen_units(session, actor, _month(day)):
        raise no_target_setting()


def no_target_setting() -> NotAllowed:
    return NotAllowed("You may not set these targets: that is for HR.")


def may_set_targets(session: Session, actor: Actor, unit_id: int, day: date) -> bool:
    """As `require_target_setting`."""
    try:
        require_target_setting(session, actor, unit_id, day)
    except NotAllowed:
        return False
    return True


def require_splitting(session: Session, actor: Actor, unit_id: int, day: date) -> None:
    """Raises NotAllowed unless the actor leads or looks after the unit: managers split their own only."""
    if isinstance(actor, CommandLine):
        return
    if unit_id not in overseen_units(session, actor, _month(day)):
        raise NotAllowed(
            "You may not split the targets of this unit: that is for those who lead it, and for HR."
        )


def require_file(session: Session, viewer: Viewer, person_id: int, day: date) -> None:
    """Raises NotAllowed unless it is the viewer's own, or the viewer sees the person's card of the month."""
    if not may_see_card(session, viewer, person_id, _month(day)):
        raise NotAllowed("You may not see this person's file: it is for the person, those above and HR.")


def may_keep_file(session: Session, actor: Actor, person_id: int, day: date) -> bool:
    """HR that looks after the person; nobody writes into their own."""
    if isinstance(actor, CommandLine):
        return True
    is_of_other = actor.role is Role.HR and actor.person_id != person_id
    return is_of_other and may_see_card(session, actor, person_id, _month(day))


def require_keeping_file(session: Session, actor: Actor, person_id: int, day: date) -> None:
    """Raises NotAllowed unless `may_keep_file`."""
    if not may_keep_file(session, actor, person_id, day):
        raise NotAllowed(
            "A person's file is written by HR that looks after the person: nobody writes their own."
        )


def _month(day: date) -> Period:
    return Period.containing(PeriodKind.MONTH, day)


def ranking_right(session: Session, viewer: Viewer, unit_id: int, period: Period) -> RankingRight:
    """How much of a unit's ranking the viewer may see. Raises NotAllowed where it is nothing."""
    oversight = _Oversight(session, viewer, period)
    if unit_id in oversight.units:
        return RankingRight.ALL
    if viewer.role is Role.ADMIN:
        raise NotAllowed("Administrators run Pacesetter and see no rankings.")
    if not viewer.employed:
        raise NotAllowed("People who have left see their own cards, and no rankings.")
    own = oversight.tenure(viewer.person_id)
    if own is not None and own.employed_during(period):
        path = oversight.tree.path_to(own.placement_in(period).unit_id)
        if any(unit.id == unit_id for unit in path):
            return RankingRight.MEMBER
    raise NotAllowed(
        "You may not see the ranking of {unit}: you can see those of your own units.",
        unit=oversight.tree.by_id[unit_id].path,
    )


class _Oversight:
    """What a viewer oversees in a period. Nothing, for reps, administrators and people who have left.

    Who looks at several periods hands over the organisation, to have it read once.
    """

    def __init__(
        self, session: Session, viewer: Viewer, period: Period, organisation: Organisation | None = None
    ) -> None:
        self.viewer = viewer
        self.period = period
        self.organisation = organisation or Organisation(session)
        self.tree: UnitTree = self.organisation.tree
        self.tenure = self.organisation.tenure
        self.named = self._named_units()
        self.units = self.tree.subtree_of(self.named)

    def is_of_all_units(self) -> bool:
        return bool(self.units) and all(unit.id in self.units for unit in self.tree)

    def is_below_another(self, unit_id: int) -> bool:
        return any(unit.id in self.named for unit in self.tree.path_to(unit_id)[:-1])

    def _named_units(self) -> set[int]:
        """The units whose subtrees the viewer oversees."""
        me = self.viewer.person_id
        if not self.viewer.employed or self.viewer.role not in (Role.MANAGER, Role.HR):
            return set()
        named = {unit.id for unit in self.tree if unit.manager_id == me}
        if self.viewer.role is Role.HR:
            looked_after = {unit.id for unit in self.tree if unit.hr_id == me}
            named |= looked_after or self._own_unit()
        return named

    def _own_unit(self) -> set[int]:
        """The unit of the viewer; of one who belongs to none, the company's root units."""
        own = self.tenure(self.viewer.person_id)
        if own is None:
            return set()
        unit_id = own.placement_in(self.period).unit_id
        return {unit.id for unit in self.tree if unit.parent_id is None} if unit_id is None else {unit_id}

    def people(self, candidates: set[int]) -> set[int]:
        """Those of the candidates who belonged to the overseen units or reported to the viewer."""
        if not self.viewer.employed or self.viewer.role not in (Role.MANAGER, Role.HR):
            return set()
        self.organisation.read(candidates)
        return {person_id for person_id in candidates if self._oversees(person_id)}

    def _oversees(self, person_id: int) -> bool:
        tenure = self.tenure(person_id)
        if tenure is None:
            return False
        placement = tenure.placement_in(self.period)
        return placement.unit_id in self.units or self.reports_to_viewer(person_id)

    def reports_to_viewer(self, person_id: int) -> bool:
        seen: set[int] = set()
        current: int | None = person_id
        while current is not None and current not in seen:
            seen.add(current)
            tenure = self.tenure(current)
            current = tenure.placement_in(self.period).manager_id if tenure else None
            if current == self.viewer.person_id:
                return True
        return False
