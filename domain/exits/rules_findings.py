"""What a rule of law says of a case: allow, block or escalate, with the facts it read. Pure.

Fail closed: a fact that nobody has recorded blocks, and the finding says who can supply it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from domain.errors import N_

FactValue = date | Decimal | int | str | None


class Answer(StrEnum):
    ALLOW = "allow"
    ESCALATE = "escalate"
    """Somebody other than the opener has to approve it by name."""
    BLOCK = "block"
    """Nothing moves past it; there is no override."""


class Act(IntEnum):
    """The acts of an exit that rules stand before, in their order."""

    DECISION = 1
    """The case leaves the checks: reasons go to the union, the talk is held."""
    NOTICE = 2
    """The notice is handed over."""
    EFFECTIVE = 3
    """The contract ends."""
    CLOSING = 4
    """The case is closed."""


class Supplier(StrEnum):
    """Who can supply a fact."""

    HR = "hr"
    MANAGER = "manager"
    PERSON = "person"
    FINANCE = "finance"
    UNION = "union"


@dataclass(frozen=True)
class Fact:
    """A fact that a rule read, by its name in words; None: nobody has recorded it."""

    name: str
    value: FactValue
    supplier: Supplier = Supplier.HR


@dataclass(frozen=True)
class Finding:
    """What one rule says of a case before one act."""

    rule: str
    """R1 to R16."""
    answer: Answer
    why: str
    """A sentence with named places; `values` fills them."""
    values: dict[str, object]
    facts: tuple[Fact, ...] = ()
    wanted: tuple[str, ...] = ()
    """The evidence that the rule wants on file, in words."""

    @property
    def missing(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.value is None)


@dataclass(frozen=True)
class Rule:
    """A rule as a paper of reference has it: its name, what it wants on file, and its own words on a case."""

    name: str
    wanted: tuple[str, ...] = ()

    def allows(self, why: str, *facts: Fact, **values: object) -> Finding:
        return self._found(Answer.ALLOW, why, facts, values)

    def escalates(self, why: str, *facts: Fact, **values: object) -> Finding:
        return self._found(Answer.ESCALATE, why, facts, values)

    def blocks(self, why: str, *facts: Fact, **values: object) -> Finding:
        return self._found(Answer.BLOCK, why, facts, values)

    def lacks(self, *facts: Fact) -> Finding:
        """Blocks for want of those of the facts that are None."""
        return self.blocks(N_("Not known yet, and what is not known blocks."), *facts)

    def _found(self, answer: Answer, why: str, facts: Sequence[Fact], values: dict[str, object]) -> Finding:
        return Finding(self.name, answer, why, values, tuple(facts), self.wanted)


def blocking(findings: Sequence[Finding]) -> list[Finding]:
    """Those that nothing moves past."""
    return [finding for finding in findings if finding.answer is Answer.BLOCK]


def escalated(findings: Sequence[Finding]) -> list[Finding]:
    """Those that need an approver's name."""
    return [finding for finding in findings if finding.answer is Answer.ESCALATE]


def incomplete(facts: Sequence[Fact]) -> bool:
    """Whether nobody has recorded one of them."""
    return any(fact.value is None for fact in facts)


def said(known: bool | None) -> str | None:
    """A yes or no as a fact's value."""
    if known is None:
        return None
    return N_("yes") if known else N_("no")
