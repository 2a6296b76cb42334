"""What one person's locked card pays, part by part. Pure: exact numbers in, whole minor units out.

Every part is rounded half-up to the minor unit once, and the total is the sum of the parts. Bands are chosen
by the exact attainment, before anything is rounded: 99.995 % lies below 1.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from domain.incentives.rules_law import Blocked, WageFacts, limit_for_loss
from domain.incentives.rules_money import exact_text, major, minor, minor_down
from domain.plans.rules_incentives import Band, Commission, Incentives, PayDeduction
from domain.scoring.rules_exact import exact_sum, product, quotient


class Part(StrEnum):
    BASE = "base"
    RATE = "rate"
    BAND = "band"
    OWN_RATE = "own_rate"
    """A personal rate in the place of the bands."""
    UNPAID = "unpaid"
    """Nothing, and why: commission without a target."""
    QUALITY = "quality"
    POOL = "pool"
    CAP = "cap"
    DEDUCTION = "deduction"
    CLAWBACK = "clawback"
    CARRIED = "carried"
    """What could not be taken back yet, because it was more than is not yet earned."""
    TAKEN = "taken"
    """Taken back by HR."""


ON_MEASURE = (Part.BAND, Part.OWN_RATE)
"""What is paid on the commission's measure, ..."""
COMMISSION = (*ON_MEASURE, Part.RATE, Part.QUALITY, Part.CAP)
"""... and what changes it: a factor on it and on rates, the month's cap."""


@dataclass(frozen=True)
class Terms:
    """What holds for the person in the place of the plan; the ids are those of `PersonalTerm`."""

    rate: Decimal | None = None
    rate_id: int | None = None
    base: Decimal | None = None
    base_id: int | None = None
    wage: Decimal | None = None


@dataclass(frozen=True)
class Earnings:
    """What a locked card pays for. Readings are exact; `values` are those of `Incentives.measures`."""

    tier: str | None
    eligible_days: int
    days: int
    credited: Decimal
    """The commission's measure, with what other people's records share and without what own ones do."""
    own: Decimal
    """The same as the card has it."""
    target: Decimal | None
    readings: Mapping[str, Fraction | None]
    values: Mapping[str, Decimal]
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True)
class PoolPart:
    """A member's share of a team's pool, in minor units."""

    amount: int
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class PayPart:
    part: Part
    name: str
    amount: int
    rate: str | None
    facts: dict[str, Any]


def pay_parts(
    plan: Incentives,
    digits: int,
    one: Earnings,
    pool: PoolPart | None = None,
    minimum_wage: Decimal | None = None,
) -> tuple[PayPart, ...]:
    """All parts; a deduction never takes more than the parts before it give."""
    parts = [*_base(plan, digits, one)]
    commission = [*_rates(plan, digits, one), *_commission(plan, digits, one)]
    commission += _quality(plan, one, commission)
    parts += commission
    if pool is not None and pool.amount:
        parts.append(PayPart(Part.POOL, "", pool.amount, None, dict(pool.facts)))
    parts += _cap(plan, digits, parts)
    parts = _with_paid_rate(parts, digits, one)
    parts += _deductions(plan, digits, one, total(parts), minimum_wage)
    return tuple(parts)


def total(parts: Iterable[PayPart]) -> int:
    return sum(part.amount for part in parts)


def _base(plan: Incentives, digits: int, one: Earnings) -> list[PayPart]:
    base = plan.base if one.terms.base is None else one.terms.base
    if not base or not one.eligible_days:
        return []
    share = quotient(product(base, one.eligible_days), Decimal(one.days))
    facts = {"base": exact_text(base), "eligible_days": one.eligible_days, "days": one.days}
    if one.terms.base is not None:
        facts["term_id"] = one.terms.base_id
    return [PayPart(Part.BASE, "", minor(share, digits), exact_text(base), facts)]


def _rates(plan: Incentives, digits: int, one: Earnings) -> list[PayPart]:
    found = []
    for rate in plan.rates:
        value = one.values[rate.measure]
        if value > 0:
            facts = {"measure": rate.measure, "value": exact_text(value)}
            amount = minor(product(value, rate.rate), digits)
            found.append(PayPart(Part.RATE, rate.name, amount, exact_text(rate.rate), facts))
    return found


def _commission(plan: Incentives, digits: int, one: Earnings) -> list[PayPart]:
    commission = plan.commission
    if commission is None:
        return []
    if one.terms.rate is not None:
        return _at_own_rate(commission, digits, one, one.terms.rate)
    if not one.target:
        reason = "no_target" if one.target is None else "zero_target"
        facts = {"indicator": commission.indicator, "reason": reason, "credited": exact_text(one.credited)}
        return [PayPart(Part.UNPAID, "", 0, None, facts)]
    return [
        _band(commission, number, band, digits, one, one.target)
        for number, band in enumerate(commission.bands, start=1)
        if _amount_in(band, one.credited, one.target) > 0
    ]


def _at_own_rate(commission: Commission, digits: int, one: Earnings, rate: Decimal) -> list[PayPart]:
    if one.credited <= 0:
        return []
    facts = {**_credited(commission, one), "term_id": one.terms.rate_id}
    amount = minor(product(one.credited, rate), digits)
    return [PayPart(Part.OWN_RATE, "", amount, exact_text(rate), facts)]


