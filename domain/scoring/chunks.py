"""A run is computed, written and dropped in chunks of people: memory and transactions stay small."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.people.model import Person
from domain.scoring.model import Card, CardLine, CardRank

CHUNK = 2_500


@dataclass(frozen=True)
class People:
    """Everybody with an id from `first` to `last`, both included."""

    first: int
    last: int

    def have(self, person_id: InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
        return person_id.between(self.first, self.last)


@dataclass(frozen=True)
class Chunk:
    people: People
    up_to_here: int
    """People in it and in all chunks before."""


def chunks_of_everybody(session: Session, size: int) -> list[Chunk]:
    """Everybody who is known, by id, `size` people a chunk."""
    number = sa.func.row_number().over(order_by=Person.id)
    numbered = sa.select(Person.id, number.label("number"), ((number - 1) // size).label("chunk")).subquery()
    rows = session.execute(
        sa.select(sa.func.min(numbered.c.id), sa.func.max(numbered.c.id), sa.func.max(numbered.c.number))
        .group_by(numbered.c.chunk)
        .order_by(numbered.c.chunk)
    )
    return [Chunk(People(first, last), up_to_here) for first, last, up_to_here in rows]


def drop_cards(session: Session, run_id: int, people: People) -> None:
    """Drop all that a run has of these people."""
    which = sa.and_(Card.run_id == run_id, people.have(Card.person_id))
    ids = sa.select(Card.id).where(which)
    session.execute(sa.delete(CardRank).where(CardRank.card_id.in_(ids)))
    session.execute(sa.delete(CardLine).where(CardLine.card_id.in_(ids)))
    session.execute(sa.delete(Card).where(which))
