"""An exit case's states, and what each move asks for. Pure.

    draft ─► checks ─► union ─► conversation ─► notice ─► handover ─► closed      (or withdrawn)

Nothing moves past a rule that blocks: there is no override. What a rule escalates is approved by name, by
somebody who did not open the case; an approval is of what the rule said then, and lapses when it says
something else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import N_, Refusal
from domain.exits.rules_findings import Act, Finding, blocking, escalated


class State(StrEnum):
    DRAFT = "draft"
    CHECKS = "checks"
    UNION = "union"
    CONVERSATION = "conversation"
    NOTICE = "notice"
    HANDOVER = "handover"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


FINAL = frozenset({State.CLOSED, State.WITHDRAWN})
_PATH = (
    *(State.DRAFT, State.CHECKS, State.UNION, State.CONVERSATION),
    *(State.NOTICE, State.HANDOVER, State.CLOSED),
)
_STANDS_BEFORE = {
    State.UNION: Act.DECISION,
    State.CONVERSATION: Act.DECISION,
    State.NOTICE: Act.NOTICE,
    State.HANDOVER: Act.EFFECTIVE,
    State.CLOSED: Act.CLOSING,
}


class NotAMove(Refusal):
    """The case does not move there, or not yet."""


@dataclass(frozen=True)
class Approval:
    """Of what one rule said of the case; of the case as a whole where `rule` is the empty text."""

    rule: str
    said: str
    """`digest_of` the finding that was approved; empty for the whole case."""
    by: str
    """An employee id."""


def next_state(state: State) -> State | None:
    """Where the case goes from here if all goes well; None at its end."""
    return None if state in FINAL else _PATH[_PATH.index(state) + 1]


def act_before(state: State) -> Act | None:
    """The act whose rules are looked at before a case comes into this state."""
    return _STANDS_BEFORE.get(state)


def move(
    state: State,
    to: State,
    findings: Sequence[Finding],
    approvals: Collection[Approval],
    opener: str,
) -> State:
    """The state that the case comes into. Raises NotAMove, with the reason.

    `findings`: of all rules that stand before the act that belongs to `to`, as of now.
    """
    if state in FINAL:
        raise NotAMove(N_("The case is {state}: it does not move any more."), state=state)
    if to is State.WITHDRAWN:
        return to
    if to is not next_state(state):
        raise NotAMove(
            N_("A case that is in {state} goes on to {next}, not to {to}."),
            state=state,
            next=str(next_state(state)),
            to=to,
        )
    if act_before(to) is not None:
        _check(findings, approvals, opener)
    return to


def digest_of(finding: Finding) -> str:
    """Of what a rule said: the same as long as it says the same of the same facts."""
    said = {
        "rule": finding.rule,
        "answer": finding.answer,
        "why": finding.why,
        "values": {name: str(value) for name, value in finding.values.items()},
        "facts": [(fact.name, str(fact.value)) for fact in finding.facts],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def unapproved(findings: Sequence[Finding], approvals: Collection[Approval], opener: str) -> list[Finding]:
    """What is escalated and nobody but the opener has approved as it is now."""
    valid = {(one.rule, one.said) for one in approvals if one.by != opener}
    return [one for one in escalated(findings) if (one.rule, digest_of(one)) not in valid]


def is_approved(approvals: Collection[Approval], opener: str) -> bool:
    """Four eyes: somebody who did not open the case has approved it."""
    return any(one.rule == "" and one.by != opener for one in approvals)


def _check(findings: Sequence[Finding], approvals: Collection[Approval], opener: str) -> None:
    if not findings:
        raise NotAMove(N_("No rule of law has been looked at: the case does not move."))
    if stopped := blocking(findings):
        raise NotAMove(
            N_("Nothing moves past a rule that blocks: {rules}."),
            rules=", ".join(finding.rule for finding in stopped),
        )
    if waiting := unapproved(findings, approvals, opener):
        raise NotAMove(
            N_("Somebody who did not open the case has to approve what is escalated: {rules}."),
            rules=", ".join(finding.rule for finding in waiting),
        )
    if not is_approved(approvals, opener):
        raise NotAMove(N_("The case has to be approved by somebody who did not open it."))
