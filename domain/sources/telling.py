"""The administrators hear when a source begins to fail and when it is well again, and nothing in between."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.admins import tell_admins
from domain.clock import Clock
from domain.sources.model import WELL, SourceRun

FAILED_POST = "source_failed"
RECOVERED_POST = "source_recovered"


def tell_of_change(session: Session, clock: Clock, run: SourceRun) -> SourceRun:
    """Add the run that has ended, and tell of it if its source was well and fails, or the other way round."""
    failed_before = failures_in_a_row(session, run.source)
    session.add(run)
    session.flush()
    is_well = run.state in WELL
    if is_well == (failed_before == 0):
        return run
    facts = {"source": run.source, "failures": failed_before} if is_well else failure_facts(run)
    kind = RECOVERED_POST if is_well else FAILED_POST
    key = _key(kind, run)
    tell_admins(session, clock, kind=kind, key=key, facts=facts, correlation_id=run.correlation_id)
    return run


def failure_key(first: SourceRun, admin_id: int) -> str:
    """The key of the message that told an administrator of the first of some failures in a row."""
    return f"{_key(FAILED_POST, first)}:{admin_id}"


def failures_in_a_row(session: Session, source: str) -> int:
    """How many runs have failed since the last that went well."""
    last_well = (
        sa.select(sa.func.max(SourceRun.id))
        .where(SourceRun.source == source, SourceRun.state.in_(WELL))
        .scalar_subquery()
    )
    failed = sa.select(sa.func.count()).where(
        SourceRun.source == source, SourceRun.id > sa.func.coalesce(last_well, 0)
    )
    return session.scalar(failed) or 0


def failure_facts(run: SourceRun) -> dict[str, Any]:
    """What a message about a failed run says."""
    return {
        "source": run.source,
        "problem": run.problem,
        "said": run.problem_said,
        "rows_read": run.rows_read,
        "rows_refused": run.rows_refused,
        "first_refusal": run.refusals[0] if run.refusals else None,
    }


def _key(kind: str, run: SourceRun) -> str:
    return f"{kind}:{run.source}:{run.id}"
