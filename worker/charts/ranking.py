"""A unit's ranking: the best by name, one's own place, and everybody else without a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from worker.charts.canvas import (
    BLUE,
    BODY,
    HEADER,
    HIGHLIGHT,
    MARGIN,
    MUTED,
    SOFT,
    WIDTH,
    Canvas,
    Scale,
    fitting,
    text_width,
)
from worker.charts.chart import Chart, Translate, in_words, listed
from worker.charts.numbers import number, period_name, whole
from worker.charts.typeface import plain

MOST_NAMED = 10

_ROW, _BAR, _SPACE = 72, 40, 16
_POINTER, _PLACE, _NAME, _BARS = 18, 126, 148, 500
_FOOTER = 40
# A person without a name is a thin bar; many of them share what a crowd may take of the sheet's height.
_THIN, _LEAST_CROWD, _MOST_CROWD = 14, 44, 300


@dataclass(frozen=True)
class RankedPerson:
    """A place (1, 2, 2, 4) and its score; the name is written only among the first or if it is one's own."""

    place: int
    score: Decimal
    name: str = ""
    own: bool = False


@dataclass(frozen=True)
class UnitRanking:
    """Everybody ranked in a unit, best first; places up to `named` (at most 10 people) show their names."""

    unit: str
    period: str
    people: tuple[RankedPerson, ...]
    named: int = 5


@dataclass(frozen=True)
class _Group:
    """Neighbours who are drawn alike: one person by name, or a crowd without."""

    people: tuple[RankedPerson, ...]
    by_name: bool

    @property
    def height(self) -> float:
        if self.by_name:
            return _ROW
        return min(max(_THIN * len(self.people), _LEAST_CROWD), _MOST_CROWD) + _SPACE


def draw_ranking(ranking: UnitRanking, translate: Translate, locale: str = "en") -> Chart:
    """Rows with names for the first places and one's own, thin bars without names for the others."""
    heading = translate("Ranking")
    groups = _groups(ranking)
    top = HEADER + 6.0
    canvas = Canvas(max(round(top + sum(group.height for group in groups)) + _FOOTER, 500))
    canvas.heading(heading, _subtitle(ranking, translate, locale))
    if not groups:
        canvas.message(translate("Nobody is ranked in this period."))
    scale = _scale(ranking.people, groups, locale)
    for group in groups:
        if group.by_name:
            _draw_person(canvas, group.people[0], top, scale, locale)
        else:
            _draw_crowd(canvas, group.people, top, scale, translate, locale)
        top += group.height
    if scale.low < 0:
        canvas.line([(scale(0), HEADER + 6), (scale(0), top)], color=MUTED)
    return Chart(canvas.png(), _alt_text(ranking, translate, locale), f"{heading}: {plain(ranking.unit)}")


def _subtitle(ranking: UnitRanking, translate: Translate, locale: str) -> str:
    period = period_name(ranking.period, locale)
    count = translate("ranked: {count}").format(count=whole(len(ranking.people), locale))
    return f"{fitting(ranking.unit, BODY, 520)} · {period} · {count}"


def _groups(ranking: UnitRanking) -> list[_Group]:
    groups: list[_Group] = []
    crowd: list[RankedPerson] = []
    for index, person in enumerate(ranking.people):
        if not person.own and not (person.place <= ranking.named and index < MOST_NAMED):
            crowd.append(person)
            continue
        if crowd:
            groups.append(_Group(tuple(crowd), by_name=False))
            crowd = []
        groups.append(_Group((person,), by_name=True))
    return [*groups, _Group(tuple(crowd), by_name=False)] if crowd else groups


def _scale(people: Sequence[RankedPerson], groups: Sequence[_Group], locale: str) -> Scale:
    """Bars start at 0 and leave room for the widest number that is written."""
    scores = [float(person.score) for person in people]
    low, high = min([0.0, *scores]), max([0.0, *scores])
    written = [_number_width(group.people[0], locale) for group in groups if group.by_name]
    room = max(written, default=0.0) + 28
    left = _BARS if low == 0 else _BARS + room
    return Scale(low, high if high > low else low + 1, left, WIDTH - MARGIN - room)


