"""Bars that reach a goal or fall short of it, told apart by their pattern too."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from worker.charts.canvas import BLUE, MARGIN, SMALL, SOFT, VERMILION, Canvas, text_width

Kind = Literal["met", "short", "running"]

_BELOW = "#f6cdb3"
_LONGEST, _SHORTEST = Decimal(2), Decimal("-0.5")


def clipped(reading: Decimal, goal: Decimal) -> float:
    """Bars end at twice the goal; their number is still written."""
    size = abs(goal) or Decimal(1)
    return float(min(max(reading, _SHORTEST * size), _LONGEST * size))


def ends_of_scale(readings: Iterable[Decimal], goal: Decimal) -> tuple[float, float]:
    """The lowest and the highest value that bars and goal need; 0 is among them."""
    ends = [clipped(reading, goal) for reading in readings]
    return min([0.0, float(goal), *ends]), max([0.0, float(goal) * 1.15, *ends]) or 1.0


def draw_bar(canvas: Canvas, left: float, top: float, right: float, bottom: float, kind: Kind) -> None:
    if kind == "short":
        canvas.box(left, top, right, bottom, fill=_BELOW, edge=VERMILION, hatch="//")
    else:
        canvas.box(left, top, right, bottom, fill=BLUE if kind == "met" else SOFT)


def draw_legend(canvas: Canvas, y: float, entries: Iterable[tuple[Kind, str]]) -> None:
    x = float(MARGIN)
    for kind, word in entries:
        draw_bar(canvas, x, y - 14, x + 44, y + 14, kind)
        canvas.write(x + 56, y, word)
        x += text_width(word, SMALL) + 100
