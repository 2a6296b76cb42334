"""What was said and done in a dispute, move by move, and the records that it is about."""

import re
from collections.abc import Iterator

from bot.blocks.primitives import Mrkdwn, Writer, join
from domain.disputes.rules import Move
from domain.disputes.views import CorrectionView, DisputeView, MoveView, RecordView
from domain.errors import N_

MOST_LINKS = 5
_WEB_ADDRESS = re.compile(
    r"https://[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?(?:/[a-z0-9/._~%+&=?#,;:@-]{0,2000})?", re.IGNORECASE
)
EXACT = 4
_TOLD = {
    Move.DISPUTE: N_("{person} disputed it."),
    Move.EXPLAIN: N_("{person} explained it."),
    Move.CORRECT: N_("{person} corrected a record."),
    Move.CORRECT_PART: N_("{person} corrected a record."),
    Move.ESCALATE: N_("{person} passed it up."),
    Move.WITHDRAW: N_("{person} withdrew it."),
    Move.RESTATE: N_("{person} restated the card."),
    Move.KEEP: N_("{person} left the locked card as it is."),
}
_OF_NOBODY = {
    Move.ESCALATE: N_("Nobody answered in time: it was passed up."),
    Move.RESTATE: N_("The card was restated."),
}
"""By the clock, or from the command line."""


def move_lines(writer: Writer, made: MoveView) -> Iterator[Mrkdwn]:
    if made.by_name is None:
        told = writer.text(_OF_NOBODY[made.move])
    else:
        told = writer.text(_TOLD[made.move], person=made.by_name)
    yield told if not made.note else join([told, writer.text("“{note}”", note=made.note)], " ")
    if made.correction is not None:
        yield _correction(writer, made.correction)
    if made.evidence:
        yield writer.text("Evidence: {evidence}", evidence=made.evidence)


def _correction(writer: Writer, made: CorrectionView) -> Mrkdwn:
    before = record_line(writer, made.before)
    if made.new_value is None:
        return writer.text("{record}: withdrawn.", record=before)
    if made.given_to is not None:
        return writer.text("{record}: belongs to {person}.", record=before, person=made.given_to)
    new = writer.language.number(made.new_value, EXACT)
    return writer.text("{record}: now *{value}*.", record=before, value=new)


def record_line(writer: Writer, record: RecordView) -> Mrkdwn:
    return writer.text(
        "{day}: {measure} *{value}* {details}",
        day=writer.language.date(record.occurred_on),
        measure=writer.label(record.measure),
        value=writer.language.number(record.value, EXACT),
        details=_details(writer, record),
    )


def _details(writer: Writer, record: RecordView) -> Mrkdwn:
    if record.customer_id is None:
        return writer.text("(record {record_id} of {source})", **_identity(record))
    return writer.text(
        "(record {record_id} of {source}, customer {customer})",
        customer=record.customer_id,
        **_identity(record),
    )


def _identity(record: RecordView) -> dict[str, object]:
    return {"record_id": record.record_id, "source": record.source}


def links_of(view: DisputeView) -> list[str]:
    """Addresses in the evidence, a line each."""
    lines = [line.strip() for made in view.moves for line in (made.evidence or "").splitlines()]
    found = dict.fromkeys(line for line in lines if _WEB_ADDRESS.fullmatch(line))
    return list(found)[:MOST_LINKS]
