"""Targets that wait for an answer: reminders a day before, on the day and two days after; then those above.

Silence is never acceptance: what its owner leaves unanswered stays unconfirmed, and whoever is above hears of
it; an appeal that its judge leaves unanswered is passed up.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.database import Database
from domain.judges.rules import DAY_BEFORE, TWO_DAYS_AFTER, reminders_due
from domain.people import service as people
from domain.targets import posts
from domain.targets.agreement import pass_up
from domain.targets.agreement_rights import ladder_of, read_agreement
from domain.targets.model import TargetAgreement
from domain.targets.rules_agreement import OPEN, TargetState
from domain.working_days import WorkingDays, working_days_of

REMIND_JOB = "remind_targets"


def is_any_open(session: Session) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(*_IS_OPEN))))


def remind(database: Database, clock: Clock) -> None:
    """What is due today, or was and nobody did it; once each, however often it is called.

    A transaction for each: one that is answered meanwhile is passed over, and holds up no other.
    """
    with database.reading() as session:
        company = people.company(session)
        days, day = working_days_of(company.calendar), today(clock, company.time_zone)
        soon = days.add(day, -DAY_BEFORE)
        waiting = sa.select(TargetAgreement.id).where(*_IS_OPEN, TargetAgreement.due_on <= soon)
        ids = session.scalars(waiting.order_by(TargetAgreement.id)).all()
    for agreement_id in ids:
        with database.writing() as session:
            _remind_of(session, clock, read_agreement(session, agreement_id, for_update=True), days, day)


def _remind_of(
    session: Session, clock: Clock, agreement: TargetAgreement, days: WorkingDays, day: date
) -> None:
    reached = reminders_due(days, agreement.due_on, day)
    if agreement.ended_at is not None or not reached:
        return
    if agreement.state == TargetState.PROPOSED:
        _remind_owner(session, clock, agreement, reached[-1], day)
    elif agreement.state == TargetState.APPEALED:
        _remind_judge(session, clock, agreement, reached[-1])


_IS_OPEN = (TargetAgreement.state.in_(OPEN), TargetAgreement.ended_at.is_(None))


def _remind_owner(session: Session, clock: Clock, agreement: TargetAgreement, at: int, day: date) -> None:
    posts.remind(session, clock, agreement, [agreement.asked_id], at)
    if at == TWO_DAYS_AFTER:
        posts.tell_silent(session, clock, agreement, ladder_of(session, agreement, day)[:1])


def _remind_judge(session: Session, clock: Clock, agreement: TargetAgreement, at: int) -> None:
    if at == TWO_DAYS_AFTER and agreement.judge_id is not None:
        pass_up(session, clock, None, agreement.id)
    else:
        posts.remind(session, clock, agreement, posts.judges_of(session, clock, agreement), at)
