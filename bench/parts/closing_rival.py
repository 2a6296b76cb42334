"""The rival of (f): that of (b), which then computes the month once more and compares."""

import time

from bench.measuring import Timed
from bench.parts.scoring_rival import rival, score_by_pandas


def close_by_pandas(url: str) -> Timed:
    return Timed(score_by_pandas(url).seconds, 0)


def prove_by_pandas(url: str) -> Timed:
    """The scoring before it is not measured."""
    score_by_pandas(url)
    started = time.perf_counter()
    with rival(url) as by_pandas:
        differences = by_pandas.differences()
    return Timed(time.perf_counter() - started, differences)
