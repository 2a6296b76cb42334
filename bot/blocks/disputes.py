"""Disputes: what somebody objects to, with the records behind it, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.blocks.actions import CardRef, DisputeRef, SubjectRef
from bot.blocks.dispute_moves import EXACT, links_of, move_lines, record_line
from bot.blocks.inputs import short_key
from bot.blocks.paging import ROWS_OF_TEXT, page_buttons, page_of
from bot.blocks.pay_words import line_in_words
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    divider,
    join,
    message,
    modal,
    section,
    sections,
)
from bot.blocks.recognition import award
from domain.disputes.model import SubjectKind
from domain.disputes.posts import News
from domain.disputes.rules import DisputeState, Move
from domain.disputes.subjects import Disputed, EntryView, Subject, lines_to_dispute
from domain.disputes.views import DisputeView, OpenDispute, RecordView
from domain.errors import Refusal
from domain.periods import Period
from domain.scoring.views import CardView

LINES, OPEN, LOOK = "dispute.lines", "dispute.open", "dispute.look"
RECORDS, RECORDS_PAGE = "dispute.records", "dispute.records_page"
EXPLAIN, CORRECT, ESCALATE, WITHDRAW = (
    "dispute.explain",
    "dispute.correct",
    "dispute.escalate",
    "dispute.withdraw",
)
RESTATE, KEEP = "dispute.restate", "dispute.keep"
QUEUE, QUEUE_PAGE = "dispute.queue", "dispute.queue_page"
OWN, OWN_PAGE = "dispute.own", "dispute.own_page"
LINK = "dispute.link"
SHOWN_AT_ONCE = 3
"""Disputes in a list that stands among other things."""


def lines_button(writer: Writer, card: CardRef) -> Block:
    """On the own card."""
    return button(writer.language.text("Dispute a line"), LINES, str(card))


def dispute_button(writer: Writer, what: SubjectRef) -> Block:
    """Beside one thing that the reader may dispute."""
    return button(writer.language.text("Dispute"), OPEN, str(what))


def lines_window(writer: Writer, card: CardView, open_ones: Mapping[str, OpenDispute]) -> Block:
    """The lines of the own card to choose from; what is disputed already is there to look at."""
    said = writer.text("Which line do you find wrong? You see the records behind it next.")
    blocks = [section(bold(writer.language.period(card.period)), said)]
    for line in lines_to_dispute(card):
        ref = SubjectRef(SubjectKind.CARD_LINE, short_key(line.name), card.period)
        name = bold(writer.label(line.name))
        if (disputed := open_ones.get(line.name)) is not None:
            look = button(writer.language.text("Look"), LOOK, str(DisputeRef(disputed.id)))
            blocks.append(section(join([name, mark(writer, disputed.due_on)], " "), button=look))
        else:
            blocks.append(section(name, button=dispute_button(writer, ref)))
    return modal(writer, writer.language.text("Dispute a line"), blocks)


def mark(writer: Writer, due_on: date) -> Mrkdwn:
    """Behind a line that is disputed."""
    return writer.text("disputed, answer due {day}", day=writer.language.date(due_on))


def dispute_message(writer: Writer, view: DisputeView, news: News) -> Message:
    heading = _heading(writer, view, news)
    return message(writer, heading, [section(bold(heading)), *dispute_blocks(writer, view)])


def dispute_window(writer: Writer, view: DisputeView) -> Block:
    title = section(bold(subject_title(writer, view.subject, view.owner_name)))
    return modal(writer, writer.language.text("Dispute"), [title, *dispute_blocks(writer, view)])


def refused_window(writer: Writer, refused: Refusal, typed: Sequence[str]) -> Block:
    """In place of a form that cannot be sent any more: why, and what was written, to be copied."""
    blocks = [section(writer.refusal(refused))]
    if typed:
        blocks += [
            section(bold(writer.text("What you wrote:"))),
            *sections(writer.text("“{note}”", note=text) for text in typed),
        ]
    return modal(writer, writer.language.text("Dispute"), blocks)


def dispute_blocks(writer: Writer, view: DisputeView) -> list[Block]:
    blocks = [section(*_what_stands(writer, view)), *_records(writer, view), divider()]
    blocks += sections(line for made in view.moves for line in move_lines(writer, made))
    if links := _links(view):
        blocks.append(actions(*links))
    if view.may:
        blocks.append(actions(*_buttons(writer, view)))
    if view.state is DisputeState.OPEN:
        blocks.append(context(_due(writer, view)))
    elif Move.RESTATE in view.may:
        waits = (
            "Its month is locked: the card changes only if you restate it. Alerts about it wait until then."
        )
        blocks.append(context(writer.text(waits)))
    return blocks


def given_message(writer: Writer, facts: Mapping[str, str]) -> Message:
    """To who was given a record. Facts: see `GIVEN_POST`."""
    heading = writer.text("A record is yours now")
    told = writer.text(
        "{measure} {value} of {day}: it stood on somebody else's card of {period}, and counts for you now.",
        measure=writer.label(facts["measure"]),
        value=facts["value"],
        day=writer.language.date(date.fromisoformat(facts["occurred_on"])),
        period=Period.parse(facts["period"]),
    )
    return message(writer, heading, [section(bold(heading), told)])


def records_window(
    writer: Writer, view: DisputeView, records: Sequence[RecordView], page_number: int = 1
) -> Block:
    """All records behind the line, those that were pointed at first."""
    page = page_of(records, page_number, ROWS_OF_TEXT)
    title = bold(subject_title(writer, view.subject, view.owner_name))
    if not records:
        rows = [section(title), section(writer.text("There is no record behind it."))]
    else:
        rows = [section(title), *sections(record_line(writer, one) for one in page.items)]
    rows += page_buttons(writer, page, RECORDS_PAGE, str(view.id))
    return modal(writer, writer.language.text("Records"), rows)


def queue_blocks(writer: Writer, waiting: Sequence[OpenDispute]) -> list[Block]:
    """As `queue_rows`, below other things."""
    return [divider(), *queue_rows(writer, waiting)] if waiting else []


def queue_rows(writer: Writer, waiting: Sequence[OpenDispute]) -> list[Block]:
    """What waits for the reader's answer, the most urgent; nothing where nothing does."""
    if not waiting:
        return []
    blocks = [section(bold(writer.text("Disputes that wait for your answer")))]
    blocks += [_row(writer, one) for one in waiting[:SHOWN_AT_ONCE]]
    if len(waiting) > SHOWN_AT_ONCE:
        more = writer.language.text("All {n}", n=len(waiting))
        blocks.append(actions(button(more, QUEUE, "queue")))
    return blocks


