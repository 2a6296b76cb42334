"""Storing measure records: the bench is compared with what is stored, and only changes are written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.arrivals import Arrival
from domain.bulk import count_anew, insert_rows, is_one_of
from domain.database import room_for_indexes
from domain.metrics.bench import CHUNK, Bench
from domain.metrics.corrections import hold
from domain.metrics.model import CONTENT, MeasureRecord, as_kept

COMPARED = ("id", "source", "record_id", *CONTENT)
WRITTEN = ("source", "record_id", *CONTENT, "added_in")
STORED_TYPES = {"id": "BIGINT", "person_id": "BIGINT", "value": "BIGINT"}


@dataclass(frozen=True)
class RecordChanges:
    added: int
    corrected: int
    removed: int

    @property
    def total(self) -> int:
        return self.added + self.corrected + self.removed


def store_records(
    arrival: Arrival,
    bench: Bench,
    employees: Mapping[str, int],
    removes: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> RecordChanges:
    """Store the clean rows on the bench under the arrival's load.

    New records are added; a record with other content is a correction: the old row ends, a new one takes its
    place. Records of the sources in `removes` that are not on the bench end as well.
    """
    bench.know(dict(employees))
    is_few = bench.type_rows() <= CHUNK and not removes
    sources = {*bench.sources(), *removes}
    _lay_out_stored(arrival.session, bench, sources, of_these_alone=is_few)
    hold(arrival, bench, sources, removes)
    differs = " OR ".join(f"typed.{name} IS DISTINCT FROM stored.{name}" for name in CONTENT)
    bench.run(
        "CREATE OR REPLACE TABLE changed AS SELECT stored.id AS old_id, typed.* FROM typed "  # noqa: S608 - our own names
        f"LEFT JOIN stored USING (source, record_id) WHERE stored.id IS NULL OR {differs}"
    )
    bench.run("CREATE OR REPLACE TABLE ending AS SELECT old_id AS id FROM changed WHERE old_id IS NOT NULL")
    corrected = bench.count("ending")
    for source in removes:
        bench.run(
            "INSERT INTO ending SELECT id FROM stored ANTI JOIN typed USING (source, record_id) "
            "WHERE stored.source = $1",
            [source],
        )
    changes = RecordChanges(
        added=bench.count("changed") - corrected,
        corrected=corrected,
        removed=bench.count("ending") - corrected,
    )
    if changes.total:
        _end(arrival, bench)
        _add(arrival, bench, progress)
    return changes


def _lay_out_stored(session: Session, bench: Bench, sources: set[str], *, of_these_alone: bool) -> None:
    """Copy the sources' records in force into the bench's table `stored`.

    `of_these_alone`: those that are on the bench, for a delivery of one record must not read a million.
    """
    table = MeasureRecord.__table__
    columns = ", ".join(f"{name} {STORED_TYPES.get(name, 'VARCHAR')}" for name in COMPARED)
    bench.run(f"CREATE OR REPLACE TABLE stored ({columns})")
    in_force = sa.select(*as_kept(COMPARED)).where(table.c.source.in_(sources), table.c.ended_in.is_(None))
    if of_these_alone:
        ids = [row[0] for row in bench.run("SELECT DISTINCT record_id FROM typed").fetchall()]
        in_force = in_force.where(is_one_of(session, MeasureRecord.record_id, ids))
    found = session.connection().execute(in_force.execution_options(yield_per=CHUNK))
    for chunk in found.partitions():
        columns_of_chunk = map(list, zip(*chunk, strict=True))
        bench.insert("stored", dict(zip(COMPARED, columns_of_chunk, strict=True)))


def _end(arrival: Arrival, bench: Bench) -> None:
    end_one = (
        sa.update(MeasureRecord)
        .where(MeasureRecord.id == sa.bindparam("old_id"))
        .values(ended_in=arrival.begin())
    )
    for chunk in _chunks(bench, "SELECT id FROM ending"):
        arrival.session.connection().execute(end_one, [{"old_id": row[0]} for row in chunk])


def _add(arrival: Arrival, bench: Bench, progress: Callable[[int, int], None]) -> None:
    """Write the changed rows, past the ORM: plain tuples, on PostgreSQL by COPY."""
    total = bench.count("changed")
    columns = ", ".join((*WRITTEN[:-1], str(arrival.begin())))
    rows = f"SELECT {columns} FROM changed ORDER BY occurred_on, person_id, record_id"  # noqa: S608 - our own names

    def written() -> Iterator[tuple[Any, ...]]:
        done = 0
        for chunk in _chunks(bench, rows):
            yield from chunk
            done += len(chunk)
            progress(done, total)

    connection = arrival.session.connection()
    is_first = connection.scalar(sa.select(MeasureRecord.id).limit(1)) is None
    with (
        room_for_indexes(connection),
        _without_indexes(connection) if is_first else nullcontext(),
    ):
        insert_rows(connection, MeasureRecord.__tablename__, WRITTEN, written())
    if is_first:
        count_anew(arrival.session, MeasureRecord)


def _chunks(bench: Bench, sql: str) -> Iterator[list[tuple[Any, ...]]]:
    result = bench.run(sql)
    while chunk := result.fetchmany(CHUNK):
        yield chunk


@contextmanager
def _without_indexes(connection: sa.Connection) -> Iterator[None]:
    """For a table that is empty: one index over all rows takes a third of the time of entries row by row.

    PostgreSQL lets nobody read the table meanwhile, in which there is nothing to read yet.
    """
    indexes = MeasureRecord.metadata.tables[MeasureRecord.__tablename__].indexes
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)
