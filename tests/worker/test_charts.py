"""What holds for every chart: size, sameness, words, odd names and values, threads, memory."""

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import cycle, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from PIL import Image

from tests.worker.chart_samples import (
    DRAWERS,
    Inputs,
    a_card,
    a_distribution,
    a_history,
    a_line,
    a_point,
    a_ranking,
    a_team,
    a_trend,
    as_is,
    draw,
    previewed,
    team_tiers,
    what_is_written,
)
from worker.charts import ScoreDistribution, digest

EXAMPLES = 40 if os.environ.get("PACESETTER_LONG") else 12
SAMPLES: list[Inputs] = [
    a_history(a_point("2026-01", "96.5"), a_point("2026-02", "61.25", "miss"), a_point("2026-03", None)),
    a_card(a_line("Sales", "0.92"), a_line("Overdue", "0.02", kind="ratio", points=Decimal("98.6667"))),
    a_ranking(["104", "99.5", "99.5", "88", "71", "40"], own=4),
    a_distribution(["104", "99.5", "99.5", "88", "71"], own="88"),
    a_team(["1.2", "1", "0.4", None]),
    team_tiers(("S", 0, 1), ("A", 3, 2)),
    a_trend(["1.05", "0.9", None, "0.4"]),
    previewed(("S", 9, 4), ("A", 30, 35)),
]
EMPTY: list[Inputs] = [
    *(
        a_history(),
        a_card(),
        a_ranking([]),
        a_distribution([]),
        a_team([]),
        team_tiers(),
        a_trend([]),
        previewed(),
    ),
]
ENGLISH = {
    "Score",
    "Ranking",
    "score",
    "scores",
    "place",
    "points",
    "missed",
    "target",
    "you",
    "median",
    "goal",
}
ODD_NAMES = [
    "张伟",
    "欧阳修",
    "Ömer Çelik",
    "𠮷野",
    "😀 Ana 🎉",
    "$\\frac{$",
    "a_b^c",
    "",
    "\n\t",
    "عمر",
]

names = st.text(max_size=60) | st.sampled_from(ODD_NAMES)
numbers = st.decimals(-(10**12), 10**12, places=4) | st.decimals(-50, 150, places=2)
scores = st.lists(numbers, max_size=25)


def each(samples: list[Inputs]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("inputs", samples, ids=lambda inputs: type(inputs).__name__)


@each(SAMPLES + EMPTY)
def test_a_chart_is_a_png_of_the_width_of_the_sheet_and_carries_no_date_or_program(inputs: Inputs) -> None:
    with Image.open(BytesIO(draw(inputs).png)) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1200
        assert 400 <= picture.height <= 1500
        assert set(picture.info) <= {"dpi"}


@each(SAMPLES)
def test_the_same_inputs_give_the_same_bytes_and_other_inputs_do_not(inputs: Inputs) -> None:
    first, again = draw(inputs), draw(inputs)
    other = draw(inputs, "zh_CN")

    assert first == again
    assert first.png != other.png


@each(EMPTY)
def test_a_chart_of_nothing_says_so(inputs: Inputs) -> None:
    with what_is_written() as notes:
        chart = draw(inputs)

    said = notes[-1].text
    assert said.startswith(("No", "Nobody"))
    assert said in chart.alt_text


@each(SAMPLES)
def test_every_word_goes_through_the_catalogue(inputs: Inputs) -> None:
    # given a catalogue that marks what it has seen
    def marking(sentence: str) -> str:
        return f"«{sentence}»"

    # when
    with what_is_written() as notes:
        chart = DRAWERS[type(inputs)](inputs, marking, "en")

    # then no English word of ours is left outside the marks
    for text in [*(note.text for note in notes), chart.title, chart.alt_text]:
        outside = "".join(part.rpartition("»")[2] for part in text.split("«"))
        assert not ENGLISH & set(outside.split())


@each(SAMPLES)
def test_the_digest_tells_inputs_apart_but_not_95_from_95_00(inputs: Inputs) -> None:
    assert digest(inputs, "en") == digest(replace(inputs), "en")
    assert digest(inputs, "en") != digest(inputs, "zh_CN")
    assert len({digest(sample, "en") for sample in SAMPLES}) == len(SAMPLES)
    assert digest(a_distribution(["95"]), "en") == digest(a_distribution(["95.00"]), "en")
    assert digest(a_distribution(["95"]), "en") != digest(a_distribution(["95.01"]), "en")


def test_a_digest_of_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="drawn from a dataclass, not from dict"):
        digest({"unit": "West"}, "en")  # type: ignore[type-var]  # the wrong type is the point


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_drawn_without_a_warning(name: str) -> None:
    for inputs in [
        a_history(*[a_point("2026-01", "90")], person=name),
        a_card(a_line(name, "1.2"), person=name, tier=name),
        a_ranking(["90", "80"], own=0, name=name),
        ScoreDistribution(name, "2026-03", (Decimal(90),), (), Decimal(90), name),
        a_team(["0.9"], name=name, unit=name, indicator=name),
        team_tiers((name, 1, 2), unit=name),
        a_trend(["0.9"], unit=name, indicator=name),
    ]:
        draw(inputs)


