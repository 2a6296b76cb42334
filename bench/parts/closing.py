"""(f) Closing a month: from stored records to a locked month that is proven, beside pandas in floats."""

from collections.abc import Callable, Iterator
from functools import partial

from bench.company import write_company
from bench.databases import NAMES, a_copy, a_database
from bench.measuring import REPEATS, SHORT_RUN_S, Comparison, Outcome, Timed, in_a_process, medians
from bench.parts.closing_ours import lock_ours, verify_ours
from bench.parts.closing_rival import close_by_pandas, prove_by_pandas
from domain.database import Database

PEOPLE = 100_000
LIMIT_OF_LOCK = 0.6
LIMIT_OF_VERIFY = 12.0
"""The proof asks the rules for each card, in exact decimals; the rival's is the sum in floats once more."""

Contender = Callable[[str], Timed]


def measure() -> Iterator[Comparison]:
    for name in NAMES:
        with a_database(name) as database:
            write_company(database, PEOPLE)
            yield _comparison(
                f"f, {name}, lock",
                "From 8 records a person to a month that is scored, ranked, published and locked; the rival "
                "is that of (b), which has no lock.",
                medians([partial(_on_a_copy, database, each) for each in (lock_ours, close_by_pandas)]),
                LIMIT_OF_LOCK,
            )
            yield _comparison(
                f"f, {name}, verify",
                "Every card, line and rank of the locked month computed again and compared: ours by the "
                "rules, card by card, with the digests of what went in; the rival's by pandas in floats.",
                [_on_a_copy(database, each) for each in (verify_ours, prove_by_pandas)],
                LIMIT_OF_VERIFY,
            )


def _on_a_copy(database: Database, contender: Contender) -> Outcome:
    with a_copy(database) as url:
        return in_a_process(contender, url)


def _comparison(part: str, what: str, outcomes: list[Outcome], limit: float) -> Comparison:
    ours, rival = outcomes
    if ours.value or rival.value:
        raise RuntimeError(f"{part}: ours found {ours.value} differences, the rival {rival.value}")
    return Comparison(
        part=part,
        what=what,
        unit="s",
        ours=ours.seconds,
        rival=rival.seconds,
        limit=limit,
        runs=1 if part.endswith("verify") or max(ours.seconds, rival.seconds) > SHORT_RUN_S else REPEATS,
    )
