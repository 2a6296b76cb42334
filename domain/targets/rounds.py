"""Rounds of targets: opened by HR, split down the tree by those who lead its units, published whole."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor
from domain.arrivals import Arrival
from domain.clock import Clock, today
from domain.database import one_at_a_time
from domain.errors import N_, BadInput, NotFound
from domain.loads import latest_load_id
from domain.people import service as people
from domain.people.model import Person, Unit
from domain.people.service import UnitTree
from domain.scoring.rules_exact import exact_sum, product
from domain.targets import posts
from domain.targets.amounts import store_amounts
from domain.targets.asking import ask_owners
from domain.targets.board import Board, board, owner_of
from domain.targets.members import members_of
from domain.targets.model import How, RoundAmount, TargetRound
from domain.targets.monthly import locked_months, monthly_targets
from domain.targets.rules_history import full_month, to_step
from domain.targets.rules_span import Season, Span
from domain.targets.rules_split import apportion
from domain.targets.rules_tree import FINEST_STEP, Owner, Tree

ORIGIN = "targets"
"""Of the loads that publishing makes."""


class NotAnAmount(BadInput):
    """`owner` is to have what cannot be a target."""

    def __init__(self, owner: Owner, amount: Decimal, step: Decimal) -> None:
        sentence = N_("{amount} cannot be a target here: it is 0 or more, in steps of {step}.")
        super().__init__(sentence, amount=amount, step=step)
        self.owner = owner


def open_round(
    session: Session,
    clock: Clock,
    actor: Actor,
    indicator: str,
    span: Span,
    amount: Decimal,
    *,
    unit_id: int | None = None,
    season: Season | None = None,
    step: Decimal = Decimal(1),
) -> TargetRound:
    """Begin to set the targets of one indicator. One at a time for an indicator and a span.

    Raises NotAllowed, or BadInput for what cannot be: nobody is read against such a target, the span is
    locked, the amount is no multiple of the step.
    """
    if step <= 0:
        raise BadInput("Amounts go in steps above 0, not of {step}.", step=step)
    units = people.unit_tree(session)
    root_id = whole_company(units) if unit_id is None else unit_id
    access.require_target_setting(session, actor, root_id, today(clock, people.company(session).time_zone))
    one_at_a_time(session, f"targets:{indicator}:{span}")
    already = _open(session, indicator, span)
    if already is not None:
        raise BadInput(
            "Targets of {indicator} for {span} are being set already, for {unit}: one round at a time.",
            indicator=indicator,
            span=span.key,
            unit=units.by_id[already.unit_id].path,
        )
    if not members_of(session, units, indicator, span, root_id):
        raise BadInput(
            "Nobody in {unit} is read against a target of {indicator} in {span}: check its name in the plan.",
            unit=units.by_id[root_id].path,
            indicator=indicator,
            span=span.key,
        )
    begun = TargetRound(
        indicator=indicator,
        span=span.key,
        unit_id=root_id,
        season=[str(weight) for weight in (season or Season.level(span)).weights],
        step=step,
        opened_at=clock.now(),
        opened_by=access.name_of(actor),
    )
    session.add(begun)
    session.flush()
    _set(session, clock, actor, begun, {Owner.unit(root_id): amount}, How.TYPED)
    audit.record(
        session,
        clock,
        access.name_of(actor),
        "targets.open",
        f"{indicator}:{span}",
        {"unit": units.by_id[root_id].path, "amount": str(amount), "step": str(step)},
    )
    return begun


def open_rounds(session: Session) -> list[TargetRound]:
    return list(session.scalars(sa.select(TargetRound).where(_IS_OPEN).order_by(TargetRound.id)))


def round_of(session: Session, indicator: str, span: Span) -> TargetRound:
    """The one that is being worked on. Raises NotFound."""
    found = _open(session, indicator, span)
    if found is None:
        raise NotFound(
            "No targets of {indicator} are being set for {span}: open a round first.",
            indicator=indicator,
            span=span.key,
        )
    return found


def set_amounts(
    session: Session,
    clock: Clock,
    actor: Actor,
    round_: TargetRound,
    amounts: Mapping[Owner, Decimal],
    how: How = How.TYPED,
) -> None:
    """Give amounts by hand, or from a file. Who leads a unit gives to those below it, HR to the root too.

    Raises NotAllowed, or BadInput for an owner that takes no part and an amount that cannot be.
    """
    shown = board(session, clock, round_)
    above = {part: unit for unit, parts in shown.tree.below.items() for part in parts}
    day = today(clock, people.company(session).time_zone)
    givers = {above[owner].id for owner in amounts if owner in above}
    if shown.tree.root in amounts:
        access.require_target_setting(session, actor, shown.tree.root.id, day)
    for unit_id in sorted(givers):
        access.require_splitting(session, actor, unit_id, day)
    for owner in amounts:
        if owner != shown.tree.root and owner not in above:
            raise BadInput("{owner} takes no part in these targets.", owner=_called(session, owner))
    _set(session, clock, actor, round_, amounts, how)


def split(
    session: Session,
    clock: Clock,
    actor: Actor,
    round_: TargetRound,
    unit_id: int,
    how: How,
    shares: Mapping[Owner, Decimal] | None = None,
) -> dict[Owner, Decimal]:
    """Give a unit's whole amount to those right below it; what each gets.

    By `shares` that are given; by headcount: months of work, each by its weight in the season; or by
    history: what a full month brought in the year before × those months. Raises NotAllowed, or BadInput
    where there is nothing to split, or to split by.
    """
    shown = board(session, clock, round_)
    unit = Owner.unit(unit_id)
    parts, amount = shown.tree.parts(unit), shown.tree.amounts.get(unit)
    if amount is None or not parts:
        raise BadInput(
            "{unit} has no amount to split in these targets, or nobody below it.",
            unit=shown.names.get(unit, str(unit_id)),
        )
    weights = weights_of(shown, parts, how, shares or {})
    if not any(weights.values()):
        raise BadInput(
            "There is nothing to split the amount of {unit} by: choose another way.", unit=shown.names[unit]
        )
    given = apportion(amount, weights, round_.step)
    set_amounts(session, clock, actor, round_, given, how)
    return given


def weights_of(
    shown: Board, parts: tuple[Owner, ...], how: How, shares: Mapping[Owner, Decimal]
) -> dict[Owner, Decimal]:
    """What an amount is split by; a unit weighs what its members weigh together."""
    if how is How.SHARE:
        return {part: shares.get(part, Decimal(0)) for part in parts}
    each = _weights_of_members(shown, how)
    below = {part: _members_below(shown.tree, part) for part in parts}
    return {part: sum((each[one] for one in ones), Decimal(0)) for part, ones in below.items()}


def publish(
    session: Session, clock: Clock, actor: Actor, round_: TargetRound, because: str | None = None
) -> int:
    """Write the amounts as targets, month by month, for their owners to confirm; how many changed.

    Locked months keep what they have, and it counts towards the span. Raises NotAllowed; BadInput where
    amounts are missing, where parts do not sum to the whole and no reason is given, or where the locked
    months alone come to more than an amount.
    """
    day = today(clock, people.company(session).time_zone)
    access.require_target_setting(session, actor, round_.unit_id, day)
    arrival = Arrival(session, clock, ORIGIN, access.name_of(actor))
    shown = board(session, clock, round_)
    _require_balance(shown, because)
    targets = monthly_targets(session, shown, locked_months(session, shown.span))
    changed = store_amounts(arrival, targets, for_good=True)
    asked = ask_owners(session, clock, shown)
    round_.published_at, round_.published_by = clock.now(), access.name_of(actor)
    round_.unbalanced_because = because if shown.tree.unbalanced() else None
    audit.record(
        session,
        clock,
        access.name_of(actor),
        "targets.publish",
        f"{round_.indicator}:{round_.span}",
        {
            "load": latest_load_id(session),
            "amounts": {
                shown.ids[owner]: str(amount) for owner, amount in sorted(shown.tree.amounts.items())
            },
            "unbalanced_because": round_.unbalanced_because,
        },
    )
    posts.tell_asked(session, clock, asked)
    return changed


def drop(session: Session, clock: Clock, actor: Actor, round_: TargetRound) -> None:
    """End a round without targets."""
    day = today(clock, people.company(session).time_zone)
    access.require_target_setting(session, actor, round_.unit_id, day)
    round_.dropped_at, round_.dropped_by = clock.now(), access.name_of(actor)
    audit.record(session, clock, access.name_of(actor), "targets.drop", f"{round_.indicator}:{round_.span}")


_IS_OPEN = sa.and_(TargetRound.published_at.is_(None), TargetRound.dropped_at.is_(None))


def _open(session: Session, indicator: str, span: Span) -> TargetRound | None:
    return session.scalar(
        sa.select(TargetRound).where(
            TargetRound.indicator == indicator, TargetRound.span == span.key, _IS_OPEN
        )
    )


def _called(session: Session, owner: Owner) -> str:
    if owner.is_unit:
        return session.get_one(Unit, owner.id).path
    return session.get_one(Person, owner.id).employee_id


def whole_company(units: UnitTree) -> int:
    """The unit at the top. Raises BadInput where there are several, or none."""
    roots = [unit.id for unit in units if unit.parent_id is None]
    if not roots:
        raise BadInput("There is no unit yet: import a company first.")
    if len(roots) != 1:
        raise BadInput("There are several units at the top: name the one to set targets for.")
    return roots[0]


def _set(
    session: Session,
    clock: Clock,
    actor: Actor,
    round_: TargetRound,
    amounts: Mapping[Owner, Decimal],
    how: How,
) -> None:
    for owner, amount in amounts.items():
        if amount < 0 or amount % round_.step:
            raise NotAnAmount(owner, amount, round_.step)
    rows = session.scalars(sa.select(RoundAmount).where(RoundAmount.round_id == round_.id))
    known = {owner_of(row): row for row in rows}
    for owner, amount in amounts.items():
        row = known.get(owner) or RoundAmount(
            round_id=round_.id,
            unit_id=owner.id if owner.is_unit else None,
            person_id=None if owner.is_unit else owner.id,
        )
        row.amount, row.how = amount, how
        row.set_at, row.set_by = clock.now(), access.name_of(actor)
        session.add(row)
    session.flush()


def _members_below(tree: Tree, owner: Owner) -> list[Owner]:
    return [one for one in tree.walk_from(owner) if not one.is_unit]


def _weights_of_members(shown: Board, how: How) -> dict[Owner, Decimal]:
    """By history, somebody with none is taken to do as the others do on average."""
    months = {
        owner: exact_sum(
            weight
            for month, weight in zip(shown.span.months, shown.season.weights, strict=True)
            if month in member.months_present(shown.span)
        )
        for owner, member in shown.members.items()
    }
    if how is not How.HISTORY:
        return months
    usual = {owner: full_month(shown.history[owner.id]) for owner in shown.members}
    known = [one for one in usual.values() if one is not None]
    average = sum(known, Fraction(0)) / len(known) if known else Fraction(0)
    return {
        owner: product(to_step(average if one is None else one, FINEST_STEP), months[owner])
        for owner, one in usual.items()
    }


def _require_balance(shown: Board, because: str | None) -> None:
    if because:
        return
    for unit, left in shown.tree.unbalanced().items():
        raise BadInput(
            "What stands below {unit} does not sum to its amount: {rest} are left to split. Split them, or "
            "publish with a reason.",
            unit=shown.names[unit],
            rest=left,
        )
    for owner in shown.tree.walk():
        if owner not in shown.tree.amounts:
            raise BadInput(
                "{owner} has no amount in these targets. Give one, 0 perhaps, or publish with a reason.",
                owner=shown.names[owner],
            )
