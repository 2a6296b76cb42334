"""A round of targets as it stands: the tree, who takes part, and what each has and has achieved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.people import service as people
from domain.people.model import Person
from domain.targets.members import Member, members_of, tree_of, year_before
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

    def with_only(self, owner: Owner, amount: Decimal) -> "Board":
        """As if nobody but one owner had an amount."""
        return replace(self, tree=replace(self.tree, amounts={owner: amount}))


def board(session: Session, clock: Clock, round_: TargetRound) -> Board:
    units = people.unit_tree(session)
    span = Span.parse(round_.span)
    members = members_of(session, units, round_.indicator, span, round_.unit_id)
    rows = session.scalars(sa.select(RoundAmount).where(RoundAmount.round_id == round_.id)).all()
    tree = tree_of(units, round_.unit_id, members, {owner_of(row): row.amount for row in rows})
    persons = _persons(session, members)
    names = {Owner.unit(unit.id): unit.path for unit in units}
    day = today(clock, people.company(session).time_zone)
    return Board(
        round=round_,
        span=span,
        season=Season(tuple(map(Decimal, round_.season))),
        tree=tree,
        members={Owner.person(member.person_id): member for member in members},
        names=names | {Owner.person(one.id): one.name for one in persons},
        ids=names | {Owner.person(one.id): one.employee_id for one in persons},
        how={owner_of(row): How(row.how) for row in rows},
        history=year_before(session, day, members),
    )


def owner_of(row: RoundAmount | Target) -> Owner:
    if row.unit_id is not None:
        return Owner.unit(row.unit_id)
    return Owner.person(row.person_id or 0)


def _persons(session: Session, members: list[Member]) -> list[Person]:
    ids = {member.person_id for member in members}
    return [person for person in session.scalars(sa.select(Person)) if person.id in ids]
