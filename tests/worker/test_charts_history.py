"""A person's score history."""

import pytest

from tests.worker.chart_samples import a_history, a_point, draw, texts_on, what_is_marked, what_is_written
from worker.charts.labels import LabelBoard


def test_the_scores_months_and_tiers_are_written() -> None:
    texts = texts_on(a_history(a_point("2025-12", "96.5"), a_point("2026-01", "101.25")))

    assert {"96.5", "101.25", "Dec", "Jan", "2025", "2026", "A 95+"} <= set(texts)


def test_chinese_readers_get_chinese_months_and_years() -> None:
    texts = texts_on(a_history(a_point("2025-12", "96.5"), a_point("2026-01", "101.25")), "zh_CN")

    assert {"12月", "1月", "2025年", "2026年"} <= set(texts)


@pytest.mark.parametrize(
    ("period", "label", "name"),
    [("2026-W11", "W11", "week 11 of 2026"), ("2026-Q1", "Q1", "Q1 2026"), ("2026-03", "Mar", "March 2026")],
)
def test_weeks_months_and_quarters_have_their_own_labels(period: str, label: str, name: str) -> None:
    history = a_history(a_point(period, "96.5"))

    assert label in texts_on(history)
    assert name in draw(history).alt_text


def test_what_is_no_period_is_refused() -> None:
    with pytest.raises(ValueError, match='"March" is not a period'):
        draw(a_history(a_point("March", "96.5")))


@pytest.mark.parametrize(
    ("point", "shape"),
    [
        (a_point("2026-01", "96.5"), "o"),
        (a_point("2026-01", "61", "miss"), "v"),
        (a_point("2026-01", "61", "exempt"), "s"),
        (a_point("2026-01", None, "exempt", status="incomplete"), "D"),
    ],
)
def test_misses_exempt_months_and_gaps_differ_in_shape_not_only_in_colour(point, shape: str) -> None:
    with what_is_marked() as shapes:
        draw(a_history(point))

    assert set(shapes) == {shape}


@pytest.mark.parametrize(
    ("status", "word"),
    [("incomplete", "data incomplete"), ("not_assessed", "not assessed"), ("running", "no score")],
)
def test_a_month_without_a_score_says_why(status: str, word: str) -> None:
    history = a_history(a_point("2026-01", "90"), a_point("2026-02", None, "exempt", status=status))

    assert word in texts_on(history)
    assert f"February 2026: {word}." in draw(history).alt_text


def test_neighbouring_gaps_of_one_kind_share_their_word() -> None:
    gaps = [a_point(f"2026-0{month}", None, "exempt", status="incomplete") for month in (1, 2, 3)]

    assert texts_on(a_history(*gaps)).count("data incomplete") == 1


def test_a_month_that_is_left_out_is_shown_as_a_gap() -> None:
    texts = texts_on(a_history(a_point("2026-01", "90"), a_point("2026-03", "91")))

    assert {"Jan", "Feb", "Mar", "no card"} <= set(texts)


def test_only_the_latest_18_months_are_drawn() -> None:
    months = [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)]

    texts = texts_on(a_history(*[a_point(month, "90") for month in months]))

    assert "Ana Lima · July 2024 to December 2025" in texts
    assert "2023" not in texts


def test_the_alt_text_tells_score_tier_and_miss_the_latest_first() -> None:
    history = a_history(
        a_point("2026-01", "96.5", tier="A"),
        a_point("2026-02", "61.25", "miss", tier="C"),
        a_point("2026-03", "88", status="running"),
    )

    assert draw(history).alt_text == (
        "Score history of Ana Lima. Tiers: S 110+, A 95+, B 70+, C 0+. "
        "March 2026: 88, so far. February 2026: 61.25, tier C, missed. January 2026: 96.5, tier A."
    )


def test_numbers_never_cover_one_another() -> None:
    scores = ["80", "80.5", "120.25", "79.75", "80", "111.11", "80", "81", "80.25", "79", "80", "80.01"] * 2
    points = [a_point(f"{2024 + i // 12}-{i % 12 + 1:02d}", score) for i, score in enumerate(scores)]

    with what_is_written() as notes:
        draw(a_history(*points))

    numbers = [note for note in notes if note.text in scores]
    assert len(numbers) > 9
    for index, one in enumerate(numbers):
        for other in numbers[index + 1 :]:
            apart = one.right <= other.left or other.right <= one.left or abs(one.y - other.y) >= 30
            assert apart, (one, other)


def test_a_label_goes_below_where_a_line_passes_above() -> None:
    board = LabelBoard(0, 500)
    board.keep_clear((0, 60), (500, 60))

    place = board.place(250, 100, 80, 30)

    assert place is not None
    assert place.y > 100


def test_a_label_without_room_is_left_out_unless_it_must_be_there() -> None:
    board = LabelBoard(0, 500)
    board.keep_clear((0, 65), (500, 65))
    board.keep_clear((0, 135), (500, 135))

    assert board.place(250, 100, 80, 30) is None
    assert board.place(250, 100, 80, 30, always=True) is not None
