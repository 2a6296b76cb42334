"""Whose law a company's exits are checked by. Where there is no rule set, an exit is refused. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from domain.errors import N_, BadInput
from domain.exits.cn.rules import check as check_cn
from domain.exits.rules_facts import CaseFacts
from domain.exits.rules_findings import Act, Finding

Check = Callable[[CaseFacts, Act, date], list[Finding]]
"""Every rule that stands before an act, as of a day."""
_KNOWN: dict[str, Check] = {"cn": check_cn}


def jurisdiction(code: str) -> Check:
    """Raises BadInput where there is no rule set for the code."""
    if code not in _KNOWN:
        raise BadInput(
            N_(
                'There are no rules of law for "{code}", so no exit can be checked: Pacesetter opens exits '
                "under {known} only."
            ),
            code=code,
            known=", ".join(_KNOWN),
        )
    return _KNOWN[code]
