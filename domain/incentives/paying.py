"""What a locked month should pay each person, worked out from its cards: nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.incentives import reading
from domain.incentives.model import LedgerLine, LineKind
from domain.incentives.reading import PaidCard, Values, exact_reading, kept_value, on_card
from domain.incentives.rules_money import digits_of
from domain.incentives.rules_pay import Earnings, PayPart, PoolPart, Terms, pay_parts
from domain.incentives.rules_pool import Member, shares
from domain.incentives.versions import places_of, teams_of
from domain.incentives.wages import minimum_wage
from domain.metrics.coverage import reported_days
from domain.people import service as people
from domain.people.model import Company
from domain.people.reachability import zone_or_utc
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan
from domain.plans.rules_incentives import Incentives
from domain.plans.service import parsed
from domain.scoring.rules_cards import CardStatus
from domain.scoring.rules_exact import quotient

_ZERO = Decimal(0)


@dataclass(frozen=True)
class PayingPlan:
    version_id: int
    plan: Plan
    pays: Incentives
    currency: str
    digits: int


@dataclass(frozen=True)
class PersonPay:
    """What one card should pay; nothing where measures that pay or cost are `unreported` on some day."""

    card: PaidCard
    plan: PayingPlan
    parts: tuple[PayPart, ...]
    unreported: tuple[str, ...] = ()


def month_pay(
    session: Session, month: Period, booked: Period, only: Collection[int] | None = None
) -> dict[int, PersonPay]:
    """By person, from complete cards under plans that pay; as known to the payroll of `booked`.

    `only` some people: with them those of their teams, where a pool is shared.
    """
    company = people.company(session)
    until = month_end(company, booked)
    cards = _cards(session, month, until, only)
    plans = paying_plans(session, {card.plan_version_id for card in cards.values()}, company.currency, month)
    cards = {one: card for one, card in cards.items() if _is_paid(card, plans)}
    wide = None if only is None else set(cards)
    late = reading.late_loads(session, month, booked, wide)
    load_id = max(
        [
            reading.newest_load(session, until),
            *late.values(),
            *(card.load_id for card in cards.values()),
        ]
    )
    facts = _Facts(session, month, load_id, late, cards, plans)
    pools = _pools(cards, plans, facts)
    minimum = minimum_wage(session, month)
    found = {}
    for person_id, card in sorted(cards.items()):
        plan = plans[card.plan_version_id]
        if unreported := facts.unreported(plan, card):
            found[person_id] = PersonPay(card, plan, (), unreported)
            continue
        parts = pay_parts(plan.pays, plan.digits, facts.earnings(plan, card), pools.get(person_id), minimum)
        found[person_id] = PersonPay(card, plan, parts)
    return found


def month_end(company: Company, month: Period) -> datetime:
    """The midnight after the month, where the company is."""
    return datetime.combine(month.end, time(), zone_or_utc(company.time_zone))


def paying_plans(
    session: Session, version_ids: Collection[int], company_currency: str, month: Period | None = None
) -> dict[int, PayingPlan]:
    """Those of the versions that pay anything. What a month has paid in, it goes on paying in."""
    kept = _currencies_paid(session, month) if month is not None else {}
    found = {}
    for version in session.scalars(sa.select(PlanVersion).where(PlanVersion.id.in_(version_ids))):
        plan = parsed(version)
        if plan.incentives is not None:
            currency = plan.incentives.currency or kept.get(version.id, company_currency)
            found[version.id] = PayingPlan(version.id, plan, plan.incentives, currency, digits_of(currency))
    return found


def _currencies_paid(session: Session, month: Period) -> dict[int, str]:
    """By plan version: the company's currency may have changed since."""
    rows = sa.select(LedgerLine.plan_version_id, LedgerLine.currency).where(
        LedgerLine.earned == month.key, LedgerLine.kind == LineKind.ACCRUAL
    )
    return {version: currency for version, currency in session.execute(rows.distinct()) if version}


def _is_paid(card: PaidCard, plans: Mapping[int, PayingPlan]) -> bool:
    return card.status == CardStatus.COMPLETE and card.plan_version_id in plans


def _cards(
    session: Session, month: Period, until: datetime, only: Collection[int] | None
) -> dict[int, PaidCard]:
    if only is None:
        return reading.paid_cards(session, month, until)
    versions = places_of(session, month, only).plan_versions
    if any(one.pays.pool for one in paying_plans(session, versions, "CNY").values()):
        only = teams_of(session, month, only)
    return reading.paid_cards(session, month, until, only)


