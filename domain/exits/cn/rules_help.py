"""R5: the help that was given. Pure."""

from __future__ import annotations

from domain.errors import N_
from domain.exits.rules_facts import CaseFacts, Ground, Training, Transfer
from domain.exits.rules_findings import Fact, Finding, Rule, Supplier, incomplete, said

R5 = Rule(
    "R5",
    (
        N_("the training's name, aim and material"),
        N_("its attendance list"),
        N_("its exams, every attempt"),
        N_("or the transfer in writing, and why it was reasonable"),
    ),
)


def help_was_real(facts: CaseFacts) -> Finding:
    """R5: a named training of the employer's, aimed at the gap, attended and examined; or a transfer."""
    if facts.ground is Ground.PROBATION:
        return R5.allows(N_("Not asked for in probation: see the hiring standards."))
    if isinstance(facts.help, Training):
        return _training(facts.help, facts.gap)
    if isinstance(facts.help, Transfer):
        return _transfer(facts.help)
    return R5.lacks(Fact(N_("training or transfer"), None, Supplier.MANAGER))


def _training(given: Training, gap: frozenset[str]) -> Finding:
    read = (
        Fact(N_("training"), given.name or None, Supplier.MANAGER),
        Fact(N_("a team meeting"), said(given.team_meeting), Supplier.MANAGER),
        Fact(N_("given by the employer"), said(given.by_employer)),
        Fact(N_("aimed at"), ", ".join(sorted(given.aimed_at)) or None, Supplier.MANAGER),
        Fact(N_("sessions"), given.sessions, Supplier.MANAGER),
        Fact(N_("of them attended"), given.attended, Supplier.MANAGER),
        Fact(N_("material"), given.material or None, Supplier.MANAGER),
        Fact(N_("exams taken"), len(given.exams) or None, Supplier.MANAGER),
    )
    if given.team_meeting:
        return R5.blocks(N_("A team meeting is no training."), *read)
    if incomplete(read):
        return R5.lacks(*read)
    if not given.by_employer:
        return R5.blocks(N_("The training was not given by the employer."), *read)
    if not given.aimed_at & gap:
        return R5.blocks(
            N_("The training was aimed at {aim}, and the gap was in {gap}."),
            *read,
            aim=", ".join(sorted(given.aimed_at)),
            gap=", ".join(sorted(gap)) or "–",
        )
    if not given.attended:
        return R5.blocks(N_("No session was attended."), *read)
    return R5.allows(N_("The training was named, aimed at the gap, attended and examined."), *read)


def _transfer(given: Transfer) -> Finding:
    read = (
        Fact(N_("transferred to"), given.post or None),
        Fact(N_("written on"), given.written_on),
        Fact(N_("reasonable because"), given.reasonable_because or None),
    )
    if given.written_on is None or incomplete(read):
        return R5.lacks(*read)
    if given.written_on > given.start:
        return R5.blocks(N_("The transfer was put in writing after it began."), *read)
    return R5.allows(N_("The transfer was written and reasonable."), *read)
