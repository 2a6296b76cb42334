"""A plan file's text in, a validated `Plan` out; a wrong plan is refused with its line and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.errors import N_, Phrase
from domain.periods import Period, PeriodKind
from domain.plans.rules import (
    Anchor,
    Bound,
    Comparison,
    Condition,
    Curve,
    Deduction,
    Gate,
    Indicator,
    PipPass,
    Plan,
    Repurchase,
    Tier,
)
from domain.plans.rules_incentives_file import read_incentives
from domain.plans.rules_table import PlanError, Table, listed
from domain.plans.rules_toml import TomlError, read_toml

__all__ = ["PlanError", "parse_plan"]

DEFAULT_MIN_ASSESSED_WEIGHT = Decimal("0.6")
DEFAULT_PIP_MONTHS = 3
MOST_PIP_MONTHS = 24
LONGEST_TIER_NAME = 40
OWN_MONTHS = "own_months"
"""Of `against`: an indicator is read against what the person achieved in the months before."""
DEFAULT_OWN_MONTHS, MOST_OWN_MONTHS = 3, 24
MOST_WITHIN_DAYS = 3660
POINTS_PLACES = 4
"""Of a deduction, as cards keep them; those of a curve are rounded to as many on the card."""
POINTS_STEP = Decimal(1).scaleb(-POINTS_PLACES)

_COMPARISONS = tuple(Comparison)
_PLAN_KEYS = (
    *("name", "job_family", "from", "ramp", "min_assessed_weight", "stocks"),
    *("indicators", "deductions", "tiers", "gates", "miss", "pip_pass", "incentives"),
)
_INDICATOR_KEYS = (
    *("name", "measure", "ratio", "repurchase", "against", "months", "within_days"),
    *("weight", "weight_by_tier", "curve"),
)
_DEDUCTION_KEYS = ("name", "measure", "points", "cap")
_TIER_KEYS = ("name", "from")
_GATE_KEYS = ("indicator", "measure", "ratio", *_COMPARISONS, "cap")
_CONDITION_KEYS = ("indicator", *_COMPARISONS)


def parse_plan(text: str) -> Plan:
    """Read a plan file. Raises PlanError for the first thing that is wrong."""
    try:
        document = read_toml(text)
    except TomlError as error:
        raise PlanError(error.line, error.sentence) from None
    return _plan(Table(document, (), document.data, Phrase(N_("the plan")), _PLAN_KEYS))


def _plan(table: Table) -> Plan:
    tables = table.named_tables("indicators", "indicator", _INDICATOR_KEYS)
    if not tables:
        raise table.refusal("The plan has no indicator. Add one under [[indicators]].")
    tiers = _tiers(table)
    stocks = frozenset(table.texts("stocks"))
    indicators = tuple(_indicator(one, tiers, stocks) for one in tables)
    _refuse_counted_names(tables, indicators)
    known = {indicator.name: indicator for indicator in indicators}
    deductions = table.named_tables("deductions", "deduction", _DEDUCTION_KEYS, beside=tables)
    return Plan(
        name=table.text("name"),
        job_family=table.text("job_family"),
        from_month=_first_month(table),
        ramp=table.numbers("ramp", at_least=Decimal(0)),
        min_assessed_weight=_min_assessed_weight(table),
        stocks=stocks,
        indicators=indicators,
        deductions=tuple(map(_deduction, deductions)),
        tiers=tiers,
        gates=tuple(_gate(gate, known, tiers) for gate in table.tables("gates", "gate", _GATE_KEYS)),
        miss=_condition(table.table("miss", _CONDITION_KEYS), known),
        pip_pass=_pip_pass(table, known),
        incentives=read_incentives(table, known, {tier.name for tier in tiers}),
        from_line=table.line("from"),
    )


def _first_month(table: Table) -> Period:
    key = table.text("from")
    try:
        period = Period.parse(key)
    except ValueError as error:
        raise table.refusal('"from" must be a month such as "2026-01". {why}', "from", why=error) from None
    if period.kind is not PeriodKind.MONTH:
        raise table.refusal('"from" is {key}; it must be a month such as "2026-01".', "from", key=key)
    return period


def _min_assessed_weight(table: Table) -> Decimal:
    if not table.has("min_assessed_weight"):
        return DEFAULT_MIN_ASSESSED_WEIGHT
    share = table.number("min_assessed_weight")
    if not 0 <= share <= 1:
        raise table.refusal(
            '"min_assessed_weight" is {share}; it must be from 0 to 1.', "min_assessed_weight", share=share
        )
    return share


def _indicator(table: Table, tiers: Sequence[Tier], stocks: frozenset[str]) -> Indicator:
    subject = table.exactly_one(("measure", "ratio", "repurchase"))
    weight = _weight(table, table.number("weight"), "weight")
    if subject != "repurchase" and table.has("within_days"):
        raise table.refusal(
            '"within_days" goes with "repurchase". Add it, or remove "within_days".', "within_days"
        )
    return Indicator(
        name=table.text("name"),
        weight=weight,
        curve=_curve(table),
        measure=table.text("measure") if subject == "measure" else None,
        ratio=table.ratio() if subject == "ratio" else None,
        repurchase=_repurchase(table, stocks) if subject == "repurchase" else None,
        own_months=_own_months(table, subject, stocks),
        tier_weights=_tier_weights(table, tiers),
    )


def _weight(table: Table, weight: Decimal, *inner: str) -> Decimal:
    if weight <= 0:
        raise table.refusal("The weight of {what} is {weight}; it must be above 0.", *inner, weight=weight)
    return weight


def _own_months(table: Table, subject: str, stocks: frozenset[str]) -> int | None:
    if not table.has("against"):
        if table.has("months"):
            raise table.refusal(
                '"months" goes with against = "{own_months}". Add it, or remove "months".',
                "months",
                own_months=OWN_MONTHS,
            )
        return None
    against = table.text("against")
    if against != OWN_MONTHS:
        raise table.refusal(
            '"against" is "{against}"; it can be "{own_months}". Leave it out to read against a target.',
            "against",
            against=against,
            own_months=OWN_MONTHS,
        )
    if subject != "measure":
        raise table.refusal(
            '"against" goes with a measure, and {what} has a {subject}.', "against", subject=subject
        )
    _require_flow(table, "measure", stocks)
    return _count(table, "months", DEFAULT_OWN_MONTHS, MOST_OWN_MONTHS)


def _repurchase(table: Table, stocks: frozenset[str]) -> Repurchase:
    _require_flow(table, "repurchase", stocks)
    return Repurchase(table.text("repurchase"), _count(table, "within_days", None, MOST_WITHIN_DAYS))


def _require_flow(table: Table, key: str, stocks: frozenset[str]) -> None:
    measure = table.text(key)
    if measure in stocks:
        raise table.refusal(
            '{What} adds up "{measure}" over time, and stocks lists it as a balance.', key, measure=measure
        )


def _count(table: Table, key: str, default: int | None, most: int) -> int:
    """A whole number from 1 on."""
    if default is not None and not table.has(key):
        return default
    number = table.number(key)
    if number % 1 or not 1 <= number <= most:
        raise table.refusal(
            '"{key}" is {number}; it must be a whole number from 1 to {most}.',
            key,
            key=key,
            number=number,
            most=most,
        )
    return int(number)


def _tier_weights(table: Table, tiers: Sequence[Tier]) -> tuple[tuple[str, Decimal], ...]:
    if not table.has("weight_by_tier"):
        return ()
    weights = table.inner("weight_by_tier")
    if not weights.values:
        raise weights.refusal("{What} is empty. Name a tier, such as {{ C = 20 }}.")
    known = {tier.name for tier in tiers}
    for name in weights.values:
        if name not in known:
            raise weights.refusal('{What} names "{name}", which is no tier of the plan.', name, name=name)
    return tuple(
        (name, _weight(table, weights.number(name), "weight_by_tier", name)) for name in weights.values
    )


def _refuse_counted_names(tables: Sequence[Table], indicators: Sequence[Indicator]) -> None:
    """The numbers of customers stand beside measures, so none may have such a name."""
    counted = {name for one in indicators if one.repurchase for name in one.quantities}
    for table, indicator in zip(tables, indicators, strict=True):
        for measure in counted.intersection(indicator.measures):
            raise table.refusal(
                '{What} names a measure "{measure}", which is what a repurchase counts. Name the indicator '
                "of the repurchase otherwise.",
                measure=measure,
            )


def _curve(table: Table) -> Curve:
    anchors = [Anchor(reading, points) for reading, points in table.pairs("curve")]
    if len(anchors) < 2:
        raise table.refusal("The curve of {what} needs at least two anchors.", "curve")
    for index, anchor in enumerate(anchors):
        if anchor.points < 0:
            raise table.refusal(
                "The curve of {what} has {points} points; they must be 0 or more.",
                "curve",
                index,
                points=anchor.points,
            )
        if index and anchor.reading <= anchors[index - 1].reading:
            raise table.refusal(
                "The curve of {what} goes from {before} to {reading}; the first numbers of its anchors must "
                "rise.",
                "curve",
                index,
                before=anchors[index - 1].reading,
                reading=anchor.reading,
            )
    return Curve(tuple(anchors))


def _deduction(table: Table) -> Deduction:
    return Deduction(
        name=table.text("name"),
        measure=table.text("measure"),
        points=_points(table, "points"),
        cap=_points(table, "cap") if table.has("cap") else None,
    )


def _points(table: Table, key: str) -> Decimal:
    number = table.number(key)
    if number < 0:
        raise table.refusal(
            '"{key}" of {what} is {number}; it must be 0 or more.', key, key=key, number=number
        )
    if number % POINTS_STEP:
        raise table.refusal(
            '"{key}" of {what} is {number}; points have at most {digits} digits after the point.',
            key,
            key=key,
            number=f"{number:f}",
            digits=POINTS_PLACES,
        )
    return number


def _tiers(table: Table) -> tuple[Tier, ...]:
    tables = table.named_tables("tiers", "tier", _TIER_KEYS)
    if not tables:
        raise table.refusal("The plan has no tiers. Add them under [[tiers]], one of them from = 0.")
    tiers: dict[Decimal, Tier] = {}
    for part in tables:
        tier = Tier(part.text("name", longest=LONGEST_TIER_NAME), part.number("from"))
        same = tiers.setdefault(tier.from_score, tier)
        if same is not tier:
            raise part.refusal(
                '{What} starts at {start}, as tier "{other}" does.',
                "from",
                start=tier.from_score,
                other=same.name,
            )
    if Decimal(0) not in tiers:
        raise tables[0].refusal("No tier starts at 0. Give the lowest one from = 0.")
    return tuple(tiers[score] for score in sorted(tiers))


def _gate(table: Table, known: Mapping[str, Indicator], tiers: Sequence[Tier]) -> Gate:
    subject = table.exactly_one(("indicator", "measure", "ratio"))
    cap = table.text("cap")
    if cap not in {tier.name for tier in tiers}:
        raise table.refusal('{What} caps at "{cap}", which is no tier of the plan.', "cap", cap=cap)
    return Gate(
        cap=cap,
        bound=_bound(table),
        indicator=_known_indicator(table, known) if subject == "indicator" else None,
        measure=table.text("measure") if subject == "measure" else None,
        ratio=table.ratio() if subject == "ratio" else None,
    )


def _condition(table: Table, known: Mapping[str, Indicator]) -> Condition:
    return Condition(_known_indicator(table, known), _bound(table))


def _bound(table: Table) -> Bound:
    comparison = table.exactly_one(_COMPARISONS)
    return Bound(Comparison(comparison), table.number(comparison))


def _known_indicator(table: Table, known: Mapping[str, Indicator]) -> str:
    name = table.text("indicator")
    if name not in known:
        raise table.refusal(
            '{What} names the indicator "{name}". The plan has {indicators}.',
            "indicator",
            name=name,
            indicators=listed(tuple(known)),
        )
    return name


def _pip_pass(table: Table, known: Mapping[str, Indicator]) -> PipPass | None:
    if not table.has("pip_pass"):
        return None
    rule = table.table("pip_pass", (*_CONDITION_KEYS, "months"))
    months = rule.number("months") if rule.has("months") else Decimal(DEFAULT_PIP_MONTHS)
    if months % 1 or not 1 <= months <= MOST_PIP_MONTHS:
        raise rule.refusal(
            '"months" is {months}; it must be a whole number from 1 to {most}.',
            "months",
            months=months,
            most=MOST_PIP_MONTHS,
        )
    return PipPass(_condition(rule, known), int(months))
