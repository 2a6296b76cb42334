"""Target amounts on their way in, from a file or a published round: a changed amount is a new version."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from domain.arrivals import Arrival
from domain.targets.model import Target

Key = tuple[int | None, int | None, str, str, date | None]


def store_amounts(arrival: Arrival, targets: Iterable[Target]) -> int:
    """Bring the amounts in force up to date, and say how many changed; those not named stay as they are.

    A changed amount without `from_day` corrects the whole period: changes within the period that were stored
    before end, unless they are said again.
    """
    in_force = arrival.session.scalars(sa.select(Target).where(Target.ended_in.is_(None)))
    current = {_key(target): target for target in in_force}
    wanted = {_key(target): target for target in targets}
    for key, target in wanted.items():
        target.version = current[key].version + 1 if key in current else 1
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


def _key(target: Target) -> Key:
    return target.person_id, target.unit_id, target.indicator, target.period, target.from_day
