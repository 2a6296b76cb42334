"""How the scores of a unit are spread over the tiers."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor
from statistics import median

from worker.charts.canvas import (
    BAND_TINTS,
    BLUE,
    BODY,
    HEADER,
    INK,
    MARGIN,
    MUTED,
    PAPER,
    SMALL,
    VERMILION,
    WIDTH,
    Canvas,
    Scale,
    fitting,
    text_width,
)
from worker.charts.chart import Chart, TierBand, Translate, bands, in_words, listed, tier_of
from worker.charts.numbers import number, period_name, whole
from worker.charts.typeface import plain

_TOP, _BARS_TOP, _BOTTOM, _AXIS, _LEGEND = HEADER + 10, HEADER + 170, 750, 786, 852
_STEPS = (5, 10, 20, 25, 50, 100, 200, 500)
_MOST_BINS = 14
_LEFT, _RIGHT = MARGIN + 36, WIDTH - MARGIN - 36  # the bars; the labels of the axis reach a little further
_WIDE_OPEN = Decimal(150)  # the sheet's end where the plan has one tier alone


@dataclass(frozen=True)
class ScoreDistribution:
    """The scores of everybody in a unit who has one, in any order, and where the reader stands among them."""

    unit: str
    period: str
    scores: tuple[Decimal, ...]
    tiers: tuple[TierBand, ...]
    own: Decimal | None = None
    own_name: str = ""


@dataclass(frozen=True)
class _Own:
    """The reader's score, and where on the sheet it is."""

    score: Decimal
    name: str
    scale: Scale

    @property
    def x(self) -> float:
        return self.scale(min(max(float(self.score), self.scale.low), self.scale.high))


@dataclass(frozen=True)
class _Bin:
    """Scores from `low` up to, but not with, `high`; the outer bins also hold all beyond them."""

    low: int
    high: int
    count: int


def draw_distribution(distribution: ScoreDistribution, translate: Translate, locale: str = "en") -> Chart:
    """Counts of people by score over the tiers, and one's own place."""
    heading = translate("Distribution of scores")
    canvas = Canvas(900 if distribution.scores else 500)
    canvas.heading(heading, _subtitle(distribution, translate, locale))
    if distribution.scores:
        bins = _bins(distribution)
        scale = Scale(bins[0].low, bins[-1].high, _LEFT, _RIGHT)
        _draw_bands(canvas, distribution, scale, locale)
        _draw_bins(canvas, bins, scale)
        own = None if distribution.own is None else _Own(distribution.own, distribution.own_name, scale)
        if own is not None:
            _draw_own(canvas, own, translate, locale)
        _draw_counts(canvas, bins, scale, own, locale)
        _draw_axis(canvas, distribution, bins, scale, locale)
        legend = translate("Bars: people by score. Top: people in the range of each tier.")
        canvas.write(MARGIN, _LEGEND, legend, color=MUTED)
    else:
        canvas.message(translate("Nobody has a score in this period."))
    return Chart(
        canvas.png(), _alt_text(distribution, translate, locale), f"{heading}: {plain(distribution.unit)}"
    )


def _subtitle(distribution: ScoreDistribution, translate: Translate, locale: str) -> str:
    facts = [fitting(distribution.unit, BODY, 420), period_name(distribution.period, locale)]
    if distribution.scores:
        facts.append(translate("people: {count}").format(count=whole(len(distribution.scores), locale)))
        facts.append(translate("median {score}").format(score=number(median(distribution.scores), locale)))
    return " · ".join(facts)


def _bins(distribution: ScoreDistribution) -> list[_Bin]:
    """Bins of one round width over the scores; what lies beyond twice the highest tier is in the last bin."""
    top = max([tier.floor for tier in distribution.tiers], default=Decimal(0)) or _WIDE_OPEN / 2
    own = [] if distribution.own is None else [distribution.own]
    scores = [min(max(score, -top), top * 2) for score in [*distribution.scores, *own]]
    low, high = float(min(scores)), float(max(scores))
    step = next((step for step in _STEPS if (high - low) / step < _MOST_BINS - 2), ceil((high - low) / 10))
    first, last = floor(low / step), floor(high / step) + 1
    while last - first < 5:  # a single score stands in the middle, not across the sheet
        first, last = first - 1, last + 1
    edges = [index * step for index in range(first, last + 1)]
    counts = [0] * (len(edges) - 1)
    for score in scores[: len(distribution.scores)]:
        counts[min(bisect_right(edges, score) - 1, len(counts) - 1)] += 1
    return [_Bin(low, high, count) for (low, high), count in zip(pairwise(edges), counts, strict=True)]


def _tier_counts(distribution: ScoreDistribution) -> list[tuple[TierBand, int]]:
    reached = [tier_of(score, distribution.tiers) for score in distribution.scores]
    return [(tier, reached.count(tier)) for tier in bands(distribution.tiers)]


