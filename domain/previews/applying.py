"""Putting a plan into force: a new version from its first month on; what is locked keeps the plan it had."""

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor
from domain.arrivals import Arrival
from domain.clock import Clock
from domain.errors import BadInput
from domain.periods import Period, PeriodKind
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from domain.plans.rules_table import PlanError
from domain.plans.service import plan_versions
from domain.scoring.model import Card, ScoredPeriod

ORIGIN = "plan"


@dataclass(frozen=True)
class Applied:
    """A plan that is in force from its first month on; `changed` is False where it was so already."""

    plan: Plan
    version: int
    changed: bool
    replaces: tuple[str, ...]
    """What the job family was scored by from that month on, by name and first month."""
    open_periods: tuple[str, ...]
    """Periods that have been scored, are not locked, and will be scored anew."""


def read_draft(text: str) -> Plan:
    """The plan of a text. Raises BadInput with the line and what is wrong with it."""
    try:
        return parse_plan(text)
    except PlanError as error:
        raise BadInput("Line {line}: {problem}", line=error.line, problem=error.said) from None


def apply_plan(session: Session, clock: Clock, actor: Actor, text: str) -> Applied:
    """Make it the newest version of its name and first month. Raises NotAllowed or BadInput."""
    access.require_hr(actor)
    plan = read_draft(text)
    arrival = Arrival(session, clock, ORIGIN, access.name_of(actor))
    stored = {(one.name, one.from_month): one for one in plan_versions(session)}
    _require_place(plan, list(stored.values()))
    _require_open(session, plan)
    earlier = stored.get((plan.name, plan.from_month.key))
    wanted = PlanVersion(
        name=plan.name,
        job_family=plan.job_family,
        from_month=plan.from_month.key,
        version=_next_version(session, plan),
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    key = (plan.name, plan.from_month.key)
    current = {key: earlier} if earlier else {}
    changed = bool(arrival.bring_up_to_date(current, {key: wanted}, ("digest",)))
    applied = Applied(
        plan=plan,
        version=wanted.version if changed or earlier is None else earlier.version,
        changed=changed,
        replaces=_replaced(plan, list(stored.values())),
        open_periods=_open_periods(session, plan),
    )
    if changed:
        subject = f"{plan.name}:{plan.from_month}"
        detail = {"job_family": plan.job_family, "version": applied.version, "digest": wanted.digest}
        audit.record(session, clock, access.name_of(actor), "plan.apply", subject, detail)
    return applied


def _require_place(plan: Plan, stored: list[PlanVersion]) -> None:
    """No other plan may have the same job family, or the name for another one, and the same first month."""
    for one in stored:
        same_month = one.from_month == plan.from_month.key
        if same_month and one.name != plan.name and one.job_family == plan.job_family:
            raise BadInput(
                'The plan "{other}" scores {family} from {month} on already: give this one another "from", '
                "or that name.",
                other=one.name,
                family=plan.job_family,
                month=one.from_month,
            )
        if same_month and one.name == plan.name and one.job_family != plan.job_family:
            raise BadInput(
                'The plan "{other}" from {month} on is that of {family}: give this one another name.',
                other=one.name,
                family=one.job_family,
                month=one.from_month,
            )


def first_open_month(session: Session, job_family: str) -> Period | None:
    """The first month after the last locked one that has cards of the job family; None: none is locked."""
    last = session.scalar(
        sa.select(sa.func.max(ScoredPeriod.start))
        .join(Card, Card.run_id == ScoredPeriod.published_run_id)
        .join(PlanVersion, PlanVersion.id == Card.plan_version_id)
        .where(
            ScoredPeriod.locked_at.is_not(None),
            ScoredPeriod.kind == PeriodKind.MONTH,
            PlanVersion.job_family == job_family,
        )
    )
    return None if last is None else Period.containing(PeriodKind.MONTH, last).next()


def _require_open(session: Session, plan: Plan) -> None:
    """Nothing that is locked may lie in or after the first month, for the people whom the plan scores."""
    first = first_open_month(session, plan.job_family)
    if first is not None and plan.from_month < first:
        raise BadInput(
            '"from" is {begins}, and {month} is locked: what is locked keeps the plan it was scored by. '
            "Let this one begin in {next} or later.",
            begins=plan.from_month.key,
            month=first.previous().key,
            next=first.key,
        )


def _next_version(session: Session, plan: Plan) -> int:
    newest = session.scalar(
        sa.select(sa.func.max(PlanVersion.version)).where(
            PlanVersion.name == plan.name,
            PlanVersion.job_family == plan.job_family,
            PlanVersion.from_month == plan.from_month.key,
        )
    )
    return (newest or 0) + 1


def _replaced(plan: Plan, stored: list[PlanVersion]) -> tuple[str, ...]:
    of_family = [one for one in stored if one.job_family == plan.job_family]
    before = [one for one in of_family if one.from_month <= plan.from_month.key]
    latest = max(before, key=lambda one: one.from_month, default=None)
    return () if latest is None else (f"{latest.name} ({latest.from_month})",)


def _open_periods(session: Session, plan: Plan) -> tuple[str, ...]:
    rows = session.scalars(
        sa.select(ScoredPeriod.key)
        .where(ScoredPeriod.locked_at.is_(None), ScoredPeriod.published_run_id.is_not(None))
        .order_by(ScoredPeriod.start, ScoredPeriod.key)
    )
    periods = map(Period.parse, rows)
    return tuple(period.key for period in periods if period.end > plan.from_month.start)
