"""How `[incentives]` is written in a plan file, and what of it is refused, with the line and a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from babel import Locale
from babel.numbers import get_currency_precision

from domain.plans.rules import Anchor, Curve, Indicator
from domain.plans.rules_incentives import (
    Band,
    Clawback,
    Commission,
    Incentives,
    MeasureRate,
    PayDeduction,
    Pool,
    PoolShare,
    Quality,
    Steps,
)
from domain.plans.rules_table import Table, capital, listed

KEYS = (*("currency", "base", "rates", "commission", "quality", "deductions", "clawbacks", "cap", "pool"),)
MOST_MONTHS = 36
DEFAULT_MONTHS = 12
_ZERO = Decimal(0)
_WITH_CURRENCY = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,4})?) ([A-Z]{3})")


def is_currency(code: str) -> bool:
    return code in Locale("en").currencies


def read_incentives(
    table: Table, known: Mapping[str, Indicator], tiers: Collection[str]
) -> Incentives | None:
    """The section of a plan; None where there is none. Raises PlanError."""
    if not table.has("incentives"):
        return None
    section = table.table("incentives", KEYS)
    currency = _currency(section)
    commission = _commission(section, known)
    found = Incentives(
        currency=currency,
        base=_money(section, "base", currency) if section.has("base") else _ZERO,
        rates=tuple(_rate(one) for one in _named(section, "rates", "rate", ("name", "measure", "rate"))),
        commission=commission,
        quality=_quality(section, known, tiers),
        deductions=_deductions(section, currency),
        clawbacks=_clawbacks(section, commission),
        cap=_money(section, "cap", currency) if section.has("cap") else None,
        pool=_pool(section, known, currency),
    )
    if not (found.base or found.rates or found.commission or found.pool):
        raise section.error("[incentives] pays nothing. Add a base, a rate, a commission or a pool.")
    return found


def _currency(section: Table) -> str | None:
    if not section.has("currency"):
        return None
    code = section.text("currency")
    if not is_currency(code):
        raise section.error(f'"currency" is "{code}", which is no currency: write it like CNY.', "currency")
    return code


def _money(table: Table, key: str, currency: str | None) -> Decimal:
    """An amount of 0 or more: a number, or a text that names the currency, such as "1500 CNY"."""
    written = table.values.get(key)
    if not isinstance(written, str):
        return _amount(table, key, table.number(key), currency)
    match = _WITH_CURRENCY.fullmatch(written)
    if match is None:
        raise table.error(f'"{key}" is "{written}"; write an amount such as 1500 or "1500 CNY".', key)
    if currency is None:
        raise table.error(
            f'"{key}" names {match[2]}, and [incentives] has no "currency": add currency = "{match[2]}".', key
        )
    if match[2] != currency:
        raise table.error(
            f'"{key}" is in {match[2]}, and the plan pays in {currency}: a plan has one currency.', key
        )
    return _amount(table, key, Decimal(match[1]), currency)


def _amount(table: Table, key: str, amount: Decimal, currency: str | None) -> Decimal:
    _require_not_below_0(table, key, amount)
    if currency is not None and amount % Decimal(1).scaleb(-get_currency_precision(currency)):
        raise table.error(
            f'"{key}" is {amount:f}, and {currency} has {get_currency_precision(currency)} digits '
            "after the point.",
            key,
        )
    return amount


def _require_not_below_0(table: Table, key: str, number: Decimal) -> Decimal:
    if number < 0:
        raise table.error(f'"{key}" of {table.title} is {number:f}; it must be 0 or more.', key)
    return number


def _named(section: Table, key: str, kind: str, keys: Sequence[str]) -> list[Table]:
    """The tables of an array whose names must differ."""
    tables = section.tables(key, kind, keys)
    lines: dict[str, int] = {}
    for one in tables:
        name = one.text("name")
        if name in lines:
            raise one.error(
                f'The name "{name}" is already taken by the {kind} of line {lines[name]}.', "name"
            )
        lines[name] = one.line("name")
    return tables


def _rate(table: Table) -> MeasureRate:
    return MeasureRate(
        table.text("name"), table.text("measure"), _require_not_below_0(table, "rate", table.number("rate"))
    )


def _commission(section: Table, known: Mapping[str, Indicator]) -> Commission | None:
    if not section.has("commission"):
        return None
    table = section.table("commission", ("indicator", "bands"))
    indicator = _against_target(table, known)
    tables = table.tables("bands", "band", ("from", "to", "rate"))
    if not tables:
        raise table.error("The commission has no bands. Add [[incentives.commission.bands]], from = 0 first.")
    return Commission(indicator.name, indicator.measure or "", _bands(tables))


def _bands(tables: Sequence[Table]) -> tuple[Band, ...]:
    """Half-open, one after the other without gaps, from 0 on."""
    bands: list[Band] = []
    for number, table in enumerate(tables):
        start = table.number("from")
        if not number and start:
            raise table.error(f"The bands begin at {start:f}; the first one must be from = 0.", "from")
        _require_next(table, bands, start)
        is_last = number == len(tables) - 1
        bands.append(Band(start, _end(table, tables, number, is_last), _rate_of(table)))
    return tuple(bands)


def _require_next(table: Table, before: Sequence[Band], start: Decimal) -> None:
    if not before:
        return
    end, begun = before[-1].to_reading, before[-1].from_reading
    if start <= begun:
        raise table.error(f"The bands go from {begun:f} to {start:f}; they must rise.", "from")
    if end is not None and end != start:
        what = "leaves a gap" if end < start else "overlaps"
        raise table.error(
            f"{capital(table.title)} begins at {start:f} and the one before ends at {end:f}: that {what}. "
            "A band ends where the next one begins.",
            "from",
        )


def _end(table: Table, tables: Sequence[Table], number: int, is_last: bool) -> Decimal | None:
    if is_last:
        if table.has("to"):
            raise table.error(
                'The last band has an end, and what lies beyond it no rate: leave its "to" out.', "to"
            )
        return None
    if not table.has("to"):
        return tables[number + 1].number("from")
    end, start = table.number("to"), table.number("from")
    if end <= start:
        raise table.error(f"{capital(table.title)} goes from {start:f} to {end:f}; a band must rise.", "to")
    return end


def _rate_of(table: Table) -> Decimal:
    return _require_not_below_0(table, "rate", table.number("rate"))


def _against_target(table: Table, known: Mapping[str, Indicator]) -> Indicator:
    indicator = _known(table, known)
    if indicator.measure is None:
        raise table.error(
            f'"{indicator.name}" is a ratio: {table.title} needs an indicator that is read against a target.',
            "indicator",
        )
    return indicator


def _known(table: Table, known: Mapping[str, Indicator]) -> Indicator:
    name = table.text("indicator")
    if name not in known:
        raise table.error(
            f'{capital(table.title)} names the indicator "{name}". The plan has {listed(tuple(known))}.',
            "indicator",
        )
    return known[name]


def _quality(section: Table, known: Mapping[str, Indicator], tiers: Collection[str]) -> Quality | None:
    if not section.has("quality"):
        return None
    table = section.table("quality", ("indicator", "curve", "steps", "tiers"))
    if not section.has("commission") and not section.has("rates"):
        raise table.error("[incentives.quality] multiplies commission, and there is none. Remove it.")
    how = table.exactly_one(("curve", "steps", "tiers"))
    if how == "tiers":
        return Quality(None, tiers=_tier_factors(table, tiers))
    indicator = _known(table, known)
    pairs = _rising(table, how)
    if how == "steps":
        return Quality(indicator.name, steps=Steps(pairs))
    if len(pairs) < 2:
        raise table.error('"curve" needs at least two anchors.', "curve")
    return Quality(indicator.name, curve=Curve(tuple(Anchor(*pair) for pair in pairs)))


def _tier_factors(table: Table, tiers: Collection[str]) -> tuple[tuple[str, Decimal], ...]:
    if table.has("indicator"):
        raise table.error('"tiers" reads the card\'s tier: leave "indicator" out.', "indicator")
    factors = table.table("tiers", table.values["tiers"] if isinstance(table.values["tiers"], dict) else ())
    for name in factors.values:
        if name not in tiers:
            raise factors.error(f'"{name}" is no tier of the plan.', name)
    return tuple((name, _require_not_below_0(factors, name, factors.number(name))) for name in factors.values)


def _rising(table: Table, key: str) -> tuple[tuple[Decimal, Decimal], ...]:
    """Pairs of a reading and a factor of 0 or more; readings rise."""
    pairs = table.pairs(key)
    if not pairs:
        raise table.error(f'"{key}" is empty. Add pairs such as [1.0, 1].', key)
    for index, (reading, factor) in enumerate(pairs):
        if factor < 0:
            raise table.error(f'"{key}" holds the factor {factor:f}; it must be 0 or more.', key, index)
        if index and reading <= pairs[index - 1][0]:
            raise table.error(
                f'"{key}" goes from {pairs[index - 1][0]:f} to {reading:f}; its first numbers must rise.',
                key,
                index,
            )
    return tuple(pairs)


def _deductions(section: Table, currency: str | None) -> tuple[PayDeduction, ...]:
    keys = ("name", "measure", "amount", "rate", "cap", "loss")
    found = []
    for table in _named(section, "deductions", "deduction", keys):
        how = table.exactly_one(("amount", "rate"))
        amount = _money(table, how, currency) if how == "amount" else _rate_of(table)
        cap = _money(table, "cap", currency) if table.has("cap") else None
        found.append(
            PayDeduction(table.text("name"), table.text("measure"), amount, cap, _flag(table, "loss"))
        )
    return tuple(found)


def _clawbacks(section: Table, commission: Commission | None) -> tuple[Clawback, ...]:
    found = []
    for table in _named(section, "clawbacks", "clawback", ("name", "measure", "within_months", "loss")):
        if commission is None:
            raise table.error("A clawback takes commission back, and the plan pays none. Remove it.")
        if table.text("measure") == commission.measure:
            raise table.error(
                f'"{commission.measure}" is what commission is paid on: corrections of it are settled by '
                "themselves. Name the measure of refunds or of overdue amounts.",
                "measure",
            )
        months = table.number("within_months") if table.has("within_months") else Decimal(DEFAULT_MONTHS)
        if months % 1 or not 1 <= months <= MOST_MONTHS:
            raise table.error(
                f'"within_months" is {months:f}; it must be a whole number from 1 to {MOST_MONTHS}.',
                "within_months",
            )
        found.append(Clawback(table.text("name"), table.text("measure"), int(months), _flag(table, "loss")))
    return tuple(found)


def _flag(table: Table, key: str) -> bool:
    value = table.values.get(key, False)
    if not isinstance(value, bool):
        raise table.error(f'"{key}" must be true or false.', key)
    return value


def _pool(section: Table, known: Mapping[str, Indicator], currency: str | None) -> Pool | None:
    if not section.has("pool"):
        return None
    table = section.table("pool", ("indicator", "amount", "steps", "by"))
    by = table.text("by")
    if by not in set(PoolShare):
        raise table.error(f'"by" is "{by}"; it must be {listed(list(PoolShare), "or")}.', "by")
    return Pool(
        _against_target(table, known).name,
        _money(table, "amount", currency),
        Steps(_rising(table, "steps")),
        PoolShare(by),
    )
