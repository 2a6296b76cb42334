"""A company at a glance, as whoever sets it up needs it: who is there, and what is missing."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock, today
from domain.people.model import Company, Employment, Person, Role, Unit
from domain.plans.service import parsed, plan_versions
from domain.targets.model import Target


@dataclass(frozen=True)
class Employee:
    employee_id: str
    email: str | None
    slack_id: str | None
    role: Role


@dataclass(frozen=True)
class Overview:
    name: str
    employees: tuple[Employee, ...]
    """Those employed today."""
    channels: dict[str, list[str]]
    """The units' paths by the managers' channel that they name."""
    plans: tuple[str, ...]
    has_targets: bool

    def of_role(self, role: Role) -> list[Employee]:
        return [one for one in self.employees if one.role is role]


def overview(session: Session, clock: Clock) -> Overview | None:
    """None before the first import."""
    company = session.get(Company, 1)
    if company is None:
        return None
    day = today(clock, company.time_zone)
    rows = session.execute(
        sa.select(Person, Employment)
        .join(Employment, Employment.person_id == Person.id)
        .where(Employment.ended_in.is_(None))
        .order_by(Person.employee_id)
    )
    channels: dict[str, list[str]] = {}
    named = sa.select(Unit.channel, Unit.path).where(Unit.channel.is_not(None)).order_by(Unit.path)
    for channel, path in session.execute(named):
        channels.setdefault(str(channel), []).append(path)
    return Overview(
        name=company.name,
        employees=tuple(
            Employee(person.employee_id, person.email, person.slack_id, Role(person.role))
            for person, employment in rows
            if employment.covers(day)
        ),
        channels=channels,
        plans=tuple(sorted(parsed(version).name for version in plan_versions(session))),
        has_targets=session.scalar(sa.select(Target.id).where(Target.ended_in.is_(None)).limit(1))
        is not None,
    )
