"""Which disputes are open, for those who wait for their end: the watch, who closes a period."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.bulk import is_one_of
from domain.disputes.model import Dispute, SubjectKind


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


def open_disputes_of(session: Session, period: str) -> list[Dispute]:
    """Everybody's open disputes about a period, its cards or its money, the oldest first."""
    return list(
        session.scalars(
            sa.select(Dispute)
            .where(Dispute.period == period, Dispute.closed_at.is_(None))
            .order_by(Dispute.id)
        )
    )
