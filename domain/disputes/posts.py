"""Who hears of a dispute: those who are to answer it, its owner, and whoever is given a record by it."""

from collections.abc import Collection
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import Clock
from domain.disputes.model import Dispute
from domain.jobs import add_job
from domain.outbox import UPDATE_JOB, NewPost, Post, PostState, add_posts
from domain.quiet_hours import Hours

DISPUTE_POST = "dispute"
"""Facts: `dispute_id`, `reader_id`, `news`: drawn for the reader, as it stands when it is sent."""
GIVEN_POST = "record_given"
"""To who was given a record. Facts: `measure`, `period`, `occurred_on`, `value`."""


class News(StrEnum):
    """Why somebody is told."""

    OPENED = "opened"
    """To who is to answer: it is new, or was passed up to them."""
    PASSED_UP = "passed_up"
    """To the owner."""
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    """To who was to answer."""
    REMINDED = "reminded"
    CORRECTED = "corrected"
    """To HR: a record of a locked card was corrected, and the card is theirs to restate or to leave."""
    KEPT = "kept"
    """To the owner: HR leaves the card as it is."""


def tell(
    session: Session, clock: Clock, dispute: Dispute, readers: Collection[int], news: News, what: str
) -> None:
    """`what` names the move or the day that it is about: each reader is told once."""
    posts = [
        NewPost(
            key=_key(dispute, f"{what}:{reader}"),
            kind=DISPUTE_POST,
            facts={"dispute_id": dispute.id, "reader_id": reader, "news": news},
            person_id=reader,
            hours=Hours.WORKING,
        )
        for reader in readers
    ]
    if posts:
        add_posts(session, clock, posts)


def tell_given(
    session: Session, clock: Clock, reader_id: int, correction_id: int, facts: dict[str, str]
) -> None:
    key = f"record_given:{correction_id}"
    given = NewPost(key=key, kind=GIVEN_POST, facts=facts, person_id=reader_id, hours=Hours.WORKING)
    add_posts(session, clock, [given])


def renew(session: Session, clock: Clock, dispute: Dispute, after: str) -> None:
    """Have the messages that are out or on their way say how it stands now; `after` names what changed."""
    sent = session.scalars(
        sa.select(Post.id).where(
            Post.key.startswith(_key(dispute, ""), autoescape=True),
            Post.state.in_((PostState.SENT, PostState.SENDING)),
        )
    )
    for post_id in sent:
        add_job(session, clock, UPDATE_JOB, f"dispute_post:{post_id}:{after}", {"post_id": post_id})


def _key(dispute: Dispute, what: str) -> str:
    return f"dispute:{dispute.id}:{what}"
