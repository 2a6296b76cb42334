"""The audit chain: who did or looked at what, when, and what they saw; each entry seals the one before."""

import hashlib
import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.clock import Clock
from domain.database import Base, UtcDateTime, one_at_a_time

START_OF_CHAIN = "0" * 64


class AuditEntry(Base):
    __tablename__ = "audit_chain"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(sa.String(200))
    """An employee id, `system`, `cli:<user>`, or `slack:<user>` for somebody we know by that alone."""
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(300), index=True)
    detail_digest: Mapped[str] = mapped_column(sa.String(64))
    detail: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    """Can be erased when its retention ends; the chain seals only its digest."""
    digest: Mapped[str] = mapped_column(sa.String(64))


def record(
    session: Session,
    clock: Clock,
    actor: str,
    action: str,
    subject: str,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append to the chain, in the caller's transaction."""
    one_at_a_time(session, "audit_chain")
    last = session.scalar(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1))
    at = clock.now()
    entry = AuditEntry(
        seq=last.seq + 1 if last else 1,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        detail_digest=detail_digest(detail),
        detail=detail,
        digest="",
    )
    entry.digest = entry_digest(entry, last.digest if last else START_OF_CHAIN)
    session.add(entry)
    session.flush()
    return entry


def detail_digest(detail: dict[str, Any] | None) -> str:
    return _sha256(json.dumps(detail, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def entry_digest(entry: AuditEntry, previous: str) -> str:
    """SHA-256 over the entry's fields and the digest before it."""
    fields = [
        entry.seq,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail_digest,
        previous,
    ]
    return _sha256(json.dumps(fields, ensure_ascii=False))


def first_broken_entry(session: Session) -> int | None:
    """The `seq` at which the chain stops being true; None where all of it holds."""
    previous = START_OF_CHAIN
    for expected, entry in enumerate(
        session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)), start=1
    ):
        erased = entry.detail is None
        if (
            entry.seq != expected
            or entry.digest != entry_digest(entry, previous)
            or (not erased and entry.detail_digest != detail_digest(entry.detail))
        ):
            return expected
        previous = entry.digest
    return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
