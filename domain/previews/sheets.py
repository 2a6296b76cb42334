"""A preview as rows: who would change, and what becomes of each tier in each unit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.people.model import Person, Unit
from domain.previews.rules_changes import Change, PeriodPreview, Standing, Standings
from domain.previews.service import Preview
from domain.tables import Cell

CHANGE_COLUMNS = (
    *("period", "employee_id", "name", "unit"),
    *("score", "new_score", "difference", "tier", "new_tier"),
    *("place", "new_place", "company_place", "new_company_place"),
)
TOTAL_COLUMNS = ("period", "unit", "tier", "people", "new_people", "difference")
EVERYBODY = ""
"""The unit of a total over the whole job family."""


def change_rows(session: Session, preview: Preview) -> Iterator[dict[str, Cell]]:
    """A row a change, those whose tier changes first."""
    names = dict(session.execute(sa.select(Person.id, Person.name)).all())
    ids = dict(session.execute(sa.select(Person.id, Person.employee_id)).all())
    paths = _unit_paths(session)
    for one in preview.changes():
        yield {
            "period": one.period.key,
            "employee_id": ids[one.person_id],
            "name": names[one.person_id],
            "unit": paths[one.unit_id],
            **_changed(one),
        }


def _changed(one: Change) -> dict[str, Cell]:
    before, after = one.before, one.after
    return {
        "score": _number(before.score),
        "new_score": _number(after.score),
        "difference": _number(one.points),
        "tier": before.tier or "",
        "new_tier": after.tier or "",
        "place": _place(before),
        "new_place": _place(after),
        "company_place": _number(before.company_place),
        "new_company_place": _number(after.company_place),
    }


def total_rows(session: Session, preview: Preview) -> Iterator[dict[str, Cell]]:
    """People by tier: of everybody, then of each unit that somebody belongs to, period by period."""
    paths = _unit_paths(session)
    for period in preview.periods:
        for unit, was, will in _by_unit(period, paths):
            for tier in dict.fromkeys([*will, *was]):
                before, after = was.get(tier, 0), will.get(tier, 0)
                yield {
                    "period": period.period.key,
                    "unit": unit,
                    "tier": tier,
                    "people": Decimal(before),
                    "new_people": Decimal(after),
                    "difference": Decimal(after - before),
                }


def _by_unit(
    period: PeriodPreview, paths: dict[int, str]
) -> Iterator[tuple[str, dict[str, int], dict[str, int]]]:
    yield EVERYBODY, period.before.by_tier(), period.after.by_tier()
    was, will = _tiers_of_units(period.before), _tiers_of_units(period.after)
    for unit in sorted({*was, *will}, key=lambda unit: paths[unit]):
        yield paths[unit], was.get(unit, {}), will.get(unit, {})


def _tiers_of_units(standings: Standings) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for level, tier in reversed(list(enumerate(standings.tiers))):
        units, counts = np.unique(standings.unit[standings.tier == level], return_counts=True)
        for unit, count in zip(units.tolist(), counts.tolist(), strict=True):
            found[unit][tier] = count
    return dict(found)


def tiers_in_all(periods: Iterable[PeriodPreview]) -> list[tuple[str, int, int]]:
    """Cards by tier over all periods, before and after; the draft's tiers first, from the highest."""
    was: dict[str, int] = defaultdict(int)
    will: dict[str, int] = defaultdict(int)
    for period in periods:
        for tier, count in period.before.by_tier().items():
            was[tier] += count
        for tier, count in period.after.by_tier().items():
            will[tier] += count
    return [(tier, was.get(tier, 0), will.get(tier, 0)) for tier in dict.fromkeys([*will, *was])]


def _place(standing: Standing) -> str:
    return "" if standing.place is None else f"{standing.place} of {standing.out_of}"


def _number(number: Decimal | int | None) -> Cell:
    return "" if number is None else Decimal(number)


def _unit_paths(session: Session) -> dict[int, str]:
    return dict(session.execute(sa.select(Unit.id, Unit.path)).all())
