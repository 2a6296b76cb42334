"""Reading a team's published cards, as many of them as the viewer may see."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from domain import access
from domain.access import Viewer
from domain.people import service as people
from domain.people.model import Person
from domain.people.service import AT_ONCE, Organisation, Tenure
from domain.periods import Period, PeriodKind
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan
from domain.plans.service import parsed
from domain.scoring.model import Card, CardLine, CardRank, ScoredPeriod, ScoreRun
from domain.scoring.published import current_cards_of, of_current_cards, published
from domain.scoring.rules import unjudged_because
from domain.scoring.rules_cards import CardStatus, LineKind, Miss, Reason
from domain.scoring.rules_inputs import DaySpan, Employment, TargetAmount
from domain.scoring.rules_kept import read_unranked
from domain.scoring.rules_streaks import MOST_EXEMPT_MONTHS, MonthOutcome, open_streak
from domain.scoring.rules_targets import person_target
from domain.scoring.rules_teams import Member, MemberLine
from domain.targets.model import Target

OWN_REPORTS = 0
"""In the place of a unit's id: those who report to the viewer, whatever their units."""

_LONG_AGO = Employment(date(1900, 1, 1))


@dataclass(frozen=True)
class Look:
    """Somebody looks at a team, perhaps at several periods of it: the organisation is read once."""

    session: Session
    viewer: Viewer
    day: date
    """The company's day."""
    organisation: Organisation

    def seen_among(self, period: Period, person_ids: Collection[int]) -> set[int]:
        """See access.seen_among."""
        return access.seen_among(self.session, self.viewer, period, person_ids, self.organisation)


@dataclass(frozen=True)
class TeamCards:
    """A team's cards of one period; only those that the viewer may see."""

    period: Period
    locked: bool
    as_of_days: Mapping[Plan, date | None]
    """Of a running period, by plan: the last day that its cards cover, None while they cover none."""
    load_id: int
    members: tuple[Member, ...]

    @property
    def as_of_day(self) -> date | None:
        """The latest of them."""
        return max((day for day in self.as_of_days.values() if day is not None), default=None)

    @property
    def is_running(self) -> bool:
        return any(member.is_running for member in self.members)


@dataclass(frozen=True)
class MissedMonths:
    """Missed months in a row that are not over, by person id, and which of them are not locked yet."""

    by_person: dict[int, tuple[Period, ...]]
    provisional: frozenset[Period]


def team_cards(look: Look, period: Period, unit_id: int) -> TeamCards | None:
    """Of a unit or of the viewer's own reports. None where nobody has a card there."""
    found = published(look.session, period)
    if found is None:
        return None
    scored, run = found
    cards: list[Any] = []
    lines: dict[int, list[MemberLine]] = defaultdict(list)
    shown = current_cards_of(look.session, run)
    for scope in _scopes(look, period, unit_id):
        cards += look.session.execute(_cards_in(run.id, shown, unit_id, scope))
        for card_id, *line in look.session.execute(_lines_in(shown, scope)):
            lines[card_id].append(_line(*line))
    ids = {card.person_id for card in cards}
    known = _Known(look, period, run, ids)
    members = tuple(known.member(card, lines[card.id]) for card in cards if card.person_id in known.seen)
    if not members:
        return None
    as_of_days = {known.plans.of(card.plan_version_id): card.as_of_day for card in cards}
    return TeamCards(period, scored.locked_at is not None, as_of_days, run.load_id, members)


def cards_in_team(look: Look, period: Period, unit_id: int) -> int:
    """How many there are, in sight or not."""
    run_id = sa.select(ScoredPeriod.published_run_id).where(ScoredPeriod.key == period.key)
    counts = (
        sa.select(sa.func.count()).where(Card.run_id == run_id.scalar_subquery(), scope)
        for scope in _scopes(look, period, unit_id)
    )
    return sum(look.session.scalar(count) or 0 for count in counts)