@settings(max_examples=EXAMPLES, deadline=None)
@given(name=names, values=scores, own=numbers | st.none(), locale=st.sampled_from(["en", "zh_CN"]))
def test_whatever_the_names_and_values_all_text_stays_on_the_sheet(
    name: str, values: list[Decimal], own: Decimal | None, locale: str
) -> None:
    # given
    texts = [str(value) for value in values]
    periods = [f"{2020 + index // 12}-{index % 12 + 1:02d}" for index in range(len(texts))]
    kinds = cycle(["hit", "miss", "exempt"])
    points = [a_point(period, text, next(kinds)) for period, text in zip(periods, texts, strict=True)]
    lines = [
        a_line(name, text, actual=value, target=value) for text, value in zip(texts, values, strict=True)
    ]

    # when
    with what_is_written() as notes:
        charts = [
            draw(a_history(*points, person=name), locale),
            draw(a_card(*lines, person=name), locale),
            draw(a_ranking(texts, own=len(texts) - 1, name=name), locale),
            draw(a_distribution(texts, None if own is None else str(own), own_name=name), locale),
            draw(a_team(texts, name=name, unit=name, goal=values[0] if values else Decimal(1)), locale),
            draw(team_tiers(*((name, abs(int(value)), index) for index, value in enumerate(values))), locale),
            draw(a_trend(texts, unit=name, goal=values[0] if values else Decimal(1)), locale),
        ]

    # then
    assert [note for note in notes if not note.is_on_the_sheet] == []
    assert all(0 < len(chart.alt_text) <= 2000 for chart in charts)


def test_a_long_alt_text_says_that_it_is_cut() -> None:
    lines = [a_line(f"Indicator number {number}", "0.5") for number in range(200)]

    alt_text = draw(a_card(*lines)).alt_text

    assert 1800 < len(alt_text) <= 2000
    assert alt_text.endswith("50%. More is left out.")


def test_threads_draw_what_one_thread_draws() -> None:
    # given
    expected = [draw(inputs).png for inputs in SAMPLES]
    jobs = list(islice(cycle(range(len(SAMPLES))), 48))

    # when
    with ThreadPoolExecutor(6) as threads:
        drawn = list(threads.map(lambda job: draw(SAMPLES[job]).png, jobs))

    # then
    assert drawn == [expected[job] for job in jobs]


def test_no_figure_outlives_its_chart_and_no_pixels_wait_for_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        for inputs in SAMPLES * 3:
            DRAWERS[type(inputs)](inputs, as_is, "en")
        assert [alive for alive in gc.get_objects() if isinstance(alive, RendererAgg)] == []
    finally:
        gc.enable()

    gc.collect()
    assert [alive for alive in gc.get_objects() if isinstance(alive, Figure)] == []
