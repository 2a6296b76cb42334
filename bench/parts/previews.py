"""(g) A draft of a plan held against twelve months of ten thousand people, beside pandas in floats."""

from collections.abc import Iterator
from functools import partial

from bench.company import write_company
from bench.databases import NAMES, a_copy, a_database
from bench.measuring import REPEATS, SHORT_RUN_S, Comparison, MemoryUse, in_a_process, medians
from bench.parts.previews_ours import MONTHS, preview_ours
from bench.parts.previews_rival import preview_by_pandas

PEOPLE = 10_000
LIMIT = 0.8
MEMORY_LIMIT = 1.0
FLIPPED = 0.001
"""Of the cards, so many tiers may differ: floats miss the edge of a band by a hair."""


def measure() -> Iterator[Comparison]:
    for name in NAMES:
        with a_database(name) as database:
            write_company(database, PEOPLE, MONTHS)
            with a_copy(database) as url:
                contenders = (preview_ours, preview_by_pandas)
                ours, rival = medians([partial(in_a_process, each, url) for each in contenders])
        if abs(ours.value - rival.value) > FLIPPED * PEOPLE * len(MONTHS):
            raise RuntimeError(f"ours found {ours.value}, the rival {rival.value}")
        yield Comparison(
            part=f"g, {name}, {PEOPLE} people",
            what=f"{len(MONTHS)} months under the plan in force and under a draft with other weights, to who "
            "would change tier, score or place, and by how much; the rival reads each month by `pd.read_sql` "
            "and computes scores, tiers and places in floats.",
            unit="s",
            ours=ours.seconds,
            rival=rival.seconds,
            limit=LIMIT,
            runs=1 if max(ours.seconds, rival.seconds) > SHORT_RUN_S else REPEATS,
            memory=MemoryUse(ours.peak_mb, rival.peak_mb, MEMORY_LIMIT * rival.peak_mb),
        )
