"""Ranks within the units of each person's path, for a whole company at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np
import pandas as pd

RANK_COLUMNS = ("row", "unit_path", "rank", "out_of")

CardId = TypeVar("CardId", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Contender(Generic[CardId]):
    """A rankable card. `plan` tells plans apart; `unit_path` runs from the root to the leaf."""

    card: CardId
    plan: str
    unit_path: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A rank among `out_of` ranked people of the same plan in the unit."""

    unit_path: str
    rank: int
    out_of: int


def rank(contenders: Iterable[Contender[CardId]]) -> dict[CardId, tuple[Place, ...]]:
    """The places of each card, from the root unit to the leaf."""
    cards = list(contenders)
    frame = pd.DataFrame(
        {
            "plan": [card.plan for card in cards],
            "unit_path": [card.unit_path for card in cards],
            "cents": np.array([int(card.score.scaleb(2)) for card in cards], dtype=np.int64),
        }
    )
    places: dict[CardId, tuple[Place, ...]] = {card.card: () for card in cards}
    ranked = rank_frame(frame)
    for row, path, place, out_of in zip(*(ranked[name].tolist() for name in RANK_COLUMNS), strict=True):
        places[cards[row].card] += (Place(path, place, out_of),)
    return places


def rank_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Competition ranks (1, 2, 2, 4) of scores in whole cents.

    In: a row per person, columns plan (str), unit_path (str), cents (int64). Out: a row per person and unit
    of the path, root first: row (position in the input), unit_path, rank, out_of.
    """
    plan_codes = pd.factorize(frame["plan"])[0]
    path_codes, paths = pd.factorize(frame["unit_path"])
    prefixes = [_prefixes(path) for path in paths]
    depth = max(map(len, prefixes), default=0)
    cents = frame["cents"].to_numpy(np.int64)
    levels = []
    for level in range(depth):
        names = [prefix[level] if level < len(prefix) else None for prefix in prefixes]
        unit_codes, units = pd.factorize(np.array(names, dtype=object))
        unit_of_row = unit_codes[path_codes]
        rows = np.flatnonzero(unit_of_row >= 0)
        grouped = pd.DataFrame(
            {"plan": plan_codes[rows], "unit": unit_of_row[rows], "cents": cents[rows]}
        ).groupby(["plan", "unit"])["cents"]
        levels.append(
            pd.DataFrame(
                {
                    "row": rows,
                    "unit_path": units[unit_of_row[rows]],
                    "rank": grouped.rank(method="min", ascending=False).astype(np.int64),
                    "out_of": grouped.transform("size"),
                }
            )
        )
    return pd.concat(levels, ignore_index=True) if levels else pd.DataFrame(columns=list(RANK_COLUMNS))


def _prefixes(path: str) -> list[str]:
    """`A/B/C` -> `A`, `A/B`, `A/B/C`."""
    return list(accumulate(path.split("/"), lambda above, name: f"{above}/{name}"))
