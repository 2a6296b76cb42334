"""Files and awards as the read side returns them, to draw."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.recognition.file import AwardView, EntryView, FileView
from domain.recognition.model import AwardKind, EntryKind
from domain.recognition.service import Named
from tests.bot.builders import JUNE

BEST = Named(AwardKind.BEST, "new_customers", "East", ("Ada Okafor", "Ben"))
CLIMBER = Named(AwardKind.CLIMBER, "", "East", ("Cleo",))


def a_sanction(**changes: Any) -> EntryView:
    entry = EntryView(
        id=5,
        person_id=7,
        person_name="Ada Okafor",
        kind=EntryKind.SANCTION,
        title="A warning",
        on_day=date(2026, 6, 3),
        reason="Left a customer waiting.",
        evidence="The letter of June 2",
        award=None,
        by_name="Helen",
        withdrawn_because=None,
    )
    return replace(entry, **changes)


def a_reward(**changes: Any) -> EntryView:
    return a_sanction(
        **{"id": 6, "kind": EntryKind.REWARD, "title": "A day off", "reason": "Thanks.", **changes}
    )


def a_win(**changes: Any) -> EntryView:
    award = AwardView(AwardKind.BEST, "sales", "East", JUNE)
    return a_reward(**{"id": 8, "award": award, "reason": "", "evidence": None, **changes})


def a_file(**changes: Any) -> FileView:
    """Twelve entries of each sort, one withdrawn; its reader may write into it."""
    entries = (a_sanction(), a_reward(withdrawn_because="Mixed up."), a_win(), *[a_reward()] * 9)
    view = FileView(7, "Ada Okafor", "E7", entries, may_keep=True, is_own=False)
    return replace(view, **changes)
