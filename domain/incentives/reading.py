"""Reading what a month pays for: locked cards, late records, shared credit, personal terms. All in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.closing.model import Adjustment, Restatement
from domain.incentives.model import Credit, PersonalTerm
from domain.incentives.rules_pay import Terms
from domain.incentives.rules_terms import TermKind
from domain.loads import Load
from domain.metrics.model import MeasureRecord
from domain.periods import Period
from domain.plans.rules import Plan
from domain.scoring.model import Card, CardLine, ScoredPeriod, ScoreRun
from domain.scoring.rules_cards import LineKind
from domain.scoring.rules_exact import exact_sum, product, quotient
from domain.scoring.rules_inputs import measure_value

Values = Mapping[tuple[int, str], Decimal]
"""By person and measure; what is missing is 0."""
_ZERO = Decimal(0)


@dataclass(frozen=True)
class KeptLine:
    actual: Decimal | None
    denominator: Decimal | None
    target: Decimal | None
    reading: Decimal | None


@dataclass(frozen=True)
class PaidCard:
    """A locked card, or the newest version of one that was restated by then."""

    person_id: int
    run_id: int
    load_id: int
    unit_id: int
    plan_version_id: int
    digest: str | None
    status: str
    score: Decimal | None
    tier: str | None
    eligible_days: int
    days: int
    lines: Mapping[tuple[str, str], KeptLine]
    """By kind and name."""

    def line(self, indicator: str) -> KeptLine | None:
        return self.lines.get((LineKind.INDICATOR, indicator))


def paid_cards(
    session: Session, month: Period, until: datetime, people: Collection[int] | None = None
) -> dict[int, PaidCard]:
    """By person; of everybody where no people are given. Restatements from before `until` count."""
    runs = _versions(session, month, until)
    first = run_of_lock(session, month)
    if first is None:
        return {}
    run_ids = {first, *runs.values()}
    which: list[sa.ColumnElement[bool]] = [Card.run_id.in_(run_ids)]
    if people is not None:
        which.append(is_one_of(session, Card.person_id, people))
    lines = _lines(session, which)
    loads = dict(
        session.execute(sa.select(ScoreRun.id, ScoreRun.load_id).where(ScoreRun.id.in_(run_ids))).all()
    )
    columns = (
        *(Card.id, Card.run_id, Card.person_id, Card.unit_id, Card.plan_version_id, Card.inputs_digest),
        *(Card.status, Card.score, Card.tier, Card.eligible_days, Card.days),
    )
    return {
        row.person_id: PaidCard(
            row.person_id,
            row.run_id,
            loads[row.run_id],
            row.unit_id,
            row.plan_version_id,
            row.inputs_digest,
            row.status,
            row.score,
            row.tier,
            row.eligible_days,
            row.days,
            lines.get(row.id, {}),
        )
        for row in session.execute(sa.select(*columns).where(*which))
        if row.run_id == runs.get(row.person_id, first)
    }


def run_of_lock(session: Session, month: Period) -> int | None:
    return session.scalar(sa.select(ScoredPeriod.published_run_id).where(ScoredPeriod.key == month.key))


def _versions(session: Session, month: Period, until: datetime) -> dict[int, int]:
    """The newest restated run by person: later versions have higher ids."""
    rows = (
        sa.select(Restatement.person_id, sa.func.max(Restatement.run_id))
        .where(Restatement.period == month.key, Restatement.at < until)
        .group_by(Restatement.person_id)
    )
    return pairs(session, rows)


def pairs(session: Session, rows: sa.Select[int, int]) -> dict[int, int]:
    return {int(first): int(second) for first, second in session.execute(rows)}


def _lines(
    session: Session, which: list[sa.ColumnElement[bool]]
) -> dict[int, dict[tuple[str, str], KeptLine]]:
    found: dict[int, dict[tuple[str, str], KeptLine]] = defaultdict(dict)
    rows = (
        sa.select(
            CardLine.card_id,
            CardLine.kind,
            CardLine.name,
            CardLine.actual,
            CardLine.denominator,
            CardLine.target,
            CardLine.reading,
        )
        .join(Card, Card.id == CardLine.card_id)
        .where(*which)
    )
    for card_id, kind, name, *numbers in session.execute(rows):
        found[card_id][kind, name] = KeptLine(*numbers)
    return found


def late_loads(
    session: Session, month: Period, booked: Period, people: Collection[int] | None = None
) -> dict[int, int]:
    """Up to which load a locked month's records count by the payroll of `booked`, for whom any came late."""
    rows = (
        sa.select(Adjustment.person_id, sa.func.max(Adjustment.load_id))
        .where(Adjustment.locked_period == month.key, Adjustment.booked_period <= booked.key)
        .group_by(Adjustment.person_id)
    )
    if people is not None:
        rows = rows.where(is_one_of(session, Adjustment.person_id, people))
    return pairs(session, rows)


def newest_load(session: Session, until: datetime) -> int:
    """The last that arrived before a moment; 0: none."""
    return session.scalar(sa.select(sa.func.max(Load.id)).where(Load.at < until)) or 0


