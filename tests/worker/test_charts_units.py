"""A unit's ranking and its distribution of scores."""

from decimal import Decimal
from io import BytesIO

import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from tests.worker.chart_samples import TIERS, a_distribution, a_ranking, draw, texts_on
from worker.charts.canvas import HIGHLIGHT
from worker.charts.chart import tier_of

FIVE = ["104", "99.5", "99.5", "88", "71"]


def names_in(words: list[str]) -> set[str]:
    return {word for word in words if word.startswith("Rep ")}


def test_only_the_first_places_and_ones_own_have_a_name() -> None:
    ranking = a_ranking(["104", "103", "102", "101", "100", "99"], own=4, named=2)

    assert names_in(texts_on(ranking)) == {"Rep 1", "Rep 2", "Rep 5"}
    assert "Rep 3" not in draw(ranking).alt_text


def test_ties_share_a_place_and_the_next_place_is_left_out() -> None:
    ranking = a_ranking(FIVE, named=4)
    texts = texts_on(ranking)

    assert [text for text in texts if text in {"1", "2", "3", "4"}] == ["1", "2", "2", "4"]
    assert "Place 2: Rep 3, 99.5, tied." in draw(ranking).alt_text
    assert "Place 1: Rep 1, 104." in draw(ranking).alt_text


def test_a_tie_of_everybody_names_ten() -> None:
    assert len(names_in(texts_on(a_ranking(["90"] * 40)))) == 10


def test_those_without_a_name_are_told_by_their_places() -> None:
    ranking = a_ranking(FIVE, own=3, named=1)

    assert {"places 2 to 2", "place 2", "place 5"} & set(texts_on(ranking)) == {"place 2", "place 5"}
    assert draw(ranking).alt_text == (
        "Ranking of Acme / West, March 2026. People ranked: 5. Place 4: Rep 4, 88. Place 1: Rep 1, 104. "
        "Without names, place 2: scores 99.5–99.5. Without names, place 5: scores 71–71."
    )


@pytest.mark.parametrize("own", [None, 1])
def test_ones_own_row_is_highlighted(own: int | None) -> None:
    highlight = tuple(round(part * 255) for part in to_rgb(HIGHLIGHT))

    with Image.open(BytesIO(draw(a_ranking(FIVE, own=own)).png)) as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(maxcolors=1 << 20)}

    assert (highlight in colours) == (own is not None)


def test_a_unit_of_500_still_fits_a_sheet_and_tells_ones_own_place() -> None:
    ranking = a_ranking([str(Decimal(index) / 4) for index in range(500)], own=479)

    assert {"480", "Rep 480", "places 4 to 479", "places 481 to 500"} <= set(texts_on(ranking))
    with Image.open(BytesIO(draw(ranking).png)) as picture:
        assert picture.height < 1400


def test_a_chart_of_one_person_has_one_row() -> None:
    assert names_in(texts_on(a_ranking(["90"], own=0))) == {"Rep 1"}


@pytest.mark.parametrize(("score", "tier"), [("110", "S"), ("109.99", "A"), ("0", "C"), ("-1", None)])
def test_a_tier_reaches_from_its_floor_to_the_next(score: str, tier: str | None) -> None:
    reached = tier_of(Decimal(score), TIERS)

    assert (reached.name if reached else None) == tier


def test_the_distribution_counts_people_by_score_and_by_tier() -> None:
    distribution = a_distribution(["104", "100", "99.99", "88", "71"], own="88", own_name="Ana")

    assert "Ana 88" in texts_on(distribution)
    assert draw(distribution).alt_text == (
        "Distribution of scores in Acme / West, March 2026. "
        "Scores: people: 5, lowest 71, median 99.99, highest 104. Ana: 88. "
        "People in the range of each tier: S 0, A 3, B 2, C 0. "
        "People by score: 70–75: 1, 85–90: 1, 95–100: 1, 100–105: 2."
    )


def test_a_score_far_beyond_the_others_does_not_flatten_them() -> None:
    distribution = a_distribution([*FIVE, "1000000000", "-500"])

    texts = texts_on(distribution)
    assert "250+" in texts
    assert "≤-150" in texts
    assert "50–100: 4, 100–150: 1" in draw(distribution).alt_text


def test_no_one_is_counted_twice_or_lost() -> None:
    scores = [str(Decimal(number * 37 % 1400) / 10) for number in range(500)]

    counts = draw(a_distribution(scores)).alt_text.rpartition("People by score: ")[2].rstrip(".").split(", ")

    assert sum(int(count.rpartition(": ")[2]) for count in counts) == 500
