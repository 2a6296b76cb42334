"""A draft of a plan against the past: what it would have made of everybody. Nothing is stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain import access
from domain.access import Actor
from domain.clock import Clock, today
from domain.database import Database
from domain.errors import BadInput
from domain.loads import latest_load_id
from domain.people import service as people
from domain.periods import Period, PeriodKind
from domain.plans.rules import Plan
from domain.previews.computing import Inputs, as_if_in_force, compute, in_force
from domain.previews.rules_changes import Change, PeriodPreview, Standings, in_order_of_effect
from domain.scoring.published import published
from domain.working_days import working_days_of

USUAL_MONTHS = 6
MOST_PERIODS = 24

Progress = Callable[[int, int], None]
"""Called with the periods done and the periods in all."""


@dataclass(frozen=True)
class Preview:
    draft: Plan
    periods: tuple[PeriodPreview, ...]
    in_part: bool = False
    """Whether people were left out whom the actor does not look after."""

    def changes(self) -> list[Change]:
        return in_order_of_effect(change for period in self.periods for change in period.changes())


def preview(
    database: Database,
    clock: Clock,
    actor: Actor,
    draft: Plan,
    periods: Sequence[Period] = (),
    progress: Progress | None = None,
) -> Preview:
    """The draft beside the plan in force, on the same inputs; the last six ended months by default.

    A locked period on the inputs that its cards came from, any other on the newest. Shown are those whose
    card of the period the actor may see. Raises NotAllowed or BadInput.
    """
    with database.reading() as session:
        access.require_hr(actor)
        asked = tuple(periods) or usual_periods(session, clock)
        require_possible(session, clock, asked)
    found, in_part = [], False
    for done, period in enumerate(asked, start=1):
        with database.reading() as session:
            whole = _preview(session, clock, draft, period)
            found.append(_in_sight(session, actor, whole))
        in_part = in_part or found[-1].people < whole.people
        if progress:
            progress(done, len(asked))
    return Preview(draft, tuple(found), in_part)


def usual_periods(session: Session, clock: Clock) -> tuple[Period, ...]:
    """The last ended months."""
    month = Period.containing(PeriodKind.MONTH, _today(session, clock))
    return tuple(_before(month))


def _before(month: Period) -> list[Period]:
    found: list[Period] = []
    for _ in range(USUAL_MONTHS):
        month = month.previous()
        found.insert(0, month)
    return found


def require_possible(session: Session, clock: Clock, periods: Sequence[Period]) -> None:
    if len(periods) > MOST_PERIODS:
        raise BadInput("At most {most} periods can be previewed at once: choose fewer.", most=MOST_PERIODS)
    day = _today(session, clock)
    for period in periods:
        if period.start > day:
            raise BadInput("{period} has not begun yet: choose an earlier one.", period=period.key)


def _preview(session: Session, clock: Clock, draft: Plan, period: Period) -> PeriodPreview:
    inputs = _inputs(session, clock, period)
    current = in_force(session, inputs, draft.job_family)
    before = compute(session, inputs, current) if current else Standings.nobody()
    after = compute(session, inputs, as_if_in_force(session, inputs, draft))
    return PeriodPreview(period, inputs.is_locked, before, after)


def _in_sight(session: Session, actor: Actor, whole: PeriodPreview) -> PeriodPreview:
    """A draft is worked out for everybody, as places are; shown are those whom the actor looks after."""
    if isinstance(actor, access.CommandLine):
        return whole
    return whole.of(access.seen_among(session, actor, whole.period, whole.person_ids()))


def _inputs(session: Session, clock: Clock, period: Period) -> Inputs:
    found = published(session, period)
    if found is not None and found[0].locked_at is not None:
        return Inputs(period, found[1].load_id, found[1].today, ranks_so_far=True, is_locked=True)
    day = _today(session, clock)
    calendar = working_days_of(people.company(session).calendar)
    so_far = day >= period.end or not calendar.is_early(period.start, day)
    return Inputs(period, latest_load_id(session), day, so_far, is_locked=False)


def _today(session: Session, clock: Clock) -> date:
    return today(clock, people.company(session).time_zone)
