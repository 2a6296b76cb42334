"""Reading what cards are computed from: as of one load, so that it can be read again years later."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.metrics.coverage import reported_days
from domain.metrics.model import MeasureRecord
from domain.people import service as people
from domain.people.model import Person
from domain.people.service import Tenure
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan, plan_in_force
from domain.plans.service import parsed, plan_versions
from domain.scoring import rules_digest
from domain.scoring.model import ScoreRun
from domain.scoring.past import Past, PastRecord, past_records
from domain.scoring.rules_digest import Fact, Kind, fact
from domain.scoring.rules_inputs import (
    Employment,
    PersonInput,
    TargetAmount,
    Window,
    measure_value,
    scoring_window,
)
from domain.scoring.rules_targets import target_periods
from domain.scoring.starting_tiers import (
    ReadStartingTiers,
    StartingTier,
    kept_starting_tiers,
    starting_facts,
)
from domain.targets.model import Target

Record = tuple[int, str, str, str, date, Decimal]
"""id, source, record_id, measure, occurred_on, value"""

_SCALE = 10_000
"""Amounts and values are kept in ten-thousandths."""


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
    starting_tier: str | None = None
    """As far as the plan asks; its weights are then already those of `in_force.plan`."""


class PeriodInputs:
    """The inputs of one period as of one load and one day."""

    def __init__(
        self,
        session: Session,
        period: Period,
        load_id: int,
        today: date,
        digest_version: int = rules_digest.NEWEST_VERSION,
        starting_tiers: ReadStartingTiers = kept_starting_tiers,
    ) -> None:
        self.session = session
        self.period = period
        self.load_id = load_id
        self.today = today
        self.digest_version = digest_version
        self.starting_tiers = starting_tiers
        self.plans = self._plans_in_force()

    def people(self, person_ids: Collection[int]) -> list[Scorable]:
        """The inputs of those of the people who get a card, by person id."""
        tenures = people.tenures(self.session, person_ids, self.load_id)
        away = people.leaves(self.session, person_ids, self.load_id)
        targets = self._targets(person_ids)
        records = self._records(person_ids)
        before = self._looked_back_to(person_ids)
        reached = self._starting_tiers(person_ids)
        employee_ids = self._employee_ids(person_ids)
        scorable = []
        for person_id, tenure in sorted(tenures.items()):
            unit_id, in_force = self._unit_and_plan_of(tenure)
            if unit_id is None or in_force is None:
                continue
            past = Past.of(in_force.plan, in_force.window, before.get(person_id, ()))
            start = reached.get(person_id) if in_force.plan.weighs_by_tier else None
            person = PersonInput(
                employee_id=employee_ids[person_id],
                employment=Employment(tenure.hired_on, tenure.left_on),
                leaves=tuple(away.get(person_id, ())),
                targets=_target_amounts(targets.get(person_id, ())),
                values=_values(records.get(person_id, ()), in_force) | past.values,
                before=past.achieved,
                nameless=past.nameless,
            )
            in_force = replace(in_force, plan=in_force.plan.from_tier(start and start.tier))
            one = Scorable(person_id, unit_id, in_force, person, "", start and start.tier)
            further = [*past.facts, *starting_facts(in_force.plan, start)]
            digest = self._digest(one, targets.get(person_id, ()), records.get(person_id, ()), further)
            scorable.append(replace(one, inputs_digest=digest))
        return scorable

    def _looked_back_to(self, person_ids: Collection[int]) -> Mapping[int, Sequence[PastRecord]]:
        in_force = [(one.plan, one.window) for one in self.plans.values()]
        return past_records(self.session, self.load_id, in_force, person_ids)

    def _starting_tiers(self, person_ids: Collection[int]) -> Mapping[int, StartingTier]:
        if not any(one.plan.weighs_by_tier for one in self.plans.values()):
            return {}
        return self.starting_tiers(self.session, self.load_id, self.period, person_ids)

    def _digest(
        self, one: Scorable, targets: Iterable[Target], records: Sequence[Record], further: Iterable[Fact]
    ) -> str:
        plan, plan_digest = one.in_force.plan, one.in_force.version.digest
        if self.digest_version < rules_digest.NEWEST_VERSION:
            return rules_digest.first_version(
                plan,
                plan_digest,
                one.in_force.window,
                one.person,
                one.unit_id,
                [record[1:] for record in records],
            )
        begun = rules_digest.beginning(plan, plan_digest, one.in_force.window)
        return rules_digest.digest(begun, [*_facts(one, targets, records), *further])

    def _unit_and_plan_of(self, tenure: Tenure) -> tuple[int | None, PlanInForce | None]:
        if not tenure.employed_during(self.period):
            return None, None
        placement = tenure.placement_in(self.period)
        return placement.unit_id, self.plans.get(placement.job_family or "")

    def _plans_in_force(self) -> dict[str, PlanInForce]:
        versions = {parsed(version): version for version in plan_versions(self.session, self.load_id)}
        coverage = reported_days(self.session, self.load_id)
        chosen = {}
        for family in {plan.job_family for plan in versions}:
            plan = plan_in_force(versions, family, self.period)
            if plan is not None:
                window = scoring_window(plan, self.period, coverage, self.today)
                chosen[family] = PlanInForce(versions[plan], plan, window)
        return chosen

    def _targets(self, person_ids: Collection[int]) -> dict[int, list[Target]]:
        keys = [of.key for of in target_periods(self.period)]
        rows = self.session.scalars(
            sa.select(Target).where(
                Target.person_id.in_(person_ids), Target.period.in_(keys), Target.as_of(self.load_id)
            )
        )
        found: dict[int, list[Target]] = defaultdict(list)
        for row in rows:
            if row.person_id is not None:
                found[row.person_id].append(row)
        return found

    def _records(self, person_ids: Collection[int]) -> dict[int, list[Record]]:
        r = MeasureRecord
        rows = self.session.execute(
            sa.select(r.person_id, r.id, r.source, r.record_id, r.measure, r.occurred_on, r.value).where(
                r.person_id.in_(person_ids),
                r.occurred_on >= self.period.start,
                r.occurred_on < self.period.end,
                r.as_of(self.load_id),
            )
        )
        found: dict[int, list[Record]] = defaultdict(list)
        for person_id, row_id, source, record_id, measure, day, value in rows:
            found[person_id].append((row_id, source, record_id, measure, day, value))
        return found

    def _employee_ids(self, person_ids: Collection[int]) -> dict[int, str]:
        wanted = sa.select(Person).where(Person.id.in_(person_ids))
        return {person.id: person.employee_id for person in self.session.scalars(wanted)}


def inputs_of(session: Session, run: ScoreRun) -> PeriodInputs:
    return PeriodInputs(session, Period.parse(run.period), run.load_id, run.today, run.digest_version)


def _values(records: Iterable[Record], in_force: PlanInForce) -> dict[str, Decimal]:
    if in_force.window.last is None:
        return {}
    by_measure: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for *_, measure, day, value in records:
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


def _target_amounts(rows: Iterable[Target]) -> dict[str, tuple[TargetAmount, ...]]:
    """By indicator."""
    found: dict[str, list[TargetAmount]] = defaultdict(list)
    for row in rows:
        found[row.indicator].append(TargetAmount(Period.parse(row.period), row.amount, row.from_day))
    return {name: tuple(sorted(amounts, key=repr)) for name, amounts in found.items()}


def _facts(one: Scorable, targets: Iterable[Target], records: Iterable[Record]) -> Iterator[Fact]:
    """What a card depends on, beside the plan and its window."""
    employment, in_force = one.person.employment, one.in_force
    left_on = employment.left_on.toordinal() if employment.left_on else 0
    yield fact(Kind.PERSON, one.person_id, one.unit_id, employment.hired_on.toordinal(), left_on)
    period = in_force.window.period
    since = min(in_force.plan.known_from(measure, period) for measure in in_force.plan.measures_needed)
    for first, last in one.person.leaves:
        if first < period.end and last >= since:
            yield fact(Kind.LEAVE, first.toordinal(), last.toordinal())
    indicators = rules_digest.target_indicators(in_force.plan)
    periods = [of.key for of in target_periods(period)]
    for row in targets:
        if row.indicator in indicators:
            at, of = indicators.index(row.indicator), periods.index(row.period)
            from_day = row.from_day.toordinal() if row.from_day else 0
            yield fact(Kind.TARGET, row.id, at, of, from_day, int(row.amount * _SCALE))
    measures, window = in_force.plan.measures_needed, in_force.window
    for row_id, _, _, measure, day, value in records:
        if measure in measures and window.last and day <= window.last:
            yield fact(Kind.RECORD, row_id, measures.index(measure), day.toordinal(), int(value * _SCALE))
