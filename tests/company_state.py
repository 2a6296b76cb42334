"""What is in force in the database, by the names that people use: whatever the ids."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from domain.metrics.model import Coverage, MeasureRecord
from domain.people.model import Assignment, Employment, Leave, Person, Unit
from domain.plans.model import PlanVersion
from domain.targets.model import Target

Manager, Parent = aliased(Person), aliased(Unit)


def stored_company(session: Session) -> dict[str, Any]:
    """People, units and all versioned rows in force now."""
    return {
        "people": _people(session),
        "employments": _employments(session),
        "assignments": _assignments(session),
        "units": _units(session),
        "leaves": sorted(
            (who, *rest)
            for who, *rest in session.execute(
                sa.select(Person.employee_id, Leave.first_day, Leave.last_day, Leave.kind)
                .join(Person, Person.id == Leave.person_id)
                .where(Leave.ended_in.is_(None))
            )
        ),
        "targets": _targets(session),
        "measures": _measures(session),
        "coverage": sorted(
            tuple(row)
            for row in session.execute(
                sa.select(Coverage.origin, Coverage.measure, Coverage.first_day, Coverage.last_day).where(
                    Coverage.ended_in.is_(None)
                )
            )
        ),
        "plans": {
            (plan.name, plan.from_month): (plan.job_family, plan.version, plan.text)
            for plan in session.scalars(sa.select(PlanVersion).where(PlanVersion.ended_in.is_(None)))
        },
    }


def _people(session: Session) -> dict[str, tuple[Any, ...]]:
    return {
        who.employee_id: (who.name, who.email, who.role, who.title, who.locale, who.time_zone, who.slack_id)
        for who in session.scalars(sa.select(Person))
    }


def _employments(session: Session) -> dict[str, tuple[Any, ...]]:
    rows = session.execute(
        sa.select(Person.employee_id, Employment.hired_on, Employment.left_on)
        .join(Person, Person.id == Employment.person_id)
        .where(Employment.ended_in.is_(None))
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _assignments(session: Session) -> dict[Any, tuple[Any, ...]]:
    rows = session.execute(
        sa.select(
            *(Person.employee_id, Assignment.from_day, Assignment.at_hire),
            *(Unit.path, Manager.employee_id, Assignment.job_family),
        )
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Manager, Manager.id == Assignment.manager_id)
        .where(Assignment.ended_in.is_(None))
    )
    return {tuple(row[:3]): tuple(row[3:]) for row in rows}


def _units(session: Session) -> dict[str, tuple[Any, ...]]:
    hr = aliased(Person)
    rows = session.execute(
        sa.select(Unit.path, Parent.path, Manager.employee_id, hr.employee_id, Unit.channel)
        .outerjoin(Parent, Parent.id == Unit.parent_id)
        .outerjoin(Manager, Manager.id == Unit.manager_id)
        .outerjoin(hr, hr.id == Unit.hr_id)
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _targets(session: Session) -> dict[Any, tuple[Any, ...]]:
    rows = session.execute(
        sa.select(
            *(Person.employee_id, Unit.path, Target.indicator, Target.period, Target.from_day),
            *(Target.amount, Target.state, Target.version),
        )
        .outerjoin(Person, Person.id == Target.person_id)
        .outerjoin(Unit, Unit.id == Target.unit_id)
        .where(Target.ended_in.is_(None))
    )
    return {tuple(row[:5]): tuple(row[5:]) for row in rows}


def _measures(session: Session) -> dict[Any, tuple[Any, ...]]:
    record = MeasureRecord
    rows = session.execute(
        sa.select(
            *(record.source, record.record_id, Person.employee_id, record.measure),
            *(record.occurred_on, record.value, record.customer_id),
        )
        .join(Person, Person.id == record.person_id)
        .where(record.ended_in.is_(None))
    )
    return {tuple(row[:2]): tuple(row[2:]) for row in rows}
