"""Reading a published card. Asks `access` first, changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock, today
from domain.closing.rules_notes import CardNotes
from domain.errors import BadInput, NotFound
from domain.people.model import Person, Unit
from domain.periods import Period, PeriodKind
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan, Tier
from domain.plans.service import parsed, parsed_text
from domain.scoring.details import card_detail, line_detail, looked_up_detail
from domain.scoring.inputs import PeriodInputs, inputs_of
from domain.scoring.model import Card, CardLine, CardRank, ScoredPeriod, ScoreRun
from domain.scoring.published import newest_run, of_current_cards
from domain.scoring.rules import score_person
from domain.scoring.rules_cards import CardStatus, LineKind, Miss
from domain.scoring.rules_inputs import PersonInput
from domain.scoring.rules_kept import Explanation, KeptCard, KeptLine, explain, measures_of_gates_alone

SMALLEST_SHOWN_UNIT = 5
"""Units with fewer ranked people show no ranks to their members."""


@dataclass(frozen=True)
class PersonView:
    id: int
    employee_id: str
    name: str


@dataclass(frozen=True)
class LineView:
    """One part of a score. Decimals as printed: reading to 6 places, points to 4, contribution to 2."""

    kind: str
    name: str
    actual: Decimal | None
    denominator: Decimal | None
    target: Decimal | None
    reading: Decimal | None
    points: Decimal | None
    weight: Decimal | None
    contribution: Decimal | None
    status: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class RankView:
    """A place within a unit; `rank` is None where the unit is too small to show it to its members."""

    unit_path: str
    unit_name: str
    rank: int | None
    out_of: int


@dataclass(frozen=True)
class CardView:
    person: PersonView
    period: Period
    status: CardStatus
    locked: bool
    score: Decimal | None
    tier: str | None
    miss: str | None
    unranked_because: str | None
    eligible_days: int
    days: int
    as_of_day: date | None
    lines: tuple[LineView, ...]
    ranks: tuple[RankView, ...]
    detail: dict[str, Any]
    plan_name: str
    tiers: tuple[Tier, ...]
    """From the highest to the lowest."""
    is_own: bool = True
    """Whether it is the viewer's."""
    pays: bool = False
    """Whether its plan pays variable pay."""
    run_id: int = 0
    """That made it: of a restated card a run of its own."""
    disputed: Mapping[str, date] = field(default_factory=dict)
    """By line, when the answer to its owner's dispute is due; filled in by `disputes.views.with_marks`."""
    is_restated: bool = False
    notes: CardNotes | None = None
    """Filled in by `closing.card_notes.with_notes`."""
    starting_tier: str | None = None
    """Told by *Why?* alone, where the plan weighs by it."""

    @property
    def next_tier(self) -> Tier | None:
        """The band above the score; None at the top, without a score, and where a gate caps the tier.

        Behind a gate no points help.
        """
        if self.score is None or any(gate["lowered"] for gate in self.detail["gates"]):
            return None
        return next((tier for tier in reversed(self.tiers) if tier.from_score > self.score), None)


@dataclass(frozen=True)
class ScoreView:
    """The answer to `/myscore`: the card asked for, and for a running one the last closed card."""

    card: CardView
    last_closed: CardView | None


def my_score(
    session: Session, viewer: Viewer, clock: Clock, period: Period | None = None, person_id: int | None = None
) -> ScoreView:
    """A person's card, the viewer's own by default; without a period the one that runs, else the last scored.

    Raises NotAllowed, or NotFound where there is no such card.
    """
    person_id = viewer.person_id if person_id is None else person_id
    day = company_day(viewer, clock)
    this_month = Period.containing(PeriodKind.MONTH, day)
    asked = period or this_month
    if asked.start > day:
        raise BadInput("{period} has not begun yet: choose an earlier one.", period=asked.key)
    access.require_card(session, viewer, person_id, asked)
    card = _card(session, viewer, person_id, asked)
    if card is None and period is None:
        card = _last_closed(session, viewer, person_id, this_month)
    if card is None:
        raise NotFound(
            "There is no card for {period}: it has not been scored, or the person was not employed then.",
            period=asked.key,
        )
    running = card.status is CardStatus.RUNNING
    return ScoreView(card, _last_closed(session, viewer, person_id, card.period) if running else None)


