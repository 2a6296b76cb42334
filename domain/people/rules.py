"""Where a person belongs on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.periods import Period

MANAGERS_SEE_PAY = "managers_see_pay"
"""In `[policies]` of company.toml: whether those who lead somebody see what they are paid; else HR alone."""


@dataclass(frozen=True)
class Step:
    """A change of placement in force from a day; None leaves a part as it was."""

    from_day: date
    at_hire: bool
    unit_id: int | None
    manager_id: int | None
    job_family: str | None


@dataclass(frozen=True)
class Placement:
    unit_id: int | None
    """None for people of HR and administrators who belong to no unit."""
    manager_id: int | None
    job_family: str | None


def placement_on(steps: Sequence[Step], hired_on: date, day: date) -> Placement:
    """The placement on `day`, folded from the state at hire and every transfer up to then.

    A transfer dated before the hire counts from the hire. A day before the hire gets the placement at hire.
    """
    unit_id, manager_id, job_family = None, None, None
    if not any(step.at_hire for step in steps):
        raise ValueError("no state at hire among the steps")
    for step in sorted(steps, key=lambda step: (not step.at_hire, step.from_day)):
        if not step.at_hire and max(step.from_day, hired_on) > max(day, hired_on):
            continue
        unit_id = step.unit_id if step.unit_id is not None else unit_id
        manager_id = step.manager_id if step.manager_id is not None else manager_id
        job_family = step.job_family if step.job_family is not None else job_family
    return Placement(unit_id, manager_id, job_family)


def reference_day(period: Period, left_on: date | None) -> date:
    """The day that decides unit and job family: the period's last, or the last employed day if earlier."""
    return period.last_day if left_on is None else min(period.last_day, left_on)
