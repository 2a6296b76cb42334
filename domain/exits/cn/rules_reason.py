"""R1 to R3: why the contract is to be ended. Pure."""

from __future__ import annotations

import re

from domain.errors import N_
from domain.exits.rules_facts import Assessment, CaseFacts, Ground, Help, Reason, Transfer
from domain.exits.rules_findings import Fact, Finding, Rule, Supplier

R1 = Rule("R1", (N_("the written reason"),))
R2 = Rule(
    "R2",
    (
        N_("the first assessment, with who judged it"),
        N_("the training or the transfer"),
        N_("the second assessment, of a new period"),
    ),
)
R3 = Rule("R3", (N_("the targets of every month"), N_("what peers in the same post reached")))

COMPETITION = frozenset({Reason.RANK, Reason.BOTTOM_SHARE, Reason.LOST_COMPETITION})
_SPEAKS_OF_RANK = re.compile(
    r"\b(?:rank\w*|bottom[\s-]+(?:\d+|\w+\s*(?:%|percent))|last\s+place|lowest)"
    r"|末位|末尾|排名|倒数|名次|垫底|最后一?名|后\s*\d+\s*[%％]|竞聘|竞岗|竞争上岗",
    re.IGNORECASE,
)


def reason_is_no_rank(facts: CaseFacts) -> Finding:
    """R1: a rank, a bottom share or a lost competition is no incompetence (Guiding Case 18)."""
    reasons, words = facts.reasons, facts.reason_in_words
    read = (
        Fact(N_("reasons"), ", ".join(sorted(reasons)) if reasons else None),
        Fact(N_("written reason"), words or None),
    )
    if not reasons or not words:
        return R1.lacks(*read)
    if reasons & COMPETITION:
        return R1.blocks(N_("A rank is no reason: name the standard that was not met."), *read)
    if spoken := _SPEAKS_OF_RANK.search(words):
        return R1.blocks(
            N_('The written reason speaks of a rank ("{words}"): name the standard that was not met.'),
            *read,
            words=spoken[0],
        )
    return R1.allows(N_("The reason is a standard, not a rank."), *read)


def incompetent_helped_incompetent(facts: CaseFacts) -> Finding:
    """R2: incompetent, then trained or transferred, then incompetent again in a new period (LCL 40(2))."""
    if facts.ground is Ground.PROBATION:
        return R2.allows(N_("Not asked for in probation: see the hiring standards."))
    first, given, second = facts.first, facts.help, facts.second
    read = (
        Fact(N_("first judged incompetent on"), first.judged_on if first else None),
        Fact(N_("training or transfer began on"), given.start if given else None, Supplier.MANAGER),
        Fact(N_("training or transfer done by"), given.end if given else None, Supplier.MANAGER),
        Fact(N_("new period began on"), second.start if second else None),
        Fact(N_("judged incompetent again on"), second.judged_on if second else None),
    )
    if first is None or given is None or second is None:
        return R2.lacks(*read)
    for judged in (first, second):
        if not judged.incompetent:
            return R2.blocks(
                N_("The result from {start} to {end} reached what was asked for: that is not incompetent."),
                *read,
                start=judged.start,
                end=judged.end,
            )
    if wrong := _out_of_order(first, given, second):
        return R2.blocks(wrong, *read)
    return R2.allows(N_("Incompetent, helped, and incompetent again in a new period."), *read)


def standard_is_fair(facts: CaseFacts) -> Finding:
    """R3: the contract's task or the workload of peers; the quota was not raised on purpose."""
    if facts.ground is Ground.PROBATION:
        return R3.allows(N_("Not asked for in probation: see the hiring standards."))
    first, second, peers, raised = facts.first, facts.second, facts.peers, facts.raised
    read = (
        Fact(N_("targets raised in the plan"), None if raised is None else len(raised)),
        Fact(N_("peers in the same post"), peers.all if peers else None),
        Fact(N_("of them met the same target"), peers.met if peers else None),
        Fact(N_("first result"), str(first.result) if first else None),
        Fact(N_("second result"), str(second.result) if second else None),
    )
    if first is None or second is None or peers is None or raised is None:
        return R3.lacks(*read)
    if raised:
        one = raised[0]
        return R3.blocks(
            N_("The target of {month} was raised on {on}, in the plan: from {before} to {after}."),
            *read,
            month=one.month,
            on=one.on,
            before=one.before,
            after=one.after,
        )
    if second.is_better_than(first):
        return R3.escalates(N_("The later result is better than the earlier one."), *read)
    if not peers.all:
        return R3.escalates(N_("There are no peers in the same post to compare with."), *read)
    if peers.met < peers.all - peers.met:
        return R3.escalates(N_("Fewer than half of the peers met the same target."), *read)
    return R3.allows(N_("The target stood, and peers in the same post met it."), *read)


def _out_of_order(first: Assessment, given: Help, second: Assessment) -> str | None:
    """The sentence that says so; None where the three facts follow one another."""
    if first.judged_on <= first.end or second.judged_on <= second.end:
        return N_("A period was judged before it had ended.")
    if given.start < first.judged_on:
        return N_("The help began before the first judgement: it has to follow it.")
    if second.start <= first.end:
        return N_("The second period overlaps the first: it has to be a new one.")
    if isinstance(given, Transfer) and second.start < given.start:
        return N_("The second period began before the transfer: it judges the old post.")
    if (second.end - max(given.end, second.start)).days * 2 < (second.end - second.start).days:
        return N_("Less than half of the second period followed the help: it judges the time before it.")
    return None
