"""Disputes that wait for an answer: reminders a day before, on the day and two days after; then passed up.

One whose judge has left, or is above the owner no more, is passed up at once.

Nothing is closed by silence. What lies with HR is reminded of, and stays in HR's queue: so does a locked card
that a record was corrected of.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.database import Database
from domain.disputes import posts
from domain.disputes.judging import has_judge, judges_of
from domain.disputes.model import Dispute
from domain.disputes.open_disputes import is_waiting_for_hr, waits_for_hr
from domain.disputes.posts import News
from domain.disputes.service import pass_up, read_dispute
from domain.judges.ladder import hr_of_person
from domain.judges.rules import DAY_BEFORE, TWO_DAYS_AFTER, reminders_due
from domain.people import service as people
from domain.working_days import WorkingDays, working_days_of

REMIND_JOB = "remind_disputes"


def is_any_open(session: Session) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(_is_waited_for()))))


def remind(database: Database, clock: Clock) -> None:
    """What is due today, or was and nobody did it; once each, however often it is called.

    A transaction for each: one that is answered meanwhile is passed over, and holds up no other.
    """
    with database.reading() as session:
        company = people.company(session)
        days, day = working_days_of(company.calendar), today(clock, company.time_zone)
        soon = days.add(day, -DAY_BEFORE)
        is_due = sa.or_(Dispute.due_on <= soon, Dispute.judge_id.is_not(None))
        waiting = sa.select(Dispute.id).where(_is_waited_for(), is_due)
        ids = session.scalars(waiting.order_by(Dispute.id)).all()
    for dispute_id in ids:
        with database.writing() as session:
            _remind_of(session, clock, read_dispute(session, dispute_id, for_update=True), days, day)


def _remind_of(session: Session, clock: Clock, dispute: Dispute, days: WorkingDays, day: date) -> None:
    if dispute.closed_at is None and not has_judge(session, dispute, day):
        pass_up(session, clock, None, dispute.id)
        return
    reached = reminders_due(days, dispute.due_on, day)
    if not reached:
        return
    what = f"due:{dispute.due_on}:{reached[-1]}"
    if dispute.closed_at is not None:
        if is_waiting_for_hr(session, dispute):
            hr = hr_of_person(session, dispute.owner_id, day)
            posts.tell(session, clock, dispute, hr, News.CORRECTED, what)
    elif reached[-1] == TWO_DAYS_AFTER and dispute.judge_id is not None:
        pass_up(session, clock, None, dispute.id)
    else:
        judges = judges_of(session, dispute, day)
        posts.tell(session, clock, dispute, judges, News.REMINDED, what)


def _is_waited_for() -> sa.ColumnElement[bool]:
    return sa.or_(Dispute.closed_at.is_(None), waits_for_hr())
