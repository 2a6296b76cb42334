"""Where many people belonged: the unit and the job family of each on a day of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.scoring.columns.rules_integers import Flags, Integers

UNCHANGED = -1
"""A step that says nothing of a unit or a family; a person of whom no step does."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Changes of placement: the person's `row`, unit and family (or UNCHANGED), in force from a day."""

    row: Integers
    at_hire: Flags
    from_day: Integers
    unit: Integers
    family: Integers


@dataclass(frozen=True, slots=True)
class Placements:
    unit: Integers
    family: Integers
    irregular: Flags
    """No state at hire among the steps."""


def placements(steps: Steps, hired: Integers, day: Integers) -> Placements:
    """As `people.rules.placement_on` the `day` of each person."""
    row = steps.row
    begun = np.maximum(steps.from_day, hired[row]) <= np.maximum(day, hired)[row]
    (counting,) = np.nonzero(steps.at_hire | begun)
    order = counting[np.lexsort((steps.from_day[counting], ~steps.at_hire[counting], row[counting]))]
    irregular = np.ones(len(hired), dtype=bool)
    irregular[row[steps.at_hire]] = False
    return Placements(
        unit=_last_said(row[order], steps.unit[order], len(hired)),
        family=_last_said(row[order], steps.family[order], len(hired)),
        irregular=irregular,
    )


def _last_said(row: Integers, said: Integers, people: int) -> Integers:
    """Of each person the last entry that is not UNCHANGED; rows in order."""
    row, said = row[said != UNCHANGED], said[said != UNCHANGED]
    last = np.ones(len(row), dtype=bool)
    last[:-1] = row[1:] != row[:-1]
    found = np.full(people, UNCHANGED, dtype=np.int64)
    found[row[last]] = said[last]
    return found