def why(session: Session, viewer: Viewer, clock: Clock, period: Period, person_id: int) -> CardView:
    """The card of `my_score`, with what its targets, counts and weights were put together from.

    Raises NotAllowed, or NotFound where there is no such card.
    """
    view = my_score(session, viewer, clock, period, person_id).card
    (scorable,) = _inputs_of_run(session, view.run_id).people([person_id])
    computed = score_person(scorable.in_force.plan, scorable.in_force.window, scorable.person)
    lines = tuple(
        replace(line, detail={**line.detail, **looked_up_detail(again)})
        for line, again in zip(view.lines, computed.lines, strict=True)
    )
    return replace(view, lines=lines, starting_tier=scorable.starting_tier)


def was_ever_scored(session: Session, person_id: int) -> bool:
    """Whether a card of the person exists that readers see, of whatever period."""
    current = of_current_cards(sa.select(Card.id)).where(Card.person_id == person_id).limit(1)
    return session.scalar(current) is not None


def company_day(viewer: Viewer, clock: Clock) -> date:
    return today(clock, viewer.company_zone)


def _last_closed(session: Session, viewer: Viewer, person_id: int, before: Period) -> CardView | None:
    key = session.scalar(
        of_current_cards(sa.select(ScoredPeriod.key))
        .where(
            Card.person_id == person_id,
            Card.status != CardStatus.RUNNING,
            ScoredPeriod.kind == before.kind,
            ScoredPeriod.start < before.start,
        )
        .order_by(ScoredPeriod.start.desc())
        .limit(1)
    )
    if key is None:
        return None
    period = Period.parse(key)
    return (
        _card(session, viewer, person_id, period)
        if access.may_see_card(session, viewer, person_id, period)
        else None
    )


_Row = sa.Row[*tuple[Any, ...]]

# Put together once, and of tables rather than classes: /myscore asks them each time, and only reads.
_PERIODS, _CARDS, _CARD_LINES, _PLACES, _PEOPLE, _PLANS, _UNITS = (
    each.__table__ for each in (ScoredPeriod, Card, CardLine, CardRank, Person, PlanVersion, Unit)
)
_CARD = (
    sa.select(
        *_CARDS.c["id", "run_id", "person_id", "status", "score", "tier", "miss", "unranked_because"],
        *_CARDS.c["eligible_days", "days", "as_of_day"],
        *_PERIODS.c["locked_at", "published_run_id"],
        *_PEOPLE.c["employee_id", "name"],
        _PLANS.c.text,
    )
    .select_from(_PERIODS)
    .join(
        _CARDS,
        _CARDS.c.run_id == newest_run(_PERIODS.c.key, sa.bindparam("person_id"), _PERIODS.c.published_run_id),
    )
    .join(_PEOPLE, _PEOPLE.c.id == _CARDS.c.person_id)
    .join(_PLANS, _PLANS.c.id == _CARDS.c.plan_version_id)
    .where(_PERIODS.c.key == sa.bindparam("period"), _CARDS.c.person_id == sa.bindparam("person_id"))
)
_LINES = (
    sa.select(_CARD_LINES)
    .where(_CARD_LINES.c.card_id == sa.bindparam("card_id"))
    .order_by(_CARD_LINES.c.position)
)
_RANKS = (
    sa.select(_PLACES.c.rank, _PLACES.c.out_of, _UNITS.c.path, _UNITS.c.name)
    .join(_UNITS, _UNITS.c.id == _PLACES.c.unit_id)
    .where(_PLACES.c.card_id == sa.bindparam("card_id"))
    .order_by(sa.func.length(_UNITS.c.path))
)


