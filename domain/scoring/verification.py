"""Proving a locked period: computed again from its inputs, it must come out the same to the last digit."""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.periods import Period
from domain.scoring.model import Card, CardLine, CardRank, ScoredPeriod, ScoreRun
from domain.scoring.service import chunks_of, computed_cards, inputs_of, ranks_of

Columns = dict[str, Any]


def verify(session: Session, period: Period, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """The differences between a locked period and the same computed again, a sentence each; none: it holds.

    Raises NotFound where the period is not locked.
    """
    scored = session.get(ScoredPeriod, period.key)
    if scored is None or scored.locked_at is None or scored.published_run_id is None:
        raise NotFound("{period} is not locked: only a locked period can be verified.", period=period.key)
    run = session.get_one(ScoreRun, scored.published_run_id)
    roster = inputs_of(session, run).roster()
    stored = set(session.scalars(sa.select(Card.person_id).where(Card.run_id == run.id)))
    differences = [f"person {person_id}: a card too many" for person_id in sorted(stored - set(roster))]
    for done, chunk in chunks_of(roster):
        differences += _chunk_differences(session, run, chunk)
        if progress:
            progress(done, len(roster))
    if _stored_ranks(session, run.id) != sorted(ranks_of(session, run.id), key=_rank_order):
        differences.append("the ranks do not follow from the scores")
    return differences


def _chunk_differences(session: Session, run: ScoreRun, chunk: list[int]) -> Iterator[str]:
    stored = _stored_cards(session, run.id, chunk)
    for card, lines in computed_cards(session, run, chunk):
        person_id = card["person_id"]
        if person_id not in stored:
            yield f"person {person_id}: no card"
            continue
        stored_card, stored_lines = stored[person_id]
        for column in card:
            if stored_card[column] != card[column]:
                yield f"person {person_id}: {column} is {stored_card[column]}, computed {card[column]}"
        if stored_lines != lines:
            yield f"person {person_id}: the lines differ"


def _stored_cards(
    session: Session, run_id: int, chunk: list[int]
) -> dict[int, tuple[Columns, list[Columns]]]:
    cards = session.scalars(sa.select(Card).where(Card.run_id == run_id, Card.person_id.in_(chunk))).all()
    lines: dict[int, list[Columns]] = {card.id: [] for card in cards}
    for line in session.scalars(
        sa.select(CardLine)
        .where(CardLine.card_id.in_(list(lines)))
        .order_by(CardLine.card_id, CardLine.position)
    ):
        lines[line.card_id].append(_columns(line, without={"card_id"}))
    return {card.person_id: (_columns(card, without={"id", "run_id"}), lines[card.id]) for card in cards}


def _stored_ranks(session: Session, run_id: int) -> list[Columns]:
    rows = session.scalars(sa.select(CardRank).where(CardRank.run_id == run_id))
    return sorted((_columns(row, without=set()) for row in rows), key=_rank_order)


def _rank_order(rank: Columns) -> tuple[int, int]:
    return rank["card_id"], rank["unit_id"]


def _columns(row: Card | CardLine | CardRank, without: set[str]) -> Columns:
    return {
        column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in without
    }
