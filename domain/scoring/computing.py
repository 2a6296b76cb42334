"""Computing cards from a run's inputs, and storing them.

Most cards are computed in columns. Those that columns are not sure of are computed by the rules, and so is
whatever is verified.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.people import service as people
from domain.people.model import Person
from domain.periods import Period
from domain.scoring.chunks import People, drop_cards
from domain.scoring.columns.reading import UnderPlan, read_people
from domain.scoring.columns.rules_cards import Setting, score_people
from domain.scoring.columns.rules_digests import digests
from domain.scoring.columns.rules_plan import scale
from domain.scoring.columns.writing import CardsOfAPlan
from domain.scoring.inputs import PeriodInputs, inputs_of
from domain.scoring.model import Card, CardLine, RunState, ScoreRun
from domain.scoring.rules import score_person
from domain.scoring.rules_targets import target_periods
from domain.scoring.storing import card_values, line_values
from domain.working_days import working_days_of

Columns = dict[str, Any]
StoredCard = tuple[Columns, list[Columns]]
"""The columns of a card and of its lines."""


@dataclass(frozen=True)
class ComputedCards:
    in_columns: list[CardsOfAPlan]
    by_the_rules: list[StoredCard]


def compute(session: Session, run: ScoreRun, chunk: People) -> ComputedCards:
    """The cards of those among the people who get one; nothing is stored."""
    read = read_people(inputs_of(session, run), chunk)
    so_far = ranks_so_far(session, run)
    left = read.irregular
    in_columns = []
    for under_plan in read.by_plan:
        cards = _in_columns(run.id, under_plan, so_far)
        if cards is None:
            left += under_plan.people.person.tolist()
        else:
            left += under_plan.people.person[cards.cards.unsure].tolist()
            in_columns.append(cards)
    return ComputedCards(in_columns, cards_by_the_rules(session, run, left) if left else [])


def _in_columns(run_id: int, under_plan: UnderPlan, so_far: bool) -> CardsOfAPlan | None:
    """None under a plan that is not for columns."""
    in_force, people = under_plan.in_force, under_plan.people
    plan = scale(in_force.plan)
    if plan is None:
        return None
    setting = Setting(plan, in_force.window, target_periods(in_force.window.period), so_far)
    cards = score_people(setting, people)
    version = in_force.version
    return CardsOfAPlan(
        run_id=run_id,
        plan_version_id=version.id,
        setting=setting,
        person=people.person,
        unit=people.unit,
        cards=cards,
        digests=digests(setting, version.digest, people),
    )


def store(session: Session, run_id: int, chunk: People, cards: ComputedCards) -> None:
    """Store the cards of these people; done twice, it comes to the same. Nothing, for a run that is over."""
    run = session.get_one(ScoreRun, run_id)
    if run.state != RunState.COMPUTING:
        return
    drop_cards(session, run_id, chunk)
    for of_plan in cards.in_columns:
        of_plan.write(session)
    write_cards(session, cards.by_the_rules)


def write_cards(session: Session, cards: Sequence[StoredCard]) -> None:
    if cards:
        session.execute(sa.insert(Card), [card for card, _ in cards])
        session.execute(sa.insert(CardLine), [line for _, lines in cards for line in lines])


def cards_by_the_rules(
    session: Session, run: ScoreRun, person_ids: Collection[int], inputs: PeriodInputs | None = None
) -> list[StoredCard]:
    """Computed one by one, by the engine itself; from the run's own inputs, or from others."""
    so_far = ranks_so_far(session, run)
    cards = []
    for one in (inputs or inputs_of(session, run)).people(person_ids):
        card = score_person(one.in_force.plan, one.in_force.window, one.person, so_far)
        cards.append((card_values(run.id, one, card), line_values(run.id, one, card)))
    return cards


def ids_of(session: Session, chunk: People) -> list[int]:
    return list(session.scalars(sa.select(Person.id).where(chunk.have(Person.id)).order_by(Person.id)))


def ranks_so_far(session: Session, run: ScoreRun) -> bool:
    """Whether the run's day has reached the period's fifth working day on the company's calendar."""
    period = Period.parse(run.period)
    if run.today >= period.end:
        return True
    calendar = working_days_of(people.company(session).calendar)
    return not calendar.is_early(period.start, run.today)