def unit_targets(
    session: Session, unit_id: int, period: Period, last_day: date, plan: Plan, load_id: int
) -> dict[str, Decimal]:
    """A unit's own targets by the plan's indicators, for the days of the period up to `last_day`; to 0.01."""
    keys = {period.key, *(month.key for month in period.months())}
    rows = session.scalars(
        sa.select(Target).where(
            Target.unit_id == unit_id,
            Target.period.in_(keys),
            Target.indicator.in_([indicator.name for indicator in plan.indicators]),
            Target.as_of(load_id),
        )
    )
    amounts: dict[str, list[TargetAmount]] = defaultdict(list)
    for row in rows:
        amounts[row.indicator].append(TargetAmount(Period.parse(row.period), row.amount, row.from_day))
    spans = [(period.start, last_day)]
    targets = {
        indicator: person_target(plan, period, _LONG_AGO, spans, of_indicator)
        for indicator, of_indicator in amounts.items()
    }
    return {indicator: target.amount for indicator, target in targets.items() if target is not None}


def missed_months(look: Look, before: date, person_ids: Collection[int]) -> MissedMonths:
    """Of these people, in months that ended by the day `before`; locked or not, only those in sight.

    A month whose card the viewer may not see, because the person was elsewhere then, is left out.
    """
    candidates = set(person_ids) & _missed_lately(look.session, before)
    outcomes: dict[int, list[MonthOutcome]] = defaultdict(list)
    provisional = set()
    for chunk in _chunks(candidates):
        for person_id, key, locked_at, miss, job_family in look.session.execute(_outcomes(chunk, before)):
            month = Period.parse(key)
            outcomes[person_id].append(MonthOutcome(month, Miss(miss), job_family))
            if locked_at is None:
                provisional.add(month)
    open_ones = {person_id: open_streak(months) for person_id, months in outcomes.items()}
    missed = {person_id: streak.missed for person_id, streak in open_ones.items() if streak}
    in_sight = {
        month: look.seen_among(month, missed)
        for month in {month for months in missed.values() for month in months}
    }
    seen = {
        person_id: tuple(month for month in months if person_id in in_sight[month])
        for person_id, months in missed.items()
    }
    return MissedMonths(
        {person_id: months for person_id, months in seen.items() if months}, frozenset(provisional)
    )


def _missed_lately(session: Session, before: date) -> set[int]:
    """People with a miss so late that a streak of theirs may still be open."""
    since = Period.containing(PeriodKind.MONTH, before)
    for _ in range(MOST_EXEMPT_MONTHS + 1):
        since = since.previous()
    return set(
        session.scalars(
            of_current_cards(sa.select(Card.person_id))
            .where(
                _ENDED_MONTH,
                ScoredPeriod.start >= since.start,
                ScoredPeriod.start < before,
                Card.miss == Miss.MISS,
            )
            .distinct()
        )
    )


_ENDED_MONTH = sa.and_(ScoredPeriod.kind == PeriodKind.MONTH, Card.status != CardStatus.RUNNING)


def _outcomes(person_ids: Collection[int], before: date) -> sa.Select[*tuple[Any, ...]]:
    return (
        of_current_cards(
            sa.select(
                *(Card.person_id, ScoredPeriod.key, ScoredPeriod.locked_at),
                *(Card.miss, PlanVersion.job_family),
            )
        )
        .join(PlanVersion, PlanVersion.id == Card.plan_version_id)
        .where(_ENDED_MONTH, Card.person_id.in_(person_ids), ScoredPeriod.start < before)
        .order_by(ScoredPeriod.start)
    )


