"""How a plan says that an indicator looks back, or weighs by the tier a period was started with."""

from datetime import date
from decimal import Decimal

import pytest

from domain.periods import Period
from domain.plans.rules import Plan, months_before
from domain.plans.rules_file import PlanError, parse_plan
from domain.plans.rules_words import in_words
from tests.domain.scoring_builders import HEAD, MISS, SALES, TIERS

GROWTH = """
[[indicators]]
name = "growth"
measure = "won_amount"
against = "own_months"
weight = 10
curve = [[0.5, 0], [1.0, 100]]
"""
RETURNS = """
[[indicators]]
name = "returns"
repurchase = "won_amount"
within_days = 90
weight = 10
curve = [[0, 0], [1.0, 100]]
"""
BY_TIER = SALES.replace("weight = 40", "weight = 40\nweight_by_tier = { C = 60, S = 20.5 }")


def text(*parts: str, head: str = "") -> str:
    return HEAD + head + "".join(parts or (SALES, GROWTH, RETURNS)) + TIERS + MISS


def read(*parts: str, head: str = "") -> Plan:
    return parse_plan(text(*parts, head=head))


def test_a_growth_indicator_looks_back_to_three_whole_months_unless_told_otherwise() -> None:
    growth = read().indicator("growth")
    two = read(SALES, GROWTH.replace("weight", "months = 2\nweight")).indicator("growth")

    assert growth.looks_back_from(Period.parse("2026-02")) == date(2025, 11, 1)
    assert two.looks_back_from(Period.parse("2026-W11")) == date(2026, 1, 1)
    assert not growth.has_target
    assert not growth.is_ratio


def test_months_before_are_those_before_the_month_in_which_a_period_begins() -> None:
    assert [month.key for month in months_before(Period.parse("2026-Q1"), 2)] == ["2025-11", "2025-12"]
    assert [month.key for month in months_before(Period.parse("2026-W10"), 1)] == ["2026-02"]


def test_a_repurchase_rests_on_records_and_is_read_from_numbers_of_customers() -> None:
    plan = read()
    returns = plan.indicator("returns")

    assert returns.measures == ("won_amount",)
    assert returns.quantities == ("returns: returning", "returns: customers")
    assert plan.measures_needed == ("won_amount",)
    assert plan.quantities == ("won_amount", *returns.quantities)
    assert plan.known_from("won_amount", Period.parse("2026-03")) == date(2025, 12, 1)
    assert read(SALES, RETURNS).known_from("won_amount", Period.parse("2026-03")) == date(2025, 12, 1)


def test_a_plan_weighs_by_the_tier_a_period_was_started_with() -> None:
    plan = read(BY_TIER)

    assert plan.from_tier("C").indicator("sales").weight == Decimal(60)
    assert plan.from_tier("S").total_weight == Decimal("20.5")
    assert plan.from_tier("B").indicator("sales").weight == Decimal(40)
    assert plan.from_tier(None) == plan.from_tier("gone from the plan") == plan
    assert read().from_tier("C") == read()


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        (
            'against = "own_months"',
            'against = "last_year"',
            14,
            '"against" is "last_year"; it can be "own_months"',
        ),
        ('against = "own_months"', "months = 3", 14, '"months" goes with against'),
        (
            'against = "own_months"',
            'against = "own_months"\nmonths = 0',
            15,
            '"months" is 0; it must be a whole',
        ),
        ('against = "own_months"', 'against = "own_months"\nmonths = 1.5', 15, "a whole number from 1 to 24"),
        ('against = "own_months"', 'against = "own_months"\nmonth = 3', 15, 'has no key "month"'),
        ('measure = "won_amount"\nagainst', 'ratio = ["a", "b"]\nagainst', 14, "goes with a measure"),
        ("within_days = 90\n", "", 18, 'has no "within_days"'),
        ("within_days = 90", "within_days = 0", 21, '"within_days" is 0; it must be a whole number from 1'),
        ('repurchase = "won_amount"', 'measure = "won_amount"', 21, '"within_days" goes with "repurchase"'),
        ('repurchase = "won_amount"', 'repurchase = "won_amount"\nmeasure = "x"', 20, "takes one"),
        (
            'repurchase = "won_amount"',
            'repurchase = "returns: customers"',
            18,
            "which is what a repurchase counts",
        ),
        (
            "weight = 40",
            "weight = 40\nweight_by_tier = { D = 5 }",
            9,
            'names "D", which is no tier of the plan',
        ),
        ("weight = 40", "weight = 40\nweight_by_tier = { C = 0 }", 9, "is 0; it must be above 0"),
        ("weight = 40", "weight = 40\nweight_by_tier = { C = -1 }", 9, "is -1; it must be above 0"),
        ("weight = 40", 'weight = 40\nweight_by_tier = { C = "5" }', 9, '"C" must be a number'),
        ("weight = 40", "weight = 40\nweight_by_tier = {}", 9, "is empty"),
        ("weight = 40", "weight = 40\nweight_by_tier = 3", 9, "must be a table"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line_and_a_sentence(
    old: str, new: str, line: int, sentence: str
) -> None:
    with pytest.raises(PlanError) as refused:
        parse_plan(text().lstrip().replace(old, new, 1))

    assert sentence in refused.value.sentence
    assert refused.value.line == line


@pytest.mark.parametrize("part", [GROWTH, RETURNS])
def test_a_balance_cannot_be_added_up_over_months(part: str) -> None:
    with pytest.raises(PlanError, match="stocks lists it as a balance"):
        read(SALES, part, head='stocks = ["won_amount"]\n')


def test_a_plan_says_in_words_what_it_means() -> None:
    said = "\n".join(map(str, in_words(read(BY_TIER, GROWTH, RETURNS, head='stocks = ["owed"]\n'))))

    assert "sales (66.7%, weight 40): won_amount against the target. Points: 50% → 0, 80% → 60" in said
    assert "sales weighs 60 for those who start with tier C." in said
    assert "won_amount against what the person achieved in the 3 months before" in said
    assert "of the customers with won_amount in the period, those who had some within 90 days before" in said
    assert "Balances, whose latest day counts: owed." in said
    assert "Tiers: S ≥ 110, A ≥ 95, B ≥ 70, C ≥ 0." in said
    assert "A month is missed where sales < 100%." in said
