"""Sharing the own card: never by default, only where and as much as its owner chooses, until withdrawn.

The row of a share is the owner's consent. A post about a person goes to a channel that others read only while
such a row stands behind it (see bot/delivery/privacy.py).
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain import audit
from domain.access import Viewer
from domain.clock import Clock
from domain.database import Base, UtcDateTime
from domain.errors import NotAllowed, NotFound
from domain.inbound import is_first_time
from domain.jobs import add_job
from domain.outbox import UPDATE_JOB, Post, PostState, add_post
from domain.people import service as people
from domain.periods import Period
from domain.quiet_hours import Hours
from domain.scoring import views
from domain.scoring.rules_cards import LineKind, LineStatus
from domain.scoring.views import CardView
from domain.sending import arrived

SHARE_POST = "card_share"
"""Facts: SharedCard.to_json with `share_id`; after the withdrawal no more than who and when."""
SHARE_FAILED_POST = "card_share_failed"
"""To the owner. Facts: `period`, `channel_name`."""
POLICY = "share_cards"
"""In [policies] of company.toml: false forbids it."""


class Part(StrEnum):
    """What an owner may show."""

    SCORE = "score"
    """Score and tier."""
    LINES = "lines"
    """Each indicator's reading and what it adds, no amounts."""
    PLACES = "places"
    """Those that the owner sees."""


class CardShare(Base):
    """A person's choice to show the own card of a period, in part, at one place."""

    __tablename__ = "card_shares"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    period: Mapped[str] = mapped_column(sa.String(8))
    parts: Mapped[list[str]] = mapped_column(sa.JSON)
    channel: Mapped[str | None] = mapped_column(sa.String(32))
    """A channel's id …"""
    reader_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    """… or a colleague."""
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outbox.id"), unique=True)
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Destination:
    """A channel of the own workspace, by id and name; or a colleague."""

    channel: str | None = None
    channel_name: str | None = None
    reader_id: int | None = None


@dataclass(frozen=True)
class Choice:
    """What somebody wants to show: parts of a person's card."""

    period: Period
    person_id: int
    slack_id: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class SharedLine:
    """An indicator, or a deduction that took something off. Decimals as text, as printed on the card."""

    name: str
    of_target: bool
    reading: str | None
    anchors: tuple[str, ...]
    """The readings of the curve's anchors around it: they tell a share from another number."""
    contribution: str | None


@dataclass(frozen=True)
class SharedPlace:
    unit: str
    rank: int
    out_of: int


