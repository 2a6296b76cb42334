"""A person's file: rewards and sanctions, entered by HR or won. Withdrawn where wrong, never deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor, Viewer, name_of
from domain.clock import Clock, today
from domain.errors import N_, BadField, BadInput, NotFound
from domain.outbox import NewPost, add_posts
from domain.people import service as people
from domain.people.model import Person, Unit
from domain.periods import Period
from domain.quiet_hours import Hours
from domain.recognition.model import Award, AwardKind, EntryKind, EntrySource, EntryWithdrawal, FileEntry

FILE_POST = "file_entry"
"""To the person. Facts: `entry_id`, `reader_id`, `news`: drawn as it stands when it is sent."""
LONGEST_TITLE, LONGEST_TEXT = 200, 2000


class FileNews(StrEnum):
    ADDED = "added"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class NewEntry:
    """What HR writes."""

    kind: EntryKind
    title: str
    on_day: date
    reason: str
    evidence: str = ""


@dataclass(frozen=True)
class AwardView:
    """What an automatic entry is about; its words are made for the reader."""

    kind: AwardKind
    indicator: str
    unit: str
    month: Period


@dataclass(frozen=True)
class EntryView:
    id: int
    person_id: int
    person_name: str
    kind: EntryKind
    title: str
    on_day: date
    reason: str
    evidence: str | None
    award: AwardView | None
    by_name: str
    """A person's name, else how the records name who did it."""
    withdrawn_because: str | None
    """None while it stands."""


@dataclass(frozen=True)
class FileView:
    person_id: int
    name: str
    employee_id: str
    entries: tuple[EntryView, ...]
    """The newest first, those that are withdrawn too."""
    may_keep: bool
    """Whether the viewer may withdraw entries."""
    is_own: bool


def add_entry(session: Session, clock: Clock, actor: Actor, person_id: int, new: NewEntry) -> FileEntry:
    """Raises NotAllowed, NotFound, or BadField for what cannot be."""
    day = today(clock, people.company(session).time_zone)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("This person is not known.")
    access.require_keeping_file(session, actor, person_id, day)
    _require_possible(new, day)
    entry = FileEntry(
        person_id=person_id,
        kind=new.kind,
        title=new.title.strip(),
        on_day=new.on_day,
        reason=new.reason.strip(),
        evidence=new.evidence.strip() or None,
        source=EntrySource.HR,
        by=name_of(actor),
        at=clock.now(),
    )
    session.add(entry)
    session.flush()
    _note(session, clock, actor, "file.add", entry, {"kind": entry.kind, "title": entry.title})
    _tell(session, clock, entry, FileNews.ADDED)
    return entry


def withdraw_entry(session: Session, clock: Clock, actor: Actor, entry_id: int, because: str) -> FileEntry:
    """It stays, marked. Raises NotAllowed, NotFound or BadInput."""
    entry = session.get(FileEntry, entry_id, with_for_update=True)
    if entry is None:
        raise NotFound("This entry is not known.")
    day = today(clock, people.company(session).time_zone)
    access.require_keeping_file(session, actor, entry.person_id, day)
    if session.get(EntryWithdrawal, entry_id) is not None:
        raise BadInput("This entry is withdrawn already.")
    _require_text("reason", because, LONGEST_TEXT)
    session.add(
        EntryWithdrawal(entry_id=entry_id, by=name_of(actor), at=clock.now(), because=because.strip())
    )
    session.flush()
    _note(session, clock, actor, "file.withdraw", entry, {"because": because.strip()})
    _tell(session, clock, entry, FileNews.WITHDRAWN)
    return entry


def file_of(session: Session, clock: Clock, actor: Actor, person_id: int) -> FileView:
    """Raises NotAllowed, or NotFound."""
    day = today(clock, people.company(session).time_zone)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("This person is not known.")
    if isinstance(actor, Viewer):
        access.require_file(session, actor, person_id, day)
    rows = session.scalars(
        sa.select(FileEntry)
        .where(FileEntry.person_id == person_id)
        .order_by(FileEntry.on_day.desc(), FileEntry.id.desc())
    ).all()
    entries = _views(session, person, rows)
    return FileView(
        person_id=person_id,
        name=person.name,
        employee_id=person.employee_id,
        entries=entries,
        may_keep=access.may_keep_file(session, actor, person_id, day),
        is_own=isinstance(actor, Viewer) and actor.person_id == person_id,
    )


