"""A round of targets as it stands: the tree, who takes part, and what each has and has achieved."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.clock import Clock, today
from domain.people import service as people
from domain.people.model import Person
from domain.periods import Period
from domain.scoring.rules_exact import exact_sum
from domain.scoring.rules_inputs import TargetAmount
from domain.scoring.rules_targets import blended
from domain.targets.members import Member, member, members_of, tree_of, year_before
from domain.targets.model import How, RoundAmount, Target, TargetRound
from domain.targets.rules_history import MonthDone
from domain.targets.rules_span import Season, Span
from domain.targets.rules_tree import Owner, Tree


@dataclass(frozen=True)
class Board:
    """A round as it stands: who takes part, what each has, what they achieved in the year before."""

    round: TargetRound
    span: Span
    season: Season
    tree: Tree
    members: Mapping[Owner, Member]
    names: Mapping[Owner, str]
    """A unit's path; a person's name."""
    ids: Mapping[Owner, str]
    """What a file calls them: a unit's path; a person's employee id."""
    how: Mapping[Owner, How]
    history: Mapping[int, tuple[MonthDone, ...]]
    """By person id."""

    def months_present(self, owner: Owner) -> frozenset[Period]:
        """All, of a unit, and of a person who is read against no such target any more."""
        found = self.members.get(owner)
        return found.months_present(self.span) if found else frozenset(self.span.months)


def board(session: Session, clock: Clock, round_: TargetRound) -> Board:
    """A round, with the amounts that it has given so far to those who take part now."""
    rows = session.scalars(sa.select(RoundAmount).where(RoundAmount.round_id == round_.id)).all()
    amounts = {owner_of(row): row.amount for row in rows}
    return _board_below(session, clock, round_, amounts, {owner_of(row): How(row.how) for row in rows})


def board_of_owner(
    session: Session, clock: Clock, round_: TargetRound, owner: Owner, amount: Decimal
) -> Board:
    """One owner of a round and those below, as if nobody else were there and only the owner had an amount.

    Wherever they are by now: people are transferred, and units moved, out of what a round is for.
    """
    if owner.is_unit:
        return _board_below(session, clock, round_, {owner: amount}, {}, root_id=owner.id)
    found = member(session, round_.indicator, Span.parse(round_.span), owner.id)
    return _board(session, clock, round_, Tree(owner, {}, {owner: amount}), [found] if found else [], {})


def board_in_force(session: Session, clock: Clock, indicator: str, span: Span, root_id: int) -> Board:
    """What is in force below a unit, as if it were a round: of each owner the months of the span together."""
    season = [str(weight) for weight in Season.level(span).weights]
    as_round = TargetRound(
        indicator=indicator, span=span.key, unit_id=root_id, season=season, step=Decimal(1)
    )
    months = months_in_force(session, indicator, span.months)
    amounts = {owner: exact_sum(by_month.values()) for owner, by_month in months.items()}
    return _board_below(session, clock, as_round, amounts, {})


def months_in_force(
    session: Session, indicator: str, months: Collection[Period], owner: Owner | None = None
) -> dict[Owner, dict[Period, Decimal]]:
    """Of every owner, or of one: the amounts by month, blended where one changed within the month."""
    rows = sa.select(Target).where(
        Target.indicator == indicator,
        Target.period.in_([month.key for month in months]),
        Target.ended_in.is_(None),
    )
    if owner is not None:
        rows = rows.where(Target.unit_id == owner.id if owner.is_unit else Target.person_id == owner.id)
    found: dict[Owner, dict[Period, list[TargetAmount]]] = defaultdict(lambda: defaultdict(list))
    for row in session.scalars(rows):
        month = Period.parse(row.period)
        found[owner_of(row)][month].append(TargetAmount(month, row.amount, row.from_day))
    return {
        one: {month: blended(month, by_month[month]) for month in sorted(by_month)}
        for one, by_month in found.items()
    }


def _board_below(
    session: Session,
    clock: Clock,
    round_: TargetRound,
    amounts: Mapping[Owner, Decimal],
    how: Mapping[Owner, How],
    *,
    root_id: int | None = None,
) -> Board:
    """Below a unit: the round's own, unless another is named."""
    units, span = people.unit_tree(session), Span.parse(round_.span)
    root_id = round_.unit_id if root_id is None else root_id
    members = members_of(session, units, round_.indicator, span, root_id)
    tree = tree_of(units, root_id, members, amounts)
    taking_part = set(tree.walk())
    amounts = {owner: amount for owner, amount in amounts.items() if owner in taking_part}
    return _board(session, clock, round_, replace(tree, amounts=amounts), members, how)


def _board(
    session: Session,
    clock: Clock,
    round_: TargetRound,
    tree: Tree,
    members: list[Member],
    how: Mapping[Owner, How],
) -> Board:
    people_in_it = _persons(session, {owner.id for owner in tree.walk() if not owner.is_unit})
    names = {Owner.unit(unit.id): unit.path for unit in people.unit_tree(session)}
    day = today(clock, people.company(session).time_zone)
    return Board(
        round=round_,
        span=Span.parse(round_.span),
        season=Season(tuple(map(Decimal, round_.season))),
        tree=tree,
        members={Owner.person(one.person_id): one for one in members},
        names=names | {Owner.person(one.id): one.name for one in people_in_it},
        ids=names | {Owner.person(one.id): one.employee_id for one in people_in_it},
        how=how,
        history=year_before(session, day, members),
    )


def owner_of(row: RoundAmount | Target) -> Owner:
    if row.unit_id is not None:
        return Owner.unit(row.unit_id)
    return Owner.person(row.person_id or 0)


def _persons(session: Session, ids: Collection[int]) -> list[Person]:
    return list(session.scalars(sa.select(Person).where(is_one_of(session, Person.id, ids))))
