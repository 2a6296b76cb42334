"""Targets as they are in force: one's own, and those of a unit and of all right below it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock, today
from domain.periods import Period, PeriodKind
from domain.scoring.rules_exact import exact_sum
from domain.targets.agreement_views import own_spans
from domain.targets.board import Board, board_in_force, months_in_force
from domain.targets.round_views import PartView, names_with_targets, part_view
from domain.targets.rules_span import Span
from domain.targets.rules_tree import Owner


@dataclass(frozen=True)
class OwnTarget:
    indicator: str
    amount: Decimal
    by_month: tuple[tuple[Period, Decimal], ...]


@dataclass(frozen=True)
class OwnTargets:
    span: str
    targets: tuple[OwnTarget, ...]
    agreements: tuple[int, ...]
    """Ids of what the viewer was asked to agree to about these months, the newest first."""


@dataclass(frozen=True)
class UnitTargets:
    """Of one indicator."""

    indicator: str
    span: str
    unit_name: str
    amount: Decimal | None
    rest: Decimal | None
    """What those right below do not have of it; below 0 where they have more."""
    parts: tuple[PartView, ...]


def own_targets(session: Session, viewer: Viewer, span: Span) -> OwnTargets:
    owner = Owner.person(viewer.person_id)
    found = []
    for indicator in names_with_targets(session):
        months = months_in_force(session, indicator, span.months, owner).get(owner)
        if months:
            found.append(OwnTarget(indicator, exact_sum(months.values()), tuple(months.items())))
    asked = [one for one, about in own_spans(session, viewer) if _overlap(about.months, span.months)]
    return OwnTargets(span.key, tuple(found), tuple(asked))


def unit_targets(
    session: Session, clock: Clock, viewer: Viewer, unit_id: int, span: Span
) -> tuple[UnitTargets, ...]:
    """Of each indicator with an amount for the unit or right below it. Raises NotAllowed, NotFound."""
    day = today(clock, viewer.company_zone)
    access.require_team(session, viewer, unit_id, Period.containing(PeriodKind.MONTH, day))
    boards = (board_in_force(session, clock, name, span, unit_id) for name in names_with_targets(session))
    return tuple(_unit(shown) for shown in boards if _says_anything(shown))


def _says_anything(shown: Board) -> bool:
    root = shown.tree.root
    return any(one in shown.tree.amounts for one in (root, *shown.tree.parts(root)))


def _unit(shown: Board) -> UnitTargets:
    root = shown.tree.root
    return UnitTargets(
        indicator=shown.round.indicator,
        span=shown.span.key,
        unit_name=shown.names[root],
        amount=shown.tree.amounts.get(root),
        rest=shown.tree.rest(root),
        parts=tuple(part_view(shown, owner) for owner in shown.tree.parts(root)),
    )


def _overlap(one: Collection[Period], other: Collection[Period]) -> bool:
    return not set(one).isdisjoint(other)