def _band(
    commission: Commission, number: int, band: Band, digits: int, one: Earnings, target: Decimal
) -> PayPart:
    inside = _amount_in(band, one.credited, target)
    facts = {
        **_credited(commission, one),
        "target": exact_text(target),
        "attainment": str(quotient(one.credited, target)),
        "from": exact_text(band.from_reading),
        "to": None if band.to_reading is None else exact_text(band.to_reading),
        "amount": exact_text(inside),
    }
    return PayPart(
        Part.BAND, str(number), minor(product(inside, band.rate), digits), exact_text(band.rate), facts
    )


def _credited(commission: Commission, one: Earnings) -> dict[str, Any]:
    facts = {"indicator": commission.indicator, "credited": exact_text(one.credited)}
    return facts if one.own == one.credited else {**facts, "own": exact_text(one.own)}


def _amount_in(band: Band, credited: Decimal, target: Decimal) -> Decimal:
    """What of the amount lies in the band; below 0 where it does not reach it."""
    end = credited if band.to_reading is None else min(credited, product(band.to_reading, target))
    return exact_sum((end, product(band.from_reading, target).copy_negate()))


def _quality(plan: Incentives, one: Earnings, commission: Sequence[PayPart]) -> list[PayPart]:
    """(factor - 1) × what the commission comes to."""
    paid = total(commission)
    if plan.quality is None or not paid:
        return []
    reading = one.readings.get(plan.quality.indicator or "")
    factor = plan.quality.factor(reading, one.tier)
    if factor is None or factor == 1:
        return []
    facts: dict[str, Any] = {"of": paid, "factor": exact_text(factor)}
    if plan.quality.indicator is None:
        facts["tier"] = one.tier
    else:
        facts |= {"indicator": plan.quality.indicator, "reading": str(reading)}
    return [PayPart(Part.QUALITY, "", minor((factor - 1) * paid, 0), exact_text(factor), facts)]


def _with_paid_rate(parts: Sequence[PayPart], digits: int, one: Earnings) -> list[PayPart]:
    """What a unit of the commission's measure came to, after quality and cap.

    Clawbacks take it back at this rate.
    """
    on_measure = [part for part in parts if part.part in ON_MEASURE]
    if not on_measure or one.credited <= 0:
        return list(parts)
    paid = Fraction(total(on_measure))
    for part in parts:
        if part.part is Part.QUALITY:
            paid *= 1 + Fraction(part.amount, part.facts["of"])
        elif part.part is Part.CAP:
            paid = max(paid + part.amount, Fraction(0))
    rate = exact_text(paid / 10**digits / Fraction(one.credited))
    return [
        replace(part, facts={**part.facts, "paid_rate": rate}) if part in on_measure else part
        for part in parts
    ]


def _cap(plan: Incentives, digits: int, parts: Sequence[PayPart]) -> list[PayPart]:
    if plan.cap is None:
        return []
    most, reached = minor(plan.cap, digits), total(parts)
    if reached <= most:
        return []
    facts = {"cap": exact_text(plan.cap), "of": reached}
    return [PayPart(Part.CAP, "", most - reached, exact_text(plan.cap), facts)]


def _deductions(
    plan: Incentives, digits: int, one: Earnings, pay: int, minimum_wage: Decimal | None
) -> list[PayPart]:
    """Out of this month's variable pay alone, one after the other; losses last, of what the others leave."""
    found: list[PayPart] = []
    for_losses = 0
    for deduction in sorted(plan.deductions, key=lambda one: one.loss):
        wanted = _wanted(deduction, digits, one.values[deduction.measure])
        if not wanted:
            continue
        facts: dict[str, Any] = {
            "measure": deduction.measure,
            "value": exact_text(one.values[deduction.measure]),
            "wanted": wanted,
        }
        most = pay + total(found)
        if deduction.loss:
            variable = major(most + for_losses, digits)
            facts_of_wage = WageFacts(one.terms.wage, minimum_wage)
            limit = limit_for_loss(facts_of_wage, variable, major(for_losses, digits))
            most = min(most, _allowed(limit, digits))
            facts |= _law(facts_of_wage, variable, limit)
        taken = min(wanted, most)
        for_losses += taken if deduction.loss else 0
        found.append(PayPart(Part.DEDUCTION, deduction.name, -taken, exact_text(deduction.amount), facts))
    return found


def _wanted(deduction: PayDeduction, digits: int, value: Decimal) -> int:
    wanted = max(minor(product(value, deduction.amount), digits), 0)
    return wanted if deduction.cap is None else min(wanted, minor(deduction.cap, digits))


def _allowed(limit: Fraction | Blocked, digits: int) -> int:
    return 0 if isinstance(limit, Blocked) else minor_down(limit, digits)


def _law(facts: WageFacts, variable: Decimal, limit: Fraction | Blocked) -> dict[str, Any]:
    """What R13 was decided by."""
    if isinstance(limit, Blocked):
        return {"blocked": str(limit)}
    return {
        "wage": exact_text(facts.wage or 0),
        "minimum_wage": exact_text(facts.minimum_wage or 0),
        "variable": exact_text(variable),
        "limit": exact_text(limit),
    }
