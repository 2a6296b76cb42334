"""The forms of a dispute: to object, to explain, to correct a record."""

from collections.abc import Sequence

from bot.blocks import closing
from bot.blocks.actions import DisputeRef, SubjectRef
from bot.blocks.closing import Restating
from bot.blocks.dispute_moves import record_line
from bot.blocks.disputes import stands, subject_title
from bot.blocks.inputs import (
    checkboxes,
    choice,
    form,
    labelled,
    long_text,
    number,
    option,
    searched,
)
from bot.blocks.pickers import person_input
from bot.blocks.primitives import Block, Writer, bold, context, section, sections
from domain.closing.restating import LONGEST_REASON
from domain.disputes.correcting import Fix
from domain.disputes.service import MOST_RECORDS
from domain.disputes.subjects import Disputed, Subject
from domain.disputes.views import DisputeView, RecordView

DISPUTE_FORM, EXPLAIN_FORM, CORRECT_FORM = "dispute.form", "dispute.explain_form", "dispute.correct_form"
KEEP_FORM = "dispute.keep_form"

# Block ids: a refusal names the field it is about by the same word.
RECORDS, RECORD, NOTE, EVIDENCE = "records", "record", "note", "evidence"
FIX, VALUE, DONE = "fix", "value", "done"
ANSWERS = "answers"


def dispute_form(writer: Writer, ref: SubjectRef, subject: Subject, about: Disputed, behind: int) -> Block:
    """`behind`: how many records there are to point at."""
    text = writer.language.text
    blocks = [
        section(bold(subject_title(writer, subject)), *stands(writer, about)),
        *([_records(writer)] if behind else []),
        labelled(NOTE, text("What is wrong, and what would be right?"), long_text()),
        labelled(
            EVIDENCE,
            text("Evidence"),
            long_text(),
            optional=True,
            hint=text("Text, and links a line each; of a file in Slack, its link."),
        ),
        context(writer.text("Your manager, or HR, answers within a few working days and sees all of this.")),
    ]
    return form(writer, text("Dispute"), text("Send"), DISPUTE_FORM, blocks, str(ref))


def explain_form(writer: Writer, view: DisputeView) -> Block:
    text = writer.language.text
    blocks = [section(bold(subject_title(writer, view.subject, view.owner_name))), _note(writer)]
    return form(writer, text("Explain"), text("Send"), EXPLAIN_FORM, blocks, str(DisputeRef(view.id)))


def correct_form(writer: Writer, view: DisputeView) -> Block:
    text = writer.language.text
    last = option(text("That is the answer: nothing else is to be corrected"), ANSWERS)
    blocks = [
        section(bold(subject_title(writer, view.subject, view.owner_name))),
        *sections(record_line(writer, one) for one in view.pointed_at),
        labelled(RECORD, text("The record"), searched(text("Day, customer, id or value"))),
        labelled(FIX, text("What is right"), choice(_fixes(writer))),
        labelled(VALUE, text("Right value"), number(), optional=True),
        person_input(writer, text("Whose it is"), optional=True),
        _note(writer),
        labelled(DONE, text("Answer"), checkboxes([last], [last]), optional=True),
    ]
    return form(
        writer, text("Correct a record"), text("Correct"), CORRECT_FORM, blocks, str(DisputeRef(view.id))
    )


def keep_form(writer: Writer, view: DisputeView) -> Block:
    """HR leaves a locked card as it is, although a record was corrected."""
    text = writer.language.text
    told = writer.text("A record behind this card was corrected, and the card stays as it was locked.")
    blocks = [section(bold(subject_title(writer, view.subject, view.owner_name)), told), _note(writer)]
    return form(writer, text("Leave the card"), text("Leave it"), KEEP_FORM, blocks, str(DisputeRef(view.id)))


def restate_form(writer: Writer, view: DisputeView) -> Block:
    """The form to restate a card, of the disputed one, with what was corrected as the reason."""
    notes = [made.note for made in view.moves if made.correction is not None and made.note]
    because = writer.language.text("A record was corrected after a dispute: {note}", note=" ".join(notes))
    filled = Restating(view.employee_id, view.subject.period, because[:LONGEST_REASON])
    return closing.restate_form(writer, filled)


def record_options(writer: Writer, records: Sequence[RecordView]) -> list[Block]:
    """To choose from, by the row's id."""
    return [
        option(
            writer.language.text(
                "{day}: {value} {measure}",
                day=writer.language.date(one.occurred_on),
                value=writer.language.number(one.value, 4),
                measure=writer.language.label(one.measure),
            ),
            str(one.id),
            " ".join(filter(None, (one.record_id, one.customer_id))),
        )
        for one in records
    ]


def _records(writer: Writer) -> Block:
    text = writer.language.text
    element = searched(text("Day, customer, id or value"), several=MOST_RECORDS)
    return labelled(
        RECORDS,
        text("Which records?"),
        element,
        optional=True,
        hint=text("Leave it empty where a record is missing."),
    )


def _fixes(writer: Writer) -> list[Block]:
    text = writer.language.text
    return [
        option(text("It has another value"), Fix.VALUE),
        option(text("It is somebody else's"), Fix.PERSON),
        option(text("It should not be there"), Fix.WITHDRAWN),
    ]


def _note(writer: Writer) -> Block:
    kept = writer.language.text("The other side reads it, and it is kept.")
    return labelled(NOTE, writer.language.text("Why"), long_text(), hint=kept)