def queue_window(writer: Writer, waiting: Sequence[OpenDispute], page_number: int = 1) -> Block:
    page = page_of(waiting, page_number, ROWS_OF_TEXT)
    rows = [_row(writer, one) for one in page.items]
    empty = [section(writer.text("No dispute waits for your answer."))]
    rows = [*(rows or empty), *page_buttons(writer, page, QUEUE_PAGE, "queue")]
    return modal(writer, writer.language.text("Disputes"), rows)


def queue_line(writer: Writer, waiting: int) -> list[Block]:
    """Among other things: how many wait for the reader's answer; nothing where none does."""
    if not waiting:
        return []
    told = writer.plural("{n} dispute waits for your answer.", "{n} disputes wait for your answer.", waiting)
    return [section(told, button=button(writer.language.text("Look"), QUEUE, "queue"))]


def own_blocks(writer: Writer, own: Sequence[OpenDispute]) -> list[Block]:
    """The reader's own open disputes, among other things; nothing where there is none."""
    if not own:
        return []
    blocks = [divider(), section(bold(writer.text("What you dispute")))]
    blocks += [_row(writer, one, is_own=True) for one in own[:SHOWN_AT_ONCE]]
    if len(own) > SHOWN_AT_ONCE:
        everything = button(writer.language.text("All {n}", n=len(own)), OWN, "own")
        more = writer.plural("and {n} more", "and {n} more", len(own) - SHOWN_AT_ONCE)
        blocks.append(section(more, button=everything))
    return blocks


def own_window(writer: Writer, own: Sequence[OpenDispute], page_number: int = 1) -> Block:
    page = page_of(own, page_number, ROWS_OF_TEXT)
    rows = [_row(writer, one, is_own=True) for one in page.items]
    empty = [section(writer.text("You dispute nothing."))]
    rows = [*(rows or empty), *page_buttons(writer, page, OWN_PAGE, "own")]
    return modal(writer, writer.language.text("Disputes"), rows)


def subject_title(writer: Writer, subject: Subject, owner: str | None = None) -> Mrkdwn:
    """Without an owner: to the owner."""
    match subject.kind:
        case SubjectKind.CARD_LINE:
            what = writer.label(subject.name)
        case SubjectKind.LEDGER_LINE:
            what = writer.text("a line of pay")
        case SubjectKind.FILE_ENTRY:
            what = writer.text("an entry of the file")
    if owner is None:
        return writer.text("{what}, {period}", what=what, period=subject.period)
    return writer.text("{owner}: {what}, {period}", owner=owner, what=what, period=subject.period)


