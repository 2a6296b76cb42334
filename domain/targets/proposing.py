"""Proposals from history for a round of targets: looked at first, then taken whole."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from domain import access
from domain.access import Actor
from domain.clock import Clock, today
from domain.errors import N_, BadField, BadInput
from domain.people import service as people
from domain.periods import Period
from domain.scoring.rules_exact import exact_sum, quotient
from domain.scoring.rules_inputs import Employment
from domain.scoring.rules_targets import days_within, eligible_spans
from domain.targets.board import Board, board
from domain.targets.looking_back import reached_with
from domain.targets.members import MONTHS_LOOKED_BACK, Member
from domain.targets.model import How, TargetRound
from domain.targets.rounds import set_amounts
from domain.targets.rules_history import Attainability
from domain.targets.rules_proposal import (
    Basis,
    MonthAhead,
    Proposed,
    proposed_for,
    recent,
    summed,
    usual_months,
)
from domain.targets.rules_tree import Owner, Tree

LEAST_GROWTH, MOST_GROWTH = Decimal(-90), Decimal(500)


@dataclass(frozen=True)
class Terms:
    growth: Decimal = Decimal(0)
    """In percent."""
    months: int = 6
    """How many months back the usual month is taken from."""


@dataclass(frozen=True)
class ProposedAmount:
    owner: Owner
    name: str
    called: str
    """A unit's path, or an employee id."""
    depth: int
    """Below the unit that is proposed for, which is 0."""
    proposed: Proposed
    reached: Attainability | None
    """Of the amount, over the last year."""


@dataclass(frozen=True)
class Proposal:
    round_id: int
    indicator: str
    span: str
    unit: Owner
    terms: Terms
    rows: tuple[ProposedAmount, ...]
    """From the unit down, each before those below it."""
    months: int
    """Of the past that it stands on: fewer than asked for where fewer are known."""

    @property
    def whole(self) -> ProposedAmount:
        return self.rows[0]


def propose(
    session: Session, clock: Clock, actor: Actor, round_: TargetRound, unit_id: int, terms: Terms
) -> Proposal:
    """For a unit and everybody below it. Raises NotAllowed, or BadInput where there is nothing to go by."""
    _require_terms(terms)
    access.require_splitting(session, actor, unit_id, today(clock, people.company(session).time_zone))
    shown = board(session, clock, round_)
    unit = Owner.unit(unit_id)
    if not shown.tree.parts(unit):
        raise BadInput(
            "{unit} has nobody below it who takes part in these targets.",
            unit=shown.names.get(unit, str(unit_id)),
        )
    tree = Tree(unit, shown.tree.below, {})
    found = _amounts(shown, tree, terms)
    depths = _depths(tree)
    return Proposal(
        round_id=round_.id,
        indicator=round_.indicator,
        span=round_.span,
        unit=unit,
        terms=terms,
        rows=tuple(
            ProposedAmount(
                owner,
                shown.names[owner],
                shown.ids[owner],
                depths[owner],
                found[owner],
                reached_with(shown, owner, found[owner].amount),
            )
            for owner in tree.walk()
        ),
        months=len(_recent(shown, terms)),
    )


def take(
    session: Session, clock: Clock, actor: Actor, round_: TargetRound, unit_id: int, terms: Terms
) -> int:
    """Give everybody below the unit what is proposed, and the unit too where it is the root; how many.

    Raises NotAllowed or BadInput.
    """
    proposal = propose(session, clock, actor, round_, unit_id, terms)
    amounts = {row.owner: row.proposed.amount for row in proposal.rows}
    day = today(clock, people.company(session).time_zone)
    if unit_id != round_.unit_id or not access.may_set_targets(session, actor, unit_id, day):
        del amounts[proposal.unit]
    set_amounts(session, clock, actor, round_, amounts, How.PROPOSAL)
    return len(amounts)


def _amounts(shown: Board, tree: Tree, terms: Terms) -> dict[Owner, Proposed]:
    """Raises BadInput where nobody has any history."""
    kept = _recent(shown, terms)
    members = [one for one in tree.walk() if not one.is_unit]
    past = {one: [done for done in shown.history.get(one.id, ()) if done.month in kept] for one in members}
    usual = usual_months(tree, past)
    if all(usual[one][1] is Basis.NONE for one in members):
        raise BadInput(
            "Nobody has a full month of {indicator} in the last {n} months: give amounts by hand.",
            indicator=shown.round.indicator,
            n=terms.months,
        )
    mean_weight = quotient(exact_sum(shown.season.weights), Decimal(len(shown.season.weights)))
    found = {
        one: proposed_for(
            *usual[one], _ahead(shown, shown.members[one]), mean_weight, terms.growth, shown.round.step
        )
        for one in members
    }
    return summed(tree, found)


def _ahead(shown: Board, member: Member) -> list[MonthAhead]:
    present = member.months_present(shown.span)
    return [
        _month_ahead(member, month, weight)
        for month, weight in zip(shown.span.months, shown.season.weights, strict=True)
        if month in present
    ]


def _month_ahead(member: Member, month: Period, weight: Decimal) -> MonthAhead:
    employment = Employment(member.tenure.hired_on, member.tenure.left_on)
    spans = eligible_spans(employment, (), month.start, month.last_day)
    return MonthAhead(
        weight,
        member.plan.ramp_factor(employment.months_since_hire(month.start)),
        days_within(spans, month.start, month.last_day),
        month.days,
    )


def _recent(shown: Board, terms: Terms) -> frozenset[Period]:
    return recent(list(shown.history.values()), terms.months)


def _depths(tree: Tree) -> dict[Owner, int]:
    depths = {tree.root: 0}
    for owner in tree.walk():
        depths |= dict.fromkeys(tree.parts(owner), depths[owner] + 1)
    return depths


def _require_terms(terms: Terms) -> None:
    if not LEAST_GROWTH <= terms.growth <= MOST_GROWTH:
        raise BadField(
            "growth",
            N_("Growth is in percent, from {least} to {most}."),
            least=LEAST_GROWTH,
            most=MOST_GROWTH,
        )
    if not 1 <= terms.months <= MONTHS_LOOKED_BACK:
        raise BadField("months", N_("Look back over 1 to {most} months."), most=MONTHS_LOOKED_BACK)
