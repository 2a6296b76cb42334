"""Reading for *What if*: one person's period as it may end. Asks `access` first, changes nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import Clock
from domain.errors import N_, BadInput, NotFound
from domain.metrics.model import MeasureRecord
from domain.people.model import Unit
from domain.periods import Period
from domain.plans.rules import Plan, Tier
from domain.scoring import views
from domain.scoring.inputs import Scorable
from domain.scoring.model import Card, CardRank, ScoredPeriod, ScoreRun
from domain.scoring.rules_cards import Card as ScoredCard
from domain.scoring.rules_cards import CardStatus
from domain.scoring.rules_nearest import LARGEST
from domain.scoring.rules_outlook import Outlook, outlook
from domain.scoring.rules_what_if import Case, Goal, at_pace, tiers_above, whole
from domain.scoring.service import inputs_of
from domain.scoring.views import CardView, RankView

RECORDS_LOOKED_AT_FOR = timedelta(days=92)
COLLEAGUES_LOOKED_AT = 50
_SCALE = 10_000
"""Records are kept in ten-thousandths."""

Change = Mapping[str, Decimal]
"""By measure: how much more, or with a minus less."""


class OutOfRange(BadInput):
    """A change after which a measure would have a value that it cannot have."""

    def __init__(self, sentence: str, measure: str, **values: object) -> None:
        super().__init__(sentence, measure=measure, **values)
        self.measure = measure


class Ending(StrEnum):
    """How everything that is not asked about goes on until the period ends."""

    PACE = "pace"
    """As it went so far."""
    TODAY = "today"
    """Nothing more is recorded."""
    OVER = "over"
    """The period has ended."""


@dataclass(frozen=True)
class Question:
    """All that *What if* is asked about: no session is needed to answer."""

    card: CardView
    plan: Plan
    endings: Mapping[Ending, Case]
    """The period's end on the full targets, the usual way first."""
    so_far: Case | None
    """While the period runs: today, as `/myscore` shows it."""

    @property
    def is_over(self) -> bool:
        return self.so_far is None

    @property
    def measures(self) -> tuple[str, ...]:
        return self.plan.measures_needed

    def value(self, measure: str) -> Decimal:
        """What is recorded of a measure."""
        case = self.so_far or self.endings[Ending.OVER]
        return case.value(measure)


@dataclass(frozen=True)
class Answer:
    """What it takes, for one way the period may end and one tier."""

    question: Question
    ending: Ending
    tiers: tuple[Tier, ...]
    """Those above: none at the top, and for a card without a score."""
    outlook: Outlook | None
    """None where there is no tier above."""

    @property
    def case(self) -> Case:
        return self.question.endings[self.ending]


@dataclass(frozen=True)
class BeforeAndAfter:
    before: ScoredCard
    after: ScoredCard


@dataclass(frozen=True)
class Trial:
    """What a change of some measures would do; places are those the viewer may see, others' scores as is."""

    change: Change
    so_far: BeforeAndAfter | None
    endings: Mapping[Ending, BeforeAndAfter]
    places_before: tuple[RankView, ...]
    places_after: tuple[RankView, ...]


def prepare(
    session: Session, viewer: Viewer, clock: Clock, period: Period | None = None, person_id: int | None = None
) -> Question:
    """The card that `/myscore` would show, and what it was computed from.

    Raises NotAllowed, or NotFound where there is no such card, or nothing is known of its period yet.
    """
    card = views.my_score(session, viewer, clock, period, person_id).card
    run = _published_run(session, card.period)
    scorable = next(iter(inputs_of(session, run).people([card.person.id])), None)
    if scorable is None or scorable.in_force.window.last is None:
        raise NotFound(
            "Nothing is known of {period} yet: ask again when its first day has been reported.",
            period=card.period.key,
        )
    plan, window = scorable.in_force.plan, scorable.in_force.window
    now = Case(plan, window, scorable.person, _places(session, run, scorable))
    if card.status is not CardStatus.RUNNING:
        return Question(card, plan, {Ending.OVER: now}, None)
    today = replace(now, window=whole(window))
    return Question(card, plan, {Ending.PACE: at_pace(today, window), Ending.TODAY: today}, now)


