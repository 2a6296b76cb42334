"""The plans that are loaded."""

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.plans.model import PlanVersion
from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan


def plan_versions(session: Session, load_id: int | None = None) -> list[PlanVersion]:
    """The newest version of each plan, as of a load or now."""
    in_force = PlanVersion.ended_in.is_(None) if load_id is None else PlanVersion.as_of(load_id)
    return list(session.scalars(sa.select(PlanVersion).where(in_force).order_by(PlanVersion.id)))


def parsed(version: PlanVersion) -> Plan:
    return parsed_text(version.text)


@lru_cache(maxsize=64)
def parsed_text(text: str) -> Plan:
    """The text of a version, or what its column held."""
    return parse_plan(text)
