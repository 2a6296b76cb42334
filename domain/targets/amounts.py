"""Target amounts on their way in, from a file or a published round: a changed amount is a new version."""

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from domain.arrivals import Arrival
from domain.targets.model import Target

Key = tuple[int | None, int | None, str, str, date | None]


def store_amounts(arrival: Arrival, targets: Iterable[Target], *, for_good: bool = False) -> int:
    """Bring the amounts in force up to date, and say how many changed; those not named stay as they are.

    A changed amount without `from_day` corrects the whole period: changes within the period that were stored
    before end, unless they are said again. `for_good`, of who sees the whole: so do all that would follow
    within the period on what is said, be the amount another or the same.
    """
    in_force = arrival.session.scalars(sa.select(Target).where(Target.ended_in.is_(None)))
    current = {_key(target): target for target in in_force}
    wanted = {_key(target): target for target in targets}
    for key, target in wanted.items():
        target.version = current[key].version + 1 if key in current else 1
    saying = wanted if for_good else _corrections(current, wanted)
    _end_overridden_changes(arrival, current, wanted, saying)
    return arrival.bring_up_to_date(current, wanted, ("amount",))


def _corrections(current: Mapping[Key, Target], wanted: Mapping[Key, Target]) -> list[Key]:
    """Of whole periods."""
    return [
        key
        for key, target in wanted.items()
        if key[-1] is None and key in current and current[key].amount != target.amount
    ]


def _end_overridden_changes(
    arrival: Arrival, current: dict[Key, Target], wanted: Mapping[Key, Target], saying: Iterable[Key]
) -> None:
    """Changes within a period that lie after the first day of which something is said."""
    first_said: dict[tuple[object, ...], date] = {}
    for *period, day in saying:
        since = day or date.min
        first_said[tuple(period)] = min(since, first_said.get(tuple(period), since))
    for key in list(current):
        day = key[-1]
        if day is not None and key not in wanted and first_said.get(key[:-1], day) < day:
            current.pop(key).ended_in = arrival.begin()


def _key(target: Target) -> Key:
    return target.person_id, target.unit_id, target.indicator, target.period, target.from_day
