"""year.toml: what is done when, for whoever plays the year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from calendar_2025 import Month, month_of
from staff import HEAD_OF_HR, TIME_ZONE
from story import OUTAGE, OUTAGE_OVER, Term


@dataclass(frozen=True)
class HandIn:
    """The files of a day. `lock_on` is the day on which their month is locked, if they complete one."""

    on: date
    month: Month
    reported_until: date
    lock_on: date | None = None

    @property
    def is_opening(self) -> bool:
        """Before anything has happened."""
        return self.reported_until < self.month.first_day


def year_file(hand_ins: list[HandIn], outage_reps: list[str], terms: list[Term]) -> str:
    return "\n".join(_lines(hand_ins, outage_reps, terms))


def _lines(hand_ins: list[HandIn], outage_reps: list[str], terms: list[Term]) -> Iterator[str]:
    yield "# What is done when. Each day's folder is imported; personal terms, restatements and locks follow."
    yield f'hr = "{HEAD_OF_HR}"'
    yield f'time_zone = "{TIME_ZONE}"'
    for hand_in in hand_ins:
        yield "\n[[hand_ins]]"
        yield f"on = {hand_in.on}"
        if hand_in.lock_on:
            yield f'completes = "{hand_in.month}"'
            yield f"lock_on = {hand_in.lock_on}"
            yield f'because = "{_because(hand_in.month, bool(outage_reps))}"'
        if hand_in.lock_on and hand_in.month == OUTAGE_OVER and outage_reps:
            yield "[[hand_ins.restatements]]"
            yield f'period = "{month_of(OUTAGE[0])}"'
            yield "people = [" + ", ".join(f'"{one}"' for one in outage_reps) + "]"
            yield f'because = "The events of the app, {OUTAGE[0]} to {OUTAGE[1]}, have come back."'
        for term in terms:
            if month_of(term.since) == month_of(hand_in.on) and not hand_in.is_opening:
                yield "[[hand_ins.terms]]"
                yield f'employee = "{term.employee_id}"'
                yield f'kind = "{term.kind}"'
                yield f'value = "{term.value}"'
                yield f"from = {term.since}"
                yield f'because = "{term.because}"'
    yield ""


def _because(month: Month, has_outage: bool) -> str:
    """The exceptions of the lock's checklist, written down."""
    known = "Beginners and people on leave have no target or no eligible day."
    if has_outage and month == month_of(OUTAGE[0]):
        return f"{known} The app lost its events of {OUTAGE[0]} to {OUTAGE[1]}; its cards are restated later."
    return known
