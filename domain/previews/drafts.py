"""Drafts that HR asks about from Slack: worked out by a worker, told to whoever asked alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock, today
from domain.database import Database, one_at_a_time
from domain.errors import BadInput, NotFound, Refusal
from domain.jobs import add_job
from domain.loads import Load
from domain.outbox import add_post
from domain.people import service as people
from domain.people.model import Person, Unit
from domain.periods import Period, PeriodKind
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan, plan_in_force
from domain.plans.rules_file import parse_plan
from domain.plans.service import parsed, plan_versions
from domain.previews.applying import Applied, apply_plan, first_open_month, read_draft
from domain.previews.model import PlanDraft
from domain.previews.rules_changes import Change, Standing
from domain.previews.service import preview, require_possible, usual_periods
from domain.previews.sheets import tiers_in_all
from domain.quiet_hours import Hours

PREVIEW_JOB = "preview_plan"
"""Args: `draft_id`."""
PREVIEW_POST = "plan_preview"
"""Facts: `draft_id`."""
KEPT_FOR = timedelta(days=30)
MOST_KEPT = 2_000
"""Changes that can be read through in Slack, those with the greatest effect; a file has all."""


@dataclass(frozen=True)
class PlanNow:
    """A plan in force today, and the first month that another one of its job family could begin in."""

    version_id: int
    name: str
    job_family: str
    from_month: str
    next_from: str
    text: str


@dataclass(frozen=True)
class Told:
    """A change as it is told; scores and tiers as texts, None where there is none."""

    period: str
    employee_id: str
    name: str
    unit: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came out: cards by tier before and after, and who would change; or why nothing did."""

    tiers: tuple[tuple[str, int, int], ...] = ()
    cards: int = 0
    changes: int = 0
    tier_changes: int = 0
    told: tuple[Told, ...] = ()
    in_part: bool = False
    """Only those whom whoever asked looks after."""
    refused: str | None = None
    """The English sentence of a refusal, filled from `values`."""
    values: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Outcome:
        return cls(
            **{
                **facts,
                "tiers": tuple((tier, before, after) for tier, before, after in facts["tiers"]),
                "told": tuple(Told(**one) for one in facts["told"]),
            }
        )


def plans_now(session: Session, clock: Clock, viewer: Viewer) -> list[PlanNow]:
    """By job family. Raises NotAllowed."""
    access.require_hr(viewer)
    month = Period.containing(PeriodKind.MONTH, today(clock, people.company(session).time_zone))
    versions = {parsed(version): version for version in plan_versions(session)}
    found = []
    for family in sorted({plan.job_family for plan in versions}):
        plan = plan_in_force(versions, family, month)
        if plan is not None:
            open_month = first_open_month(session, family) or plan.from_month
            begins = max(open_month, month)
            version = versions[plan]
            found.append(
                PlanNow(version.id, plan.name, family, plan.from_month.key, begins.key, version.text)
            )
    return found


def plan_now(session: Session, clock: Clock, viewer: Viewer, version_id: int) -> PlanNow:
    """Raises NotFound where that version is not in force any more."""
    for one in plans_now(session, clock, viewer):
        if one.version_id == version_id:
            return one
    raise NotFound("This plan is not in force any more: open the list again.")


def ask_for_preview(
    session: Session, clock: Clock, viewer: Viewer, text: str, periods: Sequence[Period]
) -> PlanDraft:
    """Raises NotAllowed, and BadInput for a wrong plan or periods that cannot be previewed."""
    access.require_hr(viewer)
    plan = read_draft(text)
    asked = tuple(periods) or usual_periods(session, clock)
    require_possible(session, clock, asked)
    session.execute(sa.delete(PlanDraft).where(PlanDraft.created_at < clock.now() - KEPT_FOR))
    draft = PlanDraft(
        person_id=viewer.person_id,
        text=text,
        periods=[period.key for period in asked],
        based_on=_digest(_replaced_by(session, plan)),
        created_at=clock.now(),
        result=None,
    )
    session.add(draft)
    session.flush()
    add_job(session, clock, PREVIEW_JOB, f"preview:{draft.id}", {"draft_id": draft.id})
    return draft


def draft_of(session: Session, viewer: Viewer, draft_id: int) -> PlanDraft:
    """Whoever asked, and as long as they are HR. Raises NotAllowed or NotFound."""
    access.require_hr(viewer)
    draft = session.get(PlanDraft, draft_id)
    if draft is None or draft.person_id != viewer.person_id:
        raise NotFound("This preview is not kept any more: ask for it again.")
    return draft


