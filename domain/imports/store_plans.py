"""Plans from a folder: the same name and first month with new content is a new version."""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.arrivals import Arrival
from domain.imports.folder import PlanFile
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from domain.rows import BadRow, Problems


def stored_plans(session: Session) -> tuple[Plan, ...]:
    texts = session.scalars(sa.select(PlanVersion.text).where(PlanVersion.ended_in.is_(None)))
    return tuple(parse_plan(text) for text in texts)


def check_plans(files: Sequence[PlanFile], stored: Sequence[Plan], problems: Problems) -> None:
    """No two plans, in the folder or with those stored, may have the same family and first month."""
    named = {(file.plan.name, file.plan.from_month) for file in files}
    holders = {
        (plan.job_family, plan.from_month): f'the stored plan "{plan.name}"'
        for plan in stored
        if (plan.name, plan.from_month) not in named
    }
    names: dict[tuple[str, object], str] = {}
    for file in files:
        plan = file.plan
        first = names.setdefault((plan.name, plan.from_month), file.file)
        holder = holders.setdefault((plan.job_family, plan.from_month), file.file)
        clash = first if first != file.file else holder
        if clash != file.file:
            reason = (
                f"has the same job family or name, and the same first month {plan.from_month}, as {clash}: "
                "keep one of them, or change its from."
            )
            problems.add(BadRow(file.file, plan.from_line, "from", plan.name, reason))


def store_plans(arrival: Arrival, files: Sequence[PlanFile]) -> int:
    """Plans that the folder does not name stay in force."""
    in_force = arrival.session.scalars(sa.select(PlanVersion).where(PlanVersion.ended_in.is_(None)))
    current = {(plan.name, plan.from_month): plan for plan in in_force}
    wanted = {}
    for file in files:
        key = (file.plan.name, file.plan.from_month.key)
        earlier = current.get(key)
        wanted[key] = PlanVersion(
            name=file.plan.name,
            job_family=file.plan.job_family,
            from_month=file.plan.from_month.key,
            version=earlier.version + 1 if earlier else 1,
            text=file.text,
            digest=hashlib.sha256(file.text.encode()).hexdigest(),
        )
    return arrival.bring_up_to_date(current, wanted, ("digest",))