def _number_width(person: RankedPerson, locale: str) -> float:
    return text_width(number(person.score, locale), BODY, strong=True)


def _draw_person(canvas: Canvas, person: RankedPerson, top: float, scale: Scale, locale: str) -> None:
    middle = top + _ROW / 2
    if person.own:
        canvas.box(0, top + 2, WIDTH, top + _ROW - 2, fill=HIGHLIGHT)
        canvas.mark(_POINTER, middle, ">", color=BLUE, size=22)
    canvas.write(_PLACE, middle, whole(person.place, locale), size=BODY, strong=True, align="right")
    name = fitting(person.name, BODY, _BARS - _NAME - 20, strong=person.own)
    canvas.write(_NAME, middle, name, size=BODY, strong=person.own)
    score = float(person.score)
    left, right = sorted([scale(0), scale(score)])
    canvas.box(left, middle - _BAR / 2, right, middle + _BAR / 2, fill=BLUE)
    text = number(person.score, locale)
    if score < 0:
        canvas.write(left - 14, middle, text, size=BODY, strong=person.own, align="right")
    else:
        canvas.write(right + 14, middle, text, size=BODY, strong=person.own)


def _draw_crowd(
    canvas: Canvas,
    people: Sequence[RankedPerson],
    top: float,
    scale: Scale,
    translate: Translate,
    locale: str,
) -> None:
    """Thin bars, best first; so many that they would blur become one outline."""
    height = _Group(tuple(people), by_name=False).height - _SPACE
    top += _SPACE / 2
    canvas.write(_NAME, top + height / 2, _places(people, translate, locale), color=MUTED)
    each = height / len(people)
    slim = min(each * 0.75 if each >= 3 else each, _THIN)
    outline = [(scale(0), top)]
    for index, person in enumerate(people):
        left, right = sorted([scale(0), scale(float(person.score))])
        middle = top + each * (index + 0.5)
        if each >= 3:
            canvas.box(left, middle - slim / 2, right, middle + slim / 2, fill=SOFT)
        end = scale(float(person.score))
        outline += [(end, top + each * index), (end, top + each * (index + 1))]
    if each < 3:
        canvas.shape([*outline, (scale(0), top + height)], fill=SOFT)


def _places(people: Sequence[RankedPerson], translate: Translate, locale: str) -> str:
    first, last = whole(people[0].place, locale), whole(people[-1].place, locale)
    if first == last:
        return translate("place {place}").format(place=first)
    return translate("places {first} to {last}").format(first=first, last=last)


def _alt_text(ranking: UnitRanking, translate: Translate, locale: str) -> str:
    heading = translate("Ranking of {unit}, {period}.").format(
        unit=plain(ranking.unit), period=period_name(ranking.period, locale)
    )
    if not ranking.people:
        return in_words([heading, translate("Nobody is ranked in this period.")], translate)
    total = translate("People ranked: {count}.").format(count=whole(len(ranking.people), locale))
    groups = _groups(ranking)
    own_first = sorted(groups, key=lambda group: not group.people[0].own)
    return in_words(
        [heading, total, *(_entry(group, ranking, translate, locale) for group in own_first)], translate
    )


def _entry(group: _Group, ranking: UnitRanking, translate: Translate, locale: str) -> str:
    best, last = group.people[0], group.people[-1]
    if not group.by_name:
        places = _places(group.people, translate, locale)
        scores = f"{number(last.score, locale)}–{number(best.score, locale)}"
        return translate("Without names, {places}: scores {scores}.").format(places=places, scores=scores)
    facts = [plain(best.name), number(best.score, locale)]
    if [person.place for person in ranking.people].count(best.place) > 1:
        facts.append(translate("tied"))
    return translate("Place {place}: {facts}.").format(
        place=whole(best.place, locale), facts=listed(filter(None, facts), translate)
    )
