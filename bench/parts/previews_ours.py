"""Ours, for (g): in a module of its own, so that the measured process loads nothing that it does not need."""

import time

from bench.company import CLOCK, PLAN
from bench.measuring import Timed
from domain.access import CommandLine
from domain.database import Database
from domain.periods import Period
from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from domain.previews.service import preview

MONTHS = tuple(f"2025-{month:02}" for month in range(7, 13)) + tuple(
    f"2026-{month:02}" for month in range(1, 7)
)


def draft() -> Plan:
    """Sales weigh less, new customers more."""
    first, second = PLAN.replace("weight = 35", "weight = 20", 1), 'measure = "new_customers"\nweight = '
    return parse_plan(first.replace(f"{second}15", f"{second}30", 1))


def preview_ours(url: str) -> Timed:
    """With who changes tier, in all months, as its value."""
    database = Database(url)
    started = time.perf_counter()
    periods = [Period.parse(month) for month in MONTHS]
    changes = preview(database, CLOCK, CommandLine("cli:bench"), draft(), periods).changes()
    seconds = time.perf_counter() - started
    return Timed(seconds, sum(change.tier_changes for change in changes))