def _draw_bands(canvas: Canvas, distribution: ScoreDistribution, scale: Scale, locale: str) -> None:
    """Tiers as areas behind the bars, with their names and counts at the top."""
    counted = _tier_counts(distribution)
    inner = [min(max(scale(float(tier.floor)), MARGIN), WIDTH - MARGIN) for tier, _ in counted[1:]]
    sides = pairwise([MARGIN, *inner, WIDTH - MARGIN])
    for index, ((tier, count), (left, right)) in enumerate(zip(counted, sides, strict=False)):
        canvas.box(left, _TOP, right, _BOTTOM, fill=BAND_TINTS[index % 2])
        if MARGIN < left < WIDTH - MARGIN:
            canvas.line([(left, _TOP), (left, _BOTTOM)])
        name = fitting(tier.name, BODY, right - left - 12, strong=True)
        if (
            right - left
            >= max(text_width(name, BODY, strong=True), text_width(whole(count, locale), SMALL)) + 8
        ):
            canvas.write((left + right) / 2, _TOP + 28, name, size=BODY, strong=True, align="center")
            canvas.write((left + right) / 2, _TOP + 66, whole(count, locale), color=MUTED, align="center")


def _height(bins: Sequence[_Bin]) -> Scale:
    return Scale(0, max(each.count for each in bins), _BOTTOM, _BARS_TOP + 40)


def _draw_bins(canvas: Canvas, bins: Sequence[_Bin], scale: Scale) -> None:
    height = _height(bins)
    for each in bins:
        if each.count:
            canvas.box(scale(each.low) + 4, height(each.count), scale(each.high) - 4, _BOTTOM, fill=BLUE)
    canvas.line([(MARGIN, _BOTTOM), (WIDTH - MARGIN, _BOTTOM)], color=INK, thick=3)


def _draw_counts(canvas: Canvas, bins: Sequence[_Bin], scale: Scale, own: _Own | None, locale: str) -> None:
    """The count above each bar, on a plate of its own where the line of one's own score would cross it."""
    height = _height(bins)
    for each in bins:
        if not each.count:
            continue
        text = whole(each.count, locale)
        middle, y = scale((each.low + each.high) / 2), height(each.count) - 24
        half = text_width(text, SMALL, strong=True) / 2 + 6
        if own is not None and abs(own.x - middle) < half + 4:
            canvas.box(middle - half, y - 19, middle + half, y + 19, fill=PAPER)
        canvas.write(middle, y, text, strong=True, align="center")


def _draw_axis(
    canvas: Canvas, distribution: ScoreDistribution, bins: Sequence[_Bin], scale: Scale, locale: str
) -> None:
    """The edges of the bins; the outer ones are open where scores lie beyond them."""
    edges = [each.low for each in bins] + [bins[-1].high]
    free_from = 0.0
    for edge in edges:
        text = number(Decimal(edge), locale)
        if edge == edges[-1] and max(distribution.scores) > edge:
            text += "+"
        if edge == edges[0] and min(distribution.scores) < edge:
            text = "≤" + text
        half = text_width(text, SMALL) / 2
        if scale(edge) - half >= free_from:
            canvas.write(scale(edge), _AXIS, text, align="center")
            free_from = scale(edge) + half + 10


def _draw_own(canvas: Canvas, own: _Own, translate: Translate, locale: str) -> None:
    """A line through one's own score, with a name below those of the tiers."""
    name = fitting(own.name or translate("you"), SMALL, 300, strong=True)
    text = f"{name} {number(own.score, locale)}"
    half = text_width(text, SMALL, strong=True) / 2 + 14
    middle, y = min(max(own.x, MARGIN + half), WIDTH - MARGIN - half), _TOP + 124
    canvas.line([(own.x, y + 22), (own.x, _BOTTOM)], color=PAPER, thick=9)
    canvas.line([(own.x, y + 22), (own.x, _BOTTOM)], color=VERMILION, thick=5, style="--")
    canvas.box(middle - half, y - 24, middle + half, y + 24, fill=PAPER, edge=VERMILION)
    canvas.write(middle, y, text, strong=True, align="center")


def _alt_text(distribution: ScoreDistribution, translate: Translate, locale: str) -> str:
    period = period_name(distribution.period, locale)
    heading = translate("Distribution of scores in {unit}, {period}.").format(
        unit=plain(distribution.unit), period=period
    )
    if not distribution.scores:
        return in_words([heading, translate("Nobody has a score in this period.")], translate)
    facts = [
        translate("people: {count}").format(count=whole(len(distribution.scores), locale)),
        translate("lowest {score}").format(score=number(min(distribution.scores), locale)),
        translate("median {score}").format(score=number(median(distribution.scores), locale)),
        translate("highest {score}").format(score=number(max(distribution.scores), locale)),
    ]
    parts = [heading, translate("Scores: {facts}.").format(facts=listed(facts, translate))]
    if distribution.own is not None:
        name = plain(distribution.own_name) or translate("you")
        parts.append(translate("{name}: {facts}.").format(name=name, facts=number(distribution.own, locale)))
    counted = reversed(_tier_counts(distribution))
    tiers = listed((f"{plain(tier.name)} {whole(count, locale)}" for tier, count in counted), translate)
    parts.append(translate("People in the range of each tier: {counts}.").format(counts=tiers))
    filled = [each for each in _bins(distribution) if each.count]
    bins = listed((f"{_edges(each, locale)}: {whole(each.count, locale)}" for each in filled), translate)
    parts.append(translate("People by score: {counts}.").format(counts=bins))
    return in_words(parts, translate)


def _edges(each: _Bin, locale: str) -> str:
    return f"{number(Decimal(each.low), locale)}–{number(Decimal(each.high), locale)}"
