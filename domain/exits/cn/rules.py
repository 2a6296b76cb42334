"""The rules of jurisdiction `cn`, each with the acts that it stands before. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from domain.exits.cn.rules_after import (
    deductions_are_lawful,
    ends_are_tied_up,
    evidence_is_kept,
    explanation_was_given,
)
from domain.exits.cn.rules_help import help_was_real
from domain.exits.cn.rules_notice import notice_was_given
from domain.exits.cn.rules_policy import policy_was_known, probation_has_its_standards
from domain.exits.cn.rules_protection import is_not_protected
from domain.exits.cn.rules_reason import (
    incompetent_helped_incompetent,
    reason_is_no_rank,
    standard_is_fair,
)
from domain.exits.cn.rules_scale import is_no_mass_exit
from domain.exits.cn.rules_severance import exposure_is_shown, severance_is_known
from domain.exits.cn.rules_union import union_was_heard
from domain.exits.rules_facts import CaseFacts
from domain.exits.rules_findings import Act, Finding

STANDS_BEFORE: dict[Act, tuple[Callable[[CaseFacts], Finding], ...]] = {
    Act.DECISION: (
        *(reason_is_no_rank, incompetent_helped_incompetent, standard_is_fair, policy_was_known),
        *(help_was_real, severance_is_known, exposure_is_shown, is_no_mass_exit),
        *(probation_has_its_standards, explanation_was_given, evidence_is_kept),
    ),
    Act.NOTICE: (union_was_heard,),
    Act.EFFECTIVE: (notice_was_given,),
    Act.CLOSING: (deductions_are_lawful, ends_are_tied_up),
}
"""Each stands before the later acts as well. R6 is asked for anew before each act but the last."""


def check(facts: CaseFacts, act: Act, today: date) -> list[Finding]:
    """Every rule that stands before the act, in the order of their numbers."""
    found = [one(facts) for first, checks in STANDS_BEFORE.items() if first <= act for one in checks]
    if act <= Act.EFFECTIVE:
        found.append(is_not_protected(facts, act, today))
    return sorted(found, key=lambda finding: int(finding.rule.removeprefix("R")))