def _scopes(look: Look, period: Period, unit_id: int) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that together hold for the cards of the team."""
    if unit_id == OWN_REPORTS:
        for chunk in _chunks(access.reports(look.session, look.viewer, period, look.organisation)):
            yield Card.person_id.in_(chunk)
    else:
        yield Card.unit_id.in_(look.organisation.tree.subtree_of({unit_id}))


def _cards_in(
    run_id: int, shown: sa.ColumnElement[bool], unit_id: int, scope: sa.ColumnElement[bool]
) -> sa.Select[*tuple[Any, ...]]:
    """Places are those of the run, whatever version of a card is shown."""
    ranked = aliased(Card)
    of_run = sa.and_(ranked.run_id == run_id, ranked.person_id == Card.person_id)
    in_unit = sa.and_(CardRank.card_id == ranked.id, CardRank.unit_id == unit_id)
    return (
        sa.select(
            Card.id,
            Card.person_id,
            Card.unit_id,
            Card.plan_version_id,
            Card.status,
            Card.score,
            Card.tier,
            Card.miss,
            Card.unranked_because,
            Card.eligible_days,
            Card.as_of_day,
            Person.employee_id,
            Person.name,
            CardRank.rank,
            CardRank.out_of,
        )
        .join(Person, Person.id == Card.person_id)
        .outerjoin(ranked, of_run)
        .outerjoin(CardRank, in_unit)
        .where(shown, scope)
        .order_by(Person.employee_id)
    )


def _lines_in(shown: sa.ColumnElement[bool], scope: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            CardLine.card_id,
            CardLine.kind,
            CardLine.name,
            CardLine.actual,
            CardLine.denominator,
            CardLine.target,
            CardLine.points,
        )
        .join(Card, Card.id == CardLine.card_id)
        .where(shown, CardLine.kind != LineKind.FLOOR, scope)
        .order_by(CardLine.card_id, CardLine.position)
    )


def _line(
    kind: str,
    name: str,
    actual: Decimal | None,
    denominator: Decimal | None,
    target: Decimal | None,
    points: Decimal | None,
) -> MemberLine:
    return MemberLine(LineKind(kind), name, actual, target if denominator is None else denominator, points)


class _Known:
    """What is known of people with cards: whom the viewer may see, who works here, who is away."""

    def __init__(self, look: Look, period: Period, run: ScoreRun, ids: set[int]) -> None:
        self.look = look
        self.period = period
        self.seen = look.seen_among(period, ids)
        self.plans = _Plans(look.session)
        self.reference = min(run.today, period.last_day)
        self.leaves: dict[int, list[DaySpan]] = {}
        self.hired: dict[int, Tenure] = {}
        """As of the load that the cards were computed from."""
        for chunk in _chunks(ids):
            self.leaves |= people.leaves(look.session, chunk, run.load_id)
            self.hired |= people.tenures(look.session, chunk, run.load_id)

    def member(self, card: Any, lines: list[MemberLine]) -> Member:
        plan = self.plans.of(card.plan_version_id)
        tenure = self.look.organisation.tenure(card.person_id)
        leaves = self.leaves.get(card.person_id, [])
        reason, missing = read_unranked(card.unranked_because, plan)
        return Member(
            person_id=card.person_id,
            employee_id=card.employee_id,
            name=card.name,
            unit_id=card.unit_id,
            unit_name=self.look.organisation.tree.by_id[card.unit_id].name,
            plan=plan,
            status=CardStatus(card.status),
            score=card.score,
            tier=card.tier,
            rank=card.rank,
            out_of=card.out_of,
            miss=Miss(card.miss) if card.miss else None,
            unranked_because=reason,
            missing=missing,
            eligible_days=card.eligible_days,
            unjudged_because=self._unjudged_because(plan, card, reason, leaves),
            on_leave=any(first <= self.reference <= last for first, last in leaves),
            employed=tenure is not None and tenure.employed_on(self.look.day),
            lines=tuple(lines),
        )

    def _unjudged_because(
        self, plan: Plan, card: Any, reason: Reason | None, leaves: list[DaySpan]
    ) -> Reason | None:
        """The card says so, unless it names what comes first: why there is no score."""
        if card.score is not None:
            return None if reason is Reason.TOO_EARLY else reason
        hired = self.hired[card.person_id]
        return unjudged_because(plan, self.period, Employment(hired.hired_on, hired.left_on), leaves)


class _Plans:
    """Plans by the id of their version, each read once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.known: dict[int, Plan] = {}

    def of(self, version_id: int) -> Plan:
        if version_id not in self.known:
            self.known[version_id] = parsed(self.session.get_one(PlanVersion, version_id))
        return self.known[version_id]


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    in_order = sorted(ids)
    for start in range(0, len(in_order), AT_ONCE):
        yield in_order[start : start + AT_ONCE]
