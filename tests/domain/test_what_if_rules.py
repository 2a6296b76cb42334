"""What it takes to reach a tier: exact to the last step, gates included, and nothing cheaper exists."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from domain.scoring.rules_inputs import Window, scoring_window
from domain.scoring.rules_mix import BEGINNING, cheapest_mix
from domain.scoring.rules_nearest import Way
from domain.scoring.rules_outlook import Outlook, outlook
from domain.scoring.rules_what_if import Case, Goal, at_pace, own_measure, tiers_above, whole
from tests.domain.scoring_builders import (
    ALL_COVERED,
    GATES,
    HEAD,
    MARCH,
    MISS,
    OVERDUE,
    SALES,
    TIERS,
    VIOLATIONS,
    ended,
    line,
    person,
    plan,
    score,
    target,
)

NEW_CUSTOMERS = """
[[indicators]]
name = "new_customers"
measure = "new_customers"
weight = 40
curve = [[0.4, 0], [0.8, 70], [1.0, 100], [1.4, 120]]
"""
CONVERSION = """
[[indicators]]
name = "conversion"
ratio = ["applied", "leads"]
weight = 3
curve = [[0, 0], [1, 120]]
"""
SIGNING = """
[[indicators]]
name = "signing"
ratio = ["signed", "applied"]
weight = 1
curve = [[0, 0], [1, 120]]
"""


def case(of: Plan, values: Mapping[str, str | int], places: Mapping[str, int] | None = None) -> Case:
    """March at its end, of somebody with a target of 1000 for sales and of 10 for new customers."""
    who = person(values, [target(1000)])
    who = replace(who, targets={**who.targets, "new_customers": (target(10),)})
    return Case(of, ended(MARCH, of), who, places or {})


def goal(of: Case, tier: str) -> Goal:
    return Goal(of.plan, next(one for one in of.plan.tiers if one.name == tier))


def asked(of: Case, tier: str) -> Outlook:
    return outlook(of, goal(of, tier))


def needed(found: Outlook) -> dict[str, Decimal | None]:
    return {one.indicator.name: one.value if one.enough else None for one in found.alone}


GOOD_LOANS = {"overdue_amount": 1, "loan_balance": 100}
"""1 % overdue: 110 of 120 points."""


def test_the_tiers_to_reach_are_those_above_the_card_gates_included():
    # 97 points would be A; overdue loans above 5 % allow no more than B
    barred = case(plan(), {"won_amount": 1200, "overdue_amount": 6, "loan_balance": 100})
    assert [tier.name for tier in tiers_above(barred.plan, barred.as_it_is)] == ["A", "S"]
    at_the_top = case(plan(), {"won_amount": 1200, "overdue_amount": 0, "loan_balance": 100})
    assert tiers_above(at_the_top.plan, at_the_top.as_it_is) == ()


def test_an_indicator_alone_has_to_become_what_just_reaches_the_tier():
    of = case(plan(SALES, OVERDUE), {"won_amount": 700, **GOOD_LOANS})
    # Overdue loans bring 36.67 of 70, so sales must bring 33.325: 49.9875 points, 749.937 of 1000
    found = asked(of, "B")
    assert found.missing == Decimal("6.66")
    assert needed(found)["sales"] == Decimal("749.94")
    assert of.card({"won_amount": Decimal("749.94")}).tier == "B"
    assert of.card({"won_amount": Decimal("749.93")}).tier == "C"


def test_lower_is_better_has_to_fall_with_the_denominator_as_it_is():
    of = case(plan(SALES, OVERDUE), {"won_amount": 1000, "overdue_amount": 4000, "loan_balance": 100_000})
    # Sales bring 66.67 of 95, so overdue loans must bring 28.325: 84.975 points, 3.12687 % of the balance
    found = next(one for one in asked(of, "A").alone if one.indicator.name == "overdue_rate")
    assert found.value == Decimal("3126.87")
    assert line(found.card, "overdue_rate").printed_reading == Decimal("0.031269")
    assert of.card({"overdue_amount": Decimal("3126.88")}).tier == "B"


def test_what_is_counted_moves_in_whole_numbers():
    of = case(
        plan(SALES, NEW_CUSTOMERS), {"won_amount": 1000, "new_customers": 7}, places={"new_customers": 0}
    )
    # 100 points of half the weight, so A from 95 takes 90 points: between 9 (85) and 10 (100)
    assert needed(asked(of, "A"))["new_customers"] == 10


def test_an_indicator_that_cannot_do_it_alone_says_how_far_it_gets():
    of = case(plan(SALES, OVERDUE), {"won_amount": 600, "overdue_amount": 8, "loan_balance": 100})
    sales, overdue = asked(of, "A").alone
    assert (sales.enough, overdue.enough) == (False, False)
    assert (sales.value, sales.card.score) == (1200, Decimal("88.00"))
    assert (overdue.value, overdue.card.score) == (0, Decimal("53.33"))


def test_an_indicator_without_a_target_has_nothing_to_become():
    of = case(plan(SALES, OVERDUE, head="min_assessed_weight = 0.3\n"), {**GOOD_LOANS, "overdue_amount": 4})
    of = replace(of, person=replace(of.person, targets={}))
    sales, overdue = asked(of, "A").alone
    assert (sales.value, sales.card) == (None, None)
    assert overdue.enough


def test_a_gate_bars_every_indicator_but_the_one_it_is_about():
    of = case(plan(), {"won_amount": 1100, "overdue_amount": 6000, "loan_balance": 100_000})
    found = asked(of, "A")
    assert needed(found) == {"sales": None, "overdue_rate": Decimal("4625.37")}
    (bar,) = found.bars
    assert (bar.measure, bar.value) == ("overdue_amount", Decimal("5000"))
    assert found.mix.card.tier == "A"
    assert found.mix.values["overdue_amount"] <= 5000


def test_points_enough_and_only_a_gate_in_the_way():
    gate = '[[gates]]\nratio = ["complaints", "calls"]\nabove = 0.1\ncap = "C"\n'
    of = case(
        plan(SALES, gate, head='stocks = ["complaints"]\n'),
        {"won_amount": 900, "complaints": 3, "calls": 20},
        places={"complaints": 0},
    )
    found = asked(of, "B")
    assert found.missing == 0
    assert found.mix.values == {"complaints": 2}


def test_a_violation_is_not_undone_so_the_tier_above_is_out_of_reach():
    of = case(plan(), {"won_amount": 1190, "overdue_amount": 0, "loan_balance": 100, "violations": 1})
    found = asked(of, "S")
    assert found.mix is None
    assert (found.furthest.score, found.furthest.tier) == (Decimal("115.00"), "A")
    (bar,) = found.bars
    assert (bar.measure, bar.value) == ("violations", None)


def test_the_mix_takes_the_steepest_stretches_first():
    # Points for crossing a whole curve: overdue loans 44 from 5 % to 2 %, sales 47 from 100 % to 120 %
    of = case(plan(SALES, OVERDUE), {"won_amount": 1100, "overdue_amount": 5, "loan_balance": 100})
    assert asked(of, "A").mix.values == {"won_amount": Decimal("1124.93")}
    # Sales end at 80 of 110: overdue loans bring 30 at 2.75 %, and sales may stop where 80 is rounded up to
    assert asked(of, "S").mix.values == {"won_amount": Decimal("1199.93"), "overdue_amount": Decimal("2.75")}


def test_an_indicator_whose_measure_is_anothers_denominator_is_asked_of_the_engine_as_a_whole():
    of = case(
        parse_plan(HEAD + CONVERSION + SIGNING + TIERS + MISS.replace("sales", "conversion")),
        {"leads": 20, "applied": 10, "signed": 8},
        places={"leads": 0, "applied": 0, "signed": 0},
    )
    found = asked(of, "B")
    first = found.alone[0].value
    assert of.card({"applied": first}).tier == "B"
    assert of.card({"applied": first - 1}).tier == "C"
    assert found.mix.effort == _least_effort_by_trying(of, goal(of, "B"))


def running(of: Plan, day: int) -> Window:
    return scoring_window(of, MARCH, ALL_COVERED, MARCH.start.replace(day=day))


def test_a_pace_that_is_kept_ends_with_the_score_so_far():
    of = plan(SALES, OVERDUE)
    so_far = running(of, 10)
    today = Case(of, whole(so_far), person({"won_amount": 300, **GOOD_LOANS}, [target(1000)]))
    kept = at_pace(today, so_far)
    assert today.as_it_is.score == Decimal("36.67")
    assert kept.value("won_amount") == Decimal("930.00")  # 300 of the 322.58 due by the tenth
    assert line(kept.as_it_is, "sales").printed_reading == Decimal("0.930000")
    assert kept.value("overdue_amount") == 1


def test_a_balance_keeps_no_pace():
    of = plan(SALES, OVERDUE, head='stocks = ["won_amount"]\n')
    so_far = running(of, 10)
    today = Case(of, whole(so_far), person({"won_amount": 300, **GOOD_LOANS}, [target(1000)]))
    assert at_pace(today, so_far).value("won_amount") == 300


# Any plan, any values: what is said is checked by trying every value.


@st.composite
def curves(draw: st.DrawFn, low: int = 0, high: int = 12) -> str:
    readings = sorted(draw(st.sets(st.integers(low, high), min_size=2, max_size=4)))
    points = [draw(st.integers(0, 12)) * 10 for _ in readings]
    return str([[reading / 10, at] for reading, at in zip(readings, points, strict=True)])


@st.composite
def small_cases(draw: st.DrawFn, shared: bool = False) -> Case:
    """Two or three indicators whose values are whole numbers up to 14, gates and a deduction perhaps."""
    names = ["a", "b", "c"][: draw(st.integers(2, 3))]
    parts = []
    for number, name in enumerate(names):
        ratio = draw(st.booleans())
        below = draw(st.sampled_from([f"{name}_all", *names[:number]])) if shared else f"{name}_all"
        source = f'ratio = ["{name}", "{below}"]' if ratio else f'measure = "{name}"'
        weight = draw(st.integers(1, 5))
        parts.append(
            f'[[indicators]]\nname = "{name}"\n{source}\nweight = {weight}\ncurve = {draw(curves())}\n'
        )
    for _ in range(draw(st.integers(0, 2))):
        about = draw(st.sampled_from([*(f'indicator = "{name}"' for name in names), 'measure = "a"']))
        comparison = draw(st.sampled_from(["above", "below", "at_least"]))
        bound = draw(st.integers(1, 12)) / (1 if "measure" in about else 10)
        cap = draw(st.sampled_from(["B", "C"]))
        parts.append(f'[[gates]]\n{about}\n{comparison} = {bound}\ncap = "{cap}"\n')
    if draw(st.booleans()):
        parts.append('[[deductions]]\nname = "d"\nmeasure = "a"\npoints = 1\ncap = 5\n')
    of = parse_plan(HEAD + "".join(parts) + TIERS + MISS.replace("sales", "a"))
    values = {name: draw(st.integers(0, 14)) for name in names}
    values |= {f"{name}_all": draw(st.integers(1, 10)) for name in names}
    who = person(values)
    who = replace(who, targets={name: (target(draw(st.integers(5, 10))),) for name in names})
    return Case(of, ended(MARCH, of), who, dict.fromkeys(values, 0))


def goals(of: Case) -> Iterator[Goal]:
    for tier in of.plan.tiers:
        wished = Goal(of.plan, tier)
        if of.as_it_is.score is not None and not wished.met(of.as_it_is):
            yield wished


TRIED = range(60)
"""Every curve and gate of a small case ends far below."""


@settings(max_examples=60, deadline=None)
@given(st.one_of(small_cases(), small_cases(shared=True)))
def test_no_nearer_value_reaches_the_tier(of: Case):
    for wished in goals(of):
        for indicator in of.plan.indicators:
            measure = own_measure(indicator)
            reaching = [n for n in TRIED if wished.met(of.card({measure: Decimal(n)}))]
            found = Way(of, measure).nearest(wished)
            if found is None or found > max(TRIED):
                assert reaching == []
            else:
                assert found in reaching
                least = min(abs(n - of.value(measure)) for n in reaching)
                assert abs(found - of.value(measure)) == least


def _least_effort_by_trying(of: Case, wished: Goal) -> Fraction | None:
    """Of every combination of the indicators' values."""
    indicators = {own_measure(indicator): indicator for indicator in reversed(of.plan.indicators)}
    divisors = {
        line.measures[0]: line.denominator if line.denominator is not None else line.target.amount
        for line in of.as_it_is.lines[: len(of.plan.indicators)]
    }
    efforts = []
    for combination in product(range(13), repeat=len(indicators)):
        values = {measure: Decimal(n) for measure, n in zip(indicators, combination, strict=True)}
        if wished.met(of.card(values)):
            anchors = {measure: one.curve.anchors for measure, one in indicators.items()}
            efforts.append(
                sum(
                    BEGINNING
                    + abs(Fraction(value - of.value(measure)))
                    / Fraction(divisors[measure])
                    / Fraction(anchors[measure][-1].reading - anchors[measure][0].reading)
                    for measure, value in values.items()
                    if value != of.value(measure)
                )
            )
    return min(efforts, default=None)


