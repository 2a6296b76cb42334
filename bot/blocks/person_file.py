"""A person's file: rewards and sanctions, to read; for HR, to write into."""

from collections.abc import Iterator

from bot.blocks.actions import FileRef, SubjectRef
from bot.blocks.disputes import dispute_button
from bot.blocks.inputs import choice, day, form, labelled, long_text, option, short_text
from bot.blocks.paging import ROWS_WITH_BUTTONS, page_buttons, page_of
from bot.blocks.pickers import person_input
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    join,
    message,
    modal,
    section,
)
from bot.blocks.recognition import award
from domain.disputes.model import SubjectKind
from domain.recognition.file import EntryView, FileNews, FileView
from domain.recognition.model import EntryKind

OPEN, PAGE, CHOOSE, ADD, WITHDRAW = "file.open", "file.page", "file.choose", "file.add", "file.withdraw"
ADD_FORM, CHOOSE_FORM, WITHDRAW_FORM = "file.add_form", "file.choose_form", "file.withdraw_form"

# Block ids: a refusal names the field it is about by the same word.
KIND, TITLE, ON_DAY, REASON, EVIDENCE = "kind", "title", "on_day", "reason", "evidence"


def file_button(writer: Writer, person_id: int, *, is_own: bool) -> Block:
    text = writer.language.text("My file") if is_own else writer.language.text("File")
    return button(text, OPEN, str(FileRef(person_id)))


def hr_part(writer: Writer) -> list[Block]:
    """For HR, in /hr."""
    text = writer.language.text
    heading = section(bold(writer.text("Rewards and sanctions")))
    return [
        heading,
        actions(button(text("Add an entry"), ADD, "hr"), button(text("Look at a file"), CHOOSE, "hr")),
    ]


def file_window(writer: Writer, view: FileView, page_number: int = 1) -> Block:
    """The newest first; HR may withdraw, the person object."""
    page = page_of(view.entries, page_number, ROWS_WITH_BUTTONS)
    who = writer.text("{name} ({employee_id})", name=view.name, employee_id=view.employee_id)
    blocks = [section(bold(who))]
    blocks += [_row(writer, view, one) for one in page.items]
    if not view.entries:
        blocks.append(section(writer.text("There is no entry in this file.")))
    blocks += page_buttons(writer, page, PAGE, str(FileRef(view.person_id)))
    blocks.append(
        context(writer.text("The person, those above and HR read this. Nothing in it is ever deleted."))
    )
    return modal(writer, writer.language.text("File"), blocks)


def file_message(writer: Writer, entry: EntryView, news: FileNews) -> Message:
    """To the person: what was written, and how to object."""
    heading = _heading(writer, entry, news)
    blocks = [section(bold(heading), *_entry(writer, entry))]
    if news is FileNews.ADDED and entry.withdrawn_because is None:
        blocks.append(actions(dispute_button(writer, _subject(entry))))
        blocks.append(
            context(writer.text("If it is wrong, dispute it: another one of HR answers where there is one."))
        )
    return message(writer, heading, blocks)


def add_form(writer: Writer) -> Block:
    text = writer.language.text
    kinds = [option(text("A reward"), EntryKind.REWARD), option(text("A sanction"), EntryKind.SANCTION)]
    blocks = [
        person_input(writer, text("Person")),
        labelled(KIND, text("What it is"), choice(kinds)),
        labelled(TITLE, text("In a few words"), short_text()),
        labelled(ON_DAY, text("Day"), day()),
        labelled(REASON, text("Why"), long_text(), hint=text("The person reads it, and it is kept.")),
        labelled(EVIDENCE, text("Evidence"), long_text(), optional=True),
    ]
    return form(writer, text("Add an entry"), text("Write"), ADD_FORM, blocks)


def choose_form(writer: Writer) -> Block:
    text = writer.language.text
    return form(writer, text("File"), text("Look"), CHOOSE_FORM, [person_input(writer, text("Person"))])


def withdraw_form(writer: Writer, entry: EntryView) -> Block:
    text = writer.language.text
    why = labelled(REASON, text("Why"), long_text(), hint=text("The person reads it, and it is kept."))
    blocks = [section(*_entry(writer, entry)), why]
    return form(writer, text("Withdraw"), text("Withdraw"), WITHDRAW_FORM, blocks, str(FileRef(entry.id)))


def _row(writer: Writer, view: FileView, entry: EntryView) -> Block:
    told = join(_entry(writer, entry))
    if entry.withdrawn_because is not None:
        return section(told)
    if view.may_keep:
        withdraw = button(writer.language.text("Withdraw"), WITHDRAW, str(FileRef(entry.id)))
        return section(told, button=withdraw)
    return section(told, button=dispute_button(writer, _subject(entry))) if view.is_own else section(told)


def _subject(entry: EntryView) -> SubjectRef:
    return SubjectRef(SubjectKind.FILE_ENTRY, str(entry.id))


def _heading(writer: Writer, entry: EntryView, news: FileNews) -> Mrkdwn:
    if news is FileNews.WITHDRAWN:
        return writer.text("An entry of your file is withdrawn")
    if entry.kind is EntryKind.REWARD:
        return writer.text("A reward stands in your file")
    return writer.text("A sanction stands in your file")


def _entry(writer: Writer, entry: EntryView) -> Iterator[Mrkdwn]:
    on_day = writer.language.date(entry.on_day)
    if entry.award is not None:
        won = award(writer, entry.award.kind, entry.award.indicator, entry.award.unit)
        yield writer.text("Reward, {month}: {award}", month=entry.award.month, award=won)
    elif entry.kind is EntryKind.REWARD:
        yield writer.text("Reward, {day}: *{title}*", day=on_day, title=entry.title)
    else:
        yield writer.text("Sanction, {day}: *{title}*", day=on_day, title=entry.title)
    if entry.withdrawn_because is not None:  # first: a long reason may be cut behind it
        yield writer.text("*Withdrawn:* {reason}", reason=entry.withdrawn_because)
    if entry.award is None:
        yield writer.text("“{note}”", note=entry.reason)
        yield writer.text("Entered by {person}.", person=entry.by_name)
    if entry.evidence:
        yield writer.text("Evidence: {evidence}", evidence=entry.evidence)
