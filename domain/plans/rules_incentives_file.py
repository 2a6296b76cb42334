"""How `[incentives]` is written in a plan file, and what of it is refused, with the line and a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from babel import Locale
from babel.numbers import get_currency_precision

from domain.errors import N_, Phrase
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
from domain.plans.rules_table import Table, listed

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
        rates=tuple(_rate(one) for one in section.named_tables("rates", "rate", ("name", "measure", "rate"))),
        commission=commission,
        quality=_quality(section, known, tiers),
        deductions=_deductions(section, currency),
        clawbacks=_clawbacks(section, commission),
        cap=_money(section, "cap", currency) if section.has("cap") else None,
        pool=_pool(section, known, currency),
    )
    if not (found.base or found.rates or found.commission or found.pool):
        raise section.refusal("[incentives] pays nothing. Add a base, a rate, a commission or a pool.")
    return found


def _currency(section: Table) -> str | None:
    if not section.has("currency"):
        return None
    code = section.text("currency")
    if not is_currency(code):
        raise section.refusal(
            '"currency" is "{code}", which is no currency: write it like CNY.', "currency", code=code
        )
    return code


def _money(table: Table, key: str, currency: str | None) -> Decimal:
    """An amount of 0 or more: a number, or a text that names the currency, such as "1500 CNY"."""
    written = table.values.get(key)
    if not isinstance(written, str):
        return _amount(table, key, table.number(key), currency)
    match = _WITH_CURRENCY.fullmatch(written)
    if match is None:
        raise table.refusal(
            '"{key}" is "{written}"; write an amount such as 1500 or "1500 CNY".',
            key,
            key=key,
            written=written,
        )
    if currency is None:
        raise table.refusal(
            '"{key}" names {currency}, and [incentives] has no "currency": add currency = "{currency}".',
            key,
            key=key,
            currency=match[2],
        )
    if match[2] != currency:
        raise table.refusal(
            '"{key}" is in {currency}, and the plan pays in {of_plan}: a plan has one currency.',
            key,
            key=key,
            currency=match[2],
            of_plan=currency,
        )
    return _amount(table, key, Decimal(match[1]), currency)


def _amount(table: Table, key: str, amount: Decimal, currency: str | None) -> Decimal:
    _require_not_below_0(table, key, amount)
    if currency is not None and amount % Decimal(1).scaleb(-get_currency_precision(currency)):
        raise table.refusal(
            '"{key}" is {amount}, and {currency} has {digits} digits after the point.',
            key,
            key=key,
            amount=f"{amount:f}",
            currency=currency,
            digits=get_currency_precision(currency),
        )
    return amount


def _require_not_below_0(table: Table, key: str, number: Decimal) -> Decimal:
    if number < 0:
        raise table.refusal(
            '"{key}" of {what} is {number}; it must be 0 or more.', key, key=key, number=f"{number:f}"
        )
    return number


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
        raise table.refusal(
            "The commission has no bands. Add [[incentives.commission.bands]], from = 0 first."
        )
    return Commission(indicator.name, indicator.measure or "", _bands(tables))


def _bands(tables: Sequence[Table]) -> tuple[Band, ...]:
    """Half-open, one after the other without gaps, from 0 on."""
    bands: list[Band] = []
    for number, table in enumerate(tables):
        start = table.number("from")
        if not number and start:
            raise table.refusal(
                "The bands begin at {start}; the first one must be from = 0.", "from", start=f"{start:f}"
            )
        _require_next(table, bands, start)
        is_last = number == len(tables) - 1
        bands.append(Band(start, _end(table, tables, number, is_last), _rate_of(table)))
    return tuple(bands)


def _require_next(table: Table, before: Sequence[Band], start: Decimal) -> None:
    if not before:
        return
    end, begun = before[-1].to_reading, before[-1].from_reading
    if start <= begun:
        raise table.refusal(
            "The bands go from {begun} to {start}; they must rise.",
            "from",
            begun=f"{begun:f}",
            start=f"{start:f}",
        )
    if end is not None and end != start:
        how = N_("leaves a gap") if end < start else N_("overlaps")
        raise table.refusal(
            "{What} begins at {start} and the one before ends at {end}: that {how}. A band ends where "
            "the next one begins.",
            "from",
            start=f"{start:f}",
            end=f"{end:f}",
            how=Phrase(how),
        )


def _end(table: Table, tables: Sequence[Table], number: int, is_last: bool) -> Decimal | None:
    if is_last:
        if table.has("to"):
            raise table.refusal(
                'The last band has an end, and what lies beyond it no rate: leave its "to" out.', "to"
            )
        return None
    if not table.has("to"):
        return tables[number + 1].number("from")
    end, start = table.number("to"), table.number("from")
    if end <= start:
        raise table.refusal(
            "{What} goes from {start} to {end}; a band must rise.", "to", start=f"{start:f}", end=f"{end:f}"
        )
    return end


def _rate_of(table: Table) -> Decimal:
    return _require_not_below_0(table, "rate", table.number("rate"))


def _against_target(table: Table, known: Mapping[str, Indicator]) -> Indicator:
    indicator = _known(table, known)
    if indicator.measure is None:
        raise table.refusal(
            '"{name}" is a ratio: {what} needs an indicator that is read against a target.',
            "indicator",
            name=indicator.name,
        )
    return indicator


def _known(table: Table, known: Mapping[str, Indicator]) -> Indicator:
    name = table.text("indicator")
    if name not in known:
        raise table.refusal(
            '{What} names the indicator "{name}". The plan has {indicators}.',
            "indicator",
            name=name,
            indicators=listed(tuple(known)),
        )
    return known[name]


def _quality(section: Table, known: Mapping[str, Indicator], tiers: Collection[str]) -> Quality | None:
    if not section.has("quality"):
        return None
    table = section.table("quality", ("indicator", "curve", "steps", "tiers"))
    if not section.has("commission") and not section.has("rates"):
        raise table.refusal("[incentives.quality] multiplies commission, and there is none. Remove it.")
    how = table.exactly_one(("curve", "steps", "tiers"))
    if how == "tiers":
        return Quality(None, tiers=_tier_factors(table, tiers))
    indicator = _known(table, known)
    pairs = _rising(table, how)
    if how == "steps":
        return Quality(indicator.name, steps=Steps(pairs))
    if len(pairs) < 2:
        raise table.refusal('"curve" needs at least two anchors.', "curve")
    return Quality(indicator.name, curve=Curve(tuple(Anchor(*pair) for pair in pairs)))


def _tier_factors(table: Table, tiers: Collection[str]) -> tuple[tuple[str, Decimal], ...]:
    if table.has("indicator"):
        raise table.refusal('"tiers" reads the card\'s tier: leave "indicator" out.', "indicator")
    factors = table.table("tiers", table.values["tiers"] if isinstance(table.values["tiers"], dict) else ())
    for name in factors.values:
        if name not in tiers:
            raise factors.refusal('"{name}" is no tier of the plan.', name, name=name)
    return tuple((name, _require_not_below_0(factors, name, factors.number(name))) for name in factors.values)


def _rising(table: Table, key: str) -> tuple[tuple[Decimal, Decimal], ...]:
    """Pairs of a reading and a factor of 0 or more; readings rise."""
    pairs = table.pairs(key)
    if not pairs:
        raise table.refusal('"{key}" is empty. Add pairs such as [1.0, 1].', key, key=key)
    for index, (reading, factor) in enumerate(pairs):
        if factor < 0:
            raise table.refusal(
                '"{key}" holds the factor {factor}; it must be 0 or more.',
                key,
                index,
                key=key,
                factor=f"{factor:f}",
            )
        if index and reading <= pairs[index - 1][0]:
            raise table.refusal(
                '"{key}" goes from {before} to {reading}; its first numbers must rise.',
                key,
                index,
                key=key,
                before=f"{pairs[index - 1][0]:f}",
                reading=f"{reading:f}",
            )
    return tuple(pairs)


def _deductions(section: Table, currency: str | None) -> tuple[PayDeduction, ...]:
    keys = ("name", "measure", "amount", "rate", "cap", "loss")
    found = []
    for table in section.named_tables("deductions", "deduction", keys):
        how = table.exactly_one(("amount", "rate"))
        amount = _money(table, how, currency) if how == "amount" else _rate_of(table)
        cap = _money(table, "cap", currency) if table.has("cap") else None
        found.append(
            PayDeduction(table.text("name"), table.text("measure"), amount, cap, _flag(table, "loss"))
        )
    return tuple(found)


def _clawbacks(section: Table, commission: Commission | None) -> tuple[Clawback, ...]:
    found = []
    for table in section.named_tables("clawbacks", "clawback", ("name", "measure", "within_months", "loss")):
        if commission is None:
            raise table.refusal("A clawback takes commission back, and the plan pays none. Remove it.")
        if table.text("measure") == commission.measure:
            raise table.refusal(
                '"{measure}" is what commission is paid on: corrections of it are settled by themselves. '
                "Name the measure of refunds or of overdue amounts.",
                "measure",
                measure=commission.measure,
            )
        months = table.number("within_months") if table.has("within_months") else Decimal(DEFAULT_MONTHS)
        if months % 1 or not 1 <= months <= MOST_MONTHS:
            raise table.refusal(
                '"within_months" is {months}; it must be a whole number from 1 to {most}.',
                "within_months",
                months=f"{months:f}",
                most=MOST_MONTHS,
            )
        found.append(Clawback(table.text("name"), table.text("measure"), int(months), _flag(table, "loss")))
    return tuple(found)


def _flag(table: Table, key: str) -> bool:
    value = table.values.get(key, False)
    if not isinstance(value, bool):
        raise table.refusal('"{key}" must be true or false.', key, key=key)
    return value


def _pool(section: Table, known: Mapping[str, Indicator], currency: str | None) -> Pool | None:
    if not section.has("pool"):
        return None
    table = section.table("pool", ("indicator", "amount", "steps", "by"))
    by = table.text("by")
    if by not in set(PoolShare):
        raise table.refusal(
            '"by" is "{by}"; it must be {known}.', "by", by=by, known=listed(list(PoolShare), "or")
        )
    return Pool(
        _against_target(table, known).name,
        _money(table, "amount", currency),
        Steps(_rising(table, "steps")),
        PoolShare(by),
    )
