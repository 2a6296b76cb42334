"""Reading what cards are computed from: as of one load, so that it can be read again years later."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.metrics.model import Coverage as CoverageRow
from domain.metrics.model import MeasureRecord
from domain.metrics.rules import Coverage
from domain.people import service as people
from domain.people.model import Person
from domain.people.service import Tenure
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan, plan_in_force
from domain.plans.service import parsed, plan_versions
from domain.scoring.rules_inputs import (
    Employment,
    PersonInput,
    TargetAmount,
    Window,
    measure_value,
    scoring_window,
)
from domain.targets.model import Target

Record = tuple[str, str, str, date, Decimal]
"""source, record_id, measure, occurred_on, value"""


@dataclass(frozen=True)
class PlanInForce:
    version: PlanVersion
    plan: Plan
    window: Window


@dataclass(frozen=True)
class Scorable:
    """A person who gets a card, with everything it depends on."""

    person_id: int
    unit_id: int
    in_force: PlanInForce
    person: PersonInput
    inputs_digest: str


class PeriodInputs:
    """The inputs of one period as of one load and one day."""

    def __init__(self, session: Session, period: Period, load_id: int, today: date) -> None:
        self.session = session
        self.period = period
        self.load_id = load_id
        self.today = today
        self.plans = self._plans_in_force()

    def roster(self) -> list[int]:
        """Ids of all who get a card: employed in the period, with a unit, in a job family that has a plan."""
        found = people.tenures(self.session, load_id=self.load_id)
        return sorted(
            person_id for person_id, tenure in found.items() if None not in self._unit_and_plan_of(tenure)
        )

    def people(self, person_ids: Collection[int]) -> list[Scorable]:
        """The inputs of those of the people who get a card, by person id."""
        tenures = people.tenures(self.session, person_ids, self.load_id)
        away = people.leaves(self.session, person_ids, self.load_id)
        targets = self._targets(person_ids)
        records = self._records(person_ids)
        employee_ids = self._employee_ids(person_ids)
        scorable = []
        for person_id, tenure in sorted(tenures.items()):
            unit_id, in_force = self._unit_and_plan_of(tenure)
            if unit_id is None or in_force is None:
                continue
            person = PersonInput(
                employee_id=employee_ids[person_id],
                employment=Employment(tenure.hired_on, tenure.left_on),
                leaves=tuple(away.get(person_id, ())),
                targets=targets.get(person_id, {}),
                values=_values(records.get(person_id, ()), in_force),
            )
            digest = _digest(person, unit_id, in_force, records.get(person_id, ()))
            scorable.append(Scorable(person_id, unit_id, in_force, person, digest))
        return scorable

    def _unit_and_plan_of(self, tenure: Tenure) -> tuple[int | None, PlanInForce | None]:
        if not tenure.employed_during(self.period):
            return None, None
        placement = tenure.placement_in(self.period)
        return placement.unit_id, self.plans.get(placement.job_family or "")

    def _plans_in_force(self) -> dict[str, PlanInForce]:
        versions = {parsed(version): version for version in plan_versions(self.session, self.load_id)}
        coverage = self._coverage()
        chosen = {}
        for family in {plan.job_family for plan in versions}:
            plan = plan_in_force(versions, family, self.period)
            if plan is not None:
                window = scoring_window(plan, self.period, coverage, self.today)
                chosen[family] = PlanInForce(versions[plan], plan, window)
        return chosen

    def _coverage(self) -> Coverage:
        """A measure that is named anywhere is covered as named; `*` speaks for the others."""
        rows = self.session.scalars(sa.select(CoverageRow).where(CoverageRow.as_of(self.load_id))).all()
        return Coverage.of((row.measure, row.first_day, row.last_day) for row in rows)

    def _targets(self, person_ids: Collection[int]) -> dict[int, dict[str, tuple[TargetAmount, ...]]]:
        keys = {self.period.key, *(month.key for month in self.period.months())}
        rows = self.session.scalars(
            sa.select(Target).where(
                Target.person_id.in_(person_ids), Target.period.in_(keys), Target.as_of(self.load_id)
            )
        )
        found: dict[int, dict[str, list[TargetAmount]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            if row.person_id is not None:
                amount = TargetAmount(Period.parse(row.period), row.amount, row.from_day)
                found[row.person_id][row.indicator].append(amount)
        return {
            person_id: {name: tuple(sorted(amounts, key=repr)) for name, amounts in by_name.items()}
            for person_id, by_name in found.items()
        }

    def _records(self, person_ids: Collection[int]) -> dict[int, list[Record]]:
        r = MeasureRecord
        rows = self.session.execute(
            sa.select(r.person_id, r.source, r.record_id, r.measure, r.occurred_on, r.value).where(
                r.person_id.in_(person_ids),
                r.occurred_on >= self.period.start,
                r.occurred_on < self.period.end,
                r.as_of(self.load_id),
            )
        )
        found: dict[int, list[Record]] = defaultdict(list)
        for person_id, source, record_id, measure, day, value in rows:
            found[person_id].append((source, record_id, measure, day, value))
        return found

    def _employee_ids(self, person_ids: Collection[int]) -> dict[int, str]:
        wanted = sa.select(Person).where(Person.id.in_(person_ids))
        return {person.id: person.employee_id for person in self.session.scalars(wanted)}


def _values(records: Iterable[Record], in_force: PlanInForce) -> dict[str, Decimal]:
    if in_force.window.last is None:
        return {}
    by_measure: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for _, _, measure, day, value in records:
        by_measure[measure].append((day, value))
    return {
        measure: measure_value(
            by_measure.get(measure, ()),
            measure in in_force.plan.stocks,
            in_force.window.period.start,
            in_force.window.last,
        )
        for measure in in_force.plan.measures_needed
    }


def _digest(person: PersonInput, unit_id: int, in_force: PlanInForce, records: Iterable[Record]) -> str:
    """SHA-256 over everything a card depends on, in an order of its own."""
    needed = set(in_force.plan.measures_needed)
    facts: Mapping[str, object] = {
        "employee": person.employee_id,
        "employment": [person.employment.hired_on, person.employment.left_on],
        "leaves": person.leaves,
        "unit": unit_id,
        "plan": in_force.version.digest,
        "last_day": in_force.window.last,
        "missing": in_force.window.missing,
        "targets": [
            [name, amount.period.key, amount.from_day, amount.amount]
            for name, amounts in sorted(person.targets.items())
            for amount in amounts
        ],
        "records": sorted([r for r in records if r[2] in needed], key=lambda r: r[:2]),
    }
    return hashlib.sha256(json.dumps(facts, default=str, ensure_ascii=False).encode()).hexdigest()
