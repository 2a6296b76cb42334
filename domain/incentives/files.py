"""Files of pay that somebody asked for in Slack: written and sent by a worker, to the asker alone."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain import access
from domain.access import Viewer
from domain.clock import Clock
from domain.errors import Refusal
from domain.jobs import Job, add_job
from domain.outbox import add_post
from domain.periods import Period
from domain.quiet_hours import Hours

FILE_JOB = "pay_file"
REFUSED_POST = "pay_file_refused"
"""Facts: `period`, and `said`: the refusal's `sentence` and `values`."""


@dataclass(frozen=True)
class PayFile:
    """Somebody's statement of a month; of nobody in particular: the month's payroll, handed over with it."""

    reader_id: int
    period: Period
    locale: str | None
    """The language that the reader asked in."""
    person_id: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "reader_id": self.reader_id,
            "period": self.period.key,
            "locale": self.locale,
            "person_id": self.person_id,
        }

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> "PayFile":
        period = Period.parse(facts["period"])
        return cls(facts["reader_id"], period, facts.get("locale"), facts["person_id"])


def ask_for_statement(
    session: Session, clock: Clock, viewer: Viewer, period: Period, person_id: int, correlation_id: str
) -> Job:
    """Once for each request; whether the viewer may see it is asked when it is written."""
    wanted = PayFile(viewer.person_id, period, viewer.locale, person_id)
    return _ask(session, clock, wanted, correlation_id)


def ask_for_payroll(
    session: Session, clock: Clock, viewer: Viewer, period: Period, correlation_id: str
) -> Job:
    """Handed over by the job that writes it. Raises NotAllowed."""
    access.require_payroll(session, viewer, period)
    return _ask(session, clock, PayFile(viewer.person_id, period, viewer.locale), correlation_id)


def _ask(session: Session, clock: Clock, wanted: PayFile, correlation_id: str) -> Job:
    key = f"pay_file:{correlation_id}"
    return add_job(session, clock, FILE_JOB, key, wanted.to_json(), correlation_id=correlation_id)


def tell_refused(session: Session, clock: Clock, wanted: PayFile, job_id: int, refused: Refusal) -> None:
    """To who waits for the file, and nobody else."""
    values = {name: str(value) for name, value in refused.values.items()}
    add_post(
        session,
        clock,
        key=f"{REFUSED_POST}:{job_id}",
        kind=REFUSED_POST,
        facts={"period": wanted.period.key, "said": {"sentence": refused.sentence, "values": values}},
        person_id=wanted.reader_id,
        hours=Hours.ANY,
    )
