"""A card's indicators against their targets."""

from decimal import Decimal

import pytest

from tests.worker.chart_samples import a_card, a_line, draw, texts_on
from worker.charts import IndicatorLine

OVERDUE = a_line("Overdue", "0.021", kind="ratio", points=Decimal("98.6667"))
DAYS = a_line("Days", "47.25", kind="ratio", points=Decimal(112), reading_as="number")


def test_a_target_line_tells_its_share_and_its_amounts() -> None:
    line = a_line("Sales", "0.92", actual=Decimal(368000), target=Decimal(400000))

    assert {"Sales", "92%", "368,000 of 400,000", "target = 100%"} <= set(texts_on(a_card(line)))


def test_a_ratio_line_tells_its_points_and_its_reading() -> None:
    texts = texts_on(a_card(OVERDUE, DAYS))

    assert {"98.67 points", "reading 2.1%", "112 points", "reading 47.25"} <= set(texts)


@pytest.mark.parametrize(
    ("reading", "shown"),
    [("0.99999", "99.9%"), ("1", "100%"), ("2.4", "240%"), ("-0.4", "-40%"), ("0.9235", "92.4%")],
)
def test_a_share_is_rounded_but_never_onto_the_target(reading: str, shown: str) -> None:
    assert shown in texts_on(a_card(a_line("Sales", reading)))


def test_huge_numbers_are_written_short_in_the_readers_language() -> None:
    line = a_line("Sales", "1", actual=Decimal(10**9), target=Decimal(10**9))

    assert "1B of 1B" in texts_on(a_card(line))
    assert "10亿 of 10亿" in texts_on(a_card(line), "zh_CN")


def test_a_line_without_points_is_not_assessed() -> None:
    card = a_card(IndicatorLine("Repurchase", "target", actual=Decimal(3)))

    assert "not assessed" in texts_on(card)
    assert "Repurchase: not assessed." in draw(card).alt_text


def test_a_long_name_ends_in_an_ellipsis() -> None:
    texts = texts_on(a_card(a_line("Loans to customers who have never borrowed from us before", "0.5")))

    (name,) = [text for text in texts if text.startswith("Loans")]
    assert name.endswith("…")
    assert len(name) > 20


def test_lines_beyond_the_sheet_are_counted_and_told_in_words() -> None:
    card = a_card(*[a_line(f"Line {number}", "0.5") for number in range(13)])

    assert "Not shown: 3" in texts_on(card)
    assert "Line 12: 50%." in draw(card).alt_text


def test_the_heading_tells_period_score_and_tier() -> None:
    card = a_card(OVERDUE, score=Decimal("96.42"), tier="A", running=True)

    assert "Ana Lima · March 2026 · so far · score 96.42 · tier A" in texts_on(card)
    assert draw(card).alt_text == (
        "Results of Ana Lima against target: March 2026, so far, score 96.42, tier A. "
        "Overdue: 98.67 points, reading 2.1%."
    )