@settings(max_examples=25, deadline=None)
@given(small_cases())
def test_no_cheaper_mix_exists(of: Case):
    for wished in list(goals(of))[:1]:
        mix = cheapest_mix(of, wished)
        least = _least_effort_by_trying(of, wished)
        if mix is None:
            assert least is None
        elif least is not None:
            assert wished.met(of.card(mix.values))
            assert mix.effort <= least


amounts = st.decimals(0, 2000, places=2)


@settings(max_examples=25, deadline=None)
@given(won=amounts, overdue=st.decimals(0, 120, places=2), new=st.integers(0, 14), bad=st.integers(0, 1))
def test_money_is_exact_to_the_cent_one_less_is_not_enough(won, overdue, new, bad):
    of = case(
        plan(SALES, OVERDUE, NEW_CUSTOMERS, VIOLATIONS, GATES),
        {
            "won_amount": won,
            "overdue_amount": overdue,
            "loan_balance": "1000.37",
            "new_customers": new,
            "violations": bad,
        },
        places={"new_customers": 0},
    )
    for wished in goals(of):
        found = outlook(of, wished)
        for alone in found.alone:
            if alone.enough:
                _is_the_last_step(of, wished, {}, alone.measure, alone.value)
        if found.mix is not None:
            assert wished.met(of.card(found.mix.values))
            for measure, value in found.mix.values.items():
                _is_the_last_step(of, wished, found.mix.values, measure, value)


def _is_the_last_step(
    of: Case, wished: Goal, others: Mapping[str, Decimal], measure: str, value: Decimal
) -> None:
    step = Decimal(1).scaleb(-of.places_of(measure))
    nearer = value - step if value > of.value(measure) else value + step
    assert wished.met(of.card({**others, measure: value}))
    assert not wished.met(of.card({**others, measure: nearer}))


@pytest.mark.parametrize("value", [Decimal("949.99"), Decimal("950.00")])
def test_the_engine_of_the_cards_is_the_engine_of_what_if(value):
    of = case(plan(SALES), {"won_amount": 0})
    assert of.card({"won_amount": value}) == score(
        of.plan, replace(of.person, values={"won_amount": value}), MARCH
    )
