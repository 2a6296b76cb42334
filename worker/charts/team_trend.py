"""A team's attainment, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.locale.language import for_locale
from worker.charts.canvas import (
    BODY,
    HEADER,
    INK,
    MARGIN,
    MUTED,
    PAPER,
    SMALL,
    WIDTH,
    Canvas,
    Scale,
    fitting,
    text_width,
)
from worker.charts.chart import Chart, Translate, in_words, listed
from worker.charts.goals import Kind, clipped, draw_bar, draw_legend, ends_of_scale
from worker.charts.numbers import number, percent, period_label, period_name, period_year
from worker.charts.time_axis import span, without_holes
from worker.charts.typeface import plain

MOST_PERIODS = 12

_TOP, _BOTTOM, _MONTHS, _YEARS, _LEGEND = HEADER + 60, 730, 764, 806, 862
_MANY = 8
"""Beyond so many columns the numbers above them are written without decimals."""


@dataclass(frozen=True)
class TrendPoint:
    """A period's reading (1 is 100 %), None where it is not known; `running` while it has not ended."""

    period: str
    reading: Decimal | None
    met: bool = False
    running: bool = False


@dataclass(frozen=True)
class TeamTrend:
    """A team's results in one indicator, oldest first; periods left out have none."""

    unit: str
    indicator: str
    points: tuple[TrendPoint, ...]
    goal: Decimal = Decimal(1)
    as_percent: bool = True


def draw_team_trend(trend: TeamTrend, translate: Translate, locale: str = "en") -> Chart:
    """A column a period, with a line where the goal is."""
    heading = translate("Attainment of the team")
    points = without_holes(trend.points, _unknown)[-MOST_PERIODS:]
    canvas = Canvas(900 if points else 500)
    canvas.heading(heading, _subtitle(trend, points, translate, locale))
    if points:
        scale = _scale(trend, points)
        goal = translate("goal {goal}").format(goal=_written(trend, trend.goal, locale))
        canvas.line([(MARGIN, HEADER + 18), (MARGIN + 44, HEADER + 18)], color=INK, thick=3, style="--")
        canvas.write(MARGIN + 56, HEADER + 18, goal, color=MUTED)
        _draw_columns(canvas, trend, points, scale)
        y = scale(float(trend.goal))
        canvas.line([(MARGIN, y), (WIDTH - MARGIN, y)], color=INK, thick=3, style="--")
        _draw_numbers(canvas, trend, points, scale, locale)
        canvas.line([(MARGIN, scale(0)), (WIDTH - MARGIN, scale(0))], color=INK, thick=3)
        _draw_periods(canvas, points, translate, locale)
        draw_legend(canvas, _LEGEND, _legend(points, translate))
    else:
        canvas.message(translate("No results yet."))
    return Chart(canvas.png(), _alt_text(trend, translate, locale), f"{heading}: {plain(trend.unit)}")


def _unknown(period: str) -> TrendPoint:
    return TrendPoint(period, None)


def _subtitle(trend: TeamTrend, points: Sequence[TrendPoint], translate: Translate, locale: str) -> str:
    facts = [fitting(trend.unit, BODY, 340), fitting(trend.indicator, BODY, 280)]
    facts += [span(points, translate, locale)] if points else []
    return " · ".join(facts)


def _written(trend: TeamTrend, reading: Decimal, locale: str) -> str:
    return (percent if trend.as_percent else number)(reading, locale)


def _scale(trend: TeamTrend, points: Sequence[TrendPoint]) -> Scale:
    readings = [point.reading for point in points if point.reading is not None]
    low, high = ends_of_scale(readings, trend.goal)
    return Scale(low, high, _BOTTOM, _TOP + 40)


def _kind(point: TrendPoint) -> Kind:
    if point.running:
        return "running"
    return "met" if point.met else "short"


def _step(points: Sequence[TrendPoint]) -> float:
    return (WIDTH - 2 * MARGIN) / len(points)


def _middle(points: Sequence[TrendPoint], index: int) -> float:
    return MARGIN + _step(points) * (index + 0.5)


def _draw_columns(canvas: Canvas, trend: TeamTrend, points: Sequence[TrendPoint], scale: Scale) -> None:
    half = min(_step(points) * 0.34, 60)
    for index, point in enumerate(points):
        if point.reading is not None:
            x = _middle(points, index)
            top, bottom = sorted([scale(clipped(point.reading, trend.goal)), scale(0)])
            draw_bar(canvas, x - half, top, x + half, bottom, _kind(point))


def _draw_numbers(
    canvas: Canvas, trend: TeamTrend, points: Sequence[TrendPoint], scale: Scale, locale: str
) -> None:
    """Above the columns, on plates of their own: the line of the goal may run through there."""
    for index, point in enumerate(points):
        x = _middle(points, index)
        if point.reading is None:
            canvas.write(x, scale(0) - 28, "–", color=MUTED, align="center")
            continue
        value = _short(trend, point.reading, len(points), locale)
        value = fitting(value, SMALL, _step(points) - 4, strong=True)
        half = text_width(value, SMALL, strong=True) / 2
        y = min(scale(clipped(point.reading, trend.goal)), scale(0)) - 24
        canvas.box(x - half, y - 18, x + half, y + 18, fill=PAPER)
        canvas.write(x, y, value, strong=True, align="center")


def _short(trend: TeamTrend, reading: Decimal, columns: int, locale: str) -> str:
    written = _written(trend, reading, locale)
    if columns <= _MANY or not trend.as_percent or abs(reading) > 10:
        return written
    return for_locale(locale).percent(reading, 0)


def _draw_periods(canvas: Canvas, points: Sequence[TrendPoint], translate: Translate, locale: str) -> None:
    year_from = 0.0
    for index, point in enumerate(points):
        x = _middle(points, index)
        canvas.write(x, _MONTHS, period_label(point.period, locale, translate), align="center")
        if index == 0 or points[index - 1].period[:4] != point.period[:4]:
            year = period_year(point.period, locale)
            half = text_width(year, SMALL) / 2
            if x - half >= year_from:
                canvas.write(x, _YEARS, year, color=MUTED, align="center")
                year_from = x + half + 10


def _legend(points: Sequence[TrendPoint], translate: Translate) -> list[tuple[Kind, str]]:
    words: dict[Kind, str] = {
        "met": translate("goal met"),
        "short": translate("short of the goal"),
        "running": translate("so far"),
    }
    present = {_kind(point) for point in points if point.reading is not None}
    return [(kind, word) for kind, word in words.items() if kind in present]


def _alt_text(trend: TeamTrend, translate: Translate, locale: str) -> str:
    """The numbers, latest period first, so that what is cut off is the oldest."""
    heading = translate("Attainment of {unit} in {indicator}, month by month.").format(
        unit=plain(trend.unit), indicator=plain(trend.indicator)
    )
    if not trend.points:
        return in_words([heading, translate("No results yet.")], translate)
    goal = translate("The goal is {goal}.").format(goal=_written(trend, trend.goal, locale))
    entries = [_entry(trend, point, translate, locale) for point in reversed(trend.points)]
    return in_words([heading, goal, *entries], translate)


def _entry(trend: TeamTrend, point: TrendPoint, translate: Translate, locale: str) -> str:
    name = period_name(point.period, locale)
    if point.reading is None:
        return translate("{period}: {facts}.").format(period=name, facts=translate("not known"))
    facts = [_written(trend, point.reading, locale)]
    facts += [translate("so far")] if point.running else []
    return translate("{period}: {facts}.").format(period=name, facts=listed(facts, translate))
