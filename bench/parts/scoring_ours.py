"""Ours, for (b): in a module of its own, so that the measured process loads nothing that it does not need."""

import time

from bench.company import CLOCK, MONTH
from bench.measuring import Timed
from domain.database import Database
from domain.periods import Period
from domain.scoring.service import score_now


def score_ours(url: str) -> Timed:
    database = Database(url)
    started = time.perf_counter()
    score_now(database, CLOCK, Period.parse(MONTH))
    return Timed(time.perf_counter() - started)
