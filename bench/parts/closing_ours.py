"""Ours, for (f): in a module of its own, so that the measured process loads nothing that it does not need."""

import time

from bench.company import CLOCK, MONTH
from bench.measuring import Timed
from domain.database import Database
from domain.periods import Period
from domain.scoring.service import score_and_lock
from domain.scoring.verification import verify


def lock_ours(url: str) -> Timed:
    database = Database(url)
    started = time.perf_counter()
    score_and_lock(database, CLOCK, Period.parse(MONTH), "cli:bench")
    return Timed(time.perf_counter() - started, 0)


def verify_ours(url: str) -> Timed:
    """The lock before it is not measured."""
    database = Database(url)
    score_and_lock(database, CLOCK, Period.parse(MONTH), "cli:bench")
    started = time.perf_counter()
    with database.reading() as session:
        differences = verify(session, Period.parse(MONTH))
    return Timed(time.perf_counter() - started, len(differences))
