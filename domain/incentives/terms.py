"""Personal terms: what holds for one person in the place of the plan, recorded by HR with a reason."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import access, audit
from domain.access import Actor, name_of
from domain.clock import Clock
from domain.database import one_at_a_time
from domain.errors import N_, BadField
from domain.incentives.model import PersonalTerm
from domain.incentives.reading import in_order
from domain.incentives.rules_terms import TermKind, require_plausible, require_value
from domain.people.model import Person
from domain.periods import Period, PeriodKind
from domain.plain import plain
from domain.plans.model import PlanVersion
from domain.plans.service import parsed
from domain.scoring.model import ScoredPeriod

KIND, SINCE, BECAUSE = "kind", "since", "because"
"""The fields of the form, beside VALUE."""
LONGEST_REASON = 1000


def set_term(
    session: Session,
    clock: Clock,
    actor: Actor,
    person_id: int,
    kind: TermKind,
    value: Decimal | None,
    from_day: date,
    because: str,
) -> PersonalTerm:
    """A further version; without a value the plan's own holds again from that day on.

    It holds for the whole of the month that its day lies in. Raises NotAllowed, or BadField: a locked month
    never changes.
    """
    month = Period.containing(PeriodKind.MONTH, from_day)
    access.require_pay_setting(session, actor, person_id, month)
    one_at_a_time(session, "ledger")  # a month that is just being paid has been paid with it, or is locked
    _require_value(session, kind, value)
    if not because.strip():
        raise BadField(BECAUSE, N_("Give a reason: the person reads it on the statement."))
    if len(because) > LONGEST_REASON:
        raise BadField(
            BECAUSE, N_("This is longer than {longest} characters: shorten it."), longest=LONGEST_REASON
        )
    _require_open(session, month)
    term = PersonalTerm(
        person_id=person_id,
        kind=kind,
        value=value,
        from_day=from_day,
        because=because.strip(),
        by=name_of(actor),
        at=clock.now(),
    )
    session.add(term)
    session.flush()
    detail = {
        "term": term.id,
        "kind": str(kind),
        "value": None if value is None else plain(value),
        "from": from_day.isoformat(),
        "because": term.because,
    }
    person = session.get_one(Person, person_id)
    audit.record(session, clock, name_of(actor), "pay.term", f"person:{person.employee_id}", detail)
    return term


def terms_of(session: Session, person_id: int) -> Sequence[PersonalTerm]:
    """Every version, the newest first."""
    rows = sa.select(PersonalTerm).where(PersonalTerm.person_id == person_id)
    return sorted(session.scalars(rows), key=in_order, reverse=True)


def terms_in(session: Session, person_id: int, month: Period) -> list[PersonalTerm]:
    """What holds for the person in a month: of each kind the newest that has begun by its last day."""
    found: dict[str, PersonalTerm] = {}
    for term in reversed(terms_of(session, person_id)):
        if term.from_day <= month.last_day:
            found[term.kind] = term
    return [found[kind] for kind in TermKind if kind in found and found[kind].value is not None]


def _require_value(session: Session, kind: TermKind, value: Decimal | None) -> None:
    if value is None:
        return
    require_value(kind, value)
    if kind is TermKind.RATE:
        require_plausible(value, _highest_rate(session))


def _highest_rate(session: Session) -> Decimal:
    """Of the bands of all plans; 0 where none pays commission."""
    plans = [parsed(version) for version in session.scalars(sa.select(PlanVersion))]
    paying = [plan.incentives.commission for plan in plans if plan.incentives]
    return max((band.rate for one in paying if one for band in one.bands), default=Decimal(0))


def _require_open(session: Session, month: Period) -> None:
    """No month from the first one on may be locked: what is locked has been computed without it."""
    locked = session.scalar(
        sa.select(sa.func.max(ScoredPeriod.key)).where(
            ScoredPeriod.kind == PeriodKind.MONTH,
            ScoredPeriod.locked_at.is_not(None),
            ScoredPeriod.start >= month.start,
        )
    )
    if locked is not None:
        raise BadField(
            SINCE,
            N_("{period} is locked, and what is locked does not change: choose a day after it."),
            period=locked,
        )