class _Facts:
    """The numbers behind the cards: as the cards show them, read anew where records came late.

    All as of one load: whoever shares in a late record is paid by the same as whom it names.
    """

    def __init__(
        self,
        session: Session,
        month: Period,
        load_id: int,
        late: Mapping[int, int],
        cards: Mapping[int, PaidCard],
        plans: Mapping[int, PayingPlan],
    ) -> None:
        self._session = session
        self._month = month
        self._load_id = load_id
        self._cards = cards
        self._plans = plans
        self._places = {one.version_id: on_card(one.plan, _measures(one)) for one in plans.values()}
        self._late = {person_id for person_id, card in cards.items() if late.get(person_id, 0) > card.load_id}
        self._terms = reading.terms_in_force(session, month, cards)
        self._read = self._read_values()
        self._shared = self._shared_credit()
        self._coverage = reported_days(session, load_id)

    def earnings(self, plan: PayingPlan, card: PaidCard) -> Earnings:
        commission = plan.pays.commission
        own = self.value(plan, card, commission.measure) if commission else _ZERO
        line = card.line(commission.indicator) if commission else None
        shared = self._shared.get((card.person_id, commission.measure), _ZERO) if commission else _ZERO
        return Earnings(
            tier=card.tier,
            eligible_days=card.eligible_days,
            days=card.days,
            credited=own + shared,
            own=own,
            target=line.target if line else None,
            readings={one.name: self.reading(plan, card, one.name) for one in plan.plan.indicators},
            values={measure: self.value(plan, card, measure) for measure in plan.pays.measures},
            terms=self._terms.get(card.person_id, Terms()),
        )

    def value(self, plan: PayingPlan, card: PaidCard, measure: str) -> Decimal:
        """As the card shows it, unless records came late or no card shows it."""
        place = self._places[plan.version_id].get(measure)
        if place is not None and card.person_id not in self._late:
            kept = kept_value(card, place)
            if kept is not None:
                return kept
        return self._read.get((card.person_id, measure), _ZERO)

    def reading(self, plan: PayingPlan, card: PaidCard, name: str) -> Fraction | None:
        """Late records move a reading for the money alone; what looks back to earlier months stays."""
        line = card.line(name)
        indicator = plan.plan.indicator(name)
        if card.person_id not in self._late or line is None or not indicator.measures:
            return exact_reading(line)
        if indicator.ratio:
            above, below = (self.value(plan, card, measure) for measure in indicator.ratio)
            return quotient(above, below) if below else None
        if indicator.measure is None or not line.target:
            return exact_reading(line)
        return quotient(self.value(plan, card, indicator.measure), line.target)

    def unreported(self, plan: PayingPlan, card: PaidCard) -> tuple[str, ...]:
        """Unknown is not zero, for money either."""
        return self._coverage.uncovered(measures_beside(plan), self._month.start, self._month.last_day)

    def _read_values(self) -> Values:
        """Of those whose records came late all that the money needs, of the others what no card shows."""
        found: dict[tuple[int, str], Decimal] = {}
        groups: dict[tuple[int, bool], set[int]] = defaultdict(set)
        for person_id, card in self._cards.items():
            groups[card.plan_version_id, person_id in self._late].add(person_id)
        for (version_id, is_late), members in groups.items():
            plan = self._plans[version_id]
            wanted = set(_measures(plan)) - (set() if is_late else self._places[version_id].keys())
            found |= reading.measured(
                self._session, self._month, self._load_id, wanted, plan.plan.stocks, sorted(members)
            )
        return found

    def _shared_credit(self) -> Values:
        measures = {one.pays.commission.measure for one in self._plans.values() if one.pays.commission}
        if not measures or not reading.has_credits(self._session):
            return {}
        return reading.shared_credit(self._session, self._month, self._load_id, measures, self._cards)


def measures_beside(plan: PayingPlan) -> list[str]:
    """Those that pay or cost and are not needed for the card: it is complete without them."""
    return [one for one in plan.pays.measures if one not in plan.plan.measures_needed]


def _measures(plan: PayingPlan) -> Iterable[str]:
    """All whose values the money may need."""
    named = [*plan.pays.measures]
    if plan.pays.commission is not None:
        named.append(plan.pays.commission.measure)
    quality = plan.pays.quality
    if quality is not None and quality.indicator is not None:
        named += plan.plan.indicator(quality.indicator).measures
    if plan.pays.pool is not None:
        named += plan.plan.indicator(plan.pays.pool.indicator).measures
    return dict.fromkeys(named)


def _pools(
    cards: Mapping[int, PaidCard], plans: Mapping[int, PayingPlan], facts: _Facts
) -> dict[int, PoolPart]:
    """Each team's pool, shared among its members under the same plan."""
    teams: dict[tuple[int, int], dict[int, Member]] = defaultdict(dict)
    for person_id, card in cards.items():
        plan = plans[card.plan_version_id]
        pool = plan.pays.pool
        if pool is not None:
            line = card.line(pool.indicator)
            measure = plan.plan.indicator(pool.indicator).measure or ""
            member = Member(
                card.score or _ZERO, facts.value(plan, card, measure), line.target if line else None
            )
            teams[card.unit_id, plan.version_id][person_id] = member
    found: dict[int, PoolPart] = {}
    for (_unit, version_id), members in teams.items():
        pool = plans[version_id].pays.pool
        if pool is not None:
            found |= shares(pool, plans[version_id].digits, members)
    return found
