"""Proving a locked period: computed again from its inputs, it must come out the same to the last digit.

Computed by the rules, one card at a time, whatever computed the cards that are stored.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import read_integers
from domain.closing.model import Restatement
from domain.errors import NotFound
from domain.periods import Period
from domain.scoring.chunks import People, chunks_of_everybody
from domain.scoring.computing import Columns, StoredCard, cards_by_the_rules, ids_of
from domain.scoring.model import Card, CardLine, CardRank, ScoreRun
from domain.scoring.places import ranks_of
from domain.scoring.published import published
from domain.scoring.rules_ranks import Integers

CHUNK = 500
IDS = {"id", "card_id"}
"""Not compared: cards locked long ago have ids of their own."""


def verify(session: Session, period: Period, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """The differences between a locked period and the same computed again, a sentence each; none: it holds.

    Of the cards of the lock, and of every further version of a card. Raises NotFound where the period is
    not locked.
    """
    found = published(session, period)
    if found is None or found[0].locked_at is None:
        raise NotFound("{period} is not locked: only a locked period can be verified.", period=period.key)
    return [*differences(session, found[1], progress), *_restated_differences(session, period)]


def differences(
    session: Session, run: ScoreRun, progress: Callable[[int, int], None] | None = None
) -> list[str]:
    """Between the cards of a published run and the same computed by the rules; a sentence each."""
    found: list[str] = []
    chunks = chunks_of_everybody(session, CHUNK)
    for chunk in chunks:
        found += _chunk_differences(session, run, chunk.people)
        if progress:
            progress(chunk.up_to_here, chunks[-1].up_to_here)
        session.expunge_all()
    if not _ranks_follow_from_scores(session, run.id):
        found.append("the ranks do not follow from the scores")
    return found


def _restated_differences(session: Session, period: Period) -> Iterator[str]:
    made = sa.select(Restatement).where(Restatement.period == period.key).order_by(Restatement.id)
    for one in session.scalars(made).all():
        run, owner = session.get_one(ScoreRun, one.run_id), People(one.person_id, one.person_id)
        for difference in _differences(session, run, owner, [one.person_id]):
            yield f"version {one.version}, {difference}"


def _chunk_differences(session: Session, run: ScoreRun, chunk: People) -> Iterator[str]:
    return _differences(session, run, chunk, ids_of(session, chunk))


def _differences(
    session: Session, run: ScoreRun, chunk: People, person_ids: Collection[int]
) -> Iterator[str]:
    stored = _stored_cards(session, run.id, chunk)
    for card, lines in cards_by_the_rules(session, run, person_ids):
        person_id = card["person_id"]
        if person_id not in stored:
            yield f"person {person_id}: no card"
            continue
        stored_card, stored_lines = stored.pop(person_id)
        for column in sorted(card.keys() - IDS):
            if stored_card[column] != card[column]:
                yield f"person {person_id}: {column} is {stored_card[column]}, computed {card[column]}"
        if list(map(_without_ids, stored_lines)) != list(map(_without_ids, lines)):
            yield f"person {person_id}: the lines differ"
    yield from (f"person {person_id}: a card too many" for person_id in sorted(stored))


def _stored_cards(session: Session, run_id: int, chunk: People) -> dict[int, StoredCard]:
    """Plain rows: an object for each would take as long again."""
    of_chunk = sa.and_(Card.run_id == run_id, chunk.have(Card.person_id))
    lines: dict[int, list[Columns]] = defaultdict(list)
    rows = session.execute(
        sa.select(CardLine.__table__)
        .join(Card, Card.id == CardLine.card_id)
        .where(of_chunk)
        .order_by(CardLine.card_id, CardLine.position)
    )
    for line in rows.mappings():
        lines[line["card_id"]].append(dict(line))
    cards = session.execute(sa.select(Card.__table__).where(of_chunk)).mappings()
    return {card["person_id"]: (dict(card), lines[card["id"]]) for card in cards}


def _ranks_follow_from_scores(session: Session, run_id: int) -> bool:
    stored = read_integers(
        session,
        sa.select(CardRank.card_id, CardRank.unit_id, CardRank.rank, CardRank.out_of).where(
            CardRank.run_id == run_id
        ),
    )
    computed = ranks_of(session, run_id).rows()
    return np.array_equal(_by_card_and_unit(stored), _by_card_and_unit(computed))


def _by_card_and_unit(ranks: Integers) -> Integers:
    in_order: Integers = ranks[:, np.lexsort((ranks[1], ranks[0]))]
    return in_order


def _without_ids(line: Columns) -> Columns:
    return {column: value for column, value in line.items() if column not in IDS}
