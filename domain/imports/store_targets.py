"""Targets from typed rows: a changed amount is a new version."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from domain.arrivals import Arrival
from domain.imports.rules_rows import TargetRow
from domain.imports.store_people import Ids
from domain.targets.model import Target, TargetState

Key = tuple[int | None, int | None, str, str, date | None]


def store_targets(arrival: Arrival, ids: Ids, rows: Sequence[TargetRow]) -> int:
    """Targets that the file does not name stay as they are.

    A changed amount without `from` corrects the whole period: changes within the period that were stored
    before end, unless the file says them again.
    """
    in_force = arrival.session.scalars(sa.select(Target).where(Target.ended_in.is_(None)))
    current = {_key(target): target for target in in_force}
    wanted = {}
    for row in rows:
        target = _target(ids, row)
        earlier = current.get(_key(target))
        target.version = earlier.version + 1 if earlier else 1
        wanted[_key(target)] = target
    _end_overridden_changes(arrival, current, wanted)
    return arrival.bring_up_to_date(current, wanted, ("amount",))


def _end_overridden_changes(arrival: Arrival, current: dict[Key, Target], wanted: dict[Key, Target]) -> None:
    corrected = {
        key[:-1]
        for key, target in wanted.items()
        if target.from_day is None and key in current and current[key].amount != target.amount
    }
    overridden = [
        key for key in current if key[-1] is not None and key[:-1] in corrected and key not in wanted
    ]
    for key in overridden:
        current.pop(key).ended_in = arrival.begin()


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


def _key(target: Target) -> Key:
    return target.person_id, target.unit_id, target.indicator, target.period, target.from_day
