"""Files of people: read by those they are about, by those above and by HR, who writes into them."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks import person_file as blocks
from bot.blocks.actions import FileRef, id_of
from bot.blocks.hr import Section
from bot.blocks.inputs import given, written
from bot.blocks.paging import PageRef, turning
from bot.blocks.person_file import EVIDENCE, KIND, ON_DAY, REASON, TITLE
from bot.blocks.pickers import PERSON
from bot.context import Asker
from bot.listeners.answering import is_in_window, open_window, pressed_value, replace_window
from domain import access
from domain.cells import day
from domain.errors import N_, BadField
from domain.recognition import file
from domain.recognition.file import FileView, NewEntry
from domain.recognition.model import EntryKind
from domain.rows import CellError


def register(app: App) -> None:
    app.action(blocks.OPEN)(look)
    app.action(turning(blocks.PAGE))(turn)
    app.action(blocks.ADD)(offer_adding)
    app.action(blocks.CHOOSE)(offer_choosing)
    app.action(blocks.WITHDRAW)(offer_withdrawing)
    app.view(blocks.ADD_FORM)(add)
    app.view(blocks.CHOOSE_FORM)(choose)
    app.view(blocks.WITHDRAW_FORM)(withdraw)


def part(_session: Session, asker: Asker) -> Section:
    """In /hr."""
    return blocks.hr_part(asker.writer)


def look(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    view = _file(asker, FileRef.parse(pressed_value(body)).id)
    open_window(asker.slack, body, blocks.file_window(asker.writer, view))
    ack()


def turn(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    page = PageRef.parse(pressed_value(body))
    window = blocks.file_window(asker.writer, _file(asker, FileRef.parse(page.of).id), page.number)
    show = replace_window if is_in_window(body) else open_window
    show(asker.slack, body, window)
    ack()


def offer_adding(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    open_window(asker.slack, body, blocks.add_form(asker.writer))
    ack()


def offer_choosing(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    open_window(asker.slack, body, blocks.choose_form(asker.writer))
    ack()


def offer_withdrawing(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    access.require_hr(asker.viewer)
    ref = FileRef.parse(pressed_value(body))
    with asker.services.database.reading() as session:
        entry = file.entry_view(session, asker.services.clock, asker.viewer, ref.id)
    open_window(asker.slack, body, blocks.withdraw_form(asker.writer, entry))
    ack()


def add(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    try:
        person_id, new = _person(body["view"]), _new_entry(body["view"])
        with asker.services.database.writing() as session:
            if asker.asks_for_the_first_time(session):
                file.add_entry(session, asker.services.clock, asker.viewer, person_id, new)
    except BadField as refused:
        _refuse(ack, asker, refused)
        return
    _answer(ack, asker, person_id)


def choose(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    try:
        person_id = _person(body["view"])
    except BadField as refused:
        _refuse(ack, asker, refused)
        return
    _answer(ack, asker, person_id)


def withdraw(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    asker: Asker = context["asker"]
    number = FileRef.parse(body["view"]["private_metadata"]).id
    because, clock = written(body["view"], REASON), asker.services.clock
    try:
        with asker.services.database.writing() as session:
            if asker.asks_for_the_first_time(session):
                file.withdraw_entry(session, clock, asker.viewer, number, because)
            person_id = file.entry_view(session, clock, asker.viewer, number).person_id
    except BadField as refused:
        _refuse(ack, asker, refused)
        return
    _answer(ack, asker, person_id)


def _new_entry(view: dict[str, Any]) -> NewEntry:
    """Raises BadField."""
    kind = given(view, KIND)
    if kind not in set(EntryKind):
        raise BadField(KIND, N_("Choose what it is."))
    try:
        on_day = day({ON_DAY: written(view, ON_DAY)}, ON_DAY)
    except CellError:
        raise BadField(ON_DAY, N_("Choose a day.")) from None
    return NewEntry(
        EntryKind(kind), written(view, TITLE), on_day, written(view, REASON), written(view, EVIDENCE)
    )


def _person(view: dict[str, Any]) -> int:
    """Raises BadField."""
    chosen = id_of(given(view, PERSON))
    if chosen is None:
        raise BadField(PERSON, N_("Choose one of the list."))
    return chosen


def _refuse(ack: Ack, asker: Asker, refused: BadField) -> None:
    ack(response_action="errors", errors={refused.field: asker.writer.language.refusal(refused)})


def _answer(ack: Ack, asker: Asker, person_id: int) -> None:
    window = blocks.file_window(asker.writer, _file(asker, person_id))
    ack(response_action="update", view={**window, "clear_on_close": True})


def _file(asker: Asker, person_id: int) -> FileView:
    with asker.services.database.reading() as session:
        return file.file_of(session, asker.services.clock, asker.viewer, person_id)