def measured(
    session: Session,
    month: Period,
    load_id: int,
    measures: Collection[str],
    stocks: Collection[str],
    people: Collection[int],
) -> Values:
    """The values of measures over a month, as of a load."""
    if not measures or not people:
        return {}
    record = MeasureRecord
    rows = session.execute(
        sa.select(record.person_id, record.measure, record.occurred_on, record.value).where(
            is_one_of(session, record.person_id, people),
            record.measure.in_(measures),
            record.occurred_on >= month.start,
            record.occurred_on < month.end,
            record.as_of(load_id),
        )
    )
    found: dict[tuple[int, str], list[tuple[date, Decimal]]] = defaultdict(list)
    for person_id, measure, day, value in rows:
        found[person_id, measure].append((day, value))
    return {
        (person_id, measure): measure_value(records, measure in stocks, month.start, month.last_day)
        for (person_id, measure), records in found.items()
    }


def shared_credit(
    session: Session,
    month: Period,
    load_id: int,
    measures: Collection[str],
    people: Collection[int] | None = None,
) -> Values:
    """What shares of records add to a person's measure, and take from the one whom the record names."""
    record = MeasureRecord
    rows = (
        sa.select(
            Credit.person_id, record.person_id.label("owner"), record.measure, record.value, Credit.share
        )
        .join(record, sa.and_(record.source == Credit.source, record.record_id == Credit.record_id))
        .where(
            record.measure.in_(measures),
            record.occurred_on >= month.start,
            record.occurred_on < month.end,
            record.as_of(load_id),
            Credit.as_of(load_id),
        )
    )
    if people is not None:
        rows = rows.where(
            sa.or_(is_one_of(session, Credit.person_id, people), is_one_of(session, record.person_id, people))
        )
    parts: dict[tuple[int, str], list[Decimal]] = defaultdict(list)
    for person_id, owner, measure, value, share in session.execute(rows):
        parts[person_id, measure].append(product(value, share))
        parts[owner, measure].append(-product(value, share))
    return {key: exact_sum(values) for key, values in parts.items()}


def terms_in_force(
    session: Session, month: Period, people: Collection[int] | None = None
) -> dict[int, Terms]:
    """By person: those in force on the month's last day hold for the month. The newest row counts.

    Of two from the same month the one recorded last counts, whatever their days: it corrects the other.
    """
    rows = sa.select(PersonalTerm).where(PersonalTerm.from_day <= month.last_day)
    if people is not None:
        rows = rows.where(is_one_of(session, PersonalTerm.person_id, people))
    newest: dict[int, dict[str, PersonalTerm]] = defaultdict(dict)
    for term in sorted(session.scalars(rows), key=in_order):
        newest[term.person_id][term.kind] = term
    return {person_id: _terms(kinds) for person_id, kinds in newest.items()}


def in_order(term: PersonalTerm) -> tuple[int, int, int]:
    """The later counts: by the month that it holds from, then as recorded."""
    return term.from_day.year, term.from_day.month, term.id


def _terms(kinds: Mapping[str, PersonalTerm]) -> Terms:
    values = {kind: term.value for kind, term in kinds.items()}
    ids = {kind: term.id for kind, term in kinds.items() if term.value is not None}
    return Terms(
        rate=values.get(TermKind.RATE),
        rate_id=ids.get(TermKind.RATE),
        base=values.get(TermKind.BASE),
        base_id=ids.get(TermKind.BASE),
        wage=values.get(TermKind.WAGE),
    )


def on_card(plan: Plan, measures: Iterable[str]) -> dict[str, tuple[str, str, bool]]:
    """Where a card shows a measure's value: the line's kind and name, and whether it is the denominator."""
    found: dict[str, tuple[str, str, bool]] = {}
    for indicator in plan.indicators:
        if indicator.measure:
            found.setdefault(indicator.measure, (LineKind.INDICATOR, indicator.name, False))
        elif indicator.ratio:
            above, below = indicator.ratio
            found.setdefault(above, (LineKind.INDICATOR, indicator.name, False))
            found.setdefault(below, (LineKind.INDICATOR, indicator.name, True))
    for deduction in plan.deductions:
        found.setdefault(deduction.measure, (LineKind.DEDUCTION, deduction.name, False))
    wanted = set(measures)
    return {measure: place for measure, place in found.items() if measure in wanted}


def kept_value(card: PaidCard, place: tuple[str, str, bool]) -> Decimal | None:
    kind, name, is_denominator = place
    line = card.lines.get((kind, name))
    if line is None:
        return None
    return line.denominator if is_denominator else line.actual


def exact_reading(line: KeptLine | None) -> Fraction | None:
    """As the engine had it before it was rounded for the card."""
    if line is None or line.reading is None or line.actual is None:
        return None
    divisor = line.target if line.denominator is None else line.denominator
    return quotient(line.actual, divisor) if divisor else None


def load_of_lock(session: Session, month: Period) -> int:
    """The load that the month's locked cards stand on."""
    rows = (
        sa.select(ScoreRun.load_id)
        .join(ScoredPeriod, ScoredPeriod.published_run_id == ScoreRun.id)
        .where(ScoredPeriod.key == month.key)
    )
    return session.scalar(rows) or 0


def has_credits(session: Session) -> bool:
    return session.scalar(sa.select(Credit.id).limit(1)) is not None
