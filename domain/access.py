"""Who may see and do what. Every service asks here, at every click.

Everybody sees their own card. A manager sees the people who belonged to the manager's subtree in the period:
to a unit the manager leads, or below the manager in the reporting line. HR sees the units it looks after;
where it is named for none, its own unit's subtree; where it has no unit either, the whole company. An
administrator runs the system and sees no scores.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from domain.errors import NotAllowed
from domain.people import service as people
from domain.people.model import Role
from domain.people.service import Tenure, UnitTree
from domain.periods import Period


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


class RankingRight(StrEnum):
    ALL = "all"
    """Every place by name: a manager of the unit, or its HR."""
    MEMBER = "member"
    """The first places by name and one's own."""


def require_card(session: Session, viewer: Viewer, person_id: int, period: Period) -> None:
    """Raises NotAllowed unless the viewer may see this person's card of this period."""
    if not may_see_card(session, viewer, person_id, period):
        raise NotAllowed("You may not see this person's card: ask their manager or HR.")


def may_see_card(session: Session, viewer: Viewer, person_id: int, period: Period) -> bool:
    return viewer.person_id == person_id or person_id in _Oversight(session, viewer, period).people(
        {person_id}
    )


def people_in_sight(session: Session, viewer: Viewer, period: Period) -> set[int]:
    """Everybody whose card of the period the viewer may see, the viewer included."""
    oversight = _Oversight(session, viewer, period, people.tenures(session))
    return oversight.people(set(oversight.tenures)) | {viewer.person_id}


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
    """What a viewer oversees in a period. Nothing, for reps, administrators and people who have left."""

    def __init__(
        self, session: Session, viewer: Viewer, period: Period, tenures: dict[int, Tenure] | None = None
    ) -> None:
        self.session = session
        self.viewer = viewer
        self.period = period
        self.tree: UnitTree = people.unit_tree(session)
        self.tenures = tenures or {}
        self.units = self._units()

    def tenure(self, person_id: int) -> Tenure | None:
        """Loaded when first asked for: a look at one card needs one reporting line, not the whole company."""
        if person_id not in self.tenures:
            self.tenures.update(people.tenures(self.session, {person_id}))
        return self.tenures.get(person_id)

    def _units(self) -> set[int]:
        me = self.viewer.person_id
        if not self.viewer.employed or self.viewer.role not in (Role.MANAGER, Role.HR):
            return set()
        named = {unit.id for unit in self.tree if unit.manager_id == me}
        if self.viewer.role is Role.HR:
            looked_after = {unit.id for unit in self.tree if unit.hr_id == me}
            named |= looked_after or self._own_unit()
        return self.tree.subtree_of(named)

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
        return {person_id for person_id in candidates if self._oversees(person_id)}

    def _oversees(self, person_id: int) -> bool:
        tenure = self.tenure(person_id)
        if tenure is None:
            return False
        placement = tenure.placement_in(self.period)
        return placement.unit_id in self.units or self._reports_to_viewer(person_id)

    def _reports_to_viewer(self, person_id: int) -> bool:
        seen: set[int] = set()
        current: int | None = person_id
        while current is not None and current not in seen:
            seen.add(current)
            tenure = self.tenure(current)
            current = tenure.placement_in(self.period).manager_id if tenure else None
            if current == self.viewer.person_id:
                return True
        return False


def viewer_is_employed(tenure: Tenure | None, today: date) -> bool:
    return tenure is not None and tenure.employed_on(today)
