"""What is still open of a period that is to be locked: counted, and the first of each by name."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.clock import Clock, today
from domain.disputes.open_disputes import open_disputes_of
from domain.incentives.before_lock import unpaid_sharers, unreported_for_pay
from domain.loads import latest_load_id
from domain.people import service as people
from domain.people.model import Person, Unit
from domain.periods import Period
from domain.scoring.inputs import PeriodInputs
from domain.scoring.model import Card, CardLine, ScoreRun
from domain.scoring.published import published_run
from domain.scoring.rules_cards import CardStatus, LineKind, LineStatus
from domain.targets.model import TargetAgreement, TargetRound, TargetState
from domain.targets.rules_span import Span

MOST_NAMES = 50


class ItemKind(StrEnum):
    NOT_SCORED = "not_scored"
    """On the newest data, with all days of the period over."""
    NOT_COVERED = "not_covered"
    """Measures that are not reported for every day."""
    INCOMPLETE = "incomplete"
    NO_TARGET = "no_target"
    APPEALS = "appeals"
    DISPUTES = "disputes"
    UNPAID_SHARES = "unpaid_shares"
    """Of people without a complete card that pays for records that they share in: nobody is paid these."""


@dataclass(frozen=True)
class Item:
    kind: ItemKind
    count: int
    names: tuple[str, ...] = ()
    """The first of them: measures, people or units."""

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "count": self.count, "names": list(self.names)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Item":
        return cls(ItemKind(kept["kind"]), kept["count"], tuple(kept["names"]))


def checklist(session: Session, clock: Clock, period: Period) -> list[Item]:
    """What is open, in a fixed order; nothing of what is done."""
    run = published_run(session, period)
    items = [_not_scored(session, period, run), _not_covered(session, clock, period, run)]
    if run is not None:
        items += [_incomplete(session, run), _without_target(session, run)]
    items += [_appeals(session, period), _disputes(session, period)]
    if run is not None:
        items.append(_unpaid_shares(session, period, run))
    return [item for item in items if item.count]


def _not_scored(session: Session, period: Period, run: ScoreRun | None) -> Item:
    is_newest = run is not None and run.today >= period.end and run.load_id == latest_load_id(session)
    return Item(ItemKind.NOT_SCORED, int(not is_newest))


def _not_covered(session: Session, clock: Clock, period: Period, run: ScoreRun | None) -> Item:
    """Of measures that cards need, and of those that pay beside them."""
    day = today(clock, people.company(session).time_zone)
    inputs = PeriodInputs(session, period, latest_load_id(session), day)
    missing = dict.fromkeys(name for plan in inputs.plans.values() for name in plan.window.missing)
    if run is not None:
        missing |= dict.fromkeys(unreported_for_pay(session, period, run))
    return Item(ItemKind.NOT_COVERED, len(missing), tuple(missing)[:MOST_NAMES])


def _incomplete(session: Session, run: ScoreRun) -> Item:
    which = sa.and_(Card.run_id == run.id, Card.status == CardStatus.INCOMPLETE)
    return _people(session, ItemKind.INCOMPLETE, sa.select(Card.person_id).where(which))


def _without_target(session: Session, run: ScoreRun) -> Item:
    """People with a line that is read against a target and has none."""
    which = (
        sa.select(Card.person_id)
        .join(CardLine, CardLine.card_id == Card.id)
        .where(
            Card.run_id == run.id,
            CardLine.kind == LineKind.INDICATOR,
            CardLine.status == LineStatus.NOT_ASSESSED,
            CardLine.target.is_(None),
            CardLine.denominator.is_(None),
        )
        .distinct()
    )
    return _people(session, ItemKind.NO_TARGET, which)


def _unpaid_shares(session: Session, period: Period, run: ScoreRun) -> Item:
    sharers = unpaid_sharers(session, period, run)
    who = is_one_of(session, Person.id, sorted(sharers))
    return _people(session, ItemKind.UNPAID_SHARES, sa.select(Person.id).where(who))


def _people(session: Session, kind: ItemKind, which: sa.Select[int]) -> Item:
    count = session.scalar(sa.select(sa.func.count()).select_from(which.subquery())) or 0
    if not count:
        return Item(kind, 0)
    named = sa.select(Person).where(Person.id.in_(which)).order_by(Person.employee_id).limit(MOST_NAMES)
    return Item(kind, count, tuple(_name(person) for person in session.scalars(named)))


def _appeals(session: Session, period: Period) -> Item:
    months = set(period.months())
    rows = session.execute(
        sa.select(TargetRound.span, Person, Unit.path)
        .select_from(TargetAgreement)
        .join(TargetRound, TargetRound.id == TargetAgreement.round_id)
        .join(Person, Person.id == TargetAgreement.asked_id)
        .outerjoin(Unit, Unit.id == TargetAgreement.unit_id)
        .where(TargetAgreement.state == TargetState.APPEALED, TargetAgreement.ended_at.is_(None))
        .order_by(TargetAgreement.id)
    )
    found = [
        _name(person) if unit is None else f"{unit}, {_name(person)}"
        for span, person, unit in rows
        if not months.isdisjoint(Span.parse(span).months)
    ]
    return Item(ItemKind.APPEALS, len(found), tuple(found[:MOST_NAMES]))


def _disputes(session: Session, period: Period) -> Item:
    found = open_disputes_of(session, period.key)
    owners = [one.owner_id for one in found[:MOST_NAMES]]
    names = {
        one.id: _name(one) for one in session.scalars(sa.select(Person).where(Person.id.in_(set(owners))))
    }
    return Item(ItemKind.DISPUTES, len(found), tuple(dict.fromkeys(names[one] for one in owners)))


def _name(person: Person) -> str:
    return f"{person.name} ({person.employee_id})"
