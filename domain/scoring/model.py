"""Periods, score runs, scorecards and their lines."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from domain.database import Base, ExactText, ScaledDecimal, UtcDateTime
from domain.loads import Versioned

PEOPLE_IN_A_RUN = 2**32
"""More than `people.id` can count to."""

CardId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite's own row ids have 64 bits, under the name INTEGER alone."""


class RunState(StrEnum):
    COMPUTING = "computing"
    PUBLISHED = "published"
    REPLACED = "replaced"
    RESTATED = "restated"
    """Of one card of a locked period, as a further version of it."""


class ScoredPeriod(Base):
    """A period that has been scored. Readers see the cards of `published_run_id` and no others."""

    __tablename__ = "periods"

    key: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(7), index=True)
    start: Mapped[date] = mapped_column(index=True)
    published_run_id: Mapped[int | None]
    """No foreign key: runs point here, and a cycle of keys could not be created in one step."""
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_by: Mapped[str | None] = mapped_column(sa.String(200))


class ScoreRun(Base):
    """One computation of a period, from the inputs as of one load and one day."""

    __tablename__ = "score_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(sa.ForeignKey("periods.key"), index=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    load_id: Mapped[int] = mapped_column(sa.ForeignKey("loads.id"))
    digest_version: Mapped[int]
    """Of its cards' `inputs_digest`."""
    today: Mapped[date]
    """The company's day the run was asked for: decides whether the period is still running."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def card_id(run_id: int, person_id: int) -> int:
    """The id of a person's card within a run, known before it is stored: many are written at once."""
    return run_id * PEOPLE_IN_A_RUN + person_id


class Card(Base):
    """A scorecard: one person, one period, one plan version, within one run.

    Numbers only; what explains them follows from them and the plan (`rules_kept`).
    """

    __tablename__ = "cards"
    __table_args__ = (sa.UniqueConstraint("run_id", "person_id"), sa.Index("ix_cards_person", "person_id"))

    id: Mapped[int] = mapped_column(CardId, primary_key=True, autoincrement=False)
    """See `card_id`."""
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("score_runs.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    plan_version_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_versions.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    status: Mapped[str] = mapped_column(sa.String(12))
    score: Mapped[Decimal | None] = mapped_column(ScaledDecimal(2))
    tier: Mapped[str | None] = mapped_column(sa.String(40))
    miss: Mapped[str | None] = mapped_column(sa.String(6))
    rankable: Mapped[bool]
    unranked_because: Mapped[str | None] = mapped_column(sa.Text)
    eligible_days: Mapped[int]
    days: Mapped[int]
    as_of_day: Mapped[date | None]
    """Of a running card: the last day its actuals cover."""
    inputs_digest: Mapped[str | None] = mapped_column(sa.String(64))
    """SHA-256 of the records, targets and days the card came from (`rules_digest`)."""


class CardLine(Base):
    """A part of a card's score; the contributions of a card's lines add up to its score."""

    __tablename__ = "card_lines"
    __table_args__ = ({"sqlite_with_rowid": False},)

    card_id: Mapped[int] = mapped_column(CardId, sa.ForeignKey("cards.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(100))
    actual: Mapped[Decimal | None] = mapped_column(ScaledDecimal(4))
    """The measure's value; of a ratio, the numerator."""
    denominator: Mapped[Decimal | None] = mapped_column(ScaledDecimal(4))
    target: Mapped[Decimal | None] = mapped_column(ScaledDecimal(2))
    reading: Mapped[Decimal | None] = mapped_column(ExactText)
    """To 6 places; as text, because a small target can make it larger than 64 bits hold."""
    points: Mapped[Decimal | None] = mapped_column(ScaledDecimal(4))
    weight: Mapped[Decimal | None] = mapped_column(ExactText)
    contribution: Mapped[Decimal | None] = mapped_column(ExactText)
    """To 2 places; as text, because a deduction without a cap has no limit."""
    status: Mapped[str] = mapped_column(sa.String(12))


class CardRank(Base):
    """A card's place within one unit of its person's path.

    Run and unit without keys: they are the card's, and each key would be checked for each place.
    """

    __tablename__ = "card_ranks"
    __table_args__ = (
        sa.Index("ix_card_ranks_unit", "run_id", "unit_id", "rank"),
        {"sqlite_with_rowid": False},
    )

    card_id: Mapped[int] = mapped_column(CardId, sa.ForeignKey("cards.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int]
    rank: Mapped[int]
    out_of: Mapped[int]


class ReachedTier(Versioned, Base):
    """The tier of a locked month's card, an input of later cards where a plan weighs by starting tier."""

    __tablename__ = "reached_tiers"
    __table_args__ = (
        sa.Index("ix_reached_tiers_person", "person_id", "month"),
        sa.Index(
            "uq_reached_tiers_current",
            *("month", "person_id"),
            unique=True,
            sqlite_where=sa.text("ended_in IS NULL"),
            postgresql_where=sa.text("ended_in IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    month: Mapped[str] = mapped_column(sa.String(7))
    tier: Mapped[str] = mapped_column(sa.String(40))
