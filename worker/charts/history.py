"""A person's scores, period by period, against the tiers they reach for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Literal

from worker.charts.canvas import (
    BAND_TINTS,
    BLUE,
    BODY,
    HEADER,
    INK,
    MARGIN,
    MUTED,
    PAPER,
    RULE,
    SMALL,
    VERMILION,
    WIDTH,
    Canvas,
    LineStyle,
    Scale,
    fitting,
    text_width,
)
from worker.charts.chart import Chart, TierBand, Translate, bands, in_words, listed
from worker.charts.labels import LabelBoard
from worker.charts.numbers import number, period_label, period_name, period_year
from worker.charts.time_axis import span, without_holes
from worker.charts.typeface import plain

Status = Literal["running", "complete", "incomplete", "not_assessed", "no_card"]
Miss = Literal["miss", "hit", "exempt"]

# What a phone can show with readable labels; a longer history shows its latest periods.
MOST_PERIODS = 18

_LEFT, _RIGHT, _TOP, _BOTTOM = MARGIN, 1020, HEADER + 10, 730
_MONTHS, _YEARS, _LEGEND = 764, 806, 862
_NEAR = 20.0  # points of score: a tier this close above is shown, as the next one to reach
_LEAST_SPAN = 30.0  # points of score: a steady person's line stays flat


@dataclass(frozen=True)
class HistoryPoint:
    """One card: `period` as 2026-03, 2026-W11 or 2026-Q1; `score` and `tier` are None where it has none.

    The tier may lie below the band that the score is in: gates cap it.
    """

    period: str
    score: Decimal | None
    status: Status
    miss: Miss
    tier: str | None = None


@dataclass(frozen=True)
class ScoreHistory:
    """A person's cards, oldest first, and the tiers of the plan in force; periods left out have no card."""

    person: str
    points: tuple[HistoryPoint, ...]
    tiers: tuple[TierBand, ...]


def draw_history(history: ScoreHistory, translate: Translate, locale: str = "en") -> Chart:
    """Scores as a line over the tiers; misses, gaps and unfinished periods by their own shapes."""
    points = without_holes(history.points, _unknown)[-MOST_PERIODS:]
    heading = translate("Score history")
    canvas = Canvas()
    canvas.heading(heading, _subtitle(history.person, points, translate, locale))
    scale = _score_scale(points, history.tiers)
    _draw_bands(canvas, history.tiers, scale, locale)
    if points:
        columns = _columns(len(points))
        _draw_gaps(canvas, points, columns, translate)
        _draw_line(canvas, points, columns, scale)
        _draw_scores(canvas, points, columns, scale, locale)
        _draw_periods(canvas, points, columns, translate, locale)
        _draw_legend(canvas, points, translate)
    else:
        canvas.message(translate("No scores yet."))
    return Chart(canvas.png(), _alt_text(history, translate, locale), f"{heading}: {plain(history.person)}")


def _unknown(period: str) -> HistoryPoint:
    return HistoryPoint(period, None, "no_card", "exempt")


def _subtitle(person: str, points: Sequence[HistoryPoint], translate: Translate, locale: str) -> str:
    return f"{fitting(person, BODY, 500)} · {span(points, translate, locale)}" if points else person


def _score_scale(points: Sequence[HistoryPoint], tiers: Sequence[TierBand]) -> Scale:
    """A little more than the range of the scores, up to the next tier if that is near."""
    scores = [float(point.score) for point in points if point.score is not None]
    floors = [float(tier.floor) for tier in tiers]
    values = scores or floors or [0.0, 100.0]
    low, high = min(values), max(values)
    high = min((floor for floor in floors if high < floor < high + _NEAR), default=high)
    middle, half = (low + high) / 2, max(high - low, _LEAST_SPAN) / 2
    return Scale(middle - half * 1.25, middle + half * 1.25, _BOTTOM, _TOP)


def _columns(count: int) -> list[float]:
    """The middle of each period's column, in pixels."""
    step = (_RIGHT - _LEFT) / count
    return [_LEFT + step * (index + 0.5) for index in range(count)]


