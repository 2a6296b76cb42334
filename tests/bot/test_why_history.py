"""*Why?* of what rests on the past: growth against one's own months, customers who return, starting tiers."""

from decimal import Decimal
from typing import Any

from bot.blocks.why import why
from tests.bot.builders import CHINESE, ENGLISH, a_card, ratio_line, sales_line
from tests.bot.test_targets import shown

BEFORE = {
    "first": "2026-03-01",
    "last": "2026-05-31",
    "amount": "9000.0000",
    "eligible_days": 90,
    "days": 92,
}


def growth_line(**changes: Any) -> Any:
    return sales_line(
        **{
            "name": "growth",
            "target": Decimal("3000.00"),
            "reading": Decimal("0.300000"),
            "target_parts": [],
            "baseline": BEFORE,
            **changes,
        }
    )


def test_growth_is_explained_by_the_months_before() -> None:
    text = shown(why(ENGLISH, a_card(lines=(growth_line(),), eligible_days=30)))

    assert "Mar 1, 2026 to May 31, 2026: 9,000 achieved on 90 of 92 days that count" in text
    assert "Target: 9,000 ÷ 90 days × 30 days that count now = 3,000" in text
    assert "Reading: 900 achieved ÷ 3,000 target = 30%" in text


def test_growth_that_is_not_assessed_says_what_is_too_little() -> None:
    line = growth_line(
        target=None, reading=None, points=None, contribution=None, status="not_assessed", reason="no_baseline"
    )

    text = shown(why(ENGLISH, a_card(lines=(line,))))

    assert "the months before are too little to compare with. Its weight of 60 drops out." in text
    assert "9,000 achieved on 90 of 92 days that count" in text
    assert "There must be more than 0 achieved, and half of the days must count." in text


def test_a_repurchase_counts_customers_and_names_what_it_leaves_out() -> None:
    line = ratio_line(name="back", measures=["back: returning", "back: customers"], nameless=1)

    text = shown(why(ENGLISH, a_card(lines=(line,))))

    assert "Reading: 2 (back: customers who returned) ÷ 3 (back: customers) = 66.6667%" in text
    assert "1 purchase names no customer and is left out." in text
    assert "back：回头客户数" in shown(why(CHINESE, a_card(lines=(line,))))


def test_a_weight_says_which_tier_it_comes_from() -> None:
    lines = (sales_line(weighed_by_tier=True),)

    with_tier = shown(why(ENGLISH, a_card(lines=lines, starting_tier="C")))
    without = shown(why(ENGLISH, a_card(lines=lines)))

    assert "Weight: 60, for the last tier in a locked month before was C." in with_tier
    assert "Weight: 60, as for everybody without a tier from a locked month before." in without
