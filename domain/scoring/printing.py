"""Cards as rows of text: what the command line prints, and what a second implementation can be held against.

Columns are those of scoring's contract. Decimals are plain: scores and contributions with 2 places, readings
with 6, points with 4, actuals with 4, targets with 2; empty where there is none.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.people.model import Person, Unit
from domain.periods import Period
from domain.scoring.model import Card, CardLine, CardRank
from domain.scoring.published import published_run

AT_ONCE = 10_000
"""Rows in memory, however many there are."""

SCORE_COLUMNS = ("employee_id", "status", "score", "tier", "miss", "ranks", "unranked_because")
LINE_COLUMNS = (
    "employee_id",
    "kind",
    "name",
    "actual",
    "target",
    "reading",
    "points",
    "weight",
    "contribution",
    "status",
)


def published_cards(session: Session, period: Period) -> int:
    """How many there are. Raises NotFound for a period not scored."""
    number = sa.select(sa.func.count()).where(Card.run_id == _scored_by(session, period))
    return session.scalar(number) or 0


def score_rows(session: Session, period: Period) -> Iterator[dict[str, str]]:
    """A row per card, by employee id; every rank is shown. Raises NotFound for a period not scored."""
    run_id = _scored_by(session, period)
    card_and_rank = (
        sa.select(
            Person.employee_id,
            Card.status,
            Card.score,
            Card.tier,
            Card.miss,
            Card.unranked_because,
            Unit.path,
            CardRank.rank,
        )
        .join(Person, Person.id == Card.person_id)
        .outerjoin(CardRank, CardRank.card_id == Card.id)
        .outerjoin(Unit, Unit.id == CardRank.unit_id)
        .where(Card.run_id == run_id)
        .order_by(_in_the_order_of_code_points(session, Person.employee_id), sa.func.length(Unit.path))
    )
    return _scores(session, card_and_rank)


def _scores(session: Session, card_and_rank: sa.Select[*tuple[Any, ...]]) -> Iterator[dict[str, str]]:
    rows = session.execute(card_and_rank.execution_options(yield_per=AT_ONCE))
    for employee_id, of_card in groupby(rows, key=lambda row: row.employee_id):
        placed = list(of_card)
        card = placed[0]
        yield {
            "employee_id": employee_id,
            "status": card.status,
            "score": _plain(card.score),
            "tier": card.tier or "",
            "miss": card.miss or "",
            "ranks": ";".join(f"{row.path}={row.rank}" for row in placed if row.path is not None),
            "unranked_because": card.unranked_because or "",
        }


def line_rows(session: Session, period: Period) -> Iterator[dict[str, str]]:
    """A row per line of each card, by employee id, in the plan's order. Raises NotFound."""
    run_id = _scored_by(session, period)
    lines = (
        sa.select(Person.employee_id, *(getattr(CardLine, column) for column in LINE_COLUMNS[1:]))
        .join(Card, Card.id == CardLine.card_id)
        .join(Person, Person.id == Card.person_id)
        .where(Card.run_id == run_id)
        .order_by(_in_the_order_of_code_points(session, Person.employee_id), CardLine.position)
    )
    return _lines(session, lines)


def _lines(session: Session, lines: sa.Select[*tuple[Any, ...]]) -> Iterator[dict[str, str]]:
    for row in session.execute(lines.execution_options(yield_per=AT_ONCE)).mappings():
        yield {
            column: _plain(value) if value is None or isinstance(value, Decimal) else str(value)
            for column, value in row.items()
        }


def _scored_by(session: Session, period: Period) -> int:
    run = published_run(session, period)
    if run is None:
        raise NotFound(
            "{period} has not been scored: run `pacesetter score {period}` first.", period=period.key
        )
    return run.id


def _in_the_order_of_code_points(
    session: Session, text: sa.orm.InstrumentedAttribute[str]
) -> sa.ColumnElement[str]:
    """Whatever the database's language: the same on every one."""
    return sa.collate(text, "BINARY" if session.get_bind().dialect.name == "sqlite" else "C")


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"
