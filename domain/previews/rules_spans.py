"""Periods as somebody types them for a preview."""

from collections.abc import Iterable
from datetime import date

from domain.errors import N_, BadInput
from domain.periods import Period, parse_human


def periods_of(text: str, today: date) -> tuple[Period, ...]:
    """`2026-01..2026-06`, or periods with commas between them, each as people type one: `may, last quarter`.

    Raises BadInput.
    """
    if ".." not in text:
        named = text.replace("，", ",").replace("、", ",").split(",")
        return tuple(parse_human(name, today) for name in named if name.strip())
    first, last = (parse_human(name, today) for name in text.split("..", 1))
    if first.kind is not last.kind or last < first:
        raise BadInput(
            N_("{first}..{last} is no span: two periods of one kind, the earlier first."),
            first=first.key,
            last=last.key,
        )
    found = [first]
    while found[-1] < last:
        found.append(found[-1].next())
    return tuple(found)


def spans_of(periods: Iterable[Period]) -> list[tuple[Period, Period]]:
    """First and last of each run of periods that follow one another, in order."""
    found: list[tuple[Period, Period]] = []
    for period in sorted(set(periods), key=lambda one: (one.kind, one.start)):
        if found and found[-1][1].kind is period.kind and found[-1][1].next() == period:
            found[-1] = (found[-1][0], period)
        else:
            found.append((period, period))
    return found
