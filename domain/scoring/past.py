"""Reading what a plan looks back to: records of the months before, and purchases with their customers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.metrics.model import MeasureRecord
from domain.plans.rules import Indicator, Plan
from domain.scoring.rules_digest import Fact, Kind, customer_number, fact
from domain.scoring.rules_inputs import Purchase, Window, measure_value, repurchase_values

_SCALE = 10_000
"""Values are kept in ten-thousandths."""


class PastRecord(NamedTuple):
    """Of a measure that some indicator looks back with, from its first day to the period's last one."""

    id: int
    measure: str
    day: date
    value: Decimal
    customer_id: str | None


@dataclass(frozen=True)
class Past:
    """What a card takes from the records looked back to, by quantity or by the indicator's name."""

    values: dict[str, Decimal]
    achieved: Mapping[str, Decimal]
    """In the months before."""
    nameless: Mapping[str, int]
    facts: Sequence[Fact]

    @classmethod
    def of(cls, plan: Plan, window: Window, records: Iterable[PastRecord]) -> "Past":
        if not plan.looks_back or window.last is None:
            return cls({}, {}, {}, ())
        records = list(records)
        values: dict[str, Decimal] = {}
        for indicator in plan.indicators:
            values |= _returned(indicator, window, records)
        return cls(
            values=values,
            achieved={one.name: _achieved(one, window, records) for one in plan.indicators if one.own_months},
            nameless={one.name: _nameless(one, window, records) for one in plan.indicators if one.repurchase},
            facts=tuple(_facts(plan, window, records)),
        )


def past_records(
    session: Session,
    load_id: int,
    in_force: Collection[tuple[Plan, Window]],
    person_ids: Collection[int],
) -> Mapping[int, Sequence[PastRecord]]:
    """By person, as of a load; nothing where no plan looks back."""
    matters = looked_back_to(in_force)
    if matters is None:
        return {}
    r = MeasureRecord
    rows = session.execute(
        sa.select(r.person_id, r.id, r.measure, r.occurred_on, r.value, r.customer_id).where(
            r.person_id.in_(person_ids), matters, r.as_of(load_id)
        )
    )
    found: dict[int, list[PastRecord]] = defaultdict(list)
    for person_id, row_id, measure, day, value, customer_id in rows:
        found[person_id].append(PastRecord(row_id, measure, day, value, customer_id))
    return found


def looked_back_to(in_force: Iterable[tuple[Plan, Window]]) -> sa.ColumnElement[bool] | None:
    """Whether a record may matter to an indicator that looks back; None: no plan has one."""
    r = MeasureRecord
    spans = [
        (measure, plan.known_from(measure, window.period), window.period.end)
        for plan, window in in_force
        for measure in measures_looked_back_with(plan)
    ]
    if not spans:
        return None
    asked = [
        sa.and_(r.measure == measure, r.occurred_on >= first, r.occurred_on < end)
        for measure, first, end in spans
    ]
    first, end = min(first for _, first, _ in spans), max(end for _, _, end in spans)
    return sa.and_(r.occurred_on >= first, r.occurred_on < end, sa.or_(*asked))


def measures_looked_back_with(plan: Plan) -> tuple[str, ...]:
    """Each once, in the plan's order."""
    looking = [one.measures[0] for one in plan.indicators if one.own_months or one.repurchase]
    return tuple(dict.fromkeys(looking))


def _achieved(indicator: Indicator, window: Window, records: Iterable[PastRecord]) -> Decimal:
    first, last = _before(indicator, window)
    of_measure = ((one.day, one.value) for one in records if one.measure == indicator.measure)
    return measure_value(of_measure, is_stock=False, first=first, last=last)


def _before(indicator: Indicator, window: Window) -> tuple[date, date]:
    """The first and the last day of the months before the one that the period begins in."""
    return indicator.looks_back_from(window.period), window.period.start.replace(day=1) - timedelta(days=1)


def _returned(indicator: Indicator, window: Window, records: Iterable[PastRecord]) -> dict[str, Decimal]:
    purchases = [
        Purchase(one.day, one.customer_id)
        for one in _purchases(indicator, window, records)
        if one.customer_id is not None
    ]
    return repurchase_values(indicator, purchases, window.period.start, window.last or date.min)


def _nameless(indicator: Indicator, window: Window, records: Iterable[PastRecord]) -> int:
    bought = _purchases(indicator, window, records)
    return sum(1 for one in bought if one.customer_id is None and one.day >= window.period.start)


def _purchases(indicator: Indicator, window: Window, records: Iterable[PastRecord]) -> Iterator[PastRecord]:
    """From the first day that can matter to the window's last."""
    if indicator.repurchase is None or window.last is None:
        return
    first = indicator.looks_back_from(window.period)
    for one in records:
        if one.measure == indicator.repurchase.measure and one.value > 0 and first <= one.day <= window.last:
            yield one


def _facts(plan: Plan, window: Window, records: Iterable[PastRecord]) -> Iterator[Fact]:
    """Records before the period, and whom those of a repurchase name, in the period too."""
    measures = plan.measures_needed
    bought = {one.repurchase.measure for one in plan.indicators if one.repurchase}
    for one in records:
        if one.measure not in measures or one.day < plan.known_from(one.measure, window.period):
            continue
        if one.day < window.period.start:
            value = int(one.value * _SCALE)
            yield fact(Kind.RECORD, one.id, measures.index(one.measure), one.day.toordinal(), value)
        if one.measure in bought and window.last and one.day <= window.last:
            yield fact(Kind.CUSTOMER, one.id, customer_number(one.customer_id))
