"""People whose own report could not be delivered: HR hands it over."""

from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.outbox import Post, add_post
from domain.people import service as people
from domain.people.model import Person
from domain.watch import facts as f
from domain.watch.rules_timing import next_working_time
from domain.working_days import WorkingDays


def tell_hr(session: Session, clock: Clock, post: Post) -> None:
    """Send a report that failed to the person's HR, by the outbox; other posts are left alone."""
    if post.kind != f.PERSON_POST:
        return
    company, tree = people.company(session), people.unit_tree(session)
    alert = f.AlertFacts.from_json(post.facts)
    unit = tree.find(alert.unit_path)
    if unit is None:
        return
    facts = f.HrAlertFacts(alert.unit_path, alert.months[-1].period, None, (alert,)).to_json()
    calendar = WorkingDays(company.calendar)
    for hr_id in people.hr_of(session, tree, unit, today(clock, company.time_zone)):
        time_zone = session.get_one(Person, hr_id).time_zone or company.time_zone
        add_post(
            session,
            clock,
            key=f"{f.UNREACHED_POST}:{post.id}:{hr_id}",
            kind=f.UNREACHED_POST,
            facts=facts,
            person_id=hr_id,
            not_before=next_working_time(clock.now(), time_zone, calendar),
            correlation_id=post.correlation_id,
        )
