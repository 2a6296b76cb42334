"""Who hears of closing: HR on the due days and when a lock is done, the owner of a card that is restated."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.clock import Clock
from domain.closing.checklist import Item
from domain.closing.model import Restatement
from domain.closing.rules import CloseCalendar, Stage
from domain.closing.service import CloseView
from domain.errors import Refusal
from domain.outbox import NewPost, add_post, add_posts
from domain.people.service import name_of_actor
from domain.periods import Period
from domain.quiet_hours import Hours
from domain.scoring.model import Card

DUE_POST = "close_due"
"""Facts: `period`, `stage`, the days `data_due`, `review` and `lock`, and `items` as `Item.to_json`."""
LOCKED_POST = "period_locked"
"""Facts: `period`, `because` and `items`; None and none where nothing was open."""
NOT_LOCKED_POST = "period_not_locked"
"""Facts: `period`, and `said`: the `sentence` of the refusal with its `values`."""
RESTATED_POST = "card_restated"
"""Facts: `period`, `version`, `by` (a name), `because`, and `score` and `tier` `before` and `after`."""


@dataclass(frozen=True)
class Due:
    """A day of the close calendar that has come, and what is open by then."""

    period: Period
    stage: Stage
    calendar: CloseCalendar
    items: tuple[Item, ...]


def remind_of_close(session: Session, clock: Clock, readers: Iterable[int], due: Due) -> None:
    facts = {
        "period": due.period.key,
        "stage": due.stage,
        "data_due": due.calendar.data_due.isoformat(),
        "review": due.calendar.review.isoformat(),
        "lock": due.calendar.lock.isoformat(),
        "items": [item.to_json() for item in due.items],
    }
    posts = [
        NewPost(
            key=f"close:{due.period.key}:{due.stage}:{reader}",
            kind=DUE_POST,
            facts=facts,
            person_id=reader,
            hours=Hours.WORKING,
        )
        for reader in readers
    ]
    if posts:
        add_posts(session, clock, posts)


def tell_locked(session: Session, clock: Clock, viewer: Viewer, view: CloseView) -> None:
    exceptions = view.exceptions
    facts = {
        "period": view.period.key,
        "because": exceptions.because if exceptions else None,
        "items": [item.to_json() for item in exceptions.items] if exceptions else [],
    }
    _tell_asker(session, clock, viewer, LOCKED_POST, view.period, facts)


def tell_not_locked(session: Session, clock: Clock, viewer: Viewer, period: Period, refused: Refusal) -> None:
    values = {name: str(value) for name, value in refused.values.items()}
    facts = {"period": period.key, "said": {"sentence": refused.sentence, "values": values}}
    _tell_asker(session, clock, viewer, NOT_LOCKED_POST, period, facts)


def _tell_asker(
    session: Session, clock: Clock, viewer: Viewer, kind: str, period: Period, facts: dict[str, Any]
) -> None:
    """At once: somebody waits for it."""
    key = f"{kind}:{period.key}:{viewer.person_id}:{clock.now():%Y%m%d%H%M%S%f}"
    add_post(session, clock, key=key, kind=kind, facts=facts, person_id=viewer.person_id, hours=Hours.ANY)


def tell_restated(
    session: Session, clock: Clock, made: Restatement, before: Card | None, after: dict[str, Any]
) -> None:
    add_post(
        session,
        clock,
        key=f"restated:{made.id}",
        kind=RESTATED_POST,
        facts={
            "period": made.period,
            "version": made.version,
            "by": name_of_actor(session, made.by),
            "because": made.because,
            "before": None if before is None else _result(before.score, before.tier),
            "after": _result(after["score"], after["tier"]),
        },
        person_id=made.person_id,
        hours=Hours.WORKING,
    )


def _result(score: Decimal | None, tier: str | None) -> dict[str, str | None]:
    return {"score": None if score is None else str(score), "tier": tier}
