"""Who hears of an alert, when and where: the messages are rows in the outbox."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.outbox import Post, PostState, add_post
from domain.people import service as people
from domain.people.model import Company, Unit
from domain.people.service import UnitTree
from domain.quiet_hours import Hours
from domain.watch import facts as f
from domain.watch.model import Alert, AlertState
from domain.watch.rules import FOR_THE_PERSON


def write_posts(
    session: Session, clock: Clock, company: Company, tree: UnitTree, alerts: Sequence[Alert]
) -> None:
    """Put the messages of new or released alerts into the outbox, by unit and by the alerts' state."""
    by_unit: dict[int, list[Alert]] = defaultdict(list)
    for alert in alerts:
        by_unit[alert.unit_id].append(alert)
    for unit_id, of_unit in by_unit.items():
        unit = tree.by_id[unit_id]
        queued = [alert for alert in of_unit if alert.state == AlertState.QUEUED]
        if queued:
            _write_unit_posts(session, clock, company, tree, unit, queued)
        for state, kind in ((AlertState.SHADOW, f.SHADOW_POST), (AlertState.HELD, f.HELD_POST)):
            for_hr = [one for one in of_unit if one.state == state and one.reason not in FOR_THE_PERSON]
            if for_hr:
                _write_hr_posts(session, clock, company, tree, unit, for_hr, kind)


def _write_unit_posts(
    session: Session, clock: Clock, company: Company, tree: UnitTree, unit: Unit, alerts: list[Alert]
) -> None:
    """The people first; then one message to the unit's managers, with a thread for each person."""
    reports = [_person_post(session, clock, alert) for alert in alerts]
    last_report = max(reports, key=lambda report: (report.not_before, report.id))
    day = today(clock, company.time_zone)
    key = f"alerts:{unit.id}:{day}"
    parent = _waiting_post(session, key) or add_post(
        session,
        clock,
        key=key if _is_free(session, key) else f"{key}:{alerts[0].id}",
        kind=f.UNIT_POST,
        facts={},
        channel=_channel_of(tree, unit),
        after_id=last_report.id,
        not_before=last_report.not_before,
        hours=Hours.WORKING,
    )
    parent.facts = _unit_facts(session, tree, unit, alerts, parent, day).to_json()
    for alert, report in zip(alerts, reports, strict=True):
        add_post(
            session,
            clock,
            key=thread_key(alert),
            kind=f.THREAD_POST,
            facts=alert.facts,
            after_id=report.id,
            thread_of_id=parent.id,
            not_before=report.not_before,
            hours=Hours.WORKING,
        )


def thread_key(alert: Alert) -> str:
    """Of the managers' message about the person; it follows the person's own report."""
    return f"alert:{_once(alert)}"


def report_key(alert: Alert) -> str:
    """Of the person's own report."""
    return f"report:{_once(alert)}"


def hr_key(alert: Alert, kind: str) -> str:
    """What the keys of HR's messages about a unit's alerts of a month begin with."""
    return f"{kind}:{alert.unit_id}:{alert.month}:"


def _once(alert: Alert) -> str:
    first = f"{alert.person_id}:{alert.streak_start}:{alert.length}"
    return first if alert.number == 1 else f"{first}:{alert.number}"


def _waiting_post(session: Session, key: str) -> Post | None:
    """The unit's message of the day, where more people can join it.

    One that may have left cannot take more: its place was chosen for the people it was about, and somebody
    else concerned may read there.
    """
    return session.scalar(
        sa.select(Post)
        .where(Post.key.startswith(key), Post.state == PostState.QUEUED)
        .order_by(Post.id)
        .limit(1)
        .with_for_update()
    )


def _is_free(session: Session, key: str) -> bool:
    return session.scalar(sa.select(Post.id).where(Post.key == key)) is None


def _person_post(session: Session, clock: Clock, alert: Alert) -> Post:
    return add_post(
        session,
        clock,
        key=report_key(alert),
        kind=f.PERSON_POST,
        facts=alert.facts,
        person_id=alert.person_id,
        hours=Hours.WORKING,
    )


def _unit_facts(
    session: Session, tree: UnitTree, unit: Unit, alerts: list[Alert], parent: Post, day: date
) -> f.UnitAlertFacts:
    earlier = f.UnitAlertFacts.from_json(parent.facts) if parent.facts else None
    about = tuple(
        dict.fromkeys([*(earlier.about if earlier else ()), *(alert.person_id for alert in alerts)])
    )
    months = [alert.month for alert in alerts] + ([earlier.month] if earlier else [])
    return f.UnitAlertFacts(
        unit_path=unit.path,
        unit_name=unit.name,
        month=max(months),
        people=len(about),
        about=about,
        recipients=_recipients(session, tree, unit, about, day),
    )


def _channel_of(tree: UnitTree, unit: Unit) -> str | None:
    """The unit's managers' channel, else its parent's, and so on up."""
    return next((above.channel for above in reversed(tree.path_to(unit.id)) if above.channel), None)


def _recipients(
    session: Session, tree: UnitTree, unit: Unit, about: tuple[int, ...], day: date
) -> tuple[int, ...]:
    """Who is told instead of the channel: the unit's manager, those above, then HR; never one concerned.

    People who are away come last: better late than lost.
    """
    upwards = tree.path_to(unit.id)[::-1]
    named = [unit.manager_id, *_common_line(session, about, day)]
    named += [above.manager_id for above in upwards] + [above.hr_id for above in upwards]
    named += people.hr_of(session, tree, unit, day)
    candidates = [person_id for person_id in dict.fromkeys(named) if person_id and person_id not in about]
    tenures = people.tenures(session, candidates)
    leaves = people.leaves(session, candidates)

    def is_away(person_id: int) -> bool:
        return any(first <= day <= last for first, last in leaves.get(person_id, ()))

    return tuple(sorted((one for one in candidates if tenures[one].employed_on(day)), key=is_away))


def _common_line(session: Session, person_ids: Collection[int], day: date) -> list[int]:
    """The managers that all of these people report to, nearest first."""
    tenures = people.tenures(session)
    lines = []
    for person_id in person_ids:
        line: list[int] = []
        manager_id = tenures[person_id].placement_on(day).manager_id
        while manager_id is not None and manager_id not in line:
            line.append(manager_id)
            manager_id = tenures[manager_id].placement_on(day).manager_id
        lines.append(line)
    return [manager_id for manager_id in lines[0] if all(manager_id in line for line in lines)]


def _write_hr_posts(
    session: Session,
    clock: Clock,
    company: Company,
    tree: UnitTree,
    unit: Unit,
    alerts: list[Alert],
    kind: str,
) -> None:
    month = max(alert.month for alert in alerts)
    facts = f.HrAlertFacts(
        unit_path=unit.path,
        month=month,
        reason=alerts[0].reason,
        alerts=tuple(f.AlertFacts.from_json(alert.facts) for alert in alerts),
    )
    for hr_id in people.hr_of(session, tree, unit, today(clock, company.time_zone)):
        add_post(
            session,
            clock,
            key=f"{hr_key(alerts[0], kind)}{alerts[0].id}:{hr_id}",
            kind=kind,
            facts=facts.to_json(),
            person_id=hr_id,
            hours=Hours.WORKING,
        )
