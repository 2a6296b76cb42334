"""Files of pay that somebody asked for in Slack: written and sent by a worker, to the asker alone."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.jobs import Job, add_job
from domain.periods import Period

FILE_JOB = "pay_file"


@dataclass(frozen=True)
class PayFile:
    """Somebody's statement of a month; of nobody in particular: the month's payroll."""

    reader_id: int
    period: Period
    person_id: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {"reader_id": self.reader_id, "period": self.period.key, "person_id": self.person_id}

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> "PayFile":
        return cls(facts["reader_id"], Period.parse(facts["period"]), facts["person_id"])


def ask_for_file(session: Session, clock: Clock, wanted: PayFile, correlation_id: str) -> Job:
    """Once for each request."""
    key = f"pay_file:{correlation_id}"
    return add_job(session, clock, FILE_JOB, key, wanted.to_json(), correlation_id=correlation_id)
