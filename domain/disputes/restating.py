"""After a record of a locked card was corrected: HR has the card restated, or leaves it and says why.

Until then the owner's alerts about that month wait.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import Clock
from domain.disputes.judging import may_decide
from domain.disputes.model import Dispute
from domain.disputes.moves import keep_move, today_of
from domain.disputes.open_disputes import is_waiting_for_hr, waits_for_hr
from domain.disputes.rules import Move
from domain.disputes.service import moving, require_text
from domain.errors import N_, BadInput, NotAllowed
from domain.periods import Period


def keep_card(session: Session, clock: Clock, viewer: Viewer, dispute_id: int, note: str) -> Dispute:
    """HR leaves the locked card as it is. Raises NotAllowed, or BadInput where nothing is to be decided."""
    dispute = moving(session, dispute_id, Move.KEEP, N_("This dispute is not answered yet."))
    if not may_decide(session, viewer, dispute, today_of(session, clock)):
        raise NotAllowed("Whether this card is restated is for somebody else in HR to say.")
    if not is_waiting_for_hr(session, dispute):
        raise BadInput("HR has decided already what becomes of this card.")
    require_text(note, "note")
    keep_move(session, clock, viewer.person_id, dispute, Move.KEEP, note)
    return dispute


def settle_restated(
    session: Session, clock: Clock, by_id: int | None, person_id: int, period: Period
) -> None:
    """The person's card of the period was restated: what waited for that waits no more.

    Before anything else of the restatement is sealed: rows are held before the audit chain.
    """
    waiting = sa.select(Dispute).where(
        Dispute.owner_id == person_id, Dispute.period == period.key, waits_for_hr()
    )
    for dispute in session.scalars(waiting.order_by(Dispute.id).with_for_update()).all():
        keep_move(session, clock, by_id, dispute, Move.RESTATE, None)
