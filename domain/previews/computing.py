"""Scoring a period under a plan that nobody is scored by: everything is computed, nothing is stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.metrics.coverage import reported_days
from domain.people.model import Unit
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan
from domain.previews.rules_changes import NONE, Standings, standings
from domain.scoring.chunks import CHUNK, Chunk, chunks_of_everybody
from domain.scoring.columns.reading import UnderPlan, read_people
from domain.scoring.columns.rules_cards import NONE as NO_CODE
from domain.scoring.columns.rules_cards import Cards, Setting, score_people
from domain.scoring.columns.rules_integers import Integers
from domain.scoring.columns.rules_plan import scale
from domain.scoring.computing import ids_of
from domain.scoring.inputs import PeriodInputs, PlanInForce
from domain.scoring.rules import score_person
from domain.scoring.rules_inputs import scoring_window
from domain.scoring.rules_targets import target_periods
from domain.scoring.starting_tiers import (
    StartingTier,
    kept_starting_tiers,
    starting_tiers_on_cards,
)

_COLUMNS = ("person", "unit", "cents", "tier", "rankable")


@dataclass(frozen=True)
class Inputs:
    """What a period is previewed from: of a locked one, what its cards came from."""

    period: Period
    load_id: int
    today: date
    ranks_so_far: bool
    is_locked: bool


def in_force(session: Session, inputs: Inputs, family: str) -> PlanInForce | None:
    """The plan of a job family, as of the inputs."""
    return PeriodInputs(session, inputs.period, inputs.load_id, inputs.today).plans.get(family)


def as_if_in_force(session: Session, inputs: Inputs, plan: Plan) -> PlanInForce:
    """A draft, whatever its first month."""
    coverage = reported_days(session, inputs.load_id)
    window = scoring_window(plan, inputs.period, coverage, inputs.today)
    return PlanInForce(PlanVersion(id=0, name=plan.name, digest=""), plan, window)


def compute(session: Session, inputs: Inputs, in_force: PlanInForce) -> Standings:
    """What everybody of the plan's job family would have."""
    period_inputs = PeriodInputs(
        session, inputs.period, inputs.load_id, inputs.today, starting_tiers=_starting_tiers
    )
    period_inputs.plans = {in_force.plan.job_family: in_force}
    parts = [
        _of_part(period_inputs, inputs.ranks_so_far, chunk) for chunk in chunks_of_everybody(session, CHUNK)
    ]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else _nobody()
    order = np.argsort(columns[0], kind="stable")
    by_name = dict(zip(_COLUMNS, (column[order] for column in columns), strict=True))
    parents = {unit.id: unit.parent_id for unit in session.execute(sa.select(Unit.id, Unit.parent_id))}
    tiers = [tier.name for tier in in_force.plan.tiers]
    return standings(tiers, by_name, by_name["rankable"] == 1, parents)


def _of_part(inputs: PeriodInputs, ranks_so_far: bool, chunk: Chunk) -> list[Integers]:
    """Columns of a part of the people, those that columns are sure of and those that the rules compute."""
    (in_force,) = inputs.plans.values()
    parts = []
    if scale(in_force.plan) is None:
        left: Collection[int] = ids_of(inputs.session, chunk.people)
    else:
        read = read_people(inputs, chunk.people)
        left = list(read.irregular)
        for under_plan in read.by_plan:
            columns, unsure = _in_columns(under_plan, ranks_so_far)
            parts.append(columns)
            left += unsure
    if left:
        parts.append(_by_the_rules(inputs, ranks_so_far, left))
    return [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else _nobody()


def _in_columns(under_plan: UnderPlan, ranks_so_far: bool) -> tuple[list[Integers], list[int]]:
    in_force, people = under_plan.in_force, under_plan.people
    plan = scale(in_force.plan)
    if plan is None:
        return _nobody(), people.person.tolist()
    setting = Setting(plan, in_force.window, target_periods(in_force.window.period), ranks_so_far)
    cards = score_people(setting, people)
    sure = ~cards.unsure
    columns = [people.person, people.unit, _cents(cards), cards.tier, cards.unranked == NO_CODE]
    return [column[sure].astype(np.int64) for column in columns], people.person[cards.unsure].tolist()


def _cents(cards: Cards) -> Integers:
    return np.where(cards.scored, cards.score, NONE)


def _by_the_rules(inputs: PeriodInputs, ranks_so_far: bool, person_ids: Collection[int]) -> list[Integers]:
    rows = []
    for one in inputs.people(person_ids):
        card = score_person(one.in_force.plan, one.in_force.window, one.person, ranks_so_far)
        rows.append(
            (
                one.person_id,
                one.unit_id,
                NONE if card.score is None else int(card.score.scaleb(2)),
                NONE if card.tier is None else one.in_force.plan.tier_level(card.tier),
                int(card.rankable),
            )
        )
    return list(np.array(rows, dtype=np.int64).reshape(-1, len(_COLUMNS)).T)


def _nobody() -> list[Integers]:
    return [np.zeros(0, dtype=np.int64) for _ in _COLUMNS]


def _starting_tiers(
    session: Session, load_id: int, period: Period, person_ids: Collection[int]
) -> Mapping[int, StartingTier]:
    """As kept for a plan that weighs by them; a first such plan has none yet and takes those on cards."""
    return {
        **starting_tiers_on_cards(session, load_id, period, person_ids),
        **kept_starting_tiers(session, load_id, period, person_ids),
    }
