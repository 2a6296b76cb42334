"""Who was best of a unit, and who climbed most. Pure.

People are compared with those who are ranked with them: the same unit, the same plan, a complete card, past
the ramp. Those who tie share; where all tie, nobody was best.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

SMALLEST_UNIT = 5
"""Fewer ranked people are no field to be the best of."""


@dataclass(frozen=True)
class Group:
    """Those who are ranked together."""

    unit_id: int
    plan: str


@dataclass(frozen=True)
class Result:
    """What an indicator brought a person; the points, and behind their cap the reading."""

    person_id: int
    points: Decimal
    reading: Decimal


@dataclass(frozen=True)
class Climb:
    """From one month to the next: places gained, and points of the score."""

    person_id: int
    places: int
    points: Decimal


def best(results: Iterable[Result], ranked: int, *, more_is_better: bool) -> set[int]:
    """The people with most points, and among these with the best reading; ids.

    `results` may be those with most points alone; `ranked` are all who are compared. Nobody is best of fewer
    than SMALLEST_UNIT, with no points, or with as much as all the others.
    """
    sign = 1 if more_is_better else -1
    first = _first({one.person_id: (one.points, sign * one.reading) for one in results if one.points > 0})
    return first if _stand_out(first, ranked) else set()


def climbers(climbs: Iterable[Climb], ranked: int) -> set[int]:
    """The people who gained most places, and among these most points; ids."""
    first = _first({one.person_id: (one.places, one.points) for one in climbs if one.places > 0})
    return first if _stand_out(first, ranked) else set()


def distinct(sizes: Mapping[Group, int], parents: Mapping[int, int | None]) -> set[Group]:
    """Groups large enough, without units whose people are all in one unit below: it speaks for them.

    `sizes`: people ranked in each group; `parents`: the unit above each unit.
    """
    spoken_for = {
        Group(parent, group.plan)
        for group, size in sizes.items()
        if (parent := parents.get(group.unit_id)) is not None and sizes.get(Group(parent, group.plan)) == size
    }
    return {group for group, size in sizes.items() if size >= SMALLEST_UNIT} - spoken_for


def _first(values: Mapping[int, tuple[Decimal | int, Decimal]]) -> set[int]:
    if not values:
        return set()
    highest = max(values.values())
    return {person_id for person_id, value in values.items() if value == highest}


def _stand_out(first: Collection[int], ranked: int) -> bool:
    return ranked >= SMALLEST_UNIT and len(first) < ranked
