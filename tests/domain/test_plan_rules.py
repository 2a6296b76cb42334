"""Plan files: what is read, what is refused, and on which line."""

from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period
from domain.plans.rules import (
    Anchor,
    Bound,
    Comparison,
    Condition,
    Curve,
    Deduction,
    Gate,
    PipPass,
    Plan,
    Tier,
    plan_in_force,
)
from domain.plans.rules_file import PlanError, parse_plan
from domain.plans.rules_toml import read_toml
from domain.plans.rules_words import in_words

LOANS = """\
name = "consumer-loans"
job_family = "sales"
from = "2026-01"   # first month in force
ramp = [0.0, 0.5, 0.75]
stocks = ["overdue_amount", "loan_balance"]

[[indicators]]
name = "sales"
measure = "won_amount"
weight = 40
curve = [[0.5, 0], [0.8, 60], [1.0, 100], [1.2, 120]]

[[indicators]]
name = "overdue_rate"
ratio = ["overdue_amount", "loan_balance"]
weight = 20.5
curve = [
    [0.00, 120],
    [0.02, 100],  # a comment with ] and "
    [0.10, 0],
]

[[deductions]]
name = "violations"
measure = "violations"
points = 5
cap = 20

[[tiers]]
name = "S"
from = 110
[[tiers]]
name = "C"
from = 0
[[tiers]]
name = "A"
from = 95

[[gates]]
ratio = ["overdue_amount", "loan_balance"]
above = 0.05
cap = "A"
[[gates]]
measure = "complaints"
at_least = 1
cap = "C"

[miss]
indicator = "sales"
below = 1.0
[pip_pass]
indicator = "sales"
at_least = 0.9
months = 3
"""


def changed(old: str, new: str, text: str = LOANS) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def refusal(text: str) -> PlanError:
    with pytest.raises(PlanError) as error:
        parse_plan(text)
    return error.value


def test_a_plan_is_read_to_the_last_digit() -> None:
    plan = parse_plan(LOANS)

    assert (plan.name, plan.job_family, plan.from_month) == (
        "consumer-loans",
        "sales",
        Period.parse("2026-01"),
    )
    assert plan.ramp == (Decimal(0), Decimal("0.5"), Decimal("0.75"))
    assert plan.stocks == {"overdue_amount", "loan_balance"}
    sales, overdue = plan.indicators
    assert (sales.measure, sales.ratio, sales.weight) == ("won_amount", None, Decimal(40))
    assert (overdue.measure, overdue.ratio) == (None, ("overdue_amount", "loan_balance"))
    assert overdue.weight == Decimal("20.5")
    assert overdue.curve.anchors[1] == Anchor(Decimal("0.02"), Decimal(100))
    assert plan.deductions == (Deduction("violations", "violations", Decimal(5), Decimal(20)),)
    assert plan.tiers == (Tier("C", Decimal(0)), Tier("A", Decimal(95)), Tier("S", Decimal(110)))
    assert plan.gates[1] == Gate("C", Bound(Comparison.AT_LEAST, Decimal(1)), measure="complaints")
    assert plan.miss == Condition("sales", Bound(Comparison.BELOW, Decimal(1)))
    assert plan.pip_pass == PipPass(Condition("sales", Bound(Comparison.AT_LEAST, Decimal("0.9"))), 3)
    assert plan.from_line == 3


def test_what_may_be_left_out_has_its_default() -> None:
    text = """
        name = "p"
        job_family = "f"
        from = "2026-01"
        indicators = [{name = "i", measure = "m", weight = 1, curve = [[0, 0], [1, 100]]}]
        tiers = [{name = "only", from = 0}]
        miss = {indicator = "i", below = 1}
    """

    plan = parse_plan(text)

    assert plan.min_assessed_weight == Decimal("0.6")
    assert (plan.ramp, plan.stocks, plan.deductions, plan.gates, plan.pip_pass) == (
        (),
        frozenset(),
        (),
        (),
        None,
    )


