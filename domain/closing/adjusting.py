"""Records that come, change or go after their period was locked.

They change no card. Each is written down as an adjustment: what counted in the locked period before and what
would count now, and the open period that it is booked in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.arrivals import Arrival
from domain.bulk import insert_rows, to_keep
from domain.clock import Clock, today
from domain.closing.model import Adjustment, AdjustmentReason
from domain.database import room_for_indexes
from domain.metrics.bench import CHUNK, Bench, open_bench
from domain.metrics.model import CONTENT, MeasureRecord
from domain.metrics.records import COMPARED, STORED_TYPES, RecordChanges, store_records
from domain.people.model import Company
from domain.periods import Period, PeriodKind
from domain.scoring.model import ScoredPeriod

_FOUND = (
    *("person_id", "locked_period", "booked_period", "reason", "measure", "source", "record_id"),
    *("occurred_on", "customer_id", "old_value", "new_value"),
)
_SIDES = f"""
    SELECT stored.source, stored.record_id, stored.person_id, stored.measure, stored.occurred_on,
        stored.customer_id, stored.value AS old_value, 0 AS new_value, false AS is_new,
        CASE WHEN changed.old_id IS NULL THEN '{AdjustmentReason.WITHDRAWN}'
            ELSE '{AdjustmentReason.CORRECTED}' END AS reason
    FROM stored SEMI JOIN ending USING (id) LEFT JOIN changed ON changed.old_id = stored.id
    UNION ALL
    SELECT source, record_id, person_id, measure, occurred_on,
        customer_id, 0, value, true,
        CASE WHEN old_id IS NULL THEN '{AdjustmentReason.LATE}' ELSE '{AdjustmentReason.CORRECTED}' END
    FROM changed
"""  # noqa: S608 - our own words
"""What `store_records` left on the bench: the rows that ended, and those that began."""
_ADJUSTMENTS = f"""
    SELECT person_id, key, booked, any_value(reason), measure, source, record_id,
        arg_max(occurred_on, is_new), arg_max(customer_id, is_new), sum(old_value), sum(new_value)
    FROM ({_SIDES}) JOIN locked ON occurred_on >= first_day AND occurred_on < past_day
    GROUP BY person_id, key, booked, measure, source, record_id
    ORDER BY person_id, key, source, record_id
"""  # noqa: S608 - our own SQL


def take_records(
    arrival: Arrival,
    clock: Clock,
    bench: Bench,
    employees: Mapping[str, int],
    removes: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> RecordChanges:
    """As `store_records`, and what of it comes too late for a locked period is booked as adjustments."""
    changes = store_records(arrival, bench, employees, removes, progress)
    if changes.total:
        _book(arrival, clock, bench)
    return changes


def book_correction(
    arrival: Arrival, clock: Clock, before: MeasureRecord, after: MeasureRecord | None
) -> None:
    """Of one record that was put right by hand, or with `after` of None withdrawn; both rows are stored."""
    with open_bench() as bench:
        bench.run(f"CREATE TABLE stored ({_columns(COMPARED)})")
        bench.run(f"CREATE TABLE changed (old_id BIGINT, {_columns(('source', 'record_id', *CONTENT))})")
        bench.run("CREATE TABLE ending (id BIGINT)")
        bench.insert("stored", {"id": [before.id], **_kept(before)})
        bench.insert("ending", {"id": [before.id]})
        if after is not None:
            bench.insert("changed", {"old_id": [before.id], **_kept(after)})
        _book(arrival, clock, bench)


def _book(arrival: Arrival, clock: Clock, bench: Bench) -> None:
    if not _lay_out_locked(arrival, clock, bench):
        return
    session = arrival.session
    moment = to_keep(Adjustment.__table__.c.created_at.type, session.get_bind().dialect)
    rest = (arrival.begin(), moment(clock.now()) if moment else clock.now())
    columns = (*_FOUND, "load_id", "created_at")
    connection = session.connection()
    with room_for_indexes(connection):
        insert_rows(connection, Adjustment.__tablename__, columns, _with(rest, _found(bench)))


def _found(bench: Bench) -> Iterator[tuple[Any, ...]]:
    result = bench.run(_ADJUSTMENTS)
    while chunk := result.fetchmany(CHUNK):
        yield from chunk


def _with(rest: tuple[Any, ...], rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    return ((*row, *rest) for row in rows)


def _lay_out_locked(arrival: Arrival, clock: Clock, bench: Bench) -> bool:
    """The locked periods with the open one that each is booked in; False where nothing is locked."""
    keys = set(
        arrival.session.scalars(sa.select(ScoredPeriod.key).where(ScoredPeriod.locked_at.is_not(None)))
    )
    if not keys:
        return False
    day = today(clock, arrival.session.get_one(Company, 1).time_zone)
    booked = {kind: open_period(kind, day, keys).key for kind in PeriodKind}
    locked = sorted(map(Period.parse, keys))
    bench.run(
        "CREATE OR REPLACE TABLE locked (key VARCHAR, first_day VARCHAR, past_day VARCHAR, booked VARCHAR)"
    )
    bench.insert(
        "locked",
        {
            "key": [period.key for period in locked],
            "first_day": [period.start.isoformat() for period in locked],
            "past_day": [period.end.isoformat() for period in locked],
            "booked": [booked[period.kind] for period in locked],
        },
    )
    return True


def open_period(kind: PeriodKind, day: date, locked: set[str]) -> Period:
    """The period of that kind that holds the day, or the next one that is not locked."""
    period = Period.containing(kind, day)
    while period.key in locked:
        period = period.next()
    return period


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f"{name} {STORED_TYPES.get(name, 'VARCHAR')}" for name in names)


def _kept(row: MeasureRecord) -> dict[str, list[object]]:
    """As the bench holds it: days as text, values in ten-thousandths."""
    return {
        "source": [row.source],
        "record_id": [row.record_id],
        "person_id": [row.person_id],
        "measure": [row.measure],
        "occurred_on": [row.occurred_on.isoformat()],
        "value": [int(row.value.scaleb(4))],
        "customer_id": [row.customer_id],
    }