def apply_draft(session: Session, clock: Clock, viewer: Viewer, draft_id: int) -> Applied:
    """Put it into force, unless its first month has another plan by now than the one it was drafted from.

    Raises NotAllowed, NotFound or BadInput.
    """
    draft = draft_of(session, viewer, draft_id)
    one_at_a_time(session, "loads")  # nobody else puts a plan into force from here on
    _require_as_it_was(session, viewer, draft)
    return apply_plan(session, clock, viewer, draft.text)


def _require_as_it_was(session: Session, viewer: Viewer, draft: PlanDraft) -> None:
    now = _replaced_by(session, parse_plan(draft.text))
    if now is None or now.text == draft.text or draft.based_on in (None, now.digest):
        return
    load = session.get_one(Load, now.added_in)
    raise BadInput(
        "{person} put {plan}, version {version}, into force on {day}, after this draft was made: preview the "
        "draft again.",
        person=people.name_of_actor(session, load.by),
        plan=now.name,
        version=now.version,
        day=load.at.astimezone(ZoneInfo(viewer.company_zone)).date(),
    )


def _replaced_by(session: Session, plan: Plan) -> PlanVersion | None:
    """What its job family is scored by, without it, in its first month."""
    versions = {parsed(version): version for version in plan_versions(session)}
    current = plan_in_force(versions, plan.job_family, plan.from_month)
    return versions[current] if current else None


def _digest(version: PlanVersion | None) -> str:
    return version.digest if version else ""


def look(session: Session, viewer: Viewer, draft_id: int) -> tuple[PlanDraft, Outcome]:
    """The draft and what came out, of the people whom the viewer may see by now. As `draft_of`."""
    draft = draft_of(session, viewer, draft_id)
    if draft.result is None:
        return draft, Outcome()
    outcome = Outcome.from_json(draft.result)
    told = _in_sight(session, viewer, outcome.told)
    return draft, replace(outcome, told=told, in_part=outcome.in_part or len(told) < len(outcome.told))


def work_out(database: Database, clock: Clock, viewer: Viewer, draft: PlanDraft) -> Outcome:
    """Nothing is stored. A refusal is an outcome too."""
    try:
        found = preview(
            database, clock, viewer, parse_plan(draft.text), [Period.parse(key) for key in draft.periods]
        )
    except Refusal as refused:
        values = {name: str(value) for name, value in refused.values.items()}
        return Outcome(refused=refused.sentence, values=values)
    changes = found.changes()
    with database.reading() as session:
        return Outcome(
            tiers=tuple(tiers_in_all(found.periods)),
            cards=sum(one.people for one in found.periods),
            changes=len(changes),
            tier_changes=sum(one.tier_changes for one in changes),
            told=tuple(_told(session, changes[:MOST_KEPT])),
            in_part=found.in_part,
        )


def tell(session: Session, clock: Clock, draft_id: int, outcome: Outcome, correlation_id: str | None) -> None:
    """Keep what came out, and send it to whoever asked."""
    draft = session.get(PlanDraft, draft_id)
    if draft is None or draft.result is not None:
        return
    draft.result = outcome.to_json()
    add_post(
        session,
        clock,
        key=f"plan_preview:{draft_id}",
        kind=PREVIEW_POST,
        facts={"draft_id": draft_id},
        person_id=draft.person_id,
        hours=Hours.ANY,
        correlation_id=correlation_id,
    )


def _in_sight(session: Session, viewer: Viewer, told: Sequence[Told]) -> tuple[Told, ...]:
    numbers = {one.employee_id for one in told}
    rows = session.execute(sa.select(Person.employee_id, Person.id)).all()
    ids = {employee_id: person_id for employee_id, person_id in rows if employee_id in numbers}
    organisation = people.Organisation(session)
    seen = {
        period: access.seen_among(
            session,
            viewer,
            Period.parse(period),
            {ids[one.employee_id] for one in told if one.period == period},
            organisation,
        )
        for period in {one.period for one in told}
    }
    return tuple(one for one in told if ids[one.employee_id] in seen[one.period])


def _told(session: Session, changes: Sequence[Change]) -> list[Told]:
    ids = {one.person_id for one in changes}
    names = {
        person_id: (employee_id, name)
        for person_id, employee_id, name in session.execute(
            sa.select(Person.id, Person.employee_id, Person.name)
        )
        if person_id in ids
    }
    paths = dict(session.execute(sa.select(Unit.id, Unit.path)).all())
    return [
        Told(
            one.period.key,
            *names[one.person_id],
            paths[one.unit_id],
            _standing(one.before),
            _standing(one.after),
        )
        for one in changes
    ]


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "score": None if standing.score is None else f"{standing.score:f}",
        "tier": standing.tier,
        "place": standing.place,
        "out_of": standing.out_of,
        "company_place": standing.company_place,
    }
