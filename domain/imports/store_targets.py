"""Targets from typed rows."""

from collections.abc import Sequence

from domain.arrivals import Arrival
from domain.imports.rules_rows import TargetRow
from domain.imports.store_people import Ids
from domain.targets.amounts import store_amounts
from domain.targets.model import Target, TargetState


def store_targets(arrival: Arrival, ids: Ids, rows: Sequence[TargetRow]) -> int:
    """Targets that the file does not name stay as they are; how many amounts changed."""
    return store_amounts(arrival, (_target(ids, row) for row in rows))


def _target(ids: Ids, row: TargetRow) -> Target:
    return Target(
        person_id=ids.people.get(row.owner),
        unit_id=None if row.owner in ids.people else ids.units[row.owner],
        indicator=row.indicator,
        period=row.period,
        from_day=row.from_day,
        amount=row.amount,
        state=TargetState.CONFIRMED,
    )