def _draw_bands(canvas: Canvas, tiers: Sequence[TierBand], scale: Scale, locale: str) -> None:
    edges = [min(max(scale(float(tier.floor)), _TOP), _BOTTOM) for tier in bands(tiers)[1:]]
    labelled = float(_BOTTOM + SMALL)
    for index, (tier, (bottom, top)) in enumerate(
        zip(bands(tiers), pairwise([_BOTTOM, *edges, _TOP]), strict=True)
    ):
        canvas.box(_LEFT, top, WIDTH - MARGIN, bottom, fill=BAND_TINTS[index % 2])
        if index and _TOP < bottom < _BOTTOM:
            canvas.line([(_LEFT, bottom), (WIDTH - MARGIN, bottom)])
        middle = (top + bottom) / 2
        if bottom - top >= SMALL and labelled - middle >= SMALL:
            label = f"{tier.name} {number(tier.floor, locale)}+"
            canvas.write(WIDTH - MARGIN - 10, middle, fitting(label, SMALL, 126), color=MUTED, align="right")
            labelled = middle


def _draw_gaps(
    canvas: Canvas, points: Sequence[HistoryPoint], columns: Sequence[float], translate: Translate
) -> None:
    """Periods without a score: a hatched column with the reason, one for neighbours that share it."""
    half = (_RIGHT - _LEFT) / len(points) / 2
    for status, run in groupby(range(len(points)), key=lambda index: _gap(points[index])):
        if status is None:
            continue
        indexes = list(run)
        left, right = columns[indexes[0]] - half + 4, columns[indexes[-1]] + half - 4
        canvas.box(left, _TOP, right, _BOTTOM, fill=PAPER, edge=RULE, hatch="/")
        word = _gap_word(status, translate)
        across = text_width(word, SMALL) + 20
        middle_x, middle_y = (left + right) / 2, (_TOP + _BOTTOM) / 2
        upright = across > right - left
        wide, tall = (22, across / 2) if upright else (across / 2, 22)
        canvas.box(middle_x - wide, middle_y - tall, middle_x + wide, middle_y + tall, fill=PAPER)
        canvas.write(middle_x, middle_y, word, align="center", upright=upright)
        for index in indexes:
            canvas.mark(columns[index], _BOTTOM - 24, "D", color=MUTED, size=16, hollow=True)


def _gap(point: HistoryPoint) -> Status | None:
    return None if point.score is not None else point.status


def _gap_word(status: Status, translate: Translate) -> str:
    if status == "incomplete":
        return translate("data incomplete")
    if status == "not_assessed":
        return translate("not assessed")
    if status == "no_card":
        return translate("no card")
    return translate("no score")


def _segments(
    points: Sequence[HistoryPoint], columns: Sequence[float], scale: Scale
) -> list[list[tuple[float, float]]]:
    """For each pair of neighbours the two ends of the line between them; fewer where a score is missing."""
    places = [(x, point.score) for x, point in zip(columns, points, strict=True)]
    return [[(x, scale(float(score))) for x, score in pair if score is not None] for pair in pairwise(places)]


def _draw_line(
    canvas: Canvas, points: Sequence[HistoryPoint], columns: Sequence[float], scale: Scale
) -> None:
    """One line through neighbours with scores; to an unfinished period it is dotted."""
    segments = zip(_segments(points, columns, scale), points[1:], strict=True)
    for style, run in groupby(segments, key=lambda segment: _style(*segment)):
        if style is not None:
            ends = [pair for pair, _ in run]
            canvas.line([ends[0][0], *(right for _, right in ends)], color=BLUE, thick=5, style=style)


def _style(ends: Sequence[tuple[float, float]], after: HistoryPoint) -> LineStyle | None:
    if len(ends) < 2:
        return None
    return ":" if after.status == "running" else "-"


def _kind(point: HistoryPoint) -> str:
    return "running" if point.status == "running" else point.miss


def _mark(canvas: Canvas, places: Sequence[tuple[float, float]], kind: str) -> None:
    if kind == "miss":
        canvas.marks(places, "v", color=VERMILION, size=30)
    elif kind == "exempt":
        canvas.marks(places, "s", color=BLUE, size=20, hollow=True)
    else:
        canvas.marks(places, "o", color=BLUE, size=22, hollow=kind == "running")