def entry_view(session: Session, clock: Clock, viewer: Viewer, entry_id: int) -> EntryView:
    """Raises NotAllowed or NotFound."""
    entry = session.get(FileEntry, entry_id)
    if entry is None:
        raise NotFound("This entry is not known.")
    access.require_file(session, viewer, entry.person_id, today(clock, people.company(session).time_zone))
    (view,) = _views(session, session.get_one(Person, entry.person_id), [entry])
    return view


def _views(session: Session, person: Person, rows: Iterable[FileEntry]) -> tuple[EntryView, ...]:
    entries = list(rows)
    withdrawn = {
        one.entry_id: one.because
        for one in session.scalars(
            sa.select(EntryWithdrawal).where(EntryWithdrawal.entry_id.in_([row.id for row in entries]))
        )
    }
    names = _names(session, {row.by for row in entries})
    awards = _awards(session, [row.award_id for row in entries])
    return tuple(
        EntryView(
            id=row.id,
            person_id=person.id,
            person_name=person.name,
            kind=EntryKind(row.kind),
            title=row.title,
            on_day=row.on_day,
            reason=row.reason,
            evidence=row.evidence,
            award=awards.get(row.award_id),
            by_name=names.get(row.by, row.by),
            withdrawn_because=withdrawn.get(row.id),
        )
        for row in entries
    )


def award_of(session: Session, entry: FileEntry) -> AwardView | None:
    """What an automatic entry is about."""
    return _awards(session, [entry.award_id]).get(entry.award_id)


def _awards(session: Session, ids: Iterable[int | None]) -> dict[int | None, AwardView]:
    wanted = [one for one in ids if one is not None]
    rows = session.execute(
        sa.select(Award, Unit.name).join(Unit, Unit.id == Award.unit_id).where(Award.id.in_(wanted))
    )
    return {
        award.id: AwardView(AwardKind(award.kind), award.indicator, unit, Period.parse(award.period))
        for award, unit in rows
    }


def _names(session: Session, employee_ids: Iterable[str]) -> dict[str, str]:
    found = session.scalars(sa.select(Person).where(Person.employee_id.in_(list(employee_ids))))
    return {one.employee_id: one.name for one in found}


def _require_possible(new: NewEntry, day: date) -> None:
    _require_text("title", new.title, LONGEST_TITLE)
    _require_text("reason", new.reason, LONGEST_TEXT)
    if len(new.evidence) > LONGEST_TEXT:
        raise BadField("evidence", N_("This is too long: {most} characters at most."), most=LONGEST_TEXT)
    if new.on_day > day:
        raise BadField("on_day", N_("This day is still to come: choose the day that it happened."))


def _require_text(field: str, text: str, most: int) -> None:
    if not text.strip():
        raise BadField(field, N_("Fill this in: the person reads it."))
    if len(text) > most:
        raise BadField(field, N_("This is too long: {most} characters at most."), most=most)


def _note(
    session: Session, clock: Clock, actor: Actor, action: str, entry: FileEntry, detail: dict[str, str]
) -> None:
    detail = {**detail, "person": str(entry.person_id)}
    audit.record(session, clock, name_of(actor), action, f"file_entry:{entry.id}", detail)


def _tell(session: Session, clock: Clock, entry: FileEntry, news: FileNews) -> None:
    post = NewPost(
        key=f"file_entry:{entry.id}:{news}",
        kind=FILE_POST,
        facts={"entry_id": entry.id, "reader_id": entry.person_id, "news": news},
        person_id=entry.person_id,
        hours=Hours.WORKING,
    )
    add_posts(session, clock, [post])
