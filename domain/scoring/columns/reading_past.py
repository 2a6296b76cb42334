"""Reading what plans look back to, in columns."""

from collections.abc import Iterable

import numpy as np
import sqlalchemy as sa

from domain.database import day_number
from domain.metrics.model import MeasureRecord
from domain.scoring.chunks import People as Part
from domain.scoring.columns.rules_integers import Integers
from domain.scoring.columns.rules_past import NAMELESS, PastRecords
from domain.scoring.inputs import PeriodInputs
from domain.scoring.past import looked_back_to
from domain.scoring.rules_digest import customer_number


def read_past(inputs: PeriodInputs, part: Part, measures: list[str]) -> PastRecords:
    """`row` is still the person's id; measures are coded by their places in `measures`."""
    matters = looked_back_to((one.plan, one.window) for one in inputs.plans.values())
    if matters is None:
        return PastRecords.none()
    r = MeasureRecord
    rows = inputs.session.execute(
        sa.select(
            r.person_id,
            r.id,
            sa.case({name: place for place, name in enumerate(measures)}, value=r.measure),
            day_number(r.occurred_on),
            sa.type_coerce(r.value, sa.BigInteger),
            r.customer_id,
        ).where(part.have(r.person_id), matters, r.as_of(inputs.load_id))
    ).all()
    customers = [row[-1] for row in rows]
    person, row_id, measure, day, value = (
        np.array([row[:-1] for row in rows], dtype=np.int64).reshape(len(rows), 5).T
    )
    return PastRecords(
        person, row_id, measure, day, value, customer=_codes(customers), number=_numbers(customers)
    )


def _codes(customers: Iterable[str | None]) -> Integers:
    codes: dict[str | None, int] = {None: NAMELESS}
    return np.array([codes.setdefault(name, len(codes)) for name in customers], dtype=np.int64)


def _numbers(customers: list[str | None]) -> Integers:
    numbers = {name: customer_number(name) for name in set(customers)}
    return np.array([numbers[name] for name in customers], dtype=np.int64)
