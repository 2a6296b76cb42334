"""Disputes: chosen on a card, written in a form, answered by who is above; the lists of those that wait."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import dispute_forms as forms
from bot.blocks import disputes as blocks
from bot.blocks.actions import CardRef, DisputeRef, SubjectRef, id_of, out_of_date
from bot.blocks.answers import handed_on
from bot.blocks.inputs import given, short_key, written
from bot.blocks.paging import PageRef, turning
from bot.blocks.pickers import PERSON
from bot.blocks.primitives import Block, Writer
from bot.context import Asker
from bot.listeners.answering import is_in_window, open_window, pressed_value, replace_window
from bot.listeners.wishes import plain_number
from domain.disputes import service, subjects, views
from domain.disputes.correcting import Change, Fix
from domain.disputes.model import Dispute, SubjectKind
from domain.disputes.restating import keep_card
from domain.disputes.rules import Move
from domain.disputes.subjects import Subject
from domain.disputes.views import DisputeView, RecordView
from domain.errors import N_, BadField, NotAllowed, Refusal
from domain.scoring.views import my_score

MOST_OPTIONS = 100


def register(app: App) -> None:
    app.action(blocks.LINES)(choose_line)
    app.action(blocks.OPEN)(offer_dispute)
    app.action(blocks.LOOK)(look)
    app.action(blocks.RECORDS)(show_records)
    app.action(turning(blocks.RECORDS_PAGE))(turn_records)
    app.action(blocks.QUEUE)(_opens_list(blocks.QUEUE))
    app.action(turning(blocks.QUEUE_PAGE))(_turns_list(blocks.QUEUE))
    app.action(blocks.OWN)(_opens_list(blocks.OWN))
    app.action(turning(blocks.OWN_PAGE))(_turns_list(blocks.OWN))
    app.action(blocks.EXPLAIN)(_opens(forms.explain_form, Move.EXPLAIN))
    app.action(blocks.CORRECT)(_opens(forms.correct_form, Move.CORRECT))
    app.action(blocks.RESTATE)(_opens(forms.restate_form, Move.RESTATE))
    app.action(blocks.KEEP)(_opens(forms.keep_form, Move.KEEP))
    app.action(blocks.ESCALATE)(pass_up)
    app.action(blocks.WITHDRAW)(withdraw)
    app.action(re.compile(rf"{re.escape(blocks.LINK)}\.[0-9]"))(follow)
    app.view(forms.DISPUTE_FORM)(dispute)
    app.view(forms.EXPLAIN_FORM)(explain)
    app.view(forms.CORRECT_FORM)(correct)
    app.view(forms.KEEP_FORM)(keep)
    app.options(forms.RECORDS)(find_records_to_dispute)
    app.options(forms.RECORD)(find_records_to_correct)


def choose_line(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = CardRef.parse(pressed_value(body))
    if ref.person_id != asker.viewer.person_id:
        raise NotAllowed("Only the person whose card it is may dispute it.")
    with asker.services.database.reading() as session:
        card = my_score(session, asker.viewer, asker.services.clock, ref.period).card
        open_ones = views.open_of_card(session, ref.person_id, ref.period)
    open_window(asker.slack, body, blocks.lines_window(asker.writer, card, open_ones))
    ack()


def offer_dispute(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Of whatever the button names, if it is the presser's own; what is disputed already is shown."""
    asker: Asker = context["asker"]
    ref = SubjectRef.parse(pressed_value(body))
    clock = asker.services.clock
    with asker.services.database.reading() as session:
        subject = subject_of(session, asker, ref)
        standing = service.open_dispute_of(session, subject)
        if standing is not None:
            view = views.view(session, clock, asker.viewer, standing.id)
            window = blocks.dispute_window(asker.writer, view)
        else:
            subjects.require_exists(session, clock, subject)
            about = subjects.disputed(session, clock, subject)
            behind = len(subjects.records_behind(session, clock, subject))
            window = forms.dispute_form(asker.writer, ref, subject, about, behind)
    open_window(asker.slack, body, window)
    ack()


