"""One card's indicators, each as a bar against its target."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from worker.charts.canvas import (
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
from worker.charts.chart import Chart, Translate, in_words, listed
from worker.charts.numbers import number, percent, period_name
from worker.charts.typeface import plain

MOST_LINES = 10

_ROW, _BAR = 128, 46
_FOOTER = 80
# Bars end here, in % of the target, and are drawn torn off; their number is still written.
_LONGEST, _SHORTEST = 200.0, -50.0


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator of a card.

    A `target` line is drawn by its `reading` = actual / target, a `ratio` line by its points; `reading_as`
    says how the ratio is written. A line that lacks reading or points is not assessed.
    """

    name: str
    kind: Literal["target", "ratio"]
    reading: Decimal | None = None
    points: Decimal | None = None
    actual: Decimal | None = None
    target: Decimal | None = None
    reading_as: Literal["percent", "number"] = "percent"


@dataclass(frozen=True)
class CardLines:
    """A person's card of a period: `period` as 2026-03; `running` while it has not ended."""

    person: str
    period: str
    lines: tuple[IndicatorLine, ...]
    score: Decimal | None = None
    tier: str | None = None
    running: bool = False


def draw_lines(card: CardLines, translate: Translate, locale: str = "en") -> Chart:
    """A bar per indicator against 100 % of its target; a ratio by its points, 100 being the full ones."""
    shown = card.lines[:MOST_LINES]
    heading = translate("Results against target")
    bottom = HEADER + 40 + _ROW * max(len(shown), 2)
    canvas = Canvas(bottom + _FOOTER)
    canvas.heading(heading, " · ".join([fitting(card.person, BODY, 460), *_summary(card, translate, locale)]))
    if shown:
        scale = _scale(card.lines)
        canvas.write(
            scale(100),
            HEADER + 14,
            translate("target = {share}").format(share=percent(Decimal(1), locale)),
            color=MUTED,
            align="center",
        )
        for index, line in enumerate(shown):
            _draw_row(canvas, line, HEADER + 40 + _ROW * index, scale, translate, locale)
        _draw_legend(canvas, bottom + 30, len(card.lines) - len(shown), translate)
    else:
        canvas.message(translate("No results in this period."))
    return Chart(canvas.png(), _alt_text(card, translate, locale), f"{heading}: {plain(card.person)}")


def _summary(card: CardLines, translate: Translate, locale: str) -> list[str]:
    facts = [period_name(card.period, locale)]
    if card.running:
        facts.append(translate("so far"))
    if card.score is not None:
        facts.append(translate("score {score}").format(score=number(card.score, locale)))
    if card.tier is not None:
        facts.append(translate("tier {tier}").format(tier=plain(card.tier)))
    return facts


def _share(line: IndicatorLine) -> Decimal | None:
    """What the bar shows, in % of the target or as points; None if the line is not assessed."""
    if line.points is None or line.reading is None:
        return None
    return line.reading * 100 if line.kind == "target" else line.points


def _clipped(share: float) -> float:
    return min(max(share, _SHORTEST), _LONGEST)


def _scale(lines: tuple[IndicatorLine, ...]) -> Scale:
    shares = [_clipped(float(share)) for line in lines if (share := _share(line)) is not None]
    return Scale(min([0.0, *shares]), max([125.0, *shares]), MARGIN, WIDTH - MARGIN)


def _value(line: IndicatorLine, translate: Translate, locale: str) -> str:
    if _share(line) is None or line.reading is None or line.points is None:
        return translate("not assessed")
    if line.kind == "target":
        return percent(line.reading, locale)
    return translate("{points} points").format(points=number(line.points, locale))


def _detail(line: IndicatorLine, translate: Translate, locale: str) -> str:
    """The amounts behind the bar; empty where there are none."""
    if line.kind == "target" and line.actual is not None and line.target is not None:
        actual, target = number(line.actual, locale), number(line.target, locale)
        return translate("{actual} of {target}").format(actual=actual, target=target)
    if line.kind == "ratio" and line.reading is not None:
        shown = (percent if line.reading_as == "percent" else number)(line.reading, locale)
        return translate("reading {reading}").format(reading=shown)
    return ""


def _draw_row(
    canvas: Canvas, line: IndicatorLine, top: float, scale: Scale, translate: Translate, locale: str
) -> None:
    value, detail = _value(line, translate, locale), _detail(line, translate, locale)
    share = _share(line)
    text_y, bar_top = top + 26, top + 56
    value_left = WIDTH - MARGIN - text_width(value, BODY, strong=True)
    detail_left = value_left - text_width(detail, SMALL) - 28
    canvas.write(
        MARGIN,
        text_y,
        fitting(line.name, BODY, detail_left - MARGIN - 20, strong=True),
        size=BODY,
        strong=True,
    )
    canvas.write(detail_left, text_y, detail, color=MUTED)
    canvas.write(
        WIDTH - MARGIN,
        text_y,
        value,
        size=BODY,
        strong=True,
        align="right",
        color=MUTED if share is None else INK,
    )
    canvas.box(scale(scale.low), bar_top, scale(scale.high), bar_top + _BAR, fill="#eef0f3")
    if share is not None:
        _draw_bar(canvas, float(share), bar_top, scale)
    canvas.line([(scale(100), bar_top - 7), (scale(100), bar_top + _BAR + 7)], color=INK, thick=4)


def _draw_bar(canvas: Canvas, share: float, top: float, scale: Scale) -> None:
    """Blue where the target is met, hatched below it, torn off where it is longer than the sheet."""
    end = _clipped(share)
    left, right = sorted([scale(0), scale(end)])
    if share >= 100:
        canvas.box(left, top, right, top + _BAR, fill=BLUE)
    else:
        canvas.box(left, top, right, top + _BAR, fill="#f6cdb3", edge=VERMILION, hatch="//")
    if scale.low < 0:
        canvas.line([(scale(0), top - 7), (scale(0), top + _BAR + 7)], color=MUTED)
    if end != share:
        tear = scale(end) + (-46 if share > 0 else 24)
        canvas.shape(
            [(tear, top + _BAR), (tear + 10, top + _BAR), (tear + 24, top), (tear + 14, top)], fill=PAPER
        )


def _draw_legend(canvas: Canvas, y: float, left_out: int, translate: Translate) -> None:
    x = float(MARGIN)
    for met, word in [(True, translate("target met")), (False, translate("below target"))]:
        if met:
            canvas.box(x, y - 14, x + 44, y + 14, fill=BLUE)
        else:
            canvas.box(x, y - 14, x + 44, y + 14, fill="#f6cdb3", edge=VERMILION, hatch="//")
        canvas.write(x + 56, y, word)
        x += text_width(word, SMALL) + 100
    if left_out > 0:
        more = translate("Not shown: {count}").format(count=left_out)
        canvas.write(WIDTH - MARGIN, y, more, color=MUTED, align="right")


def _alt_text(card: CardLines, translate: Translate, locale: str) -> str:
    heading = translate("Results of {person} against target: {facts}.").format(
        person=plain(card.person), facts=listed(_summary(card, translate, locale), translate)
    )
    if not card.lines:
        return in_words([heading, translate("No results in this period.")], translate)
    return in_words([heading, *(_entry(line, translate, locale) for line in card.lines)], translate)


def _entry(line: IndicatorLine, translate: Translate, locale: str) -> str:
    facts = [_value(line, translate, locale), _detail(line, translate, locale)]
    return translate("{name}: {facts}.").format(
        name=plain(line.name), facts=listed(filter(None, facts), translate)
    )
