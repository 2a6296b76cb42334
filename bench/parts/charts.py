"""(c) A chart of twelve months, nothing cached but the figure, beside the same picture by pyplot."""

import gc
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from itertools import count

import matplotlib as mpl
from matplotlib.font_manager import FontProperties

from bench.measuring import (
    Comparison,
    MemoryUse,
    Timed,
    in_a_process,
    medians,
    percentile,
    resident_mb,
)
from worker.charts import HistoryPoint, ScoreHistory, TierBand, draw_history
from worker.charts.canvas import BAND_TINTS, BLUE, INK, MARGIN, MUTED, RULE, VERMILION, WIDTH
from worker.charts.numbers import period_label
from worker.charts.typeface import REGULAR, STRONG

WARM_UP = 20
CHARTS = 100
MANY_CHARTS = 1_000
LIMIT = 0.6
GROWTH_MB = 10.0
HEIGHT = 900
DPI = 72
SMALL = FontProperties(family=REGULAR.get_family(), size=30)
TIERS = tuple(TierBand(name, Decimal(floor)) for name, floor in (("S", 110), ("A", 95), ("B", 70), ("C", 0)))


def measure() -> Iterator[Comparison]:
    ours, rival = medians([lambda: in_a_process(draw_ours), lambda: in_a_process(draw_rival)])
    growth = in_a_process(growth_of_ours)
    yield Comparison(
        part="c, p95 of a chart",
        what=f"A history of twelve months, drawn {CHARTS} times after {WARM_UP} to warm up, other scores "
        "each time; the rival draws the same picture by pyplot (subplots, savefig, close). Memory: growth of "
        f"our process over {MANY_CHARTS} charts.",
        unit="ms",
        ours=ours.value,
        rival=rival.value,
        limit=LIMIT,
        runs=5,
        memory=MemoryUse(growth.value, None, GROWTH_MB),
    )


def draw_ours() -> Timed:
    return _p95(lambda history: len(draw_history(history, str).png))


def draw_rival() -> Timed:
    mpl.use("agg")
    mpl.rcdefaults()  # as it comes, without what our faces set
    return _p95(by_pyplot)


def growth_of_ours() -> float:
    """MB by which the process grew over many charts."""
    _draw(lambda history: len(draw_history(history, str).png), WARM_UP)
    gc.collect()
    before = resident_mb()
    _draw(lambda history: len(draw_history(history, str).png), MANY_CHARTS)
    gc.collect()
    return resident_mb() - before


def by_pyplot(history: ScoreHistory) -> int:
    """The picture as one would write it with pyplot: bands, line, marks, numbers, months, headings."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI)
    figure.subplots_adjust(left=MARGIN / WIDTH, right=1 - 150 / WIDTH, top=0.8, bottom=0.17)
    figure.text(MARGIN / WIDTH, 0.92, f"Score history: {history.person}", fontproperties=STRONG, fontsize=50)
    figure.text(MARGIN / WIDTH, 0.86, "2025-08 to 2026-07", fontproperties=REGULAR, fontsize=34, color=MUTED)
    floors = sorted(float(tier.floor) for tier in history.tiers)
    for index, (low, high) in enumerate(zip(floors, [*floors[1:], 130.0], strict=True)):
        axes.axhspan(low, high, color=BAND_TINTS[index % 2])
        axes.axhline(low, color=RULE, linewidth=2)
    for tier in history.tiers:
        label = f"{tier.name} {tier.floor}+"
        axes.text(11.7, float(tier.floor) + 5, label, fontproperties=SMALL, color=MUTED)
    scores = [float(point.score) for point in history.points if point.score is not None]
    axes.plot(
        range(len(scores)), scores, color=BLUE, linewidth=5, marker="o", markersize=22, label="target met"
    )
    missed = [index for index, point in enumerate(history.points) if point.miss == "miss"]
    axes.plot(
        missed, [scores[index] for index in missed], "v", color=VERMILION, markersize=30, label="missed"
    )
    for index, point in enumerate(history.points):
        axes.annotate(
            f"{point.score:.2f}",
            (index, scores[index]),
            xytext=(0, 22),
            textcoords="offset points",
            ha="center",
            fontproperties=SMALL,
            color=INK,
        )
    axes.set_xlim(-0.5, 11.5)
    axes.set_ylim(0, 130)
    months = [period_label(point.period, "en", str) for point in history.points]
    axes.set_xticks(range(len(months)), months, fontproperties=SMALL)
    axes.set_yticks([])
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.08), ncols=2, frameon=False, prop=SMALL)
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    return buffer.tell()


def _p95(draw: Callable[[ScoreHistory], int]) -> Timed:
    _draw(draw, WARM_UP)
    times = _draw(draw, CHARTS)
    return Timed(sum(times), percentile(times, 95) * 1000)


_numbers = count()


def _draw(draw: Callable[[ScoreHistory], int], charts: int) -> list[float]:
    times = []
    for _ in range(charts):
        history = _history(next(_numbers))
        started = time.perf_counter()
        draw(history)
        times.append(time.perf_counter() - started)
    return times


def _history(number: int) -> ScoreHistory:
    """Other scores and another name each time, so that no text is drawn from a cache."""
    months = [f"2025-{month:02}" for month in range(8, 13)] + [f"2026-{month:02}" for month in range(1, 8)]
    points = [
        HistoryPoint(
            period=month,
            score=Decimal(4000 + (number * 997 + index * 1733) % 8000).scaleb(-2),
            status="complete",
            miss="miss" if index % 4 == 3 else "hit",
            tier="B",
        )
        for index, month in enumerate(months)
    ]
    return ScoreHistory(f"Rep {number}", tuple(points), TIERS)
