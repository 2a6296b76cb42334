"""What an alert says. Kept with the alert and its posts as JSON: decimals as strings, periods as keys."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

PERSON_POST = "alert_person"
"""To the person first: the own report. Facts: AlertFacts."""
UNIT_POST = "alert_unit"
"""To the managers' channel: a unit's alerts of one day. Facts: UnitAlertFacts."""
THREAD_POST = "alert_thread"
"""In its thread, one a person. Facts: AlertFacts."""
SHADOW_POST = "alert_shadow"
"""To HR: what would be sent. Facts: HrAlertFacts."""
HELD_POST = "alert_held"
"""To HR: what the circuit breaker holds, and why. Facts: HrAlertFacts."""
UNREACHED_POST = "alert_unreached"
"""To HR: the report of somebody whom Slack could not give it. Facts: HrAlertFacts."""
WITHDRAWN_POST = "alert_withdrawn"
"""To the person, below the own report: it does not stand any more. Facts: AlertFacts."""


@dataclass(frozen=True)
class MissedMonth:
    period: str
    actual: str | None
    target: str | None
    reading: str
    """A share, such as 0.712500 for 71.25 %."""


@dataclass(frozen=True)
class WeakestIndicator:
    """The indicator that cost most points in the last month."""

    name: str
    reading: str
    points: str
    lost: str
    """How much more it would have added to the score at 100 points."""


@dataclass(frozen=True)
class AlertFacts:
    """One person's misses in a row. The team is the rest of the unit; peers are all in the job family."""

    person_id: int
    employee_id: str
    name: str
    unit_path: str
    unit_name: str
    length: int
    indicator: str
    months: tuple[MissedMonth, ...]
    attainment: str
    """Mean reading of the missed months."""
    score: str | None
    team_score: str | None
    """The team's mean score in the last month; None where nobody else has one."""
    team_reading: str | None
    """The team's mean reading of the miss indicator in the last month."""
    team_size: int
    peers_met: int
    """Peers who met their target in the last month, of `peers` who were judged."""
    peers: int
    weakest: WeakestIndicator | None
    withdrawn: bool = False
    undone: tuple[str, ...] = ()
    """Of a withdrawn alert: its months that do not count as missed any more."""

    @property
    def gap_in_points(self) -> Decimal | None:
        """Score minus the team's mean score: negative below the team."""
        if self.score is None or self.team_score is None:
            return None
        return Decimal(self.score) - Decimal(self.team_score)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> "AlertFacts":
        weakest = facts["weakest"]
        return cls(
            **{
                **facts,
                "months": tuple(MissedMonth(**month) for month in facts["months"]),
                "weakest": WeakestIndicator(**weakest) if weakest else None,
                "undone": tuple(facts.get("undone", ())),
            }
        )


@dataclass(frozen=True)
class UnitAlertFacts:
    """The parent message of a unit's alerts of one day; names stand in the thread only."""

    unit_path: str
    unit_name: str
    month: str
    people: int
    about: tuple[int, ...]
    """Person ids: a channel one of them is in must not get it."""
    recipients: tuple[int, ...]
    """Person ids to try by direct message, one after the other, where the channel cannot have it."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> "UnitAlertFacts":
        return cls(**{**facts, "about": tuple(facts["about"]), "recipients": tuple(facts["recipients"])})


@dataclass(frozen=True)
class HrAlertFacts:
    """Alerts that HR should look at."""

    unit_path: str
    month: str
    reason: str | None
    """Of the circuit breaker, a rules.HoldReason; None in shadow mode."""
    alerts: tuple[AlertFacts, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> "HrAlertFacts":
        return cls(**{**facts, "alerts": tuple(AlertFacts.from_json(alert) for alert in facts["alerts"])})