@dataclass(frozen=True)
class SharedCard:
    """What is shown: a copy of the numbers, which later changes of the card do not touch."""

    name: str
    slack_id: str
    """Of the owner."""
    period: str
    status: str
    locked: bool
    score: str | None
    tier: str | None
    lines: tuple[SharedLine, ...]
    places: tuple[SharedPlace, ...]

    @property
    def digest(self) -> str:
        """The same for the same content: what was looked at is what is sent."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> "SharedCard":
        known = {name: facts[name] for name in cls.__dataclass_fields__}
        lines = tuple(SharedLine(**{**line, "anchors": tuple(line["anchors"])}) for line in facts["lines"])
        places = tuple(SharedPlace(**place) for place in facts["places"])
        return cls(**{**known, "lines": lines, "places": places})


def own_card(session: Session, viewer: Viewer, clock: Clock, period: Period, person_id: int) -> CardView:
    """The card, if its owner may share it now. Raises NotAllowed or NotFound."""
    if person_id != viewer.person_id:
        raise NotAllowed("Only the person whose card it is may share it.")
    if people.company(session).policies.get(POLICY) is False:
        raise NotAllowed("Cards are not shared here: the company has switched it off.")
    card = views.my_score(session, viewer, clock, period, person_id).card
    if card.score is None:
        raise NotFound("There is no score of {period} to share.", period=period.key)
    return card


def parts_of(card: CardView) -> tuple[Part, ...]:
    """What there is to show; places only where the owner sees any."""
    has_places = any(place.rank is not None for place in card.ranks)
    return (Part.SCORE, Part.LINES, *([Part.PLACES] if has_places else []))


def to_show(card: CardView, parts: Collection[str], slack_id: str) -> SharedCard:
    """The chosen parts of a card."""
    return SharedCard(
        name=card.person.name,
        slack_id=slack_id,
        period=card.period.key,
        status=str(card.status),
        locked=card.locked,
        score=str(card.score) if Part.SCORE in parts else None,
        tier=card.tier if Part.SCORE in parts else None,
        lines=_lines(card) if Part.LINES in parts else (),
        places=_places(card) if Part.PLACES in parts else (),
    )


def as_it_is(session: Session, viewer: Viewer, clock: Clock, what: Choice) -> SharedCard:
    """The chosen parts of the own card now, as far as there are such. Raises NotAllowed or NotFound."""
    card = own_card(session, viewer, clock, what.period, what.person_id)
    return to_show(card, set(what.parts) & set(parts_of(card)), what.slack_id)


def _lines(card: CardView) -> tuple[SharedLine, ...]:
    return tuple(
        SharedLine(
            name=line.name,
            of_target=line.target is not None,
            reading=None if line.reading is None else str(line.reading),
            anchors=tuple(reading for reading, _ in line.detail.get("segment", ())),
            contribution=str(line.contribution),
        )
        for line in card.lines
        if line.status == LineStatus.ASSESSED
        and (line.kind == LineKind.INDICATOR or (line.kind == LineKind.DEDUCTION and line.contribution))
    )


def _places(card: CardView) -> tuple[SharedPlace, ...]:
    return tuple(
        SharedPlace(place.unit_name, place.rank, place.out_of)
        for place in reversed(card.ranks)
        if place.rank is not None
    )


def share(
    session: Session,
    clock: Clock,
    viewer: Viewer,
    what: Choice,
    seen: str,
    destination: Destination,
    *,
    once: str,
    correlation_id: str | None = None,
) -> SharedCard:
    """Record the consent and queue the post, if the card is still as it was `seen`: by its digest.

    The card as it is now. Nothing is done where it is another, or where this was done before under the name
    `once`. Raises NotAllowed for anybody but the card's owner, or NotFound.
    """
    shown = as_it_is(session, viewer, clock, what)
    if shown.digest != seen or not is_first_time(session, clock, f"share:{once}"):
        return shown
    chosen = [part.value for part in what.parts]
    row = CardShare(
        person_id=viewer.person_id,
        period=shown.period,
        parts=chosen,
        channel=destination.channel,
        reader_id=destination.reader_id,
        shared_at=clock.now(),
    )
    session.add(row)
    session.flush()
    row.post_id = _queue(session, clock, row, shown, destination.channel_name, correlation_id).id
    where = {"channel": destination.channel, "reader": destination.reader_id}
    _note(session, clock, viewer, "card.share", row, {"parts": chosen, **where})
    return shown


def _queue(
    session: Session,
    clock: Clock,
    row: CardShare,
    shown: SharedCard,
    channel_name: str | None,
    correlation_id: str | None,
) -> Post:
    facts = shown.to_json() | {
        "share_id": row.id,
        "about": [row.person_id],
        "recipients": [row.person_id],
        "channel_name": channel_name,
    }
    return add_post(
        session,
        clock,
        key=f"share:{row.id}",
        kind=SHARE_POST,
        facts=facts,
        person_id=row.reader_id,
        channel=row.channel,
        hours=Hours.ANY if row.channel else Hours.AWAKE,
        correlation_id=correlation_id,
    )


def withdraw(
    session: Session,
    clock: Clock,
    viewer: Viewer,
    share_id: int,
    seen_at: tuple[str, str],
    correlation_id: str | None = None,
) -> CardShare:
    """Take the numbers out of the message, which was `seen_at` a channel and ts. Raises NotAllowed, NotFound.

    The message says afterwards that there was a card, and no more.
    """
    row = session.get(CardShare, share_id, with_for_update=True)
    if row is None or row.post_id is None:
        raise NotFound("This message is not known any more.")
    if row.person_id != viewer.person_id:
        raise NotAllowed("Only the person who shared this card may withdraw it.")
    if row.withdrawn_at is not None:
        return row
    row.withdrawn_at = clock.now()
    post = session.get_one(Post, row.post_id)
    if post.state == PostState.SENDING:  # its sender does not know yet that it is there
        arrived(session, post, *seen_at)
    kept = ("share_id", "name", "slack_id", "period")
    post.facts = {name: post.facts[name] for name in kept} | {"withdrawn": True}
    args = {"post_id": post.id}
    add_job(session, clock, UPDATE_JOB, f"withdraw_share:{row.id}", args, correlation_id=correlation_id)
    _note(session, clock, viewer, "card.share_withdrawn", row, {})
    return row


def tell_owner(session: Session, clock: Clock, post: Post) -> None:
    """Call in the transaction that gives a post up: an owner who shared a card hears that nobody has it."""
    if post.kind == SHARE_POST and (owner := consent_to(session, post)) is not None:
        facts = {name: post.facts[name] for name in ("period", "channel_name")}
        key = f"share_failed:{post.id}"
        add_post(session, clock, key=key, kind=SHARE_FAILED_POST, facts=facts, person_id=owner)


def consent_to(session: Session, post: Post) -> int | None:
    """Whose own choice the post is; None where nobody's, or it was withdrawn."""
    if post.kind != SHARE_POST:
        return None
    stands = sa.select(CardShare.person_id).where(
        CardShare.post_id == post.id, CardShare.withdrawn_at.is_(None)
    )
    return session.scalar(stands)


def _note(
    session: Session, clock: Clock, viewer: Viewer, action: str, row: CardShare, detail: dict[str, Any]
) -> None:
    subject = f"{viewer.employee_id}:{row.period}"
    audit.record(session, clock, viewer.employee_id, action, subject, {"share": row.id, **detail})
