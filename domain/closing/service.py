"""Closing a period: how far it has come, what is open, and locking it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor, name_of
from domain.clock import Clock, today
from domain.closing.checklist import Item, ItemKind, checklist
from domain.closing.model import CloseException
from domain.closing.rules import CloseCalendar, CloseDays, PeriodState, state_of
from domain.database import Database
from domain.errors import N_, BadField
from domain.people import service as people
from domain.people.model import Company
from domain.periods import Period, PeriodKind
from domain.scoring import service as scoring
from domain.scoring.model import ScoredPeriod
from domain.scoring.service import Progress, lock_period
from domain.working_days import working_days_of

LONGEST_REASON = 1000
WITHOUT_A_REASON = "locked from the command line without a reason"


@dataclass(frozen=True)
class Exceptions:
    """What was open when a period was locked all the same."""

    because: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class CloseView:
    """How far a period has come; `items` of one that has not ended or is locked are none."""

    period: Period
    state: PeriodState
    calendar: CloseCalendar
    items: tuple[Item, ...]
    locked_at: datetime | None
    locked_by: str | None
    exceptions: Exceptions | None

    @property
    def open_items(self) -> tuple[Item, ...]:
        return needing_reason(self.items)

    @property
    def may_be_locked(self) -> bool:
        return self.state not in (PeriodState.RUNNING, PeriodState.LOCKED)


def needing_reason(items: Iterable[Item]) -> tuple[Item, ...]:
    """A period is scored anew before it is locked: that it is not yet is nothing to give a reason for."""
    return tuple(item for item in items if item.kind is not ItemKind.NOT_SCORED)


def close_view(session: Session, clock: Clock, actor: Actor, period: Period) -> CloseView:
    """Raises NotAllowed for others than HR."""
    access.require_hr(actor)
    company = people.company(session)
    scored = session.get(ScoredPeriod, period.key)
    calendar = calendar_of(company, period)
    locked_at = scored.locked_at if scored else None
    day = today(clock, company.time_zone)
    state = state_of(period, calendar, day, locked=locked_at is not None)
    is_open = state not in (PeriodState.RUNNING, PeriodState.LOCKED)
    return CloseView(
        period=period,
        state=state,
        calendar=calendar,
        items=tuple(checklist(session, clock, period)) if is_open else (),
        locked_at=locked_at,
        locked_by=people.name_of_actor(session, scored.locked_by) if scored and scored.locked_by else None,
        exceptions=_exceptions(session, period),
    )


def calendar_of(company: Company, period: Period) -> CloseCalendar:
    return CloseCalendar.of(period, CloseDays.of(company.policies), working_days_of(company.calendar))


def months_to_close(session: Session, clock: Clock) -> list[Period]:
    """Those that have ended, have been scored and are not locked, the oldest first."""
    day = today(clock, people.company(session).time_zone)
    this_month = Period.containing(PeriodKind.MONTH, day)
    keys = session.scalars(
        sa.select(ScoredPeriod.key).where(
            ScoredPeriod.kind == PeriodKind.MONTH,
            ScoredPeriod.locked_at.is_(None),
            ScoredPeriod.published_run_id.is_not(None),
            ScoredPeriod.start < this_month.start,
        )
    )
    return sorted(map(Period.parse, keys))


def last_locked_month(session: Session) -> Period | None:
    key = session.scalar(
        sa.select(ScoredPeriod.key)
        .where(ScoredPeriod.kind == PeriodKind.MONTH, ScoredPeriod.locked_at.is_not(None))
        .order_by(ScoredPeriod.start.desc())
        .limit(1)
    )
    return None if key is None else Period.parse(key)


def lock(session: Session, clock: Clock, actor: Actor, period: Period, because: str | None) -> bool:
    """Lock an ended period whose published cards come from the newest inputs; false: score it first.

    What is open then is written down with the reason. Raises NotAllowed, or BadInput where the period has
    not ended or is locked already, or where something is open and there is no reason.
    """
    access.require_hr(actor)
    if not lock_period(session, clock, period, name_of(actor)):
        return False
    items = needing_reason(checklist(session, clock, period))
    if items:
        _write_down(session, clock, actor, period, items, require_reason(because))
    return True


def require_reason(because: str | None) -> str:
    """Raises BadField."""
    reason = (because or "").strip()
    if not reason:
        raise BadField("because", N_("Something is still open: write down why it is locked all the same."))
    if len(reason) > LONGEST_REASON:
        raise BadField(
            "because", N_("The reason is too long: {most} characters at most."), most=LONGEST_REASON
        )
    return reason


def score_and_lock(
    database: Database,
    clock: Clock,
    actor: Actor,
    period: Period,
    because: str,
    progress: Progress | None = None,
) -> None:
    """Score an ended period once more in this process and lock it; again if data arrived in between."""
    locking = partial(lock, clock=clock, actor=actor, period=period, because=because)
    scoring.score_and_lock(database, clock, period, name_of(actor), progress, locking)


def _write_down(
    session: Session, clock: Clock, actor: Actor, period: Period, items: Sequence[Item], because: str
) -> None:
    open_items = [item.to_json() for item in items]
    session.add(
        CloseException(
            period=period.key, by=name_of(actor), at=clock.now(), because=because, open_items=open_items
        )
    )
    counts = {str(item.kind): item.count for item in items}
    detail = {"because": because, "open": counts}
    audit.record(session, clock, name_of(actor), "period.exceptions", period.key, detail)


def _exceptions(session: Session, period: Period) -> Exceptions | None:
    kept = session.get(CloseException, period.key)
    if kept is None:
        return None
    return Exceptions(kept.because, tuple(Item.from_json(item) for item in kept.open_items))
