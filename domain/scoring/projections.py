"""Reading a running card's projection: few and small questions, for /myscore asks them too."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.people import service as people
from domain.people.model import Employment as EmploymentRow
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan
from domain.plans.service import parsed
from domain.scoring.inputs import PeriodInputs
from domain.scoring.model import Card, ScoredPeriod, ScoreRun
from domain.scoring.rules_cards import CardStatus
from domain.scoring.rules_inputs import Employment, PersonInput, TargetAmount, Window
from domain.scoring.rules_projection import Forecast, NoProjection, project
from domain.scoring.rules_what_if import Case
from domain.scoring.views import CardView
from domain.targets.model import Target
from domain.working_days import working_days_of


@dataclass(frozen=True)
class _Run:
    """What the card was computed by."""

    load_id: int
    today: date
    plan: Plan


def projection_of(session: Session, card: CardView) -> Forecast | None:
    """Of a card that its reader may see; None where its period is over."""
    if card.status is not CardStatus.RUNNING:
        return None
    if card.as_of_day is None:
        return NoProjection.NO_DAY
    if card.detail["missing"]:  # what the plan looks back to is not known
        return NoProjection.NO_SCORE
    run = _run(session, card)
    so_far = _so_far(session, card, run)
    calendar = working_days_of(people.company(session).calendar)
    return project(so_far, before_fifth_working_day=calendar.is_early(card.period.start, run.today))


def _run(session: Session, card: CardView) -> _Run:
    load_id, today, version_id = session.execute(
        sa.select(ScoreRun.load_id, ScoreRun.today, Card.plan_version_id)
        .join(Card, Card.run_id == ScoreRun.id)
        .join(ScoredPeriod, ScoredPeriod.published_run_id == ScoreRun.id)
        .where(ScoredPeriod.key == card.period.key, Card.person_id == card.person.id)
    ).one()
    return _Run(load_id, today, parsed(session.get_one(PlanVersion, version_id)))


def _so_far(session: Session, card: CardView, run: _Run) -> Case:
    """From the card where it shows all that matters: not what the plan looks back to or weighs by."""
    values = _values_on_card(card)
    plan = run.plan
    if plan.looks_back or plan.weighs_by_tier or not values.keys() >= set(plan.measures_needed):
        inputs = PeriodInputs(session, card.period, run.load_id, run.today)
        (scorable,) = inputs.people([card.person.id])
        return Case(scorable.in_force.plan, scorable.in_force.window, scorable.person)
    return Case(plan, Window(card.period, True, card.as_of_day), _person(session, card, run, values))


def _person(session: Session, card: CardView, run: _Run, values: dict[str, Decimal]) -> PersonInput:
    return PersonInput(
        employee_id=card.person.employee_id,
        employment=_employment(session, card.person.id, run.load_id),
        leaves=tuple(people.leaves(session, [card.person.id], run.load_id).get(card.person.id, ())),
        targets=_targets(session, card, run.load_id),
        values=values,
    )


def _values_on_card(card: CardView) -> dict[str, Decimal]:
    return {
        measure: value
        for line in card.lines
        for measure, value in zip(line.detail["measures"], (line.actual, line.denominator), strict=False)
        if value is not None
    }


def _employment(session: Session, person_id: int, load_id: int) -> Employment:
    row = EmploymentRow
    hired_on, left_on = session.execute(
        sa.select(row.hired_on, row.left_on).where(row.person_id == person_id, row.as_of(load_id))
    ).one()
    return Employment(hired_on, left_on)


def _targets(session: Session, card: CardView, load_id: int) -> dict[str, tuple[TargetAmount, ...]]:
    keys = {card.period.key, *(month.key for month in card.period.months())}
    rows = session.execute(
        sa.select(Target.indicator, Target.period, Target.amount, Target.from_day).where(
            Target.person_id == card.person.id, Target.period.in_(keys), Target.as_of(load_id)
        )
    )
    found: dict[str, list[TargetAmount]] = defaultdict(list)
    for indicator, period, amount, from_day in rows:
        found[indicator].append(TargetAmount(Period.parse(period), amount, from_day))
    return {indicator: tuple(amounts) for indicator, amounts in found.items()}
