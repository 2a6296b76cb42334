"""Ranks within the units of each person's path, for a whole company at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

NO_UNIT = 0
"""Where a path has ended; ids of units begin with 1."""


@dataclass(frozen=True, slots=True)
class Places:
    """A row per card, a column per level from the root down; below its leaf a card has NO_UNIT."""

    unit: Integers
    rank: Integers
    out_of: Integers
    """Ranked people of the same plan in the unit."""


def rank(plans: Integers, units: Integers, cents: Integers, parents: Mapping[int, int | None]) -> Places:
    """The places of rankable cards: the plan of each, the unit it belongs to, its score in whole cents.

    `parents`: the unit above each unit.
    """
    paths = _paths(units, parents)
    ranks, out_of = np.zeros_like(paths), np.zeros_like(paths)
    for level in range(paths.shape[1]):
        (inside,) = np.nonzero(paths[:, level] != NO_UNIT)
        ranks[inside, level], out_of[inside, level] = competition_ranks(
            plans[inside], paths[inside, level], cents[inside]
        )
    return Places(paths, ranks, out_of)


def competition_ranks(plans: Integers, units: Integers, cents: Integers) -> tuple[Integers, Integers]:
    """Competition ranks (1, 2, 2, 4) within each plan and unit, best score first, and among how many."""
    order = np.lexsort((-cents, units, plans))
    position = np.arange(len(order))
    new_unit = _changes(plans[order]) | _changes(units[order])
    new_score = new_unit | _changes(cents[order])
    start_of_unit = np.maximum.accumulate(np.where(new_unit, position, 0))
    start_of_tie = np.maximum.accumulate(np.where(new_score, position, 0))
    sizes = np.diff(np.append(np.flatnonzero(new_unit), len(order)))
    ranks, out_of = np.empty_like(cents), np.empty_like(cents)
    ranks[order] = start_of_tie - start_of_unit + 1
    out_of[order] = np.repeat(sizes, sizes)
    return ranks, out_of


def _changes(values: Integers) -> npt.NDArray[np.bool_]:
    """Where a value differs from the one before; the first one does."""
    changed = np.ones(len(values), dtype=bool)
    changed[1:] = values[1:] != values[:-1]
    return changed


def _paths(units: Integers, parents: Mapping[int, int | None]) -> Integers:
    """A row per unit given: the units from the root down to it, filled up at the end."""
    distinct, row = np.unique(units, return_inverse=True)
    paths = [_path(unit, parents) for unit in distinct.tolist()]
    depth = max(map(len, paths), default=0)
    filled = [path + [NO_UNIT] * (depth - len(path)) for path in paths]
    table: Integers = np.array(filled, dtype=np.int64).reshape(len(paths), depth)
    return table[row]


def _path(unit: int, parents: Mapping[int, int | None]) -> list[int]:
    path: list[int] = []
    current: int | None = unit
    while current is not None:
        path.append(current)
        current = parents[current]
    return path[::-1]