def _draw_scores(
    canvas: Canvas, points: Sequence[HistoryPoint], columns: Sequence[float], scale: Scale, locale: str
) -> None:
    """Marks for all scores, and their numbers, the latest first, as far as there is room."""
    board = _occupied(points, columns, scale)
    places: dict[str, list[tuple[float, float]]] = {}
    for index in reversed(range(len(points))):
        score = points[index].score
        if score is None:
            continue
        x, y = columns[index], scale(float(score))
        places.setdefault(_kind(points[index]), []).append((x, y))
        text, latest = number(score, locale), index == len(points) - 1
        place = board.place(x, y, text_width(text, SMALL) + 8, SMALL, always=latest)
        if place is not None:
            canvas.write(place.x, place.y, text, align="center", strong=latest)
    for kind, of_kind in places.items():
        _mark(canvas, of_kind, kind)


def _occupied(points: Sequence[HistoryPoint], columns: Sequence[float], scale: Scale) -> LabelBoard:
    """The lines, marks and gaps that numbers must not cover."""
    board = LabelBoard(_LEFT, WIDTH - MARGIN)
    half = (_RIGHT - _LEFT) / len(points) / 2
    for index, x in enumerate(columns):
        if points[index].score is None:
            board.keep_clear((x - half + 4, _TOP), (x - half + 4, _BOTTOM))
            board.keep_clear((x + half - 4, _TOP), (x + half - 4, _BOTTOM))
    for ends in _segments(points, columns, scale):
        board.keep_clear(*ends)
    for x, point in zip(columns, points, strict=True):
        if point.score is not None:
            y = scale(float(point.score))
            board.keep_clear((x - 14, y), (x + 14, y))
    return board


def _draw_periods(
    canvas: Canvas,
    points: Sequence[HistoryPoint],
    columns: Sequence[float],
    translate: Translate,
    locale: str,
) -> None:
    labels = [period_label(point.period, locale, translate) for point in points]
    widest = max(text_width(label, SMALL) for label in labels) + 10
    every = int(widest / ((_RIGHT - _LEFT) / len(points))) + 1
    year_from = _LEFT - 1.0
    for index, (point, label, x) in enumerate(zip(points, labels, columns, strict=True)):
        if (len(points) - 1 - index) % every == 0:
            canvas.write(x, _MONTHS, label, align="center")
        new_year = index == 0 or points[index - 1].period[:4] != point.period[:4]
        year = period_year(point.period, locale)
        left = max(x - widest / 2 + 5, _LEFT)
        if new_year and left > year_from:
            canvas.write(left, _YEARS, year, color=MUTED)
            year_from = left + text_width(year, SMALL) + 10


def _draw_legend(canvas: Canvas, points: Sequence[HistoryPoint], translate: Translate) -> None:
    words = {
        "hit": translate("target met"),
        "miss": translate("missed"),
        "exempt": translate("does not count"),
        "running": translate("so far"),
    }
    present = {_kind(point) for point in points if point.score is not None}
    x = float(MARGIN)
    for kind, word in words.items():
        if kind in present:
            _mark(canvas, [(x + 14, _LEGEND)], kind)
            canvas.write(x + 42, _LEGEND, word, color=INK)
            x += text_width(word, SMALL) + 90


def _alt_text(history: ScoreHistory, translate: Translate, locale: str) -> str:
    """The numbers, latest period first, so that what is cut off is the oldest."""
    heading = translate("Score history of {person}.").format(person=plain(history.person))
    if not history.points:
        return in_words([heading, translate("No scores yet.")], translate)
    floors = [f"{plain(tier.name)} {number(tier.floor, locale)}+" for tier in reversed(bands(history.tiers))]
    tiers = translate("Tiers: {tiers}.").format(tiers=listed(floors, translate))
    entries = [_entry(point, translate, locale) for point in reversed(history.points)]
    return in_words([heading, tiers, *entries], translate)


def _entry(point: HistoryPoint, translate: Translate, locale: str) -> str:
    name = period_name(point.period, locale)
    if point.score is None:
        return translate("{period}: {reason}.").format(period=name, reason=_gap_word(point.status, translate))
    facts = [number(point.score, locale)]
    if point.status == "running":
        facts.append(translate("so far"))
    else:
        facts += [translate("tier {tier}").format(tier=plain(point.tier))] if point.tier else []
        facts += [translate("missed")] if point.miss == "miss" else []
        facts += [translate("does not count")] if point.miss == "exempt" else []
    return translate("{period}: {facts}.").format(period=name, facts=listed(facts, translate))
