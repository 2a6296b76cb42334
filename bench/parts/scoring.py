"""(b) One month of six indicators, from stored records to published ranks, beside pandas in floats."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa

from bench.company import MEASURES, MONTH, write_company
from bench.databases import a_copy, a_database
from bench.measuring import REPEATS, SHORT_RUN_S, Comparison, MemoryUse, Outcome, Timed, in_a_process, medians
from bench.parts.scoring_ours import score_ours
from bench.parts.scoring_rival import score_by_pandas
from domain.database import Database
from domain.scoring.model import Card, ScoredPeriod
from domain.scoring.published import IS_PUBLISHED

PEOPLE = {"SQLite": (10_000, 100_000, 1_000_000), "PostgreSQL": (10_000, 100_000)}
LIMIT = 0.6
MEMORY_LIMIT = 0.5
MANY, TEN_TIMES_AS_MANY = 100_000, 1_000_000
LIMIT_OF_TEN_TIMES = 11.0
ROWS = ("cards", "card_lines", "card_ranks")

Contender = Callable[[str], Timed]


def measure() -> Iterator[Comparison]:
    for name, sizes in PEOPLE.items():
        seconds = {}
        for people in sizes:
            comparison = _beside_pandas(name, people)
            seconds[people] = comparison.ours
            yield comparison
        if TEN_TIMES_AS_MANY in seconds:
            yield Comparison(
                part=f"b, {name}, {TEN_TIMES_AS_MANY} people beside {MANY}",
                what="Ours and, as its rival, ours for a tenth of the people.",
                unit="s",
                ours=seconds[TEN_TIMES_AS_MANY],
                rival=seconds[MANY],
                limit=LIMIT_OF_TEN_TIMES,
                runs=1,
            )


def _beside_pandas(name: str, people: int) -> Comparison:
    with a_database(name) as database:
        write_company(database, people)
        contenders: list[Contender] = [score_ours, score_by_pandas]
        ours, rival = medians([partial(_on_a_copy, database, contender) for contender in contenders])
    if ours.value != rival.value:
        raise RuntimeError(f"ours wrote {ours.value}, the rival {rival.value}")
    return Comparison(
        part=f"b, {name}, {people} people",
        what=f"From {len(MEASURES)} records a person, one per measure, to published cards, lines and ranks; "
        "the rival reads them by `pd.read_sql`, groups and ranks in floats, and writes as many rows to the "
        "same tables by Core executemany, 10 000 at a time, in one transaction. Memory: the peak of each "
        "in a process of its own.",
        unit="s",
        ours=ours.seconds,
        rival=rival.seconds,
        limit=LIMIT,
        runs=1 if max(ours.seconds, rival.seconds) > SHORT_RUN_S else REPEATS,
        memory=MemoryUse(ours.peak_mb, rival.peak_mb, MEMORY_LIMIT * rival.peak_mb),
    )


def _on_a_copy(database: Database, contender: Contender) -> Outcome:
    """With what is in the published run afterwards as its value."""
    with a_copy(database) as url:
        outcome = in_a_process(contender, url)
        return Outcome(outcome.seconds, outcome.peak_mb, _published(url))


def _published(url: str) -> dict[str, Any]:
    """Rows by table, and how good the cards are to a tenth of a point: floats may miss cents."""
    database = Database(url)
    with database.reading() as session:
        counts = {
            table: session.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) for table in ROWS
        }
        published = (
            sa.select(sa.func.avg(sa.type_coerce(Card.score, sa.BigInteger)), sa.func.max(Card.eligible_days))
            .join(ScoredPeriod, IS_PUBLISHED)
            .where(ScoredPeriod.key == MONTH)
        )
        cents, days = session.execute(published).one()
    database.close()
    return {**counts, "mean score": round(float(cents) / 100, 1), "days": days}
