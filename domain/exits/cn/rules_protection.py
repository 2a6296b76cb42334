"""R6: who may not be dismissed (LCL 42). Pure.

Asked for anew before the decision, before the notice and before the last day: a pregnancy told on the 25th
day of the notice stops it. What is in force on a day that lies ahead is looked at as well, so that a
protection which begins within the notice is seen before the notice is given.
"""

from __future__ import annotations

from datetime import date, timedelta

from domain.errors import N_
from domain.exits.rules_dates import served, years_later
from domain.exits.rules_facts import CaseFacts, Protected
from domain.exits.rules_findings import Act, Fact, Finding, Rule, incomplete

R6 = Rule("R6", (N_("the record of having asked, before each act"),))
LONG_SERVICE = 15
NEAR_RETIREMENT = 5
FRESH = timedelta(days=7)
"""How old an answer may be on the day of the act."""


def is_not_protected(facts: CaseFacts, act: Act, today: date) -> Finding:
    """R6 before an act. Names no kind of protection: health is for the case's owner alone."""
    asked, last_day = facts.checked_on.get(act), facts.effective_on
    read = (
        Fact(N_("asked for protections on"), asked),
        Fact(N_("may retire on"), facts.retirement_on),
        Fact(N_("service began on"), facts.service_start),
        Fact(N_("last day"), last_day),
    )
    if asked is None or last_day is None or incomplete(read):
        return R6.lacks(*read)
    if act is Act.EFFECTIVE and today < last_day:
        return R6.blocks(
            N_("The last day is {last_day}: protections are asked for on it."), *read, last_day=last_day
        )
    noticed = () if facts.notice is None else (facts.notice.delivered_on,)
    for day in sorted({today, last_day, *noticed}):
        if found := _protection_on(facts, day):
            return _protected(found, read)
        if served_long_near_retirement(facts, day):
            return R6.blocks(
                N_("On {day} there are 15 years of service, and under 5 to retirement."), *read, day=day
            )
    if not today - FRESH <= asked <= today:
        return R6.blocks(N_("Asked for protections on {asked}: ask again, right before."), *read, asked=asked)
    return R6.allows(N_("No protection is known, and it was asked for."), *read)


def served_long_near_retirement(facts: CaseFacts, day: date) -> bool:
    """15 years of unbroken service with this employer, and under 5 years to retirement (LCL 42(5))."""
    if facts.service_start is None or facts.retirement_on is None:
        return False
    long_service = served(facts.service_start, day).years >= LONG_SERVICE
    return long_service and day > years_later(facts.retirement_on, -NEAR_RETIREMENT)


def _protection_on(facts: CaseFacts, day: date) -> Protected | None:
    """The one that lasts longest of those in force."""
    in_force = [one for one in facts.protections if one.on(day)]
    return max(in_force, key=lambda one: one.until or date.max, default=None)


def _protected(found: Protected, read: tuple[Fact, ...]) -> Finding:
    if found.until is None:
        return R6.blocks(N_("Protected by law, with no end known: ask HR."), *read)
    return R6.blocks(N_("Protected by law until {until}: ask HR."), *read, until=found.until)
