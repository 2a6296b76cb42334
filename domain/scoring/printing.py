"""Cards as rows of text: what the command line prints, and what a second implementation can be held against.

Columns are those of scoring's contract. Decimals are plain: scores and contributions with 2 places, readings
with 6, points with 4, actuals with 4, targets with 2; empty where there is none.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.people.model import Person, Unit
from domain.periods import Period
from domain.scoring.model import Card, CardLine, CardRank, ScoredPeriod

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


def score_rows(session: Session, period: Period) -> Iterator[dict[str, str]]:
    """A row per card, by employee id; every rank is shown. Raises NotFound for a period not scored."""
    run_id = _published_run(session, period)
    ranks: dict[int, list[tuple[str, int]]] = defaultdict(list)
    placed = (
        sa.select(CardRank, Unit).join(Unit, Unit.id == CardRank.unit_id).where(CardRank.run_id == run_id)
    )
    for rank, unit in session.execute(placed):
        ranks[rank.card_id].append((unit.path, rank.rank))
    for card, employee_id in _cards(session, run_id):
        yield {
            "employee_id": employee_id,
            "status": card.status,
            "score": _plain(card.score),
            "tier": card.tier or "",
            "miss": card.miss or "",
            "ranks": ";".join(f"{path}={rank}" for path, rank in sorted(ranks[card.id], key=_root_first)),
            "unranked_because": card.unranked_because or "",
        }


def line_rows(session: Session, period: Period) -> Iterator[dict[str, str]]:
    """A row per line of each card, by employee id, in the plan's order. Raises NotFound."""
    run_id = _published_run(session, period)
    lines: dict[int, list[CardLine]] = defaultdict(list)
    stored = sa.select(CardLine).join(Card, Card.id == CardLine.card_id).where(Card.run_id == run_id)
    for line in session.scalars(stored.order_by(CardLine.position)):
        lines[line.card_id].append(line)
    for card, employee_id in _cards(session, run_id):
        for line in lines[card.id]:
            yield {
                "employee_id": employee_id,
                "kind": line.kind,
                "name": line.name,
                "actual": _plain(line.actual),
                "target": _plain(line.target),
                "reading": _plain(line.reading),
                "points": _plain(line.points),
                "weight": _plain(line.weight),
                "contribution": _plain(line.contribution),
                "status": line.status,
            }


def _cards(session: Session, run_id: int) -> list[tuple[Card, str]]:
    rows = session.execute(
        sa.select(Card, Person.employee_id)
        .join(Person, Person.id == Card.person_id)
        .where(Card.run_id == run_id)
    )
    return sorted(((card, employee_id) for card, employee_id in rows), key=lambda row: row[1])


def _published_run(session: Session, period: Period) -> int:
    scored = session.get(ScoredPeriod, period.key)
    if scored is None or scored.published_run_id is None:
        raise NotFound(
            "{period} has not been scored: run `pacesetter score {period}` first.", period=period.key
        )
    return scored.published_run_id


def _root_first(place: tuple[str, int]) -> tuple[int, str]:
    return place[0].count("/"), place[0]


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"