def test_the_measures_needed_are_those_of_indicators_deductions_and_gates() -> None:
    plan = parse_plan(LOANS)

    assert plan.measures_needed == (
        "won_amount",
        "overdue_amount",
        "loan_balance",
        "violations",
        "complaints",
    )


@pytest.mark.parametrize(
    ("line", "old", "new", "sentence"),
    [
        (10, "weight = 40", "wieght = 40", 'Indicator "sales" has no key "wieght"'),
        (48, "[miss]", "[mis]", 'The plan has no key "mis"'),
        (28, "cap = 20", "cap = 20\nmost = 1", 'no key "most"'),
        (
            14,
            'name = "overdue_rate"',
            'name = "sales"',
            'The name "sales" is already taken by the indicator of line 8',
        ),
        (
            24,
            'name = "violations"',
            'name = "sales"',
            'The name "sales" is already taken by the indicator of line 8',
        ),
        (36, 'name = "A"', 'name = "S"', 'The name "S" is already taken'),
        (36, 'name = "A"', r'name = "A\u0000"', '"name" holds a NUL character: remove it.'),
        (10, "weight = 40", "weight = 0", "must be above 0"),
        (16, "weight = 20.5", "weight = -1", "must be above 0"),
        (7, "weight = 40\n", "", 'has no "weight"'),
        (10, "weight = 40", "weight = true", "must be a number"),
        (10, "weight = 40", 'weight = "40"', "must be a number"),
        (10, "weight = 40", "weight = inf", "write a number of at most"),
        (10, "weight = 40", "weight = nan", "write a number of at most"),
        (10, "weight = 40", "weight = 1e400", "write a number of at most"),
        (10, "weight = 40", "weight = 0.00000000001", "write a number of at most"),
        (11, "[[0.5, 0], [0.8, 60], [1.0, 100], [1.2, 120]]", "[[0.5, 0]]", "at least two anchors"),
        (11, "[0.8, 60]", "[0.5, 60]", "goes from 0.5 to 0.5"),
        (20, "    [0.10, 0]", "    [0.01, 0]", "goes from 0.02 to 0.01"),
        (20, "    [0.10, 0]", "    [0.10, -1]", "must be 0 or more"),
        (20, "    [0.10, 0]", "    [0.10]", "list of pairs"),
        (9, 'measure = "won_amount"', 'ratio = ["a", "b"]\nmeasure = "won_amount"', "together"),
        (7, 'measure = "won_amount"\n', "", 'needs "measure", "ratio" or "repurchase"'),
        (15, 'ratio = ["overdue_amount", "loan_balance"]\nweight', 'ratio = ["x"]\nweight', "two measures"),
        (26, "points = 5", "points = -5", "must be 0 or more"),
        (27, "cap = 20", "cap = -0.5", "must be 0 or more"),
        (26, "points = 5", "points = 0.00005", '"points" of deduction "violations" is 0.00005; points have'),
        (27, "cap = 20", "cap = 1.00001", "at most 4 digits after the point"),
        (46, 'cap = "C"', 'cap = "X"', 'caps at "X", which is no tier'),
        (42, "above = 0.05", "above = 0.05\nbelow = 1", "together"),
        (39, "above = 0.05\n", "", 'needs "above", "at_least" or "below"'),
        (44, 'measure = "complaints"', 'indicator = "complaints"', 'names the indicator "complaints"'),
        (29, 'name = "C"\nfrom = 0', 'name = "C"\nfrom = 1', "No tier starts at 0"),
        (37, "from = 95", "from = 110", 'starts at 110, as tier "S" does'),
        (
            49,
            '[miss]\nindicator = "sales"',
            '[miss]\nindicator = "sale"',
            '[miss] names the indicator "sale"',
        ),
        (54, "months = 3", "months = 0", "whole number"),
        (54, "months = 3", "months = 1.5", "whole number"),
        (6, "ramp = [0.0, 0.5", "ramp = [\n0.0, \n-0.5", "must be 0 or more"),
        (3, 'from = "2026-01"', 'from = "2026-Q1"', "must be a month"),
        (3, 'from = "2026-01"', 'from = "January"', "must be a month"),
        (3, 'from = "2026-01"', "from = 2026-01-01", "text in quotes"),
        (1, 'name = "consumer-loans"', 'name = ""', "not empty"),
        (1, 'name = "consumer-loans"', f'name = "{"x" * 101}"', "longer than 100"),
        (5, "stocks = [", "min_assessed_weight = 1.5\nstocks = [", "from 0 to 1"),
        (5, 'stocks = ["overdue_amount", "loan_balance"]', "stocks = 3", "must be a list"),
        (51, "below = 1.0", "below = [1.0", "This is not TOML"),
        (11, "weight = 40", "weight = 40\nweight = 40", "This is not TOML: Cannot overwrite a value"),
    ],
)
def test_a_wrong_plan_is_refused_with_its_line_and_a_sentence(
    line: int, old: str, new: str, sentence: str
) -> None:
    error = refusal(changed(old, new))

    assert error.line == line
    assert sentence in error.sentence
    assert error.sentence.endswith(".")
    assert str(error) == f"line {line}: {error.sentence}"


