"""(h) One record of a scored month is corrected: from the delivery to new places, beside pandas in floats."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa

from bench.company import MONTH, write_company
from bench.databases import NAMES, a_copy, a_database
from bench.measuring import REPEATS, SHORT_RUN_S, Comparison, Outcome, Timed, in_a_process, medians
from bench.parts.corrections_ours import correct_ours
from bench.parts.corrections_rival import correct_by_pandas
from bench.parts.scoring_ours import score_ours
from domain.database import Database
from domain.scoring.model import Card, CardRank, ScoredPeriod
from domain.scoring.published import IS_PUBLISHED

PEOPLE = (10_000, 100_000)
LIMIT = 0.3
CORRECTED = 77
"""A person, whose sales are raised."""


def measure() -> Iterator[Comparison]:
    for name in NAMES:
        for people in PEOPLE:
            with a_database(name) as database:
                write_company(database, people)
                in_a_process(score_ours, database.url.render_as_string(hide_password=False))
                contenders = [correct_ours, correct_by_pandas]
                ours, rival = medians([partial(_on_a_copy, database, each) for each in contenders])
            if ours.value != rival.value:
                raise RuntimeError(f"ours shows {ours.value}, the rival {rival.value}")
            yield Comparison(
                part=f"h, {name}, {people} people",
                what="A record of a month that is scored comes with another value: until everybody's new "
                "places are seen. Ours as a delivery does it, stored beside the old content and only what "
                "changes computed; the rival overwrites the record and scores the month anew, as in (b).",
                unit="s",
                ours=ours.seconds,
                rival=rival.seconds,
                limit=LIMIT,
                runs=1 if max(ours.seconds, rival.seconds) > SHORT_RUN_S else REPEATS,
            )


def _on_a_copy(database: Database, contender: Callable[[str, int], Timed]) -> Outcome:
    """With the corrected person's place in the company as its value."""
    with a_copy(database) as url:
        outcome = in_a_process(contender, url, CORRECTED)
        return Outcome(outcome.seconds, outcome.peak_mb, _place(url))


def _place(url: str) -> tuple[Any, ...]:
    database = Database(url)
    with database.reading() as session:
        place = (
            sa.select(CardRank.rank, CardRank.out_of)
            .join(Card, Card.id == CardRank.card_id)
            .join(ScoredPeriod, IS_PUBLISHED)
            .where(ScoredPeriod.key == MONTH, Card.person_id == CORRECTED, CardRank.unit_id == 1)
        )
        found = tuple(session.execute(place).one())
    database.close()
    return found
