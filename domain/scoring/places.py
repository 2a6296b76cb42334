"""Ranking a run: from stored scores to stored ranks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import count_anew, insert_columns, read_integers
from domain.database import Database
from domain.people.model import Unit
from domain.scoring.model import Card, CardLine, CardRank, RunState, ScoreRun
from domain.scoring.rules_ranks import NO_UNIT, Integers, Places, rank

CHUNK = 20_000
"""Cards whose ranks are written in one transaction."""


@dataclass(frozen=True)
class RankedCards:
    """The rankable cards of a run, in the order of their ids, with their places."""

    run_id: int
    card_ids: Integers
    places: Places

    def of_chunk(self, start: int) -> Iterator[list[dict[str, Any]]]:
        """The rows of CHUNK cards from one on, in columns; by the depth of their units."""
        chunk = slice(start, start + CHUNK)
        units, ranks, out_of = self.places.unit[chunk], self.places.rank[chunk], self.places.out_of[chunk]
        depths = np.sum(units != NO_UNIT, axis=1)
        for depth in np.unique(depths).tolist():
            (which,) = np.nonzero(depths == depth)
            ids = self.card_ids[chunk][which].tolist()
            yield [
                {
                    "card_id": ids,
                    "unit_id": units[which, level].tolist(),
                    "run_id": self.run_id,
                    "rank": ranks[which, level].tolist(),
                    "out_of": out_of[which, level].tolist(),
                }
                for level in range(depth)
            ]

    def rows(self) -> Integers:
        """Columns: card, unit, rank, out of; a place each."""
        unit = self.places.unit
        card, _ = at = np.nonzero(unit != NO_UNIT)
        return np.stack([self.card_ids[card], unit[at], self.places.rank[at], self.places.out_of[at]])

    def replace_chunk(self, session: Session, start: int) -> None:
        ids = self.card_ids[start : start + CHUNK]
        of_these = CardRank.card_id.between(int(ids[0]), int(ids[-1]))
        session.execute(sa.delete(CardRank).where(of_these))
        for rows in self.of_chunk(start):
            insert_columns(session.connection(), CardRank.__tablename__, rows)


def store_ranks(database: Database, run_id: int) -> None:
    """Rank a run that nobody sees yet, a part at a time; done twice, it comes to the same.

    A part is replaced in one transaction, and only while the run is being computed: a worker that was
    overtaken takes nothing away from the one that published.
    """
    with database.reading() as session:
        ranked = ranks_of(session, run_id)
    with database.writing_in_parts() as begin:
        for start in range(0, len(ranked.card_ids), CHUNK):
            with begin() as session:
                if not _held_while_computing(session, run_id):
                    return
                ranked.replace_chunk(session, start)
        with begin() as session:
            count_anew(session, Card, CardLine, CardRank)


def _held_while_computing(session: Session, run_id: int) -> bool:
    """Whether the run is still to be published; if so, nobody publishes it before the transaction ends."""
    held = sa.select(ScoreRun.state).where(ScoreRun.id == run_id).with_for_update(key_share=True)
    return session.scalar(held) == RunState.COMPUTING


def ranks_of(session: Session, run_id: int) -> RankedCards:
    """From the stored scores."""
    return _ranked(session, run_id, _scores(session, run_id))


def ranks_with(
    session: Session, run_id: int, changed: Integers, cards: Iterable[Mapping[str, Any]]
) -> RankedCards:
    """From the stored scores, but for the changed cards (by id), in whose place these stand."""
    scores = _scores(session, run_id)
    others = scores[:, ~np.isin(scores[0], changed)]
    instead = [
        (card["id"], card["plan_version_id"], card["unit_id"], int(card["score"].scaleb(2)))
        for card in cards
        if card["rankable"] and card["score"] is not None
    ]
    new = np.array(instead, dtype=np.int64).reshape(len(instead), len(scores)).T
    return _ranked(session, run_id, np.concatenate([others, new], axis=1))


def _scores(session: Session, run_id: int) -> Integers:
    """Of the rankable cards; columns: card, plan version, unit, cents."""
    cents = sa.type_coerce(Card.score, sa.BigInteger)
    return read_integers(
        session,
        sa.select(Card.id, Card.plan_version_id, Card.unit_id, cents)
        .where(Card.run_id == run_id, Card.rankable, Card.score.is_not(None))
        .order_by(Card.id),
    )


def _ranked(session: Session, run_id: int, columns: Integers) -> RankedCards:
    ids, plans, units, cents = columns
    parents = {unit.id: unit.parent_id for unit in session.execute(sa.select(Unit.id, Unit.parent_id))}
    return RankedCards(run_id, ids, rank(plans, units, cents, parents))
