"""A round of targets as somebody sees it who splits a unit, or sets the whole."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock, today
from domain.errors import NotAllowed, NotFound
from domain.people import service as people
from domain.people.model import Role
from domain.periods import Period, PeriodKind
from domain.plans.service import parsed, plan_versions
from domain.targets.board import Board, board
from domain.targets.looking_back import looking_back
from domain.targets.model import TargetRound
from domain.targets.rounds import open_rounds
from domain.targets.rules_history import Attainability
from domain.targets.rules_tree import Owner


@dataclass(frozen=True)
class PartView:
    """A unit or a person right below the unit that is shown."""

    owner: Owner
    name: str
    called: str
    """A unit's path, or an employee id."""
    amount: Decimal | None
    rest: Decimal | None
    """What of a unit's amount is still to be split."""
    usual_month: Decimal | None
    """What a full month brought a person in the year before, on average; to the round's step."""
    reached: Attainability | None
    """Of the amount, in these months."""


@dataclass(frozen=True)
class RoundView:
    round_id: int
    indicator: str
    span: str
    step: Decimal
    unit: Owner
    unit_name: str
    amount: Decimal | None
    rest: Decimal | None
    parts: tuple[PartView, ...]
    units: tuple[tuple[int, str], ...]
    """Ids and paths of those the viewer may split, from the top down."""
    sets_the_whole: bool
    """Whether the viewer may publish and drop."""
    unbalanced: tuple[tuple[str, Decimal], ...]
    """Units with what is left to split, root first; to those who set the whole."""
    without_amount: int
    """Owners in the whole tree who have none yet; to those who set the whole."""


def rounds_in_sight(session: Session, clock: Clock, viewer: Viewer) -> list[RoundView]:
    """The open rounds in which the viewer splits a unit or sets the whole, each at the topmost such unit."""
    if not viewer.employed or viewer.role not in (Role.MANAGER, Role.HR):
        return []
    views = []
    for round_ in open_rounds(session):
        try:
            views.append(round_view(session, clock, viewer, round_.id))
        except NotAllowed:
            continue
    return views


def round_view(
    session: Session, clock: Clock, viewer: Viewer, round_id: int, unit_id: int | None = None
) -> RoundView:
    """A unit of an open round; without one, the topmost that the viewer may split.

    Raises NotFound for a round that is over and a unit that takes no part, NotAllowed.
    """
    round_ = open_round_by_id(session, round_id)
    shown = board(session, clock, round_)
    day = today(clock, people.company(session).time_zone)
    units = _units_to_split(session, shown, viewer, day)
    if not units:
        raise NotAllowed("You may not split these targets: that is for those who lead a unit, and for HR.")
    unit = Owner.unit(unit_id) if unit_id is not None else units[0]
    if unit not in units:
        access.require_splitting(session, viewer, unit.id, day)
        raise NotFound("Nobody below this unit takes part in these targets: look at /targets.")
    sets_the_whole = access.may_set_targets(session, viewer, shown.tree.root.id, day)
    return RoundView(
        round_id=round_.id,
        indicator=round_.indicator,
        span=round_.span,
        step=round_.step,
        unit=unit,
        unit_name=shown.names[unit],
        amount=shown.tree.amounts.get(unit),
        rest=shown.tree.rest(unit),
        parts=tuple(part_view(shown, owner) for owner in shown.tree.parts(unit)),
        units=tuple((one.id, shown.names[one]) for one in units),
        sets_the_whole=sets_the_whole,
        unbalanced=_unbalanced(shown) if sets_the_whole else (),
        without_amount=_without_amount(shown) if sets_the_whole else 0,
    )


@dataclass(frozen=True)
class Settable:
    """What somebody may begin a round of targets for."""

    indicators: tuple[str, ...]
    units: tuple[tuple[int, str], ...]
    """Ids and paths, from the top down."""


def settable(session: Session, clock: Clock, viewer: Viewer) -> Settable:
    """What the plans in force read against targets, and the units that the viewer sets them for as HR.

    Raises NotAllowed where there is no such unit.
    """
    day = today(clock, viewer.company_zone)
    month = Period.containing(PeriodKind.MONTH, day)
    tree, overseen = people.unit_tree(session), access.overseen_units(session, viewer, month)
    units = sorted(
        ((unit.id, unit.path) for unit in tree if unit.id in overseen),
        key=lambda one: len(tree.path_to(one[0])),
    )
    if not units:
        raise access.no_target_setting()
    access.require_target_setting(session, viewer, units[0][0], day)
    return Settable(tuple(names_with_targets(session)), tuple(units))


def names_with_targets(session: Session) -> list[str]:
    """The indicators that any plan reads against targets, each once."""
    plans = [parsed(version) for version in plan_versions(session)]
    return list(dict.fromkeys(one.name for plan in plans for one in plan.indicators if one.has_target))


def open_round_by_id(session: Session, round_id: int) -> TargetRound:
    found = session.get(TargetRound, round_id)
    if found is None or found.published_at is not None or found.dropped_at is not None:
        raise NotFound("These targets are not being set any more: look at /targets.")
    return found


def _units_to_split(session: Session, shown: Board, viewer: Viewer, day: date) -> list[Owner]:
    """Those with somebody below, in the order of the tree."""
    month = Period.containing(PeriodKind.MONTH, day)
    seen = access.overseen_units(session, viewer, month)
    return [one for one in shown.tree.walk() if one.is_unit and one.id in seen and shown.tree.parts(one)]


def part_view(shown: Board, owner: Owner) -> PartView:
    amount = shown.tree.amounts.get(owner)
    usual, reached = looking_back(shown, owner)
    return PartView(
        owner=owner,
        name=shown.names[owner].rpartition("/")[2] if owner.is_unit else shown.names[owner],
        called=shown.ids[owner],
        amount=amount,
        rest=shown.tree.rest(owner),
        usual_month=usual,
        reached=reached,
    )


def _unbalanced(shown: Board) -> tuple[tuple[str, Decimal], ...]:
    return tuple((shown.names[unit], left) for unit, left in shown.tree.unbalanced().items())


def _without_amount(shown: Board) -> int:
    return sum(owner not in shown.tree.amounts for owner in shown.tree.walk())
