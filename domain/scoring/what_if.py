"""Reading for *What if*: one person's period as it may end. Asks `access` first, changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import RankingRight, Viewer
from domain.clock import Clock
from domain.errors import N_, BadInput, NotAllowed, NotFound
from domain.metrics.model import MeasureRecord
from domain.people import service as people
from domain.periods import Period
from domain.plans.rules import Plan, Tier
from domain.scoring import views
from domain.scoring.inputs import Scorable, inputs_of
from domain.scoring.model import Card, CardRank, ScoredPeriod, ScoreRun
from domain.scoring.published import IS_PUBLISHED
from domain.scoring.rules_cards import Card as ScoredCard
from domain.scoring.rules_cards import CardStatus
from domain.scoring.rules_moves import Beside, OwnPlace, place_with
from domain.scoring.rules_nearest import LARGEST
from domain.scoring.rules_outlook import Outlook, outlook
from domain.scoring.rules_what_if import Case, Goal, at_pace, tiers_above, whole
from domain.scoring.views import CardView

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
        return self.plan.quantities

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
class PlaceChange:
    """What would become of a place, with others' scores as they are: no more than the ranking tells."""

    unit_name: str
    out_of: int
    before: int
    after: int | Beside


@dataclass(frozen=True)
class Trial:
    """What a change of some measures would do."""

    change: Change
    so_far: BeforeAndAfter | None
    endings: Mapping[Ending, BeforeAndAfter]
    places: tuple[PlaceChange, ...]
    """From the root's down; none in units whose ranking tells the viewer nothing."""


def prepare(
    session: Session, viewer: Viewer, clock: Clock, period: Period | None = None, person_id: int | None = None
) -> Question:
    """The card that `/myscore` would show, and what it was computed from.

    Raises NotAllowed, or NotFound where there is no such card, or nothing is known of its period yet.
    """
    card = views.my_score(session, viewer, clock, period, person_id).card
    run = session.get_one(ScoreRun, card.run_id)
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
    score = decides.after.score
    return Trial(
        change=change,
        so_far=so_far,
        endings={ending: _changed(case, change) for ending, case in question.endings.items()},
        places=() if score is None else _places_with(session, viewer, question.card, score),
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


def _places(session: Session, run: ScoreRun, scorable: Scorable) -> dict[str, int]:
    """Decimals by measure, as many as the records of the person's unit have had lately: 0, 2 or 4."""
    colleagues = (
        sa.select(Card.person_id)
        .where(Card.run_id == run.id, Card.unit_id == scorable.unit_id)
        .order_by(Card.person_id)  # the same ones each time, and so the same answer
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


def _places_with(session: Session, viewer: Viewer, card: CardView, score: Decimal) -> tuple[PlaceChange, ...]:
    """The places of the card, had it this score and everybody else theirs."""
    told = _places_told(session, viewer, card)
    own = session.execute(
        sa.select(Card.id, Card.run_id, Card.plan_version_id, Card.score)
        .join(ScoredPeriod, IS_PUBLISHED)
        .where(ScoredPeriod.key == card.period.key, Card.person_id == card.person.id)
    ).one()
    rows = session.execute(
        sa.select(
            CardRank.unit_id,
            sa.func.count().filter(Card.score > score),
            sa.func.min(Card.score).filter(Card.score > own.score),
            sa.func.max(Card.score).filter(Card.score < own.score),
        )
        .join(Card, Card.id == CardRank.card_id)
        .where(
            CardRank.run_id == own.run_id,
            Card.plan_version_id == own.plan_version_id,
            Card.id != own.id,
            CardRank.unit_id.in_([place.unit_id for place in told]),
        )
        .group_by(CardRank.unit_id)
    )
    others = {unit_id: (ahead, above, below) for unit_id, ahead, above, below in rows}
    changes = []
    for place in told:
        ahead, above, below = others.get(place.unit_id, (0, None, None))
        known = OwnPlace(place.rank, place.out_of, own.score, above, below)
        after = 1 + ahead if place.exactly else place_with(known, score)
        changes.append(PlaceChange(place.unit_name, place.out_of, place.rank, after))
    return tuple(changes)


@dataclass(frozen=True)
class _Told:
    """A place of a card whose change is told."""

    unit_id: int
    unit_name: str
    rank: int
    out_of: int
    exactly: bool
    """To those who see everybody's score in the unit anyway."""


def _places_told(session: Session, viewer: Viewer, card: CardView) -> list[_Told]:
    """Members of a unit are told of their own place only, those who may see no ranking of none."""
    tree = people.unit_tree(session)
    told = []
    for place in card.ranks:
        unit = tree.find(place.unit_path)
        if unit is None or place.rank is None:
            continue
        try:
            right = access.ranking_right(session, viewer, unit.id, card.period)
        except NotAllowed:
            continue
        exactly = right is RankingRight.ALL
        if exactly or card.is_own:
            told.append(_Told(unit.id, place.unit_name, place.rank, place.out_of, exactly))
    return told
