"""Records that name a customer: what was sold to whom, what came back, and who shared in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.incentives import reading
from domain.incentives.model import Credit
from domain.incentives.rules_clawback import Event
from domain.metrics.model import MeasureRecord
from domain.periods import Period

Customer = tuple[int, str]
"""A person, and the customer's id."""
Record = tuple[str, str]
"""A source, and the record's id in it."""
Shares = Mapping[Record, Sequence[tuple[int, Decimal]]]
"""Of records that are shared: whose money they are."""


class Sold(NamedTuple):
    """A record of the commission's measure that names a customer."""

    person_id: int
    customer: str
    day: date
    record: Record
    measure: str
    value: Decimal


def events(
    session: Session,
    flows: Collection[str],
    stocks: Collection[str],
    first: Period,
    last: Period,
    load_id: int,
) -> dict[Customer, list[Event]]:
    """A flow's records since `first`; of a stock what stands on its latest day within `last`."""
    found: dict[Customer, list[Event]] = defaultdict(list)
    for person_id, customer, day, measure, value in _records(session, flows, first, last, load_id):
        if customer is not None and value > 0:
            found[person_id, customer].append(Event(day, measure, value))
    standing: dict[tuple[int, str], list[tuple[date, str | None, Decimal]]] = defaultdict(list)
    for person_id, customer, day, measure, value in _records(session, stocks, last, last, load_id):
        standing[person_id, measure].append((day, customer, value))
    for (person_id, measure), rows in standing.items():
        latest = max(day for day, _, _ in rows)
        for day, customer, value in rows:
            if day == latest and customer is not None and value > 0:
                found[person_id, customer].append(Event(last.last_day, measure, value))
    return found


def _records(
    session: Session, measures: Collection[str], first: Period, last: Period, load_id: int
) -> Iterable[sa.Row[int, str | None, date, str, Decimal]]:
    """Those without a customer, or of 0, too: they say how a balance stands."""
    if not measures:
        return []
    record = MeasureRecord
    rows = sa.select(
        record.person_id, record.customer_id, record.occurred_on, record.measure, record.value
    ).where(
        record.measure.in_(measures),
        record.occurred_on >= first.start,
        record.occurred_on < last.end,
        record.as_of(load_id),
    )
    return session.execute(rows)


def sold(
    session: Session,
    measures: Collection[str],
    first: Period,
    last: Period,
    load_id: int,
    customers: Collection[Customer],
) -> list[Sold]:
    """What these customers bought of these people."""
    wanted = set(customers)
    record = MeasureRecord
    rows = session.execute(
        sa.select(
            *(record.person_id, record.customer_id, record.occurred_on, record.source, record.record_id),
            *(record.measure, record.value),
        ).where(
            record.measure.in_(measures),
            is_one_of(session, record.person_id, sorted({person_id for person_id, _ in wanted})),
            is_one_of(session, record.customer_id, sorted({customer for _, customer in wanted})),
            record.occurred_on >= first.start,
            record.occurred_on < last.end,
            record.value > 0,
            record.as_of(load_id),
        )
    )
    return [
        Sold(person_id, str(customer), day, (source, record_id), measure, value)
        for person_id, customer, day, source, record_id, measure, value in rows
        if (person_id, customer) in wanted
    ]


def shares_of(session: Session, records: Collection[Record], load_id: int) -> Shares:
    found: dict[Record, list[tuple[int, Decimal]]] = defaultdict(list)
    if not records or not reading.has_credits(session):
        return found
    which = is_one_of(session, Credit.record_id, sorted({record_id for _, record_id in records}))
    for credit in session.scalars(sa.select(Credit).where(which, Credit.as_of(load_id))):
        found[credit.source, credit.record_id].append((credit.person_id, credit.share))
    return found