def _card(session: Session, viewer: Viewer, person_id: int, period: Period) -> CardView | None:
    card = session.execute(_CARD, {"period": period.key, "person_id": person_id}).one_or_none()
    if card is None:
        return None
    plan = parsed_text(card.text)
    lines = session.execute(_LINES, {"card_id": card.id}).all()
    explanation = _explanation(session, plan, card, lines)
    return CardView(
        person=PersonView(person_id, card.employee_id, card.name),
        period=period,
        status=CardStatus(card.status),
        locked=card.locked_at is not None,
        score=card.score,
        tier=card.tier,
        miss=card.miss,
        unranked_because=card.unranked_because,
        eligible_days=card.eligible_days,
        days=card.days,
        as_of_day=card.as_of_day,
        lines=tuple(
            _line(line, line_detail(explained))
            for line, explained in zip(lines, explanation.lines, strict=True)
        ),
        ranks=_ranks(session, viewer, card, period),
        detail=card_detail(explanation),
        plan_name=plan.name,
        tiers=_from_the_highest(plan.tiers),
        is_own=person_id == viewer.person_id,
        pays=plan.incentives is not None,
        run_id=card.run_id,
        is_restated=card.run_id != card.published_run_id,
    )


def _line(line: _Row, detail: dict[str, Any]) -> LineView:
    return LineView(
        line.kind,
        line.name,
        line.actual,
        line.denominator,
        line.target,
        line.reading,
        line.points,
        line.weight,
        line.contribution,
        line.status,
        detail,
    )


def _explanation(session: Session, plan: Plan, card: _Row, lines: Sequence[_Row]) -> Explanation:
    kept = KeptCard(
        status=CardStatus(card.status),
        score=card.score,
        miss=Miss(card.miss) if card.miss else None,
        unranked_because=card.unranked_because,
        has_days=card.days > 0,
        lines=tuple(
            KeptLine(
                LineKind(line.kind),
                line.name,
                line.actual,
                line.denominator,
                line.target,
                line.weight,
                line.contribution,
            )
            for line in lines
        ),
    )
    unseen = measures_of_gates_alone(plan) if card.tier else ()
    return explain(plan, kept, _inputs(session, card).values if unseen else {})


def _inputs_of_run(session: Session, run_id: int) -> PeriodInputs:
    return inputs_of(session, session.get_one(ScoreRun, run_id))


def _inputs(session: Session, card: _Row) -> PersonInput:
    """What a card was computed from."""
    (scorable,) = _inputs_of_run(session, card.run_id).people([card.person_id])
    return scorable.person


def _ranks(session: Session, viewer: Viewer, card: _Row, period: Period) -> tuple[RankView, ...]:
    rows = session.execute(_RANKS, {"card_id": _ranked_card(session, card)}).all()
    is_own = viewer.person_id == card.person_id
    return tuple(
        RankView(path, name, None if is_own and out_of < SMALLEST_SHOWN_UNIT else rank, out_of)
        for rank, out_of, path, name in rows
    )


def _ranked_card(session: Session, card: _Row) -> int | None:
    """The card itself; of a restated one the card of the lock, for places stay those of the lock."""
    if card.run_id == card.published_run_id:
        return int(card.id)
    of_lock = sa.select(Card.id).where(Card.run_id == card.published_run_id, Card.person_id == card.person_id)
    return session.scalar(of_lock)


def plan_name_and_tiers(session: Session, plan_version_id: int) -> tuple[str, tuple[Tier, ...]]:
    version = session.get_one(PlanVersion, plan_version_id)
    return version.name, _from_the_highest(parsed(version).tiers)


def _from_the_highest(tiers: Iterable[Tier]) -> tuple[Tier, ...]:
    return tuple(sorted(tiers, key=lambda tier: tier.from_score, reverse=True))
