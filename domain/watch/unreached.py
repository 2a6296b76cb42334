"""People whose own report could not be delivered: HR hands it over."""

from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.outbox import Post, add_post
from domain.people import service as people
from domain.quiet_hours import Hours
from domain.watch import facts as f


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
    for hr_id in people.hr_of(session, tree, unit, today(clock, company.time_zone)):
        add_post(
            session,
            clock,
            key=f"{f.UNREACHED_POST}:{post.id}:{hr_id}",
            kind=f.UNREACHED_POST,
            facts=facts,
            person_id=hr_id,
            hours=Hours.WORKING,
            correlation_id=post.correlation_id,
        )
