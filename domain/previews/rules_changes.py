"""A plan in force beside a draft: who would stand where, and who would change. Pure; a row per person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from domain.periods import Period
from domain.scoring.rules_ranks import NO_UNIT, Integers, Places, rank

NONE = -1
"""Among cents and levels: none."""


@dataclass(frozen=True)
class Standings:
    """What a plan makes of everybody in a period, by person id."""

    tiers: tuple[str, ...]
    """The names of the plan's tiers, from the lowest up."""
    person: Integers
    unit: Integers
    cents: Integers
    """The score, or NONE."""
    tier: Integers
    """The tier's level, or NONE."""
    place: Integers
    """In the own unit; 0: none."""
    out_of: Integers
    company_place: Integers
    """In the unit at the top; 0: none."""

    @classmethod
    def nobody(cls) -> Standings:
        nothing = np.zeros(0, dtype=np.int64)
        return cls((), *([nothing] * 7))

    def __len__(self) -> int:
        return len(self.person)

    def of(self, person_ids: Collection[int]) -> Standings:
        """Those of these people, with the places that they have among all."""
        seen = np.isin(self.person, np.array(sorted(person_ids), dtype=np.int64))
        columns = ("person", "unit", "cents", "tier", "place", "out_of", "company_place")
        return replace(self, **{name: getattr(self, name)[seen] for name in columns})

    def row_of(self) -> dict[int, int]:
        return {person: row for row, person in enumerate(self.person.tolist())}

    def at(self, row: int) -> Standing:
        cents, level = int(self.cents[row]), int(self.tier[row])
        return Standing(
            score=None if cents == NONE else Decimal(cents).scaleb(-2),
            tier=None if level == NONE else self.tiers[level],
            place=int(self.place[row]) or None,
            out_of=int(self.out_of[row]) or None,
            company_place=int(self.company_place[row]) or None,
        )

    def by_tier(self) -> dict[str, int]:
        """People by tier, the highest first."""
        counts = Counter(self.tier.tolist())
        return {name: counts[level] for level, name in reversed(list(enumerate(self.tiers)))}


@dataclass(frozen=True, slots=True)
class Standing:
    """One person under one plan; nothing but None without a score."""

    score: Decimal | None = None
    tier: str | None = None
    place: int | None = None
    out_of: int | None = None
    company_place: int | None = None


NOBODY = Standing()


@dataclass(frozen=True, slots=True)
class Change:
    """A person whose tier, place or score would differ."""

    period: Period
    person_id: int
    unit_id: int
    before: Standing
    after: Standing

    @property
    def tier_changes(self) -> bool:
        return self.before.tier != self.after.tier

    @property
    def place_changes(self) -> bool:
        return (self.before.place, self.before.company_place) != (self.after.place, self.after.company_place)

    @property
    def points(self) -> Decimal | None:
        """By how much the score would differ."""
        if self.before.score is None or self.after.score is None:
            return None
        return self.after.score - self.before.score


def standings(
    tiers: Sequence[str],
    columns: Mapping[str, Integers],
    rankable: np.ndarray,
    parents: Mapping[int, int | None],
) -> Standings:
    """From columns person, unit, cents and tier; `rankable` says who takes a place."""
    person, unit, cents = columns["person"], columns["unit"], columns["cents"]
    (ranked,) = np.nonzero(rankable & (cents != NONE))
    places = rank(np.zeros_like(ranked), unit[ranked], cents[ranked], parents)
    own = _own_level(places)
    row = np.arange(len(ranked))
    found = {name: np.zeros_like(person) for name in ("place", "out_of", "company_place")}
    if len(ranked):
        found["place"][ranked] = places.rank[row, own]
        found["out_of"][ranked] = places.out_of[row, own]
        found["company_place"][ranked] = places.rank[:, 0]
    return Standings(tuple(tiers), person, unit, cents, columns["tier"], **found)


def _own_level(places: Places) -> Integers:
    """Of each row the column of its leaf."""
    level: Integers = np.sum(places.unit != NO_UNIT, axis=1) - 1
    return level


@dataclass(frozen=True)
class PeriodPreview:
    """One period under both plans, from the same inputs."""

    period: Period
    is_locked: bool
    before: Standings
    after: Standings

    @property
    def people(self) -> int:
        return len(self.person_ids())

    def person_ids(self) -> list[int]:
        found: list[int] = np.union1d(self.before.person, self.after.person).tolist()
        return found

    def of(self, person_ids: Collection[int]) -> PeriodPreview:
        """The same for these people alone."""
        return replace(self, before=self.before.of(person_ids), after=self.after.of(person_ids))

    def changes(self) -> Iterator[Change]:
        """By person id."""
        before, after = self.before.row_of(), self.after.row_of()
        for person in self.person_ids():
            was = self.before.at(before[person]) if person in before else NOBODY
            will = self.after.at(after[person]) if person in after else NOBODY
            if was != will:
                unit = self.after.unit[after[person]] if person in after else self.before.unit[before[person]]
                yield Change(self.period, person, int(unit), was, will)


def in_order_of_effect(changes: Iterable[Change]) -> list[Change]:
    """Those whose tier changes first, then by how far the score moves; the latest period first."""
    return sorted(
        changes,
        key=lambda one: (
            not one.tier_changes,
            -abs(one.points or Decimal(0)),
            -one.period.start.toordinal(),
            one.person_id,
        ),
    )
