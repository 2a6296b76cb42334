"""An alert's messages taken back: what waits is not sent, what is out says so in its place."""

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.jobs import add_job
from domain.outbox import UPDATE_JOB, Post, PostState, add_post, call_back
from domain.quiet_hours import Hours
from domain.watch import facts as f
from domain.watch.model import Alert
from domain.watch.posts import hr_key, report_key, thread_key


def take_back(session: Session, clock: Clock, alert: Alert) -> None:
    """`alert.facts` say that it is withdrawn. The person hears it by a message of its own, too."""
    report = _post(session, report_key(alert))
    if report is not None and not _called_back(session, report):
        _say_anew(session, clock, alert, report, alert.facts)
        add_post(
            session,
            clock,
            key=f"{f.WITHDRAWN_POST}:{alert.id}",
            kind=f.WITHDRAWN_POST,
            facts=alert.facts,
            person_id=alert.person_id,
            thread_of_id=report.id,
            hours=Hours.WORKING,
        )
    thread = _post(session, thread_key(alert))
    if thread is not None:
        if not _called_back(session, thread):
            _say_anew(session, clock, alert, thread, alert.facts)
        _one_fewer(session, clock, alert, thread)
    for post in _of_hr(session, alert, report):
        _strike_out(session, clock, alert, post)


def hold_back(session: Session, clock: Clock, alert: Alert) -> bool:
    """Call back what managers and the person have not got yet; false where the managers have."""
    thread = _post(session, thread_key(alert))
    if thread is None or not _called_back(session, thread):
        return False
    _one_fewer(session, clock, alert, thread)
    report = _post(session, report_key(alert))
    if report is not None:
        _called_back(session, report)
    return True


def is_told(session: Session, alert: Alert) -> bool:
    """Whether managers have got it, or it is on its way to them."""
    thread = _post(session, thread_key(alert))
    return thread is not None and thread.state in (PostState.SENT, PostState.SENDING)


def tell_anew(session: Session, clock: Clock, alert: Alert) -> None:
    """`alert.facts` have changed before managers were told: its messages say them, the own report too."""
    report = _post(session, report_key(alert))
    for post in (report, _post(session, thread_key(alert))):
        if post is not None:
            _say_anew(session, clock, alert, post, alert.facts)
    for post in _of_hr(session, alert, report):
        _put_in(session, clock, alert, post)


def _one_fewer(session: Session, clock: Clock, alert: Alert, thread: Post) -> None:
    """The unit's message counts the person no more; with nobody left it is not sent."""
    parent = session.get_one(Post, thread.thread_of_id, with_for_update=True)
    told = f.UnitAlertFacts.from_json(parent.facts)
    fewer = replace(told, people=told.people - 1)
    if not fewer.people and _called_back(session, parent):
        return
    if parent.state == PostState.QUEUED:  # its place is still to be chosen: the person is no reason any more
        fewer = replace(fewer, about=tuple(one for one in told.about if one != alert.person_id))
    _say_anew(session, clock, alert, parent, fewer.to_json())


def _of_hr(session: Session, alert: Alert, report: Post | None) -> Iterable[Post]:
    """What HR was told of the alert: held, not sent in shadow mode, or not delivered."""
    beginnings = [hr_key(alert, kind) for kind in (f.HELD_POST, f.SHADOW_POST)]
    if report is not None:
        beginnings.append(f"{f.UNREACHED_POST}:{report.id}:")
    begins_so = sa.or_(*(Post.key.startswith(one, autoescape=True) for one in beginnings))
    return session.scalars(sa.select(Post).where(begins_so, Post.state != PostState.CANCELLED)).all()


def _strike_out(session: Session, clock: Clock, alert: Alert, post: Post) -> None:
    now = _put_in(session, clock, alert, post)
    if all(one.withdrawn for one in now):
        _called_back(session, post)


def _put_in(session: Session, clock: Clock, alert: Alert, post: Post) -> tuple[f.AlertFacts, ...]:
    """What the list says of the alert is what its facts say now; the result: the whole list."""
    facts = f.AlertFacts.from_json(alert.facts)
    told = f.HrAlertFacts.from_json(post.facts)
    now = tuple(
        facts if (one.person_id, one.length) == (alert.person_id, alert.length) else one
        for one in told.alerts
    )
    if now != told.alerts:
        _say_anew(session, clock, alert, post, replace(told, alerts=now).to_json())
    return now


def _say_anew(session: Session, clock: Clock, alert: Alert, post: Post, facts: dict[str, object]) -> None:
    """From now on the post says this; where it is out, or on its way, in its place."""
    post.facts = facts
    if post.state in (PostState.SENT, PostState.SENDING):
        key = f"alert_post:{post.id}:{alert.id}:{clock.now().isoformat()}"
        add_job(session, clock, UPDATE_JOB, key, {"post_id": post.id})


def _called_back(session: Session, post: Post) -> bool:
    return call_back(session, post.id)


def _post(session: Session, key: str) -> Post | None:
    return session.scalar(sa.select(Post).where(Post.key == key).with_for_update())
