"""Putting a disputed record right: another value, another person, or withdrawn. By a load of its own."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.arrivals import Arrival
from domain.clock import Clock
from domain.closing.adjusting import book_correction
from domain.disputes import posts
from domain.disputes.subjects import Subject, records_behind
from domain.errors import N_, BadField
from domain.metrics.corrections import put_right, with_changes
from domain.metrics.model import MeasureRecord, RecordCorrection
from domain.people import service as people
from domain.plain import plain

ORIGIN = "dispute"


class Fix(StrEnum):
    """What is wrong with the record."""

    VALUE = "value"
    PERSON = "person"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Change:
    fix: Fix
    value: Decimal | None = None
    person_id: int | None = None


def correct_record(
    session: Session, clock: Clock, viewer: Viewer, subject: Subject, record_id: int, change: Change
) -> RecordCorrection:
    """Change one of the records behind the line; `record_id` is the row's. Raises BadField."""
    arrival = Arrival(session, clock, ORIGIN, viewer.employee_id)
    behind = records_behind(session, clock, subject)
    record = next((one for one in behind if one.id == record_id), None)
    if record is None:
        raise BadField("record", N_("This record has changed meanwhile: choose it again."))
    after = _corrected(session, viewer, subject, record, change)
    correction = put_right(arrival, record, after)
    book_correction(arrival, clock, record, after)
    return correction


def tell_given(
    session: Session, clock: Clock, subject: Subject, change: Change, correction: RecordCorrection
) -> None:
    """Whose record it is now hears of it, where that is somebody else."""
    if change.fix is Fix.PERSON and change.person_id is not None:
        record = session.get_one(MeasureRecord, correction.before_id)
        posts.tell_given(session, clock, change.person_id, correction.id, _facts(subject, record))


def _corrected(
    session: Session, viewer: Viewer, subject: Subject, record: MeasureRecord, change: Change
) -> MeasureRecord | None:
    match change.fix:
        case Fix.VALUE:
            if change.value is None:
                raise BadField("value", N_("Write the right value."))
            if change.value == record.value:
                raise BadField("value", N_("That is the value that stands already."))
            return with_changes(record, value=change.value)
        case Fix.PERSON:
            return with_changes(record, person_id=_other(session, viewer, subject, record, change))
        case Fix.WITHDRAWN:
            return None


def _other(session: Session, viewer: Viewer, subject: Subject, record: MeasureRecord, change: Change) -> int:
    """Whose it is: somebody employed on its day whose cards the judge sees, and never the judge."""
    other = change.person_id
    if other is None or other == subject.owner_id:
        raise BadField("person", N_("Choose the person whose record it is."))
    if other == viewer.person_id:
        raise BadField("person", N_("Nobody gives a record to themselves: pass the dispute up."))
    if not access.may_see_card(session, viewer, other, subject.period):
        raise BadField("person", N_("You do not look after this person: pass the dispute up."))
    tenure = people.tenures(session, {other}).get(other)
    if tenure is None or not tenure.employed_on(record.occurred_on):
        raise BadField("person", N_("This person was not employed on the day of the record."))
    return other


def _facts(subject: Subject, record: MeasureRecord) -> dict[str, str]:
    return {
        "measure": record.measure,
        "period": subject.period.key,
        "occurred_on": record.occurred_on.isoformat(),
        "value": plain(record.value),
    }
