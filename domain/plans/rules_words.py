"""What a plan says, in words: English sentences with named places, for whoever shows them to translate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from domain.errors import N_
from domain.plain import plain
from domain.plans.rules import Bound, Comparison, Condition, Gate, Indicator, Plan, is_shareable
from domain.plans.rules_incentives import Incentives

NAMES = frozenset({"name", "measure", "numerator", "denominator"})


@dataclass(frozen=True)
class Named:
    """Names of measures or indicators with signs between them, and perhaps something after: `a ÷ b`."""

    names: tuple[str, ...]
    between: str = ", "
    after: str = ""

    def __str__(self) -> str:
        return self.said(str)

    def said(self, called: Callable[[str], str]) -> str:
        """With each as `called` calls it."""
        return self.between.join(map(called, self.names)) + self.after


@dataclass(frozen=True)
class Saying:
    """As a refusal carries its sentence. Measures and indicators stand by their names in the plan."""

    sentence: str
    values: dict[str, object]

    @property
    def names(self) -> frozenset[str]:
        """The places that a measure or an indicator stands in."""
        return NAMES & self.values.keys() if "family" not in self.values else frozenset()

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


def in_words(plan: Plan) -> Iterator[Saying]:
    """The whole plan, a sentence a rule, in its order."""
    yield _say(
        N_("{name} scores {family} from {month} on."),
        name=plan.name,
        family=plan.job_family,
        month=plan.from_month,
    )
    for indicator in plan.indicators:
        yield from _indicator(plan, indicator)
    for deduction in plan.deductions:
        shown = {"name": deduction.name, "measure": deduction.measure, "points": plain(deduction.points)}
        if deduction.cap is None:
            yield _say(N_("{name}: takes off {measure} × {points} points."), **shown)
        else:
            cap = plain(deduction.cap)
            yield _say(N_("{name}: takes off {measure} × {points} points, at most {cap}."), cap=cap, **shown)
    if plan.stocks:
        balances = Named(tuple(sorted(plan.stocks)))
        yield _say(N_("Balances, whose latest day counts: {balances}."), balances=balances)
    tiers = ", ".join(f"{tier.name} ≥ {plain(tier.from_score)}" for tier in reversed(plan.tiers))
    yield _say(N_("Tiers: {tiers}."), tiers=tiers)
    for gate in plan.gates:
        subject = _subject(gate)
        bound = _bound(gate.bound, plan.gate_reads_as_share(gate))
        yield _say(
            N_("At most tier {cap} where {subject} {bound}."), cap=gate.cap, subject=subject, bound=bound
        )
    yield _say(N_("A month is missed where {condition}."), condition=_condition(plan, plan.miss))
    if plan.pip_pass:
        yield _say(
            N_("An improvement plan is passed where {condition}, over {months} months."),
            condition=_condition(plan, plan.pip_pass.condition),
            months=plan.pip_pass.months,
        )
    if plan.ramp:
        ramp = ", ".join(_percent(share) for share in plan.ramp)
        yield _say(N_("In the first months after hiring, of a target: {ramp}; then all of it."), ramp=ramp)
    yield _say(
        N_("A card counts where lines of {share} of all weights can be assessed."),
        share=_percent(plan.min_assessed_weight),
    )
    if plan.incentives:
        yield from _incentives(plan.incentives)


def _incentives(incentives: Incentives) -> Iterator[Saying]:
    if incentives.currency:
        currency = incentives.currency
        yield _say(N_("Pay in {currency}, rules: {rules}."), currency=currency, rules=incentives.rules)
    else:
        yield _say(N_("Pay in the company's currency, rules: {rules}."), rules=incentives.rules)
    if incentives.measures_named:
        measures = Named(tuple(incentives.measures_named))
        yield _say(N_("Measures that pay is computed from: {measures}."), measures=measures)


def _indicator(plan: Plan, indicator: Indicator) -> Iterator[Saying]:
    shown = {
        "name": indicator.name,
        "share": _percent(_share(plan, indicator)),
        "weight": plain(indicator.weight),
        "curve": _curve(indicator),
    }
    if indicator.repurchase:
        yield _say(
            N_(
                "{name} ({share}, weight {weight}): of the customers with {measure} in the period, those who "
                "had some within {days} days before. Points: {curve}."
            ),
            measure=indicator.repurchase.measure,
            days=indicator.repurchase.within_days,
            **shown,
        )
    elif indicator.ratio:
        numerator, denominator = indicator.ratio
        yield _say(
            N_("{name} ({share}, weight {weight}): {numerator} ÷ {denominator}. Points: {curve}."),
            numerator=numerator,
            denominator=denominator,
            **shown,
        )
    elif indicator.own_months:
        yield _say(
            N_(
                "{name} ({share}, weight {weight}): {measure} against what the person achieved in the "
                "{months} months before. Points: {curve}."
            ),
            measure=indicator.measure,
            months=indicator.own_months,
            **shown,
        )
    else:
        yield _say(
            N_("{name} ({share}, weight {weight}): {measure} against the target. Points: {curve}."),
            measure=indicator.measure,
            **shown,
        )
    for tier, weight in indicator.tier_weights:
        yield _say(
            N_("{name} weighs {weight} for those who start with tier {tier}."),
            name=indicator.name,
            weight=plain(weight),
            tier=tier,
        )


def _share(plan: Plan, indicator: Indicator) -> Decimal:
    return (indicator.weight / plan.total_weight).quantize(Decimal("0.001"))


def _curve(indicator: Indicator) -> str:
    """80% → 60, 100% → 100"""
    as_share = indicator.reads_as_share
    return ", ".join(
        f"{_percent(at.reading) if as_share else plain(at.reading)} → {plain(at.points)}"
        for at in indicator.curve.anchors
    )


def _subject(gate: Gate) -> Named:
    return Named((gate.indicator,)) if gate.indicator else Named(tuple(gate.measures), " ÷ ")


def _condition(plan: Plan, condition: Condition) -> Named:
    indicator = plan.indicator(condition.indicator)
    return Named((indicator.name,), after=f" {_bound(condition.bound, indicator.reads_as_share)}")


def _bound(bound: Bound, as_share: bool) -> str:
    """`> 5%`"""
    sign = {Comparison.ABOVE: ">", Comparison.AT_LEAST: "≥", Comparison.BELOW: "<"}[bound.comparison]
    shown = _percent(bound.value) if as_share and is_shareable(bound.value) else plain(bound.value)
    return f"{sign} {shown}"


def _percent(share: Decimal) -> str:
    return f"{plain(share * 100)}%"


def _say(sentence: str, **values: object) -> Saying:
    return Saying(sentence, values)