@pytest.mark.parametrize("points", ["0.0005", "2.50000000", "999999999999.9999", "1e3"])
def test_points_of_a_deduction_are_as_fine_as_cards_keep_them(points: str) -> None:
    plan = parse_plan(changed("points = 5", f"points = {points}"))

    assert plan.deductions[0].points == Decimal(points)


def without_section(header: str) -> str:
    sections = LOANS.split("\n[")
    return "\n[".join(section for section in sections if not section.startswith(header))


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("[indicators]]", "The plan has no indicator"),
        ("[tiers]]", "The plan has no tiers"),
        ("miss]", "The plan has no [miss]"),
    ],
)
def test_tiers_miss_and_an_indicator_are_required(header: str, sentence: str) -> None:
    assert sentence in refusal(without_section(header)).sentence


@pytest.mark.parametrize(
    "text", ["", "x", "a = [", "[[tiers]]\nname = 'x'\n", "indicators = [3]", "a = '''", "\x00"]
)
def test_any_text_is_read_or_refused(text: str) -> None:
    assert 1 <= refusal(text).line <= text.count("\n") + 1


@given(st.integers(0, len(LOANS)), st.integers(0, 12), st.text("abc[]{}\"=.,#\n019-'\\", max_size=4))
def test_a_damaged_plan_is_refused_not_choked_on(start: int, length: int, patch: str) -> None:
    text = LOANS[:start] + patch + LOANS[start + length :]

    with suppress(PlanError):
        assert parse_plan(text).indicators


def test_a_windows_file_with_a_byte_order_mark_is_read_alike() -> None:
    assert parse_plan("\ufeff" + LOANS.replace("\n", "\r\n")) == parse_plan(LOANS)


def test_every_way_to_write_toml_keeps_its_lines() -> None:
    document = read_toml(
        'a.b = 1\n"quoted key" = """two\nlines"""\nc = [\n  1, # one ]\n\n  {x = 2, y = [3,\n 4]},\n]\n'
        "[t.\"u v\"]\nz = 'a # b'\n[[t.list]]\nk = 1\n[[t.list]]\n[t.list.inner]\nk = 2\n"
    )

    assert document.data["c"][1]["y"] == [3, 4]
    places = {
        ("a", "b"): 1,
        ("quoted key",): 2,
        ("c",): 4,
        ("c", 0): 5,
        ("c", 1): 7,
        ("c", 1, "y"): 7,
        ("c", 1, "y", 1): 8,
        ("t", "u v"): 10,
        ("t", "u v", "z"): 11,
        ("t", "list", 0, "k"): 13,
        ("t", "list", 1): 14,
        ("t", "list", 1, "inner", "k"): 16,
        ("t", "list", 1, "inner", "missing"): 15,
    }
    assert {path: document.line_of(path) for path in places} == places


def plans(*texts: tuple[str, str, str]) -> Iterable[Plan]:
    for name, family, month in texts:
        text = changed("consumer-loans", name)
        text = changed('job_family = "sales"', f'job_family = "{family}"', text)
        yield parse_plan(changed('from = "2026-01"', f'from = "{month}"', text))


