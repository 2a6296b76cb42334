"""Which disputes are open, for those who wait for their end: the watch, who closes a period.

And of which a record was corrected after the lock, so that HR is to restate the card or to leave it.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from domain.bulk import is_one_of
from domain.disputes.model import Dispute, DisputeMove, SubjectKind
from domain.disputes.rules import OF_HR
from domain.metrics.model import RecordCorrection
from domain.scoring.model import ScoredPeriod, ScoreRun


def people_with_open_disputes(
    session: Session, person_ids: Collection[int], months: Collection[str] | None = None
) -> set[int]:
    """Those of the people who dispute a line of a card of theirs; of these months alone, where named."""
    found = sa.select(Dispute.owner_id).where(
        is_one_of(session, Dispute.owner_id, list(person_ids)),
        Dispute.subject == SubjectKind.CARD_LINE,
        Dispute.closed_at.is_(None),
    )
    if months is not None:
        found = found.where(Dispute.period.in_(months))
    return set(session.scalars(found))


def waits_for_hr() -> sa.ColumnElement[bool]:
    """Of a dispute: a record was corrected after the lock, and HR has not said what of the card."""
    corrected, settled = aliased(DisputeMove), aliased(DisputeMove)
    later = sa.exists().where(
        settled.dispute_id == corrected.dispute_id, settled.move.in_(OF_HR), settled.id > corrected.id
    )
    return sa.exists().where(
        corrected.dispute_id == Dispute.id,
        RecordCorrection.id == corrected.correction_id,
        ScoredPeriod.key == Dispute.period,
        ScoredPeriod.locked_at.is_not(None),
        ScoreRun.id == ScoredPeriod.published_run_id,
        ScoreRun.load_id < RecordCorrection.load_id,
        ~later,
    )


def is_waiting_for_hr(session: Session, dispute: Dispute) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(Dispute.id == dispute.id, waits_for_hr()))))


def people_waiting_for_hr(session: Session, person_ids: Collection[int], months: Collection[str]) -> set[int]:
    """Those of the people of whose cards of these months HR is to restate one, or to leave it."""
    waiting = sa.select(Dispute.owner_id).where(
        is_one_of(session, Dispute.owner_id, list(person_ids)), Dispute.period.in_(months), waits_for_hr()
    )
    return set(session.scalars(waiting))


def open_disputes_of(session: Session, period: str) -> list[Dispute]:
    """Everybody's open disputes about a period, its cards or its money, the oldest first."""
    return list(
        session.scalars(
            sa.select(Dispute)
            .where(Dispute.period == period, Dispute.closed_at.is_(None))
            .order_by(Dispute.id)
        )
    )