def _row(writer: Writer, one: OpenDispute, *, is_own: bool = False) -> Block:
    look = button(writer.language.text("Look"), LOOK, str(DisputeRef(one.id)))
    subject = Subject(one.kind, one.owner_id, one.period, one.name)
    owner = None if is_own else one.owner_name
    if one.is_answered:
        due = writer.text("a record was corrected: restate the card, or leave it")
    else:
        due = writer.text("answer due {day}", day=writer.language.date(one.due_on))
    return section(join([subject_title(writer, subject, owner), due], "\n"), button=look)


def _heading(writer: Writer, view: DisputeView, news: News) -> Mrkdwn:
    title = subject_title(writer, view.subject, view.owner_name)
    match news:
        case News.OPENED:
            return writer.text("A dispute to answer. {title}", title=title)
        case News.PASSED_UP:
            return writer.text("Your dispute was passed up. {title}", title=title)
        case News.ANSWERED:
            return writer.text("Your dispute is answered. {title}", title=title)
        case News.WITHDRAWN:
            return writer.text("A dispute was withdrawn. {title}", title=title)
        case News.REMINDED:
            return writer.text("This dispute still waits for your answer. {title}", title=title)
        case News.CORRECTED:
            return writer.text("A record of a locked card was corrected. {title}", title=title)
        case News.KEPT:
            return writer.text("Your locked card stays as it is. {title}", title=title)


def _what_stands(writer: Writer, view: DisputeView) -> Iterator[Mrkdwn]:
    yield from stands(writer, view.about)
    match view.state:
        case DisputeState.OPEN:
            yield writer.text("The dispute is open.")
        case DisputeState.ANSWERED:
            yield writer.text("The dispute is answered.")
        case DisputeState.WITHDRAWN:
            yield writer.text("The dispute is withdrawn.")


def stands(writer: Writer, about: Disputed) -> Iterator[Mrkdwn]:
    """The subject as it is now."""
    if about == Disputed():
        yield writer.text("It is not on the card any more: this is what is still known of it.")
    if about.line is not None and about.line.actual is not None:
        actual = writer.language.number(about.line.actual, EXACT)
        yield writer.text("Counted now: *{actual}*.", actual=actual)
    if about.pay is not None:
        yield from line_in_words(writer, about.pay.line, about.pay.booked)
    if about.entry is not None:
        yield _entry(writer, about.entry)


def _entry(writer: Writer, entry: EntryView) -> Mrkdwn:
    if entry.award is not None:
        won = award(writer, entry.award.kind, entry.award.indicator, entry.award.unit)
        return writer.text("Reward, {month}: {award}", month=entry.award.month, award=won)
    day = writer.language.date(entry.on_day)
    return writer.text("{title}, {day}: {reason}", title=entry.title, day=day, reason=entry.reason)


def _records(writer: Writer, view: DisputeView) -> list[Block]:
    if view.subject.kind is not SubjectKind.CARD_LINE:
        return []
    if view.pointed_at:
        said = [writer.text("Records in question:"), *(record_line(writer, one) for one in view.pointed_at)]
    else:
        said = [writer.text("No record was named.")]
    behind = writer.language.text("All records ({n})", n=view.behind)
    return [*sections(said), actions(button(behind, RECORDS, str(DisputeRef(view.id))))]


def _buttons(writer: Writer, view: DisputeView) -> list[Block]:
    texts = {
        Move.EXPLAIN: (writer.language.text("Explain"), EXPLAIN),
        Move.CORRECT: (writer.language.text("Correct a record"), CORRECT),
        Move.ESCALATE: (writer.language.text("Pass it up"), ESCALATE),
        Move.WITHDRAW: (writer.language.text("Withdraw"), WITHDRAW),
        Move.RESTATE: (writer.language.text("Restate the card"), RESTATE),
        Move.KEEP: (writer.language.text("Leave it as it is"), KEEP),
    }
    ref = str(DisputeRef(view.id))
    return [button(text, action, ref) for move, (text, action) in texts.items() if move in view.may]


def _links(view: DisputeView) -> list[Block]:
    """Buttons that show where they lead: in a text an address is never live."""
    return [
        {**button(url, f"{LINK}.{number}", "link"), "url": url} for number, url in enumerate(links_of(view))
    ]


def _due(writer: Writer, view: DisputeView) -> Mrkdwn:
    day = writer.language.date(view.due_on)
    if view.judge_name is None:
        return writer.text("HR answers by {day}.", day=day)
    return writer.text("{person} answers by {day}; else it is passed up.", person=view.judge_name, day=day)
