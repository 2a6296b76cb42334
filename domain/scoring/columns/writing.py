"""From columns of cards to rows of the tables, a statement for all cards of the same shape.

Of the same shape are cards that have the same columns filled and the same reason for having no place: what
they have in common need not be handed over for each of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from domain.bulk import insert_columns
from domain.scoring.columns.rules_cards import MISSES, NONE, REASONS, Cards, Setting
from domain.scoring.columns.rules_integers import READING_PLACES, Flags, Integers
from domain.scoring.columns.rules_lines import DeductionLines, IndicatorLines
from domain.scoring.columns.rules_plan import SCORE_PLACES
from domain.scoring.model import PEOPLE_IN_A_RUN, Card, CardLine
from domain.scoring.rules_cards import LineKind, LineStatus
from domain.scoring.rules_kept import unranked_text
from domain.scoring.rules_lines import FLOOR

Row = dict[str, Any]
"""Columns as lists; what is the same for all of them as it is."""


@dataclass(frozen=True)
class CardsOfAPlan:
    """Computed cards, ready to be written: those not `unsure`."""

    run_id: int
    plan_version_id: int
    setting: Setting
    person: Integers
    unit: Integers
    cards: Cards
    digests: Sequence[str]

    def write(self, session: Session) -> None:
        for card, lines in self.rows():
            insert_columns(session.connection(), Card.__tablename__, [card])
            insert_columns(session.connection(), CardLine.__tablename__, lines)

    def rows(self) -> Iterator[tuple[Row, list[Row]]]:
        """The cards of each shape, and their lines."""
        for shape in self._shapes():
            ids = (self.run_id * PEOPLE_IN_A_RUN + self.person[shape]).tolist()
            yield self._card_row(shape, ids), list(self._line_rows(shape, ids))

    def _shapes(self) -> Iterator[Integers]:
        """The rows of each shape."""
        cards = self.cards
        shape = cards.unranked
        for flags in (cards.scored, cards.floor > 0, *_flags_of_lines(cards.indicators)):
            shape = np.unique(2 * shape + flags, return_inverse=True)[1]
        order = np.argsort(shape, kind="stable")
        order = order[~cards.unsure[order]]
        starts = np.flatnonzero(np.diff(shape[order])) + 1
        yield from (rows for rows in np.split(order, starts) if len(rows))

    def _card_row(self, shape: Integers, ids: list[int]) -> Row:
        setting, cards = self.setting, self.cards
        first = shape[0]
        scored, running = bool(cards.scored[first]), setting.window.is_running
        tiers = [tier.name for tier in setting.plan.plan.tiers]
        misses = [str(miss) for miss in MISSES]
        reason = None if cards.unranked[first] == NONE else REASONS[cards.unranked[first]]
        return {
            "id": ids,
            "run_id": self.run_id,
            "person_id": self.person[shape].tolist(),
            "plan_version_id": self.plan_version_id,
            "unit_id": self.unit[shape].tolist(),
            "status": str(setting.status if scored else setting.status_without_score),
            "score": cards.score[shape].tolist() if scored else None,
            "tier": [tiers[level] for level in cards.tier[shape]] if scored and not running else None,
            "miss": None if running else [misses[code] for code in cards.miss[shape]],
            "rankable": reason is None,
            "unranked_because": unranked_text(reason, setting.window.missing),
            "eligible_days": cards.eligible[shape].tolist(),
            "days": setting.window.days,
            "as_of_day": setting.window.last if running else None,
            "inputs_digest": [self.digests[row] for row in shape],
        }

    def _line_rows(self, shape: Integers, ids: list[int]) -> Iterator[Row]:
        """A row for each line that the cards have."""
        cards = self.cards
        scored = bool(cards.scored[shape[0]])
        lines = [
            *(self._indicator(line, shape, scored) for line in cards.indicators),
            *(self._deduction(line, shape, scored) for line in cards.deductions),
        ]
        if scored and cards.floor[shape[0]] > 0:
            lines.append(_line(LineKind.FLOOR, FLOOR, contribution=texts(cards.floor[shape], SCORE_PLACES)))
        for position, line in enumerate(lines):
            yield {"card_id": ids, "position": position, **line}

    def _indicator(self, line: IndicatorLines, shape: Integers, scored: bool) -> Row:
        indicator = line.scaled.indicator
        there = line.target is not None and bool(line.target.there[shape[0]])
        target = line.target.cents[shape].tolist() if line.target and there else None
        known = _line(LineKind.INDICATOR, indicator.name, target=target, weight=str(indicator.weight))
        if not line.known:
            return {**known, "status": str(LineStatus.UNKNOWN)}
        known["actual"] = line.actual[shape].tolist()
        if line.denominator is not None:
            known["denominator"] = line.denominator[shape].tolist()
        if not line.assessed[shape[0]]:
            return {**known, "status": str(LineStatus.NOT_ASSESSED)}
        known["reading"] = texts(line.reading.printed[shape], READING_PLACES)
        known["points"] = line.points[shape].tolist()
        if scored:
            contribution = line.contribution(self.cards.assessed_weight)
            known["contribution"] = texts(contribution[shape], SCORE_PLACES)
        return known

    def _deduction(self, line: DeductionLines, shape: Integers, scored: bool) -> Row:
        deduction = line.scaled.deduction
        if not line.known:
            return _line(LineKind.DEDUCTION, deduction.name, status=str(LineStatus.UNKNOWN))
        return _line(
            LineKind.DEDUCTION,
            deduction.name,
            actual=line.actual[shape].tolist(),
            points=line.scaled.points,
            contribution=texts(-line.taken[shape], SCORE_PLACES) if scored else None,
        )


def _flags_of_lines(lines: Sequence[IndicatorLines]) -> Iterator[Flags]:
    for line in lines:
        yield line.assessed
        if line.target is not None:
            yield line.target.there


def _line(kind: LineKind, name: str, **columns: Any) -> Row:
    """The columns of `model.CardLine` but for its card and position."""
    nothing = dict.fromkeys(
        ("actual", "denominator", "target", "reading", "points", "weight", "contribution")
    )
    return {"kind": str(kind), "name": name, **nothing, "status": str(LineStatus.ASSESSED), **columns}


def texts(numbers: Integers, places: int) -> list[str]:
    """Whole numbers of 10^-places as decimals: 1234 with 2 places is 12.34."""
    whole, rest = np.divmod(np.abs(numbers), 10**places)
    plain = [f"{one}.{digits:0{places}}" for one, digits in zip(whole.tolist(), rest.tolist(), strict=True)]
    if np.all(numbers >= 0):
        return plain
    return [f"-{text}" if number < 0 else text for number, text in zip(numbers, plain, strict=True)]