def subject_of(session: Session, asker: Asker, ref: SubjectRef) -> Subject:
    """Whoever asks is the owner: nothing else can be named. Raises NotFound where there is no such thing."""
    owner = asker.viewer.person_id
    match ref.kind:
        case SubjectKind.LEDGER_LINE:
            return subjects.ledger_line(session, owner, int(ref.name))
        case SubjectKind.FILE_ENTRY:
            return subjects.file_entry(session, owner, int(ref.name))
    if ref.period is None:
        raise out_of_date()
    card = my_score(session, asker.viewer, asker.services.clock, ref.period).card
    named = next((line.name for line in card.lines if short_key(line.name) == ref.name), None)
    if named is None:
        raise out_of_date()
    return subjects.card_line(owner, ref.period, named)


def look(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    view = _look(asker, DisputeRef.parse(pressed_value(body)).dispute_id)
    open_window(asker.slack, body, blocks.dispute_window(asker.writer, view))
    ack()


def show_records(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = DisputeRef.parse(pressed_value(body))
    with asker.services.database.reading() as session:
        view, records = views.records(session, asker.services.clock, asker.viewer, ref.dispute_id)
    open_window(asker.slack, body, blocks.records_window(asker.writer, view, records))
    ack()


def turn_records(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    page = PageRef.parse(pressed_value(body))
    ref = DisputeRef.parse(page.of)
    with asker.services.database.reading() as session:
        view, records = views.records(session, asker.services.clock, asker.viewer, ref.dispute_id)
    _turn(asker, body, blocks.records_window(asker.writer, view, records, page.number))
    ack()


def _opens_list(name: str) -> Callable[..., None]:
    def open_list(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        open_window(asker.slack, body, _list(asker, name, 1))
        ack()

    return open_list


def _turns_list(name: str) -> Callable[..., None]:
    def turn_page(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        _turn(asker, body, _list(asker, name, PageRef.parse(pressed_value(body)).number))
        ack()

    return turn_page


def _list(asker: Asker, name: str, page: int) -> Block:
    """What waits for the asker's answer, or what the asker disputes."""
    with asker.services.database.reading() as session:
        if name == blocks.OWN:
            return blocks.own_window(asker.writer, views.own_open(session, asker.viewer), page)
        waiting = views.disputes_to_answer(session, asker.services.clock, asker.viewer)
        return blocks.queue_window(asker.writer, waiting, page)


def follow(ack: Ack) -> None:
    """Slack opens the address by itself, and tells us."""
    ack()


def pass_up(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _press(ack, body, context["asker"], service.pass_up)


def withdraw(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    _press(ack, body, context["asker"], service.withdraw)


def dispute(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref, view = SubjectRef.parse(body["view"]["private_metadata"]), body["view"]
    note, evidence = written(view, forms.NOTE), written(view, forms.EVIDENCE)

    def open_it(session: Session) -> int:
        subject = subject_of(session, asker, ref)
        clock = asker.services.clock
        record_ids = [_row_id(one, forms.RECORDS) for one in given(view, forms.RECORDS) or []]
        return service.open_dispute(session, clock, asker.viewer, subject, record_ids, note, evidence).id

    def find_it(session: Session) -> int:
        return views.newest_of(session, subject_of(session, asker, ref))

    _send(ack, asker, view, open_it, find_it)


def explain(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    number = DisputeRef.parse(body["view"]["private_metadata"]).dispute_id
    note = written(body["view"], forms.NOTE)

    def explain_it(session: Session) -> int:
        return service.explain(session, asker.services.clock, asker.viewer, number, note).id

    _send(ack, asker, body["view"], explain_it, lambda _: number)


def correct(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    view = body["view"]
    number = DisputeRef.parse(view["private_metadata"]).dispute_id
    note = written(view, forms.NOTE)
    answers = forms.ANSWERS in (given(view, forms.DONE) or [])

    def correct_it(session: Session) -> int:
        record = _row_id(given(view, forms.RECORD), forms.RECORD)
        return service.correct(
            *(session, asker.services.clock, asker.viewer, number, record),
            *(_change(view), note),
            answers=answers,
        ).id

    _send(ack, asker, view, correct_it, lambda _: number)


def keep(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    number = DisputeRef.parse(body["view"]["private_metadata"]).dispute_id
    note = written(body["view"], forms.NOTE)

    def keep_it(session: Session) -> int:
        return keep_card(session, asker.services.clock, asker.viewer, number, note).id

    _send(ack, asker, body["view"], keep_it, lambda _: number)


def find_records_to_dispute(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    ref = SubjectRef.parse(body["view"]["private_metadata"])
    with asker.services.database.reading() as session:
        behind = subjects.records_behind(session, asker.services.clock, subject_of(session, asker, ref))
        found = [RecordView.of(row) for row in behind]
    _offer_records(ack, asker, body, found)


def find_records_to_correct(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    number = DisputeRef.parse(body["view"]["private_metadata"]).dispute_id
    with asker.services.database.reading() as session:
        _, found = views.records(session, asker.services.clock, asker.viewer, number)
    _offer_records(ack, asker, body, found)


def _offer_records(ack: Ack, asker: Asker, body: dict[str, Any], records: Sequence[RecordView]) -> None:
    typed = str(body.get("value") or "").strip().casefold()
    named = [one for one in records if subjects.is_about(one, typed)]
    ack(options=forms.record_options(asker.writer, named[:MOST_OPTIONS]))


def _change(view: dict[str, Any]) -> Change:
    """Raises BadField."""
    fix = given(view, forms.FIX)
    if fix not in set(Fix):
        raise BadField(forms.FIX, N_("Choose what is right."))
    if fix == Fix.VALUE:
        typed = written(view, forms.VALUE)
        value = plain_number(typed)
        if value is None:
            raise BadField(forms.VALUE, N_("Write the right value as a number, such as 75000."))
        return Change(Fix.VALUE, value=value)
    if fix == Fix.PERSON:
        return Change(Fix.PERSON, person_id=_row_id(given(view, PERSON), PERSON))
    return Change(Fix.WITHDRAWN)


def _row_id(chosen: str | None, field: str) -> int:
    """Raises BadField for what is no id of a list of ours."""
    found = id_of(chosen)
    if found is None:
        raise BadField(field, N_("Choose one of the list."))
    return found


def _turn(asker: Asker, body: dict[str, Any], window: Block) -> None:
    if is_in_window(body):
        replace_window(asker.slack, body, window)
    else:
        open_window(asker.slack, body, window)


def _opens(draw: Callable[[Writer, DisputeView], Block], move: Move) -> Callable[..., None]:
    """Whoever may not make the move sees how the dispute stands, before anything is typed in vain."""

    def open_it(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        asker: Asker = context["asker"]
        view = _look(asker, DisputeRef.parse(pressed_value(body)).dispute_id)
        window = draw if move in view.may else blocks.dispute_window
        open_window(asker.slack, body, window(asker.writer, view))
        ack()

    return open_it


def _press(ack: Ack, body: dict[str, Any], asker: Asker, move: Callable[..., Dispute]) -> None:
    """A move that needs no form: then a window says how it stands."""
    number = DisputeRef.parse(pressed_value(body)).dispute_id
    with asker.services.database.writing() as session:
        if asker.asks_for_the_first_time(session):
            move(session, asker.services.clock, asker.viewer, number)
    try:
        window = blocks.dispute_window(asker.writer, _look(asker, number))
    except NotAllowed:  # whose it was to answer, and no more than that
        window = handed_on(asker.writer)
    open_window(asker.slack, body, window)
    ack()


def _send(
    ack: Ack,
    asker: Asker,
    view: dict[str, Any],
    act: Callable[[Session], int],
    done: Callable[[Session], int],
) -> None:
    """What cannot be gets its sentence at the field, and the window stays.

    Where no field can help the form is gone, and what was written stands below the sentence. `act` answers
    with the dispute's id, as `done` does where the same was sent before.
    """
    try:
        with asker.services.database.writing() as session:
            number = act(session) if asker.asks_for_the_first_time(session) else done(session)
    except BadField as refused:
        ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})
        return
    except Refusal as refused:
        typed = [text for field in (forms.NOTE, forms.EVIDENCE) if (text := written(view, field).strip())]
        ack(response_action="update", view=blocks.refused_window(asker.writer, refused, typed))
        return
    window = blocks.dispute_window(asker.writer, _look(asker, number))
    ack(response_action="update", view={**window, "clear_on_close": True})


def _look(asker: Asker, number: int) -> DisputeView:
    with asker.services.database.reading() as session:
        return views.view(session, asker.services.clock, asker.viewer, number)