@pytest.mark.parametrize(
    ("key", "name"),
    [
        *(("2025-12", None), ("2026-01", "a"), ("2026-02", "a"), ("2026-03", "b"), ("2027-03", "b")),
        *(("2026-Q1", "b"), ("2026-W09", "b"), ("2026-W08", "a")),  # the week of 1 March
    ],
)
def test_the_plan_in_force_is_the_latest_that_is_not_after_the_period(key: str, name: str | None) -> None:
    known = list(plans(("b", "sales", "2026-03"), ("a", "sales", "2026-01"), ("c", "service", "2026-02")))

    plan = plan_in_force(known, "sales", Period.parse(key))

    assert (plan.name if plan else None) == name


readings = st.fractions(min_value=-1, max_value=3)


@given(readings, readings)
def test_a_rising_curve_never_gives_less_for_more(first: Fraction, second: Fraction) -> None:
    curve = parse_plan(LOANS).indicators[0].curve
    low, high = sorted((first, second))

    assert curve.points(low) <= curve.points(high)


@given(readings)
def test_a_curve_runs_straight_between_its_anchors_and_flat_beyond(reading: Fraction) -> None:
    curve = Curve(
        (Anchor(Decimal(0), Decimal(10)), Anchor(Decimal("0.5"), Decimal(0)), Anchor(Decimal(2), Decimal(30)))
    )

    left, right = curve.segment(reading)

    clipped = min(max(reading, Fraction(left.reading)), Fraction(right.reading))
    if left == right:
        assert curve.points(reading) == left.points
    else:
        share = (clipped - Fraction(left.reading)) / (Fraction(right.reading) - Fraction(left.reading))
        assert curve.points(reading) == Fraction(left.points) * (1 - share) + Fraction(right.points) * share


@pytest.mark.parametrize(
    ("comparison", "below", "equal", "above"),
    [
        (Comparison.ABOVE, False, False, True),
        (Comparison.AT_LEAST, False, True, True),
        (Comparison.BELOW, True, False, False),
    ],
)
def test_bounds_are_exact(comparison: Comparison, below: bool, equal: bool, above: bool) -> None:
    bound = Bound(comparison, Decimal("0.1"))
    hair = Fraction(1, 10**30)

    assert bound.holds(Fraction(1, 10) - hair) is below
    assert bound.holds(Fraction(1, 10)) is equal
    assert bound.holds(Fraction(1, 10) + hair) is above


def test_ramp_and_tiers_answer_for_their_edges() -> None:
    plan = parse_plan(LOANS)

    assert [plan.ramp_factor(months) for months in (0, 2, 3, 99)] == [0, Decimal("0.75"), 1, 1]
    assert [plan.tier_at(Decimal(score)) for score in ("0.00", "94.99", "95.00", "110.00", "500")] == list(
        "CCASS"
    )
    assert [plan.tier_level(name) for name in "CAS"] == [0, 1, 2]


PAY = """
[incentives]
currency = "CNY"
base = 300
cap = 2000
[[incentives.rates]]
name = "new"
measure = "new_customers"
rate = 12
[incentives.commission]
indicator = "sales"
[[incentives.commission.bands]]
from = 0
rate = 0.01
[[incentives.deductions]]
name = "violations"
measure = "violations"
amount = 50
[[incentives.clawbacks]]
name = "refunds"
measure = "refunds"
"""


@pytest.mark.parametrize(
    ("pay", "said"),
    [
        (PAY, "Pay in CNY, rules: 6."),
        (PAY.replace('currency = "CNY"', ""), "Pay in the company's currency, rules: 6."),
        (PAY.replace("base = 300", "base = 0"), "Pay in CNY, rules: 5."),
    ],
)
def test_a_plan_says_how_many_rules_of_pay_it_has_and_what_they_read(pay: str, said: str) -> None:
    words = [str(saying) for saying in in_words(parse_plan(LOANS + pay))]

    assert said in words
    assert "Measures that pay is computed from: new_customers, won_amount, violations, refunds." in words
    assert not any(word.startswith("Pay in") for word in map(str, in_words(parse_plan(LOANS))))
