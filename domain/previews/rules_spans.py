"""Periods as somebody types them for a preview."""

from domain.periods import Period


def periods_of(text: str) -> tuple[Period, ...]:
    """`2026-01..2026-06`, or periods with commas between them.

    Raises ValueError with a sentence fit for the person who wrote it.
    """
    if ".." not in text:
        keys = text.replace("，", ",").split(",")
        return tuple(Period.parse(key.strip()) for key in keys)
    first, last = (Period.parse(key.strip()) for key in text.split("..", 1))
    if first.kind is not last.kind or last < first:
        raise ValueError(f"{first}..{last} is no span: two periods of one kind, the earlier first.")
    found = [first]
    while found[-1] < last:
        found.append(found[-1].next())
    return tuple(found)
