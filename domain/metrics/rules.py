"""For which days a measure is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

EVERY_MEASURE = "*"
"""Coverage under this name holds for every measure that has none of its own."""

Days = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Coverage:
    """The days for which each measure is reported; spans under `*` hold for every measure without its own."""

    spans: Mapping[str, tuple[Days, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, date, date]]) -> Coverage:
        """From (measure, first day, last day), in any order and overlapping as they like."""
        spans: dict[str, list[Days]] = {}
        for measure, first, last in rows:
            spans.setdefault(measure, []).append((first, last))
        return cls({measure: tuple(days) for measure, days in spans.items()})

    def covered_to(self, measure: str, first: date) -> date | None:
        """The last day of the unbroken run of reported days from `first` on; none if `first` is not."""
        spans = self.spans.get(measure) or self.spans.get(EVERY_MEASURE, ())
        reached: date | None = None
        for start, end in sorted(spans):
            if reached is None:
                reached = end if start <= first <= end else None
            elif (start - reached).days <= 1:
                reached = max(reached, end)
        return reached

    def uncovered(self, measures: Iterable[str], first: date, last: date) -> tuple[str, ...]:
        """Those of the measures that are not reported on every day from `first` to `last`."""
        reached = {measure: self.covered_to(measure, first) for measure in measures}
        return tuple(measure for measure, day in reached.items() if day is None or day < last)
