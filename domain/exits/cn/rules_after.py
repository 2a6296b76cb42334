"""R12, R13, R15 and R16: what is owed at the end and after it. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from domain.errors import N_
from domain.exits.rules_dates import month_key, years_later
from domain.exits.rules_facts import CaseFacts, Deduction, Ground, Wages
from domain.exits.rules_findings import Fact, Finding, Rule, Supplier, incomplete, said
from domain.incentives.rules_law import Blocked, WageFacts, limit_for_loss
from domain.scoring.rules_exact import half_up

R12 = Rule(
    "R12",
    (
        N_("the certificate, signed for"),
        N_("the transfer of files and social insurance"),
        N_("the receipt for the severance"),
    ),
)
R13 = Rule("R13", (N_("the agreed formula"),))
R15 = Rule("R15", (N_("the explanation, where one was asked for"), N_("the name of who decided")))
R16 = Rule("R16")
FILES_WITHIN = timedelta(days=15)
KEPT_YEARS = 2
_CENTS = 2


def ends_are_tied_up(facts: CaseFacts) -> Finding:
    """R12: certificate, files and insurance in 15 days, severance at handover, a neutral notice (LCL 50)."""
    tasks, last_day = facts.tasks, facts.effective_on
    owed = facts.ground is not Ground.PROBATION
    read = (
        Fact(N_("last day"), last_day),
        Fact(N_("certificate given on"), tasks.certificate_on),
        Fact(N_("files and social insurance transferred on"), tasks.files_and_insurance_on),
        *((Fact(N_("severance paid on"), tasks.severance_on, Supplier.FINANCE),) if owed else ()),
        Fact(N_("team's notice without reason or score"), said(tasks.neutral_notice)),
    )
    certificate, files = tasks.certificate_on, tasks.files_and_insurance_on
    if last_day is None or certificate is None or files is None or incomplete(read):
        return R12.lacks(*read)
    if not tasks.neutral_notice:
        return R12.blocks(N_("The team's notice carries a reason or a score."), *read)
    if owed and tasks.severance_on is not None and tasks.severance_on > last_day:
        return R12.escalates(N_("The severance was paid after the last day."), *read)
    if certificate > last_day:
        return R12.escalates(N_("The certificate was given after the last day."), *read)
    if files > last_day + FILES_WITHIN:
        return R12.escalates(N_("Files and social insurance took longer than 15 days."), *read)
    return R12.allows(N_("Certificate, files, social insurance and severance are done."), *read)


def deductions_are_lawful(facts: CaseFacts) -> Finding:
    """R13: unearned variable pay by an agreed formula; for losses a fifth, never below the minimum wage."""
    if facts.deductions is None:
        return R13.lacks(Fact(N_("deductions from the last pay"), None, Supplier.FINANCE))
    read = (Fact(N_("deductions from the last pay"), len(facts.deductions)),)
    for one in facts.deductions:
        if not one.for_loss and not (one.unearned and _was_agreed(one, facts)):
            return R13.blocks(
                N_("A deduction of {amount} is not of unearned variable pay by an agreed formula."),
                *read,
                amount=one.amount,
            )
    return _losses(facts, read)


def _was_agreed(one: Deduction, facts: CaseFacts) -> bool:
    """Before the notice, or where there is none, by the last day."""
    by = facts.notice.delivered_on if facts.notice else facts.effective_on
    return one.agreed_on is not None and by is not None and one.agreed_on <= by


def explanation_was_given(facts: CaseFacts) -> Finding:
    """R15: a human decided, and whoever asked has had an explanation (PIPL 24)."""
    read = [Fact(N_("decided by"), facts.decided_by)]
    if facts.explanation_asked_on is not None:
        read.append(Fact(N_("explained on"), facts.explained_on))
    if incomplete(read):
        return R15.lacks(*read)
    return R15.allows(N_("A named human decides; explanations are given."), *read)


def evidence_is_kept(facts: CaseFacts) -> Finding:
    """R16: the employer bears the burden of proof; arbitration within a year; two years are kept (LCL 50)."""
    last_day = facts.effective_on
    read = (Fact(N_("last day"), last_day),)
    if last_day is None:
        return R16.lacks(*read)
    until = kept_until(last_day)
    return R16.allows(N_("The evidence is kept until {until} at least."), *read, until=until)


def kept_until(last_day: date) -> date:
    return years_later(last_day, KEPT_YEARS)


def files_due(last_day: date) -> date:
    return last_day + FILES_WITHIN


def _losses(facts: CaseFacts, read: tuple[Fact, ...]) -> Finding:
    losses = [one for one in facts.deductions or () if one.for_loss]
    if not losses:
        return R13.allows(N_("Nothing is taken from the last pay but what was agreed."), *read)
    wages = facts.wages or Wages({}, None, None)
    month = None if facts.effective_on is None else wages.months.get(month_key(facts.effective_on))
    taken = sum((one.amount for one in losses), Decimal(0))
    limit = limit_for_loss(WageFacts(month, wages.minimum), Decimal(0))
    read = (
        *read,
        Fact(N_("wage of the last month"), month, Supplier.FINANCE),
        Fact(N_("minimum wage"), wages.minimum, Supplier.FINANCE),
    )
    if isinstance(limit, Blocked):
        return R13.lacks(*read)
    if taken > limit:
        return R13.blocks(
            N_("{taken} for losses is more than the law leaves: {limit}."),
            *read,
            taken=taken,
            limit=half_up(limit, _CENTS),
        )
    return R13.allows(N_("Nothing is taken from the last pay but what the law allows."), *read)
