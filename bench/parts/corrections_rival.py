"""The rival of (h): the record is overwritten, and the month scored anew as in (b)."""

import time

import sqlalchemy as sa

from bench.company import MONTH
from bench.measuring import Timed
from bench.parts.corrections_ours import NEW_VALUE
from bench.parts.scoring_rival import WRITTEN, rival


def correct_by_pandas(url: str, person: int) -> Timed:
    started = time.perf_counter()
    with rival(url) as by_pandas:
        connection = by_pandas.connection
        connection.execute(
            sa.text("UPDATE measure_records SET value = :value WHERE record_id = :id"),
            {"value": int(NEW_VALUE) * 10_000, "id": f"{MONTH}-sales-{person}"},
        )
        for table in (*reversed(WRITTEN), "score_runs", "periods"):
            connection.execute(sa.delete(by_pandas.tables[table]))
        by_pandas.score()
    return Timed(time.perf_counter() - started)
