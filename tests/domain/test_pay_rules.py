"""What a card pays: bands, quality, caps, deductions, pools; exact, and the parts always sum up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.incentives.rules_law import Blocked, WageFacts, limit_for_loss
from domain.incentives.rules_money import digits_of, exact_text, major, minor
from domain.incentives.rules_pay import Part, PoolPart, Terms, pay_parts, total
from domain.incentives.rules_pool import Member, shares
from domain.plans.rules_incentives import Pool, PoolShare, Steps
from domain.plans.rules_table import PlanError
from tests.domain.pay_builders import BANDS, amounts, earnings, incentives, of

FEN = 2
QUALITY = '[incentives.quality]\nindicator = "overdue_rate"\nsteps = [[0, 1.2], [0.02, 1], [0.05, 0.5]]\n'
BREACHES = '[[incentives.deductions]]\nname = "breaches"\nmeasure = "violations"\namount = 5\ncap = 12\n'
LOSSES = '[[incentives.deductions]]\nname = "losses"\nmeasure = "lost"\nrate = 1\nloss = true\n'
HALF_FROM_90 = Steps(((Decimal("0.9"), Decimal("0.5")), (Decimal(1), Decimal(1))))
A_THIRD_FROM_50 = Steps(((Decimal("0.5"), Decimal("0.333")), (Decimal(1), Decimal(1))))


@pytest.mark.parametrize(
    ("actual", "bands"),
    [
        ("500", {"band 1": 500}),
        ("800", {"band 1": 800}),
        ("800.01", {"band 1": 800, "band 2": 0}),
        ("999.95", {"band 1": 800, "band 2": 400}),
        ("1000", {"band 1": 800, "band 2": 400}),
        ("1000.50", {"band 1": 800, "band 2": 400, "band 3": 2}),
        ("2400", {"band 1": 800, "band 2": 400, "band 3": 4200}),
    ],
)
def test_each_part_is_paid_at_the_rate_of_its_band(actual: str, bands: dict[str, int]) -> None:
    """In fen, of a target of 1000: 240 % pays 8 + 4 + 42."""
    assert amounts(pay_parts(incentives(), FEN, earnings(actual))) == bands


def test_the_band_is_chosen_before_anything_is_rounded() -> None:
    # given: 99.995 %, which many would print as 100 %
    parts = pay_parts(incentives(), FEN, earnings("99995", 100_000))
    # then: none of it is in the band from 100 % on
    assert amounts(parts) == {"band 1": 80_000, "band 2": 39_990}
    assert parts[-1].facts["attainment"] == "19999/20000"
    assert parts[-1].facts["amount"] == "19995"


@pytest.mark.parametrize("net", ["-250", "0"])
def test_negative_net_sales_pay_nothing_and_take_nothing(net: str) -> None:
    assert pay_parts(incentives(), FEN, earnings(net)) == ()


@pytest.mark.parametrize(("target", "reason"), [(None, "no_target"), (0, "zero_target")])
def test_commission_without_a_target_says_why_it_is_nothing(target: int | None, reason: str) -> None:
    (part,) = pay_parts(incentives(), FEN, earnings(500, target))
    assert (part.part, part.amount, part.facts["reason"]) == (Part.UNPAID, 0, reason)


def test_a_personal_rate_stands_in_the_place_of_the_bands() -> None:
    parts = pay_parts(incentives(), FEN, earnings(1200, None, terms=Terms(rate=Decimal("0.025"), rate_id=7)))
    assert amounts(parts) == {"own_rate": 3000}
    assert parts[0].facts["term_id"] == 7


def test_base_by_days_that_count() -> None:
    plan = incentives(head='currency = "CNY"\nbase = 1000')
    assert amounts(pay_parts(plan, FEN, earnings(0, eligible_days=12)))["base"] == 38_710  # 1000 × 12 ÷ 31
    own = pay_parts(plan, FEN, earnings(0, terms=Terms(base=Decimal(2000), base_id=3)))
    assert amounts(own) == {"base": 200_000}


@pytest.mark.parametrize(
    ("reading", "quality"), [(Fraction(1, 100), 240), (Fraction(2, 100), None), (Fraction(5, 100), -600)]
)
def test_quality_multiplies_commission(reading: Fraction, quality: int | None) -> None:
    plan = incentives(BANDS, QUALITY)
    parts = pay_parts(plan, FEN, earnings(1000, readings={"overdue_rate": reading}))
    assert amounts(parts).get("quality") == quality


def test_quality_that_is_not_assessed_multiplies_nothing() -> None:
    parts = pay_parts(incentives(BANDS, QUALITY), FEN, earnings(1000, readings={"overdue_rate": None}))
    assert total(parts) == 1200


def test_quality_by_tier_or_along_a_curve() -> None:
    by_tier = incentives(BANDS, "[incentives.quality]\ntiers = { S = 1.5, A = 1.1 }\n")
    assert amounts(pay_parts(by_tier, FEN, earnings(1000)))["quality"] == 120
    curve = '[incentives.quality]\nindicator = "overdue_rate"\ncurve = [[0, 1.2], [0.04, 1]]\n'
    assert amounts(pay_parts(incentives(BANDS, curve), FEN, earnings(1000)))["quality"] == 180  # × 1.15


def test_deductions_are_capped_and_take_no_more_than_there_is() -> None:
    plan = incentives(BANDS, BREACHES)
    assert (
        amounts(pay_parts(plan, FEN, earnings(1000, values={"violations": 1})))["deduction breaches"] == -500
    )
    many = pay_parts(plan, FEN, earnings(2400, values={"violations": 9}))
    assert amounts(many)["deduction breaches"] == -1200  # the cap
    poor = pay_parts(plan, FEN, earnings(500, values={"violations": 9}))
    assert total(poor) == 0
    assert of(poor, Part.DEDUCTION).facts["wanted"] == 1200


def test_a_cap_of_the_month_says_what_it_cuts_off() -> None:
    parts = pay_parts(incentives(head='currency = "CNY"\ncap = 50'), FEN, earnings(2400))
    assert total(parts) == 5000
    assert of(parts, Part.CAP).facts["of"] == 5400
    assert of(parts, Part.BAND).facts["paid_rate"] == "1/48"  # 50 of 2400


def test_a_loss_is_limited_by_law_and_a_missing_fact_blocks() -> None:
    plan = incentives(BANDS, LOSSES)
    rich = earnings(100_000, 10_000, values={"lost": 5000}, terms=Terms(wage=Decimal(4000)))
    # variable 80 + 40 + 2700 = 2820; a fifth of 6820 is 1364
    assert amounts(pay_parts(plan, FEN, rich, None, Decimal(2690)))["deduction losses"] == -136_400
    assert amounts(pay_parts(plan, FEN, rich, None, Decimal(6000)))["deduction losses"] == -82_000
    for wage, minimum, why in ((None, 2690, "no_wage"), (4000, None, "no_minimum_wage")):
        terms = Terms(wage=None if wage is None else Decimal(wage))
        poor = earnings(100_000, 10_000, values={"lost": 5000}, terms=terms)
        parts = pay_parts(plan, FEN, poor, None, None if minimum is None else Decimal(minimum))
        assert of(parts, Part.DEDUCTION).amount == 0
        assert of(parts, Part.DEDUCTION).facts["blocked"] == why


def test_a_loss_is_limited_by_what_other_deductions_leave() -> None:
    # given: variable 80 + 40 + 1880, of which breaches take 12; wherever they stand in the plan
    one = earnings(
        *(Decimal("72666.6667"), 10_000),
        values={"lost": 5000, "violations": 9},
        terms=Terms(wage=Decimal(2400)),
    )
    for sections in ((LOSSES, BREACHES), (BREACHES, LOSSES)):
        found = amounts(pay_parts(incentives(BANDS, *sections), FEN, one, None, Decimal(2500)))
        # then: a fifth of 2400 + 2000 - 12
        assert found["deduction breaches"] == -1200
        assert found["deduction losses"] == -87_760


@given(st.decimals(0, 20_000, places=2), st.decimals(0, 20_000, places=2), st.decimals(0, 9_000, places=2))
def test_what_may_be_taken_for_a_loss_leaves_a_fifth_and_the_minimum(
    wage: Decimal, variable: Decimal, taken: Decimal
) -> None:
    facts = WageFacts(wage, Decimal(2690))
    limit = limit_for_loss(facts, variable, taken)
    assert not isinstance(limit, Blocked)
    month = Fraction(wage + variable)
    assert limit >= 0
    assert limit == 0 or (limit + Fraction(taken) <= month / 5 and month - limit - Fraction(taken) >= 2690)


PLACES = st.decimals(min_value=-5_000, max_value=50_000, places=4)


@given(PLACES, st.decimals(0, 9_999, places=2), st.integers(0, 9), st.fractions(-1, 2))
def test_parts_are_whole_the_total_is_never_below_0_and_bands_sum_up(
    actual: Decimal, target: Decimal, breaches: int, reading: Fraction
) -> None:
    plan = incentives(BANDS, QUALITY, BREACHES, head='currency = "CNY"\nbase = 10\ncap = 900')
    one = earnings(str(actual), str(target), {"violations": breaches}, readings={"overdue_rate": reading})
    parts = pay_parts(plan, FEN, one)
    assert 0 <= total(parts) <= 90_000
    inside = [Decimal(part.facts["amount"]) for part in parts if part.part is Part.BAND]
    assert sum(inside) == (max(actual, Decimal(0)) if target else 0)
    assert pay_parts(plan, FEN, one) == parts


@given(
    st.dictionaries(
        st.integers(1, 40),
        st.builds(Member, *[st.decimals(0, 150, places=2), PLACES, st.none() | st.just(Decimal(1000))]),
        min_size=1,
    ),
    st.sampled_from(list(PoolShare)),
    st.integers(0, 50_000),
)
def test_shares_sum_exactly_to_the_pool(members: dict[int, Member], by: PoolShare, amount: int) -> None:
    pool = Pool("sales", Decimal(amount), A_THIRD_FROM_50, by)
    found = shares(pool, FEN, members)
    for part in found.values():
        assert part.amount >= 0
        assert sum(each.amount for each in found.values()) == part.facts["pool"]
    assert shares(pool, FEN, dict(reversed(members.items()))) == found


def test_a_pool_by_score() -> None:
    # given: two of three sold 1800 of 2000; the third has no target, and shares
    pool = Pool(
        "sales",
        Decimal(300),
        HALF_FROM_90,
        PoolShare.SCORE,
    )
    members = {
        1: Member(Decimal(100), Decimal(1000), Decimal(1000)),
        2: Member(Decimal(80), Decimal(800), Decimal(1000)),
        3: Member(Decimal(90), Decimal(77), None),
    }
    # then: 3 × 300 × 0.5 = 450, by 100 : 80 : 90
    assert {one: part.amount for one, part in shares(pool, FEN, members).items()} == {
        1: 16_667,
        2: 13_333,
        3: 15_000,
    }
    assert shares(pool, FEN, {2: members[2]}) == {}


def test_a_pool_share_is_capped_with_the_rest() -> None:
    plan = incentives(head='currency = "CNY"\ncap = 15')
    assert amounts(pay_parts(plan, FEN, earnings(1000), PoolPart(700, {}))) == {
        "band 1": 800,
        "band 2": 400,
        "pool": 700,
        "cap": -400,
    }


@pytest.mark.parametrize(("currency", "digits"), [("CNY", 2), ("JPY", 0), ("KWD", 3)])
def test_the_minor_unit_of_a_currency(currency: str, digits: int) -> None:
    assert digits_of(currency) == digits
    assert major(minor(Decimal("1234.5675"), digits), digits) in map(Decimal, ("1234.57", "1235", "1234.568"))


@pytest.mark.parametrize(
    ("number", "text"), [("13/2000", "0.0065"), ("1/3", "1/3"), ("2", "2"), ("-1/8", "-0.125")]
)
def test_rates_are_written_exactly(number: str, text: str) -> None:
    assert exact_text(Fraction(number)) == text
    assert Fraction(text) == Fraction(number)


POOL = '[incentives.pool]\nindicator = "sales"\namount = 300\nsteps = [[1, 1]]\nby = "{by}"\n'


@pytest.mark.parametrize(
    ("sections", "head", "line", "sentence"),
    [
        ((BANDS,), 'currency = "CNY"\nbase = "100 USD"', 3, "is in USD, and the plan pays in CNY"),
        ((BANDS,), 'base = "100 USD"', 2, 'has no "currency": add currency = "USD"'),
        ((BANDS,), 'currency = "XYZ"', 2, "is no currency"),
        ((BANDS,), 'currency = "JPY"\nbase = 100.5', 3, "JPY has 0 digits after the point"),
        ((BANDS,), 'currency = "CNY"\nbase = -1', 3, "must be 0 or more"),
        ((BANDS.replace("from = 0\n", "from = 0.1\n"),), "", 7, "the first one must be from = 0"),
        ((BANDS.replace("to = 0.8", "to = 0.7"),), "", 11, "leaves a gap"),
        ((BANDS.replace("to = 0.8", "to = 0.9"),), "", 11, "overlaps"),
        ((BANDS.replace("from = 1.0", "from = 0.8"),), "", 15, "they must rise"),
        ((BANDS.replace("to = 1.0", "to = 0.5"),), "", 12, "a band must rise"),
        ((BANDS.replace("from = 1.0\n", "from = 1.0\nto = 2\n"),), "", 16, "leave its"),
        ((BANDS.replace("rate = 0.02", "rate = -0.02"),), "", 13, "must be 0 or more"),
        ((BANDS.replace('"sales"', '"overdue_rate"'),), "", 5, "is a ratio"),
        ((BANDS.replace('"sales"', '"luck"'),), "", 5, 'names the indicator "luck"'),
        ((QUALITY,), "", 3, "there is none"),
        ((BANDS, "[incentives.quality]\ntiers = { X = 2 }\n"), "", 18, "is no tier"),
        ((BANDS, QUALITY.replace("0.05,", "0.01,")), "", 19, "must rise"),
        ((BANDS, POOL.format(by="luck")), "", 21, 'must be "score", "attainment" or "equally"'),
        ((BANDS, BREACHES, BREACHES), "", 23, "is already taken"),
        ((BANDS, LOSSES.replace("true", "1")), "", 21, "must be true or false"),
        (('[[incentives.clawbacks]]\nname = "x"\nmeasure = "refunded"\n',), "base = 1", 3, "pays none"),
        ((), "color = 1", 2, 'has no key "color"'),
    ],
)
def test_a_wrong_section_is_refused_with_its_line(
    sections: tuple[str, ...], head: str, line: int, sentence: str
) -> None:
    with pytest.raises(PlanError) as refused:
        incentives(*sections, head=head)
    assert sentence in refused.value.sentence
    assert refused.value.line == line
