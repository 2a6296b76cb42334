"""The facts that an exit is checked against. Pure values; None: nobody has recorded it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.exits.rules_findings import Act
from domain.plans.rules import Bound, Comparison


class Ground(StrEnum):
    """On what the contract is to be ended."""

    INCOMPETENCE = "incompetence"
    """LCL 40(2): incompetent, trained or transferred, and incompetent again."""
    PROBATION = "probation"
    """LCL 39(1): hiring standards not met in probation."""


class Reason(StrEnum):
    """What the notice gives as its reason. The first three are no ground at all (Guiding Case 18)."""

    RANK = "rank"
    BOTTOM_SHARE = "bottom_share"
    LOST_COMPETITION = "lost_competition"
    STANDARD_NOT_MET = "standard_not_met"
    HIRING_STANDARDS_NOT_MET = "hiring_standards_not_met"


@dataclass(frozen=True)
class Assessment:
    """A judgement of incompetence: the result over a period, beside what was asked for.

    `judged_on` is the day on which a named human decided.
    """

    start: date
    end: date
    result: Fraction
    required: Bound
    judged_on: date
    judged_by: str

    @property
    def incompetent(self) -> bool:
        return not self.required.holds(self.result)

    def is_better_than(self, other: Assessment) -> bool:
        """In the direction that is asked for."""
        if self.required.comparison is Comparison.BELOW:
            return self.result < other.result
        return self.result > other.result


@dataclass(frozen=True)
class Exam:
    on: date
    score: Decimal
    passed: bool


@dataclass(frozen=True)
class Training:
    """Help by training. Retakes are all kept: `exams` has every attempt."""

    name: str
    start: date
    end: date
    team_meeting: bool | None
    by_employer: bool | None
    aimed_at: frozenset[str]
    """Indicators of the plan."""
    sessions: int | None
    attended: int | None
    material: str | None
    """Its title, or where it is filed."""
    exams: tuple[Exam, ...]


@dataclass(frozen=True)
class Transfer:
    """Help by another post."""

    start: date
    post: str
    written_on: date | None
    reasonable_because: str | None

    @property
    def end(self) -> date:
        """From the day on which it began, it has been given."""
        return self.start


Help = Training | Transfer


@dataclass(frozen=True)
class RaisedTarget:
    """A target of a month that was raised after the plan began."""

    month: str
    before: Decimal
    after: Decimal
    on: date


@dataclass(frozen=True)
class Peers:
    """Those in the same post over the second assessment's period, the person left out."""

    all: int
    met: int
    """Who reached the same threshold against the same target."""


@dataclass(frozen=True)
class Policy:
    """The assessment policy, or the hiring standards: when it was discussed, published, acknowledged."""

    name: str
    version: str
    discussed_on: date | None
    published_on: date | None
    acknowledged_on: date | None


class Protection(StrEnum):
    """LCL 42."""

    DISEASE_CHECK = "disease_check"
    """Exposed to occupational disease, and not checked before leaving; or under diagnosis or observation."""
    WORK_INJURY = "work_injury"
    MEDICAL_TREATMENT = "medical_treatment"
    PREGNANCY = "pregnancy"
    """Pregnant, on maternity leave, or nursing a child under one."""
    OTHER = "other"
    """Another law or rule."""


@dataclass(frozen=True)
class Protected:
    kind: Protection
    start: date
    until: date | None
    """Its last day; None: it goes on."""

    def on(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)


class Opinion(StrEnum):
    """What the union said."""

    NONE = "none"
    """It was asked, and said in writing that it has none, or let its time pass."""
    AGREES = "agrees"
    OBJECTS = "objects"


@dataclass(frozen=True)
class Union:
    exists: bool
    told_on: date | None = None
    """The day on which the reasons reached it, in writing."""
    opinion: Opinion | None = None
    answered_on: date | None = None
    """The day on which its opinion was answered in writing."""


class Delivery(StrEnum):
    """How a notice reached the person."""

    SIGNED = "signed"
    E_SIGNATURE = "e_signature"
    REGISTERED_MAIL = "registered_mail"
    CHAT = "chat"


@dataclass(frozen=True)
class Notice:
    delivered_on: date
    delivery: Delivery
    proof: str | None
    """Where the receipt is filed, or its number."""
    in_lieu: Decimal | None = None
    """Paid in the place of thirty days; None: the days are kept."""


@dataclass(frozen=True)
class Wages:
    """For severance and pay in lieu, in the company's currency. Gross, bonus and allowances included."""

    months: Mapping[str, Decimal]
    """By month, such as 2026-03."""
    minimum: Decimal | None
    """Of a month, where the company is."""
    city_average: Decimal | None
    """Of a month, of the year before, as the city published it."""


@dataclass(frozen=True)
class Deduction:
    """Kept back from the last pay."""

    amount: Decimal
    for_loss: bool
    unearned: bool | None
    """Variable pay that is not earned yet."""
    agreed_on: date | None
    """The day on which the formula was agreed."""


@dataclass(frozen=True)
class Tasks:
    """What is owed at the end, by the day on which it was done."""

    certificate_on: date | None = None
    files_and_insurance_on: date | None = None
    severance_on: date | None = None
    neutral_notice: bool | None = None
    """Whether the team's notice carries no reason and no score."""


@dataclass(frozen=True)
class CaseFacts:
    """All that is known of a case on the day it is looked at."""

    ground: Ground | None
    reasons: frozenset[Reason] | None
    reason_in_words: str | None
    service_start: date | None
    """Of unbroken service; time with another employer of the group that was not paid off counts."""
    effective_on: date | None
    """The last day of the contract, as planned."""
    first: Assessment | None = None
    help: Help | None = None
    second: Assessment | None = None
    gap: frozenset[str] = frozenset()
    """The indicators that the first assessment found wanting."""
    raised: tuple[RaisedTarget, ...] | None = None
    """None: nobody has looked; empty: none was."""
    peers: Peers | None = None
    policy: Policy | None = None
    hiring_standards: Policy | None = None
    probation_until: date | None = None
    """The last day of probation by the contract, over or not; where it has none, the day before the first."""
    checked_on: Mapping[Act, date] = field(default_factory=dict)
    """The day on which the case's owner asked for protections, before each act."""
    protections: tuple[Protected, ...] = ()
    retirement_on: date | None = None
    """The day on which the person may retire by law."""
    union: Union | None = None
    notice: Notice | None = None
    wages: Wages | None = None
    deductions: tuple[Deduction, ...] | None = None
    other_exits: tuple[date, ...] | None = None
    """The last days of the company's other exits, decided or done."""
    headcount: int | None = None
    explanation_asked_on: date | None = None
    explained_on: date | None = None
    decided_by: str | None = None
    tasks: Tasks = field(default_factory=Tasks)
