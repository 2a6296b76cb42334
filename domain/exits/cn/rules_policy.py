"""R4 and R14: what was said beforehand. Pure."""

from __future__ import annotations

from datetime import date

from domain.errors import N_
from domain.exits.rules_facts import CaseFacts, Ground, Policy
from domain.exits.rules_findings import Fact, Finding, Rule, Supplier, incomplete

R4 = Rule(
    "R4",
    (
        N_("the policy's text"),
        N_("the record of its discussion"),
        N_("the person's acknowledgement, in Slack or on paper"),
    ),
)
R14 = Rule("R14", (N_("the hiring standards, acknowledged before the work began"),))


def policy_was_known(facts: CaseFacts) -> Finding:
    """R4: discussed, published and acknowledged by the person before the assessed period (LCL 4)."""
    if facts.ground is Ground.PROBATION:
        return R4.allows(N_("Not asked for in probation: see the hiring standards."))
    policy, began = facts.policy, facts.first.start if facts.first else None
    read = (*_read(policy), Fact(N_("assessed period began on"), began))
    if policy is None or began is None or incomplete(read):
        return R4.lacks(*read)
    if late := _late(policy, began):
        return R4.blocks(
            N_("The assessed period began on {began}; the policy was {step} on {on}, not before it."),
            *read,
            began=began,
            step=late[0],
            on=late[1],
        )
    return R4.allows(N_("The policy was discussed, published and acknowledged beforehand."), *read)


def probation_has_its_standards(facts: CaseFacts) -> Finding:
    """R14: in probation by hiring standards agreed beforehand (LCL 39(1)), or as anybody (LCL 40(2))."""
    until, last_day = facts.probation_until, facts.effective_on
    read = (
        Fact(N_("ground"), facts.ground),
        Fact(N_("last day"), last_day),
        Fact(N_("probation until"), until),
    )
    if facts.ground is None or last_day is None or until is None:
        return R14.lacks(*read)
    in_probation = last_day <= until
    if facts.ground is Ground.INCOMPETENCE:
        if in_probation:
            return R14.escalates(N_("The person is in probation, and the ground is incompetence."), *read)
        return R14.allows(N_("Not in probation."), *read)
    if not in_probation:
        return R14.blocks(N_("There is no probation on the last day: hiring standards are no ground."), *read)
    return _by_standards(facts.hiring_standards, facts.service_start, read)


def _by_standards(standards: Policy | None, began: date | None, read: tuple[Fact, ...]) -> Finding:
    read = (*read, *_read(standards), Fact(N_("work began on"), began))
    if standards is None or began is None or incomplete(read):
        return R14.lacks(*read)
    if late := _late(standards, began, same_day=True):
        return R14.blocks(
            N_("Work began on {began}; the hiring standards were {step} on {on}, not before it."),
            *read,
            began=began,
            step=late[0],
            on=late[1],
        )
    return R14.escalates(N_("Hiring standards agreed beforehand were not met in probation."), *read)


def _read(policy: Policy | None) -> tuple[Fact, ...]:
    return (
        Fact(N_("discussed on"), policy.discussed_on if policy else None),
        Fact(N_("published on"), policy.published_on if policy else None),
        Fact(N_("acknowledged on"), policy.acknowledged_on if policy else None, Supplier.PERSON),
    )


def _late(policy: Policy, began: date, *, same_day: bool = False) -> tuple[str, date] | None:
    """The first step that was not before the day, in words, and its own day."""
    steps = (
        (N_("discussed"), policy.discussed_on),
        (N_("published"), policy.published_on),
        (N_("acknowledged"), policy.acknowledged_on),
    )
    for step, on in steps:
        if on is not None and (on > began or (on == began and not same_day)):
            return step, on
    return None
