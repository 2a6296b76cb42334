"""What charts with a column for each period share."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from domain.periods import Period
from worker.charts.chart import Translate
from worker.charts.numbers import period_name


class OfAPeriod(Protocol):
    @property
    def period(self) -> str: ...


Point = TypeVar("Point", bound=OfAPeriod)


def without_holes(points: Sequence[Point], unknown: Callable[[str], Point]) -> list[Point]:
    """The points, with an `unknown` one for each period that is left out between two others."""
    whole = list(points[:1])
    for point in points[1:]:
        period, until = Period.parse(whole[-1].period).next(), Period.parse(point.period)
        while period < until:
            whole.append(unknown(period.key))
            period = period.next()
        whole.append(point)
    return whole


def span(points: Sequence[OfAPeriod], translate: Translate, locale: str) -> str:
    """From the first period to the last, which may be the same; there is one at least."""
    first, last = (period_name(point.period, locale) for point in (points[0], points[-1]))
    return last if len(points) == 1 else translate("{first} to {last}").format(first=first, last=last)
