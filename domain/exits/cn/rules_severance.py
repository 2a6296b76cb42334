"""R9 and R10: what is owed, and what is at risk (LCL 46, 47, 48, 87; IR 27). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.errors import N_
from domain.exits.rules_dates import ONE_DAY, Service, month_key, months_later, served
from domain.exits.rules_facts import CaseFacts, Ground, Wages
from domain.exits.rules_findings import Fact, Finding, Rule, Supplier, incomplete
from domain.scoring.rules_exact import half_up

R9 = Rule("R9", (N_("the wages of the last twelve months"), N_("the city's average wage of the year before")))
R10 = Rule("R10")
HALF_YEAR = 6
MONTHS_OF_BASE = 12
CAP_MULTIPLE = 3
LONGEST_CAPPED = Decimal(12)
UNLAWFUL_MULTIPLE = 2
LAW_BEGAN = date(2008, 1, 1)
"""Service before it follows earlier rules (LCL 97)."""

_CENTS = 2


@dataclass(frozen=True)
class Severance:
    """The arithmetic of R9. Amounts in the company's currency."""

    service: Service
    served: Decimal
    """Months' pay by service: 1 for each year; a rest of 6 months or more 1, a shorter one 0.5."""
    counted: Decimal
    """Of them paid: at most 12 where the base is capped."""
    of_months: tuple[str, ...]
    mean: Fraction
    """Gross of `of_months`, a month."""
    base: Fraction
    floored: bool
    """The mean lay below the minimum wage."""
    capped: bool
    """The mean lay above three times the city's average."""
    amount: Decimal

    @property
    def unlawful(self) -> Decimal:
        """R10: what an unlawful exit costs in the place of reinstatement (LCL 87)."""
        return self.amount * UNLAWFUL_MULTIPLE


def severance(service_start: date, last_day: date, wages: Wages) -> Severance:
    """R9. Raises ValueError where a fact is missing: `severance_is_known` says which."""
    if wages.minimum is None or wages.city_average is None:
        raise ValueError("The minimum wage and the city's average have to be known.")
    service = served(service_start, last_day)
    months = months_of_base(service_start, last_day)
    mean = Fraction(sum(wages.months[month] for month in months)) / len(months)
    floored = mean < wages.minimum
    cap = CAP_MULTIPLE * Fraction(wages.city_average)
    capped = not floored and mean > cap
    base = Fraction(wages.minimum) if floored else min(mean, cap)
    by_service = _months_by_service(service)
    counted = min(by_service, LONGEST_CAPPED) if capped else by_service
    return Severance(
        service,
        by_service,
        counted,
        months,
        mean,
        base,
        floored,
        capped,
        half_up(base * Fraction(counted), _CENTS),
    )


def months_of_base(service_start: date, last_day: date) -> tuple[str, ...]:
    """The months whose wages make the base: the twelve before the last one, or fewer, in their order.

    The month that the contract ends in counts where it ends on the month's last day. A first month that was
    worked in part is left out, for it would lower the mean, unless there is no other.
    """
    ends_a_month = (last_day + ONE_DAY).day == 1
    end = (last_day + ONE_DAY) if ends_a_month else last_day.replace(day=1)
    months = [months_later(end, -back) for back in range(MONTHS_OF_BASE, 0, -1)]
    whole = [month_key(month) for month in months if month >= service_start]
    return tuple(whole) or (month_key(last_day),)


def severance_is_known(facts: CaseFacts) -> Finding:
    """R9: computed, and shown with its arithmetic. In probation by hiring standards none is owed (LCL 46)."""
    if facts.ground is Ground.PROBATION:
        return R9.allows(N_("No severance is owed where hiring standards were not met in probation."))
    read = _read(facts)
    start, last_day = facts.service_start, facts.effective_on
    if start and last_day and last_day < start:
        return R9.blocks(N_("The last day lies before the first one."), *read)
    if start is None or last_day is None or facts.wages is None or incomplete(read):
        return R9.lacks(*read)
    if start < LAW_BEGAN:
        return R9.escalates(
            N_("Service before 2008 follows earlier rules: have its part computed by counsel."), *read
        )
    owed = severance(start, last_day, facts.wages)
    return R9.allows(
        N_("{amount}: {counted} × {base}."),
        *read,
        amount=owed.amount,
        counted=owed.counted,
        base=half_up(owed.base, _CENTS),
    )


def exposure_is_shown(facts: CaseFacts) -> Finding:
    """R10: reinstatement, or twice R9, were the exit found unlawful."""
    start, last_day, wages = facts.service_start, facts.effective_on, facts.wages
    if start is None or last_day is None or wages is None or last_day < start or incomplete(_read(facts)):
        return R10.allows(N_("Were it found unlawful: reinstatement, or twice the severance."))
    owed = severance(start, last_day, wages)
    return R10.allows(N_("Were it found unlawful: reinstatement, or {amount}."), amount=owed.unlawful)


def _read(facts: CaseFacts) -> tuple[Fact, ...]:
    wages = facts.wages or Wages({}, None, None)
    read = [
        Fact(N_("service began on"), facts.service_start),
        Fact(N_("last day"), facts.effective_on),
        Fact(N_("minimum wage"), wages.minimum, Supplier.FINANCE),
        Fact(N_("city's average wage"), wages.city_average, Supplier.FINANCE),
    ]
    if facts.service_start and facts.effective_on and facts.service_start <= facts.effective_on:
        months = months_of_base(facts.service_start, facts.effective_on)
        unknown = [month for month in months if month not in wages.months]
        known = None if unknown else f"{months[0]}–{months[-1]}"
        read.append(Fact(N_("wages of the last months"), known, Supplier.FINANCE))
    return tuple(read)


def _months_by_service(service: Service) -> Decimal:
    rest = Decimal(0)
    if service.months >= HALF_YEAR:
        rest = Decimal(1)
    elif service.months or service.days:
        rest = Decimal("0.5")
    return service.years + rest