def answer(question: Question, ending: Ending | None = None, tier_level: int | None = None) -> Answer:
    """The usual ending and the next tier, unless others that there are were chosen."""
    chosen = ending if ending and ending in question.endings else next(iter(question.endings))
    case = question.endings[chosen]
    tiers = tiers_above(question.plan, case.as_it_is)
    if not tiers:
        return Answer(question, chosen, (), None)
    level = question.plan.tier_level
    tier = next((one for one in tiers if level(one.name) == tier_level), tiers[0])
    return Answer(question, chosen, tiers, outlook(case, Goal(question.plan, tier)))


def try_out(session: Session, viewer: Viewer, question: Question, change: Change) -> Trial:
    """The cards before and after a change, by the engine. Raises OutOfRange."""
    for measure, more in change.items():
        _require_possible(measure, question.value(measure), more)
    so_far = None if question.so_far is None else _changed(question.so_far, change)
    decides = so_far or _changed(question.endings[Ending.OVER], change)
    shown = tuple(place for place in question.card.ranks if place.rank is not None)
    score = decides.after.score
    return Trial(
        change=change,
        so_far=so_far,
        endings={ending: _changed(case, change) for ending, case in question.endings.items()},
        places_before=shown,
        places_after=() if score is None else _places_with(session, question.card, shown, score),
    )


def _changed(case: Case, change: Change) -> BeforeAndAfter:
    values = {measure: case.value(measure) + more for measure, more in change.items()}
    return BeforeAndAfter(case.as_it_is, case.card(values))


def _require_possible(measure: str, now: Decimal, more: Decimal) -> None:
    if more < 0 and now + more < 0:
        raise OutOfRange(
            N_("{measure}: there is {now} now, so no more than that can be taken away."), measure, now=now
        )
    if now + more > LARGEST:
        raise OutOfRange(
            N_("{measure}: that is more than can be recorded. Choose a smaller number."), measure
        )


def _published_run(session: Session, period: Period) -> ScoreRun:
    scored = session.get_one(ScoredPeriod, period.key)
    return session.get_one(ScoreRun, scored.published_run_id)


def _places(session: Session, run: ScoreRun, scorable: Scorable) -> dict[str, int]:
    """Decimals by measure, as many as the records of the person's unit have had lately: 0, 2 or 4."""
    colleagues = (
        sa.select(Card.person_id)
        .where(Card.run_id == run.id, Card.unit_id == scorable.unit_id)
        .limit(COLLEAGUES_LOOKED_AT)
    )
    people = {scorable.person_id, *session.scalars(colleagues)}
    scaled = sa.type_coerce(MeasureRecord.value, sa.BigInteger)
    places = sa.func.max(sa.case((scaled % (_SCALE // 100) != 0, 4), (scaled % _SCALE != 0, 2), else_=0))
    period = Period.parse(run.period)
    found = session.execute(
        sa.select(MeasureRecord.measure, places)
        .where(
            MeasureRecord.person_id.in_(people),
            MeasureRecord.occurred_on >= period.start - RECORDS_LOOKED_AT_FOR,
            MeasureRecord.occurred_on < period.end,
            MeasureRecord.as_of(run.load_id),
        )
        .group_by(MeasureRecord.measure)
    )
    return dict(found.all())


def _places_with(
    session: Session, card: CardView, places: Collection[RankView], score: Decimal
) -> tuple[RankView, ...]:
    """The same places, had this card the score and everybody else theirs."""
    own = session.execute(
        sa.select(Card.id, Card.run_id, Card.plan_version_id)
        .join(ScoredPeriod, ScoredPeriod.published_run_id == Card.run_id)
        .where(ScoredPeriod.key == card.period.key, Card.person_id == card.person.id)
    ).one()
    ahead = session.execute(
        sa.select(Unit.path, sa.func.count())
        .join(CardRank, CardRank.unit_id == Unit.id)
        .join(Card, Card.id == CardRank.card_id)
        .where(
            CardRank.run_id == own.run_id,
            Card.plan_version_id == own.plan_version_id,
            Card.id != own.id,
            Card.score > score,
            Unit.path.in_([place.unit_path for place in places]),
        )
        .group_by(Unit.path)
    )
    better = dict(ahead.all())
    return tuple(replace(place, rank=1 + better.get(place.unit_path, 0)) for place in places)
