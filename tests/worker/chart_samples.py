"""Cards and units to draw charts of, and a look at what was written on the sheet."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from worker.charts import (
    CardLines,
    Chart,
    HistoryPoint,
    IndicatorLine,
    PersonResult,
    PreviewedTiers,
    RankedPerson,
    ScoreDistribution,
    ScoreHistory,
    TeamResults,
    TeamTiers,
    TeamTrend,
    TierBand,
    TierPeople,
    TrendPoint,
    UnitRanking,
    draw_distribution,
    draw_history,
    draw_lines,
    draw_previewed_tiers,
    draw_ranking,
    draw_team_people,
    draw_team_tiers,
    draw_team_trend,
)
from worker.charts.canvas import Canvas
from worker.charts.typeface import plain, width

TIERS = (
    TierBand("C", Decimal(0)),
    TierBand("S", Decimal(110)),
    TierBand("B", Decimal(70)),
    TierBand("A", Decimal(95)),
)
DRAWERS = {
    ScoreHistory: draw_history,
    CardLines: draw_lines,
    UnitRanking: draw_ranking,
    ScoreDistribution: draw_distribution,
    TeamResults: draw_team_people,
    TeamTiers: draw_team_tiers,
    TeamTrend: draw_team_trend,
    PreviewedTiers: draw_previewed_tiers,
}
Inputs = (
    ScoreHistory
    | CardLines
    | UnitRanking
    | ScoreDistribution
    | TeamResults
    | TeamTiers
    | TeamTrend
    | PreviewedTiers
)


def as_is(sentence: str) -> str:
    """The catalogue of somebody who reads English."""
    return sentence


def draw(inputs: Inputs, locale: str = "en") -> Chart:
    return DRAWERS[type(inputs)](inputs, as_is, locale)


def a_point(period: str, score: str | None, miss: str = "hit", **more: Any) -> HistoryPoint:
    value = None if score is None else Decimal(score)
    return HistoryPoint(period, value, **{"status": "complete", "miss": miss, **more})


def a_history(*points: HistoryPoint, person: str = "Ana Lima") -> ScoreHistory:
    return ScoreHistory(person, points, TIERS)


def a_line(name: str, reading: str, **more: Any) -> IndicatorLine:
    return IndicatorLine(
        name, **{"kind": "target", "reading": Decimal(reading), "points": Decimal(80), **more}
    )


def a_card(*lines: IndicatorLine, **more: Any) -> CardLines:
    return CardLines(**{"person": "Ana Lima", "period": "2026-03", "lines": lines, **more})


def a_ranking(
    scores: Sequence[str], *, own: int | None = None, named: int = 3, name: str = "Rep"
) -> UnitRanking:
    """People named `name` 1, `name` 2, …, best first; `own` is the index of the reader."""
    values = sorted((Decimal(score) for score in scores), reverse=True)
    people = [
        RankedPerson(values.index(score) + 1, score, f"{name} {index + 1}", own=index == own)
        for index, score in enumerate(values)
    ]
    return UnitRanking("Acme / West", "2026-03", tuple(people), named)


def a_distribution(scores: Sequence[str], own: str | None = None, **more: Any) -> ScoreDistribution:
    values = tuple(Decimal(score) for score in scores)
    mine = None if own is None else Decimal(own)
    return ScoreDistribution("Acme / West", "2026-03", values, TIERS, mine, **more)


def a_team(readings: Sequence[str | None], *, name: str = "Rep", **more: Any) -> TeamResults:
    """People named `name` 1, `name` 2, … with these readings, and a goal of 1."""
    people = [
        PersonResult(f"{name} {index}", None if one is None else Decimal(one), Decimal(one or 0) >= 1)
        for index, one in enumerate(readings, start=1)
    ]
    return TeamResults(
        **{"unit": "West", "period": "2026-03", "indicator": "Sales", **more}, people=tuple(people)
    )


def previewed(*tiers: tuple[str, int, int], plan: str = "consumer-loans") -> PreviewedTiers:
    """Of half a year: (tier, under the draft, in force)."""
    counted = tuple(TierPeople(*tier) for tier in tiers)
    return PreviewedTiers(plan, (("2026-01", "2026-06"),), counted)


def team_tiers(*tiers: tuple[str, int, int | None], **more: Any) -> TeamTiers:
    """Each tier with its people now and before."""
    people = tuple(TierPeople(tier, now, before) for tier, now, before in tiers)
    return TeamTiers(**{"unit": "West", "period": "2026-03", "before": "2026-02", **more}, tiers=people)


def a_trend(readings: Sequence[str | None], **more: Any) -> TeamTrend:
    """Months from January 2026 on, and a goal of 1."""
    points = [
        TrendPoint(
            f"{2026 + index // 12}-{index % 12 + 1:02d}",
            None if one is None else Decimal(one),
            Decimal(one or 0) >= 1,
        )
        for index, one in enumerate(readings)
    ]
    return TeamTrend(**{"unit": "West", "indicator": "Sales", **more}, points=tuple(points))


@dataclass(frozen=True)
class Written:
    """A text and where it stands, in pixels of the sheet."""

    text: str
    left: float
    right: float
    y: float
    sheet_height: float
    upright: bool

    @property
    def is_on_the_sheet(self) -> bool:
        return self.left >= -1 and self.right <= 1201 and 0 < self.y < self.sheet_height


@contextmanager
def what_is_written() -> Iterator[list[Written]]:
    """Notes every text while charts are drawn as ever."""
    notes: list[Written] = []
    write = Canvas.write

    def noting(canvas: Canvas, x: float, y: float, text: str, **how: Any) -> None:
        across = width(plain(text), how.get("size", 30), strong=how.get("strong", False))
        across = 30 if how.get("upright") else across
        before = {"left": 0.0, "center": 0.5, "right": 1.0}[how.get("align", "left")]
        left = x - across * before
        notes.append(Written(plain(text), left, left + across, y, canvas.height, bool(how.get("upright"))))
        write(canvas, x, y, text, **how)

    with patch.object(Canvas, "write", noting):
        yield notes


def texts_on(inputs: Inputs, locale: str = "en") -> list[str]:
    with what_is_written() as notes:
        draw(inputs, locale)
    return [note.text for note in notes]


@contextmanager
def what_is_marked() -> Iterator[list[str]]:
    """Notes the shape of every mark while charts are drawn as ever."""
    shapes: list[str] = []
    marks = Canvas.marks

    def noting(canvas: Canvas, places: Sequence[tuple[float, float]], marker: str, **how: Any) -> None:
        shapes.extend(marker for _ in places)
        marks(canvas, places, marker, **how)

    with patch.object(Canvas, "marks", noting):
        yield shapes
