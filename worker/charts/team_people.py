"""Everybody's attainment in a team, as bars against the target."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from worker.charts.canvas import (
    BODY,
    HEADER,
    INK,
    MARGIN,
    MUTED,
    SMALL,
    WIDTH,
    Canvas,
    Scale,
    fitting,
    text_width,
)
from worker.charts.chart import Chart, Translate, in_words, listed
from worker.charts.goals import Kind, clipped, draw_bar, draw_legend, ends_of_scale
from worker.charts.numbers import number, percent, period_name, whole
from worker.charts.typeface import plain

MOST_ROWS = 20
"""Of a larger team the best and the last are drawn, with one row for those between."""

_ROW, _BAR, _TOP, _FOOTER = 58, 36, HEADER + 44, 72
_BARS = 460
_TRACK = "#eef0f3"


@dataclass(frozen=True)
class PersonResult:
    """A name and a reading (1 is 100 %); without a reading, not assessed. `met`: not short of the goal."""

    name: str
    reading: Decimal | None
    met: bool = False


@dataclass(frozen=True)
class TeamResults:
    """Everybody's result in the indicator that decides about misses, best first.

    `goal` is 1 where it is read against a target, else the reading that decides.
    """

    unit: str
    period: str
    indicator: str
    people: tuple[PersonResult, ...]
    goal: Decimal = Decimal(1)
    as_percent: bool = True
    running: bool = False


@dataclass(frozen=True)
class _Between:
    """The people who are left out between the best and the last."""

    people: tuple[PersonResult, ...]


def draw_team_people(results: TeamResults, translate: Translate, locale: str = "en") -> Chart:
    """A row a person: name, bar and number, with a line where the goal is."""
    heading = translate("Attainment by person")
    rows = _rows(results.people)
    canvas = Canvas(max(_TOP + _ROW * len(rows) + _FOOTER, 500))
    canvas.heading(heading, _subtitle(results, translate, locale))
    if rows:
        scale = _scale(results, locale)
        goal_x = scale(float(results.goal))
        goal = translate("goal {goal}").format(goal=_written(results, results.goal, locale))
        half = text_width(goal, SMALL) / 2
        middle = min(max(goal_x, MARGIN + half), WIDTH - MARGIN - half)
        canvas.write(middle, HEADER + 18, goal, color=MUTED, align="center")
        for index, row in enumerate(rows):
            top = _TOP + _ROW * index
            if isinstance(row, _Between):
                text = _between(results, row.people, translate, locale)
                canvas.write(MARGIN, top + _ROW / 2, text, color=MUTED)
            else:
                _draw_person(canvas, results, row, top, scale, translate, locale)
        canvas.line([(goal_x, _TOP - 4), (goal_x, _TOP + _ROW * len(rows))], color=INK, thick=4)
        legend: list[tuple[Kind, str]] = [
            ("met", translate("goal met")),
            ("short", translate("short of the goal")),
        ]
        draw_legend(canvas, _TOP + _ROW * len(rows) + 40, legend)
    else:
        canvas.message(translate("Nobody has a card in this period."))
    return Chart(
        canvas.png(), _alt_text(results, rows, translate, locale), f"{heading}: {plain(results.unit)}"
    )


def _rows(people: Sequence[PersonResult]) -> list[PersonResult | _Between]:
    if len(people) <= MOST_ROWS:
        return list(people)
    best, last = MOST_ROWS // 2, MOST_ROWS - MOST_ROWS // 2 - 1
    return [*people[:best], _Between(tuple(people[best:-last])), *people[-last:]]


def _subtitle(results: TeamResults, translate: Translate, locale: str) -> str:
    facts = [fitting(results.unit, BODY, 380), period_name(results.period, locale)]
    facts.append(fitting(results.indicator, BODY, 300))
    if results.running:
        facts.append(translate("so far"))
    return " · ".join(facts)


def _written(results: TeamResults, reading: Decimal, locale: str) -> str:
    return (percent if results.as_percent else number)(reading, locale)


def _scale(results: TeamResults, locale: str) -> Scale:
    readings = [person.reading for person in results.people if person.reading is not None]
    written = [_written(results, reading, locale) for reading in readings]
    widest = max((text_width(text, BODY, strong=True) for text in written), default=0)
    low, high = ends_of_scale(readings, results.goal)
    return Scale(low, high, _BARS, WIDTH - MARGIN - max(widest + 24, 120))


def _draw_person(
    canvas: Canvas,
    results: TeamResults,
    person: PersonResult,
    top: float,
    scale: Scale,
    translate: Translate,
    locale: str,
) -> None:
    middle = top + _ROW / 2
    canvas.write(MARGIN, middle, fitting(person.name, BODY, _BARS - MARGIN - 24), size=BODY)
    canvas.box(scale(scale.low), middle - _BAR / 2, scale(scale.high), middle + _BAR / 2, fill=_TRACK)
    if person.reading is None:
        canvas.write(scale(0) + 14, middle, translate("not assessed"), color=MUTED)
        return
    left, right = sorted([scale(0), scale(clipped(person.reading, results.goal))])
    draw_bar(canvas, left, middle - _BAR / 2, right, middle + _BAR / 2, "met" if person.met else "short")
    value = _written(results, person.reading, locale)
    canvas.write(WIDTH - MARGIN, middle, value, size=BODY, strong=True, align="right")


def _between(results: TeamResults, people: Sequence[PersonResult], translate: Translate, locale: str) -> str:
    count = whole(len(people), locale)
    readings = [person.reading for person in people if person.reading is not None]
    if not readings:
        return translate("{count} more between them").format(count=count)
    span = f"{_written(results, min(readings), locale)}–{_written(results, max(readings), locale)}"
    return translate("{count} more between them: {span}").format(count=count, span=span)


def _alt_text(
    results: TeamResults, rows: Sequence[PersonResult | _Between], translate: Translate, locale: str
) -> str:
    facts = [period_name(results.period, locale), plain(results.indicator)]
    facts += [translate("so far")] if results.running else []
    heading = translate("Attainment by person in {unit}: {facts}.").format(
        unit=plain(results.unit), facts=listed(facts, translate)
    )
    if not rows:
        return in_words([heading, translate("Nobody has a card in this period.")], translate)
    met = sum(person.met for person in results.people)
    count = translate("{met} of {count} met the goal of {goal}.").format(
        met=whole(met, locale),
        count=whole(len(results.people), locale),
        goal=_written(results, results.goal, locale),
    )
    return in_words([heading, count, *(_entry(results, row, translate, locale) for row in rows)], translate)


def _entry(results: TeamResults, row: PersonResult | _Between, translate: Translate, locale: str) -> str:
    if isinstance(row, _Between):
        return translate("{facts}.").format(facts=_between(results, row.people, translate, locale))
    reading = translate("not assessed") if row.reading is None else _written(results, row.reading, locale)
    return translate("{name}: {facts}.").format(name=plain(row.name), facts=reading)
