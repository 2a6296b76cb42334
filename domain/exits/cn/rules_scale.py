"""R11: many exits at once (LCL 41). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from domain.errors import N_
from domain.exits.rules_facts import CaseFacts
from domain.exits.rules_findings import Fact, Finding, Rule

R11 = Rule("R11", (N_("the approval of many exits at once"),))
WINDOW = timedelta(days=30)
MANY = 20
_TENTH = 10


def is_no_mass_exit(facts: CaseFacts) -> Finding:
    """R11: 20 people or more, or at least a tenth of the headcount, within 30 days."""
    days = facts.other_exits
    read = (
        Fact(N_("last day"), facts.effective_on),
        Fact(N_("other exits on record"), None if days is None else len(days)),
        Fact(N_("headcount"), facts.headcount),
    )
    if facts.effective_on is None or days is None or facts.headcount is None:
        return R11.lacks(*read)
    together = most_within(facts.effective_on, days)
    if together >= MANY or together * _TENTH >= facts.headcount:
        return R11.escalates(
            N_("{together} exits of {headcount} people within 30 days."),
            *read,
            together=together,
            headcount=facts.headcount,
        )
    return R11.allows(
        N_("{together} exits of {headcount} people within 30 days."),
        *read,
        together=together,
        headcount=facts.headcount,
    )


def most_within(day: date, others: Sequence[date]) -> int:
    """The most exits, this one among them, in any 30 days that hold its day."""
    near = [day, *(other for other in others if abs(other - day) < WINDOW)]
    return max(sum(start <= one < start + WINDOW for one in near) for start in near if start <= day)
