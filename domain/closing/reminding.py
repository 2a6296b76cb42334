"""HR is reminded of closing: data is due, the review ends, the lock is due, and that it is late."""

from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.closing.checklist import checklist
from domain.closing.posts import Due, remind_of_close
from domain.closing.rules import stage_reached
from domain.closing.service import calendar_of, months_to_close
from domain.people import service as people

REMIND_JOB = "remind_close"


def is_any_waiting(session: Session, clock: Clock) -> bool:
    return bool(months_to_close(session, clock))


def remind(session: Session, clock: Clock) -> None:
    """The last day that has come of each month that waits; each once, however often it is called."""
    company = people.company(session)
    day = today(clock, company.time_zone)
    tree = people.unit_tree(session)
    root = next(iter(tree), None)
    readers = people.hr_of(session, tree, root, day) if root is not None else []
    for month in months_to_close(session, clock):
        calendar = calendar_of(company, month)
        stage = stage_reached(calendar, day)
        if stage is not None:
            due = Due(month, stage, calendar, tuple(checklist(session, clock, month)))
            remind_of_close(session, clock, readers, due)
