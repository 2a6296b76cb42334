"""Reading who takes part in a round of targets, and what they achieved in the year before."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.database import ScaledDecimal
from domain.metrics.coverage import reported_days
from domain.metrics.model import MeasureRecord
from domain.people import service as people
from domain.people.service import Tenure, UnitTree
from domain.periods import Period, PeriodKind
from domain.plans.rules import Plan, plan_in_force
from domain.plans.service import parsed, plan_versions
from domain.scoring.rules_inputs import Employment, measure_value
from domain.scoring.rules_targets import days_within, eligible_spans
from domain.targets.rules_history import MonthDone
from domain.targets.rules_span import Span
from domain.targets.rules_tree import Owner, Tree

MONTHS_LOOKED_BACK = 12


@dataclass(frozen=True)
class Member:
    """A person who is read against targets of the indicator."""

    person_id: int
    unit_id: int
    tenure: Tenure
    plan: Plan
    measure: str

    def months_present(self, span: Span) -> frozenset[Period]:
        return frozenset(month for month in span.months if self.tenure.employed_during(month))


def members_of(session: Session, tree: UnitTree, indicator: str, span: Span, root_id: int) -> list[Member]:
    """Those below a unit who are employed in the span and whose plan reads the indicator against targets.

    Unit and job family are those of the span's last day, or of the last employed day if that is earlier.
    """
    below = tree.subtree_of({root_id})
    return [one for one in _members(session, indicator, span) if one.unit_id in below]


def member(session: Session, indicator: str, span: Span, person_id: int) -> Member | None:
    """As `members_of`, of one person, wherever in the company."""
    return next(_members(session, indicator, span, {person_id}), None)


def _members(
    session: Session, indicator: str, span: Span, person_ids: Collection[int] | None = None
) -> Iterator[Member]:
    last = span.months[-1]
    plans = [parsed(version) for version in plan_versions(session)]
    for person_id, tenure in sorted(people.tenures(session, person_ids).items()):
        placement = tenure.placement_in(last)
        if placement.unit_id is None or not any(map(tenure.employed_during, span.months)):
            continue
        plan = plan_in_force(plans, placement.job_family or "", last)
        measure = _measure(plan, indicator)
        if plan is not None and measure is not None:
            yield Member(person_id, placement.unit_id, tenure, plan, measure)


def tree_of(
    units: UnitTree, root_id: int, members: Collection[Member], amounts: Mapping[Owner, Decimal]
) -> Tree:
    """The units that lead to members, and the members: units before people, each in order."""
    below: dict[Owner, dict[Owner, None]] = defaultdict(dict)
    leading = {unit.id for member in members for unit in units.path_to(member.unit_id)} & units.subtree_of(
        {root_id}
    )
    for unit in units:
        if unit.id in leading and unit.id != root_id and unit.parent_id is not None:
            below[Owner.unit(unit.parent_id)][Owner.unit(unit.id)] = None
    for member in members:
        below[Owner.unit(member.unit_id)][Owner.person(member.person_id)] = None
    return Tree(Owner.unit(root_id), {unit: tuple(parts) for unit, parts in below.items()}, amounts)


def year_before(session: Session, day: date, members: Collection[Member]) -> dict[int, tuple[MonthDone, ...]]:
    """By person id, the ended months of the last year that are reported in full, oldest first.

    A month in which the person was not employed is left out, as is one in which the measure is not known on
    every day, or that was over before anybody's first record of it: unknown is not zero.
    """
    this_month = Period.containing(PeriodKind.MONTH, day)
    months = _months_before(this_month)
    coverage = reported_days(session)
    away = people.leaves(session, {member.person_id for member in members})
    records = _records(session, members, months[0].start, this_month.start)
    begun = _first_days(records)
    found: dict[int, tuple[MonthDone, ...]] = {}
    for member in members:
        mine = records.get((member.person_id, member.measure), [])
        known = [
            month
            for month in months
            if member.tenure.employed_during(month)
            and begun.get(member.measure, this_month.start) < month.end
            and not coverage.uncovered([member.measure], month.start, month.last_day)
        ]
        found[member.person_id] = tuple(
            _done(member, month, mine, away.get(member.person_id, [])) for month in known
        )
    return found


def _done(
    member: Member, month: Period, records: list[tuple[date, Decimal]], away: list[tuple[date, date]]
) -> MonthDone:
    employment = Employment(member.tenure.hired_on, member.tenure.left_on)
    spans = eligible_spans(employment, away, month.start, month.last_day)
    is_stock = member.measure in member.plan.stocks
    return MonthDone(
        month=month,
        actual=measure_value(records, is_stock, month.start, month.last_day),
        eligible_days=days_within(spans, month.start, month.last_day),
        days=month.days,
        ramp=member.plan.ramp_factor(employment.months_since_hire(month.start)),
    )


def _records(
    session: Session, members: Collection[Member], first: date, end: date
) -> dict[tuple[int, str], list[tuple[date, Decimal]]]:
    """By person and measure: days, each with the sum of its records."""
    found: dict[tuple[int, str], list[tuple[date, Decimal]]] = defaultdict(list)
    ids = sorted(member.person_id for member in members)
    r = MeasureRecord
    for start in range(0, len(ids), people.AT_ONCE):
        of_day = sa.type_coerce(sa.func.sum(sa.type_coerce(r.value, sa.BigInteger)), ScaledDecimal(4))
        rows = session.execute(
            sa.select(r.person_id, r.measure, r.occurred_on, of_day)
            .where(
                r.person_id.in_(ids[start : start + people.AT_ONCE]),
                r.measure.in_({member.measure for member in members}),
                r.occurred_on >= first,
                r.occurred_on < end,
                r.ended_in.is_(None),
            )
            .group_by(r.person_id, r.measure, r.occurred_on)
        )
        for person_id, measure, day, value in rows:
            found[person_id, measure].append((day, value))
    return found


def _first_days(records: Mapping[tuple[int, str], list[tuple[date, Decimal]]]) -> dict[str, date]:
    """By measure."""
    first: dict[str, date] = {}
    for (_, measure), days in records.items():
        earliest = min(day for day, _ in days)
        first[measure] = min(first.get(measure, earliest), earliest)
    return first


def _measure(plan: Plan | None, indicator: str) -> str | None:
    """What is read against targets of the indicator; None for a ratio, which has none."""
    indicators = plan.indicators if plan else ()
    named = (one.measure for one in indicators if one.name == indicator and one.has_target)
    return next(iter(named), None)


def _months_before(month: Period) -> list[Period]:
    months = []
    for _ in range(MONTHS_LOOKED_BACK):
        month = month.previous()
        months.append(month)
    return months[::-1]
