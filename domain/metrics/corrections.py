"""Records that people put right, and which therefore count otherwise than their source says.

A correction holds until the source sends content other than it sent last: what it repeats changes nothing,
what it says anew counts (docs/decisions/0028-corrections-that-hold.md).
"""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.arrivals import Arrival
from domain.metrics.bench import Bench
from domain.metrics.model import CONTENT, MeasureRecord, RecordCorrection, as_kept

Content = tuple[Any, ...]
"""The values of CONTENT, as a bench compares them."""


def with_changes(
    row: MeasureRecord, *, value: Decimal | None = None, person_id: int | None = None
) -> MeasureRecord:
    """The record with another value, or as another person's; to be stored."""
    return MeasureRecord(
        source=row.source,
        record_id=row.record_id,
        person_id=row.person_id if person_id is None else person_id,
        measure=row.measure,
        occurred_on=row.occurred_on,
        value=row.value if value is None else value,
        customer_id=row.customer_id,
    )


def put_right(arrival: Arrival, row: MeasureRecord, after: MeasureRecord | None) -> RecordCorrection:
    """End a record in force and put `after` in its place; None withdraws it."""
    session, load_id = arrival.session, arrival.begin()
    earlier = session.scalar(
        sa.select(RecordCorrection).where(
            RecordCorrection.source == row.source,
            RecordCorrection.record_id == row.record_id,
            RecordCorrection.over_in.is_(None),
        )
    )
    row.ended_in = load_id
    if earlier is not None:
        earlier.over_in = load_id
    session.flush()  # what ends must have ended before the new takes its place
    if after is not None:
        after.added_in = load_id
        session.add(after)
        session.flush()
    correction = RecordCorrection(
        source=row.source,
        record_id=row.record_id,
        before_id=row.id,
        after_id=None if after is None else after.id,
        sent_id=row.id if earlier is None else earlier.sent_id,
        load_id=load_id,
    )
    session.add(correction)
    session.flush()
    return correction


class Verdict(StrEnum):
    """What becomes of a correction when its source sends again."""

    REPEATED = "repeated"
    """The source sends what it sent last: the correction holds."""
    TAKEN_OVER = "taken over"
    """The source says itself now what people said."""
    OVERRULED = "overruled"
    """The source says something else: that counts."""


def verdict(sent: Content | None, now: Content | None, stored: Content | None) -> Verdict:
    """Of a correction: what the source `sent` last, what it sends `now`, and what is `stored` meanwhile.

    None stands for no record: left out by a source that sends all it has, or withdrawn by people.
    """
    if now == sent:
        return Verdict.REPEATED
    return Verdict.TAKEN_OVER if now == stored else Verdict.OVERRULED


def hold(arrival: Arrival, bench: Bench, sources: Collection[str], removes: Collection[str]) -> None:
    """Let what sources repeat of corrected records pass for what is stored; end corrections they overrule.

    `typed` and `stored` are on the bench; `removes` are the sources of which it has all there is.
    """
    session = arrival.session
    held = _held(session, sources)
    if not held:
        return
    bench.run("CREATE OR REPLACE TABLE held (source VARCHAR, record_id VARCHAR)")
    bench.insert(
        "held", {"source": [one.source for one in held], "record_id": [one.record_id for one in held]}
    )
    typed, stored = _contents(bench, "typed"), _contents(bench, "stored")
    sent = _sent(session, held)
    repeated = []
    for one in held:
        key = (one.source, one.record_id)
        if key not in typed and one.source not in removes:
            continue
        match verdict(sent.get(one.sent_id), typed.get(key), stored.get(key)):
            case Verdict.REPEATED:
                repeated.append(key)
            case Verdict.TAKEN_OVER:
                one.sent_id = one.after_id
            case Verdict.OVERRULED:
                one.over_in = arrival.begin()
    session.flush()
    _say_again(bench, repeated)


def _held(session: Session, sources: Collection[str]) -> Sequence[RecordCorrection]:
    return session.scalars(
        sa.select(RecordCorrection).where(
            RecordCorrection.source.in_(sources), RecordCorrection.over_in.is_(None)
        )
    ).all()


def _sent(session: Session, held: Iterable[RecordCorrection]) -> dict[int | None, Content]:
    """By the record's row."""
    rows = session.execute(
        sa.select(MeasureRecord.id, *as_kept(CONTENT)).where(
            MeasureRecord.id.in_([one.sent_id for one in held])
        )
    )
    return {row_id: tuple(content) for row_id, *content in rows}


def _contents(bench: Bench, table: str) -> dict[tuple[str, str], Content]:
    rows = bench.run(
        f"SELECT source, record_id, {', '.join(CONTENT)} FROM {table} "  # noqa: S608 - our own names
        "SEMI JOIN held USING (source, record_id)"
    ).fetchall()
    return {(source, record_id): tuple(content) for source, record_id, *content in rows}


def _say_again(bench: Bench, repeated: Sequence[tuple[str, str]]) -> None:
    """What is stored stands for what was repeated; of a record that was withdrawn, nothing."""
    if not repeated:
        return
    bench.run("DELETE FROM held")
    bench.insert("held", {"source": [one for one, _ in repeated], "record_id": [one for _, one in repeated]})
    columns = ", ".join(("source", "record_id", *CONTENT))
    bench.run("DELETE FROM typed WHERE (source, record_id) IN (SELECT (source, record_id) FROM held)")
    bench.run(
        f"INSERT INTO typed ({columns}) SELECT {columns} FROM stored "  # noqa: S608 - our own names
        "SEMI JOIN held USING (source, record_id)"
    )
