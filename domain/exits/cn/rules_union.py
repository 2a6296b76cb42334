"""R7: the union (LCL 43). Pure."""

from __future__ import annotations

from domain.errors import N_
from domain.exits.rules_facts import CaseFacts, Opinion
from domain.exits.rules_findings import Fact, Finding, Rule, Supplier, incomplete

R7 = Rule("R7", (N_("the letter to the union"), N_("its opinion, and the answer to it in writing")))


def union_was_heard(facts: CaseFacts) -> Finding:
    """R7: the reasons reached the union before the notice, and its opinion was answered in writing."""
    union = facts.union
    if union is None:
        return R7.lacks(Fact(N_("whether there is a union"), None))
    if not union.exists:
        return R7.escalates(N_("There is no union here: somebody has to say who is told in its place."))
    needs_answer = union.opinion is not None and union.opinion is not Opinion.NONE
    read = (
        Fact(N_("reasons sent to the union on"), union.told_on),
        Fact(N_("its opinion"), union.opinion, Supplier.UNION),
        *((Fact(N_("opinion answered on"), union.answered_on),) if needs_answer else ()),
    )
    if incomplete(read):
        return R7.lacks(*read)
    notice = facts.notice
    for on in (union.told_on, union.answered_on if needs_answer else None):
        if notice is not None and on is not None and on >= notice.delivered_on:
            return R7.blocks(
                N_("The notice was given on {notice}, before the union was heard ({on})."),
                *read,
                notice=notice.delivered_on,
                on=on,
            )
    return R7.allows(N_("The union was told before, and its opinion answered."), *read)
