"""Reading the inputs of very many people in columns of integers, as of one load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa

from domain.bulk import read_integers
from domain.database import day_number
from domain.metrics.model import MeasureRecord
from domain.people.model import Assignment, Employment, Leave
from domain.plans.rules import Plan
from domain.scoring.chunks import People as Part
from domain.scoring.columns.reading_past import read_past
from domain.scoring.columns.rules_cards import People
from domain.scoring.columns.rules_days import FOREVER, Leaves
from domain.scoring.columns.rules_integers import Flags, Integers
from domain.scoring.columns.rules_past import PastRecords, Starts
from domain.scoring.columns.rules_placement import UNCHANGED, Placements, Steps, placements
from domain.scoring.columns.rules_targets import TargetRows
from domain.scoring.columns.rules_values import Records
from domain.scoring.inputs import PeriodInputs, PlanInForce
from domain.scoring.rules_digest import target_indicators
from domain.scoring.rules_targets import target_periods
from domain.targets.model import Target

_ELSE = -2
"""A code: a name that nothing here asks about."""


@dataclass(frozen=True)
class UnderPlan:
    """The people of a part who are scored by one plan."""

    in_force: PlanInForce
    people: People


@dataclass(frozen=True)
class PeopleRead:
    by_plan: list[UnderPlan]
    irregular: list[int]
    """Ids of people whose placement only the rules can tell, or tell what is wrong with."""


@dataclass(frozen=True)
class _Rows:
    """Of all people of the part."""

    leaves: Leaves
    targets: TargetRows
    records: Records
    past: PastRecords


def first_day_of(in_force: PlanInForce) -> date:
    """The first day whose inputs matter under a plan."""
    plan, period = in_force.plan, in_force.window.period
    return min(plan.known_from(measure, period) for measure in plan.measures_needed)


def read_people(inputs: PeriodInputs, part: Part) -> PeopleRead:
    """Everybody of the part who gets a card."""
    return _Reader(inputs, part).read()


class _Reader:
    def __init__(self, inputs: PeriodInputs, part: Part) -> None:
        self.inputs = inputs
        self.part = part
        self.families = sorted(inputs.plans)
        employed = self._employed()
        self.ids, self.hired, self.left = employed

    def read(self) -> PeopleRead:
        placed = self._placements()
        rows = _Rows(self._leaves(), self._targets(), self._records(), self._past())
        by_plan = []
        for code, family in enumerate(self.families):
            in_force = self.inputs.plans[family]
            of_plan = (placed.family == code) & (placed.unit != UNCHANGED) & ~placed.irregular
            for plan, which, starts in self._by_starting_tier(in_force.plan, of_plan):
                under = replace(in_force, plan=plan)
                by_plan.append(UnderPlan(under, self._people(under, which, placed, rows, starts)))
        return PeopleRead(by_plan, self.ids[placed.irregular].tolist())

    def _by_starting_tier(self, plan: Plan, of_plan: Flags) -> Iterator[tuple[Plan, Flags, Starts]]:
        """The plan as it weighs for those who started with each tier, and who they are."""
        if not of_plan.any():
            return
        if not plan.weighs_by_tier:
            yield plan, of_plan, Starts.none()
            return
        period, load_id = self.inputs.period, self.inputs.load_id
        ids = self.ids[of_plan].tolist()
        kept = self.inputs.starting_tiers(self.inputs.session, load_id, period, ids)
        tiers = [kept[one].tier if one in kept else None for one in self.ids.tolist()]
        for tier in dict.fromkeys(tiers):
            which = of_plan & np.array([one == tier for one in tiers], dtype=bool)
            if which.any():
                started = [kept[one].row_id for one in self.ids[which].tolist() if one in kept]
                row = np.arange(len(started))
                yield (
                    plan.from_tier(tier),
                    which,
                    Starts(row, _column(started), row * 0 + plan.level_of(tier)),
                )

    def _employed(self) -> Integers:
        """Who was employed in the period: ids, in order, first and last day."""
        e, period = Employment, self.inputs.period
        last_day = sa.func.coalesce(day_number(e.left_on), FOREVER)
        employed = self._columns(
            sa.select(e.person_id, day_number(e.hired_on), last_day).where(
                e.hired_on < period.end, sa.or_(e.left_on.is_(None), e.left_on >= period.start)
            ),
            e,
        )
        return employed[:, np.argsort(employed[0])]

    def _placements(self) -> Placements:
        a = Assignment
        family = _coded(a.job_family, self.families)
        row, at_hire, from_day, unit, family_code = self._of_people(
            sa.select(
                a.person_id,
                sa.cast(a.at_hire, sa.Integer),
                day_number(a.from_day),
                sa.func.coalesce(a.unit_id, UNCHANGED),
                sa.case((a.job_family.is_(None), UNCHANGED), else_=family),
            ),
            a,
        )
        steps = Steps(row, at_hire == 1, from_day, unit, family_code)
        day = np.minimum(self.left, self.inputs.period.last_day.toordinal())
        return placements(steps, self.hired, day)

    def _leaves(self) -> Leaves:
        """Also of the days looked back to."""
        x, period = Leave, self.inputs.period
        since = min((first_day_of(one) for one in self.inputs.plans.values()), default=period.start)
        touches = sa.and_(x.last_day >= since, x.first_day < period.end)
        rows = sa.select(x.person_id, day_number(x.first_day), day_number(x.last_day)).where(touches)
        return Leaves(*self._of_people(rows, x))

    def _targets(self) -> TargetRows:
        """Indicators and periods coded by their places in `_indicators` and `target_periods`."""
        t = Target
        keys = [period.key for period in target_periods(self.inputs.period)]
        rows = sa.select(
            t.person_id,
            t.id,
            _coded(t.indicator, self._indicators()),
            _coded(t.period, keys),
            sa.func.coalesce(day_number(t.from_day), 0),
            sa.type_coerce(t.amount, sa.BigInteger),
        ).where(t.period.in_(keys))
        return TargetRows(*self._of_people(rows, t))

    def _records(self) -> Records:
        """Measures coded by their places in `_measures`."""
        r, period = MeasureRecord, self.inputs.period
        measures = self._measures()
        rows = sa.select(
            r.person_id,
            r.id,
            _coded(r.measure, measures),
            day_number(r.occurred_on),
            sa.type_coerce(r.value, sa.BigInteger),
        ).where(r.occurred_on >= period.start, r.occurred_on < period.end, r.measure.in_(measures))
        return Records(*self._of_people(rows, r))

    def _past(self) -> PastRecords:
        """Measures coded as in `_records`."""
        past = read_past(self.inputs, self.part, self._measures())
        place = np.searchsorted(self.ids, past.row)
        known = place < len(self.ids)
        known[known] = self.ids[place[known]] == past.row[known]
        return replace(past, row=place).only(known)

    def _indicators(self) -> list[str]:
        """Of all plans."""
        return _each_once(target_indicators(one.plan) for one in self.inputs.plans.values())

    def _measures(self) -> list[str]:
        """Of all plans."""
        return _each_once(one.plan.measures_needed for one in self.inputs.plans.values())

    def _of_people(self, statement: sa.Select[*tuple[Any, ...]], entity: type[Any]) -> Integers:
        """Columns about those employed, with their places instead of their ids in the first one."""
        columns = self._columns(statement, entity)
        place = np.searchsorted(self.ids, columns[0])
        known = place < len(self.ids)
        known[known] = self.ids[place[known]] == columns[0, known]
        columns[0] = place
        return columns if known.all() else columns[:, known]

    def _columns(self, statement: sa.Select[*tuple[Any, ...]], entity: type[Any]) -> Integers:
        in_force: sa.ColumnElement[bool] = entity.as_of(self.inputs.load_id)
        of_part = self.part.have(entity.person_id)
        return read_integers(self.inputs.session, statement.where(of_part, in_force))

    def _people(
        self,
        in_force: PlanInForce,
        which: Flags,
        placed: Placements,
        rows: _Rows,
        starts: Starts,
    ) -> People:
        """Those of one plan, with what it asks for; rows, indicators and measures counted among its own."""
        row = np.where(which, np.cumsum(which) - 1, _ELSE)
        indicators, measures = target_indicators(in_force.plan), in_force.plan.measures_needed
        own_indicator = _places(self._indicators(), indicators)[rows.targets.indicator]
        own_measure = _places(self._measures(), measures)
        targets = replace(rows.targets, row=row[rows.targets.row], indicator=own_indicator)
        records = replace(rows.records, row=row[rows.records.row], measure=own_measure[rows.records.measure])
        past = replace(rows.past, row=row[rows.past.row], measure=own_measure[rows.past.measure])
        leaves = replace(rows.leaves, row=row[rows.leaves.row])
        since = first_day_of(in_force).toordinal()
        return People(
            person=self.ids[which],
            unit=placed.unit[which],
            hired=self.hired[which],
            left=self.left[which],
            leaves=leaves.only((leaves.row != _ELSE) & (leaves.last >= since)),
            targets=targets.only((targets.row != _ELSE) & (targets.indicator != _ELSE)),
            records=records.only((records.row != _ELSE) & (records.measure != _ELSE)),
            past=past.only((past.row != _ELSE) & (past.measure != _ELSE)),
            starts=starts,
        )


def _coded(column: Any, names: Sequence[str]) -> sa.ColumnElement[int]:
    """A name's place among the names, else `_ELSE`."""
    if not names:
        return sa.literal(_ELSE, sa.Integer)
    return sa.case({name: place for place, name in enumerate(names)}, value=column, else_=_ELSE)


def _places(names: Sequence[str], among: Sequence[str]) -> Integers:
    """Of each name its place among others, else `_ELSE`; at the end, for the code `_ELSE`, that."""
    places = [among.index(name) if name in among else _ELSE for name in names]
    return np.array([*places, _ELSE, _ELSE], dtype=np.int64)


def _column(numbers: list[int]) -> Integers:
    return np.array(numbers, dtype=np.int64)


def _each_once(lists: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))
