"""Records that people put right: they stay so until their source says something that it had not said."""

from decimal import Decimal
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.arrivals import Arrival
from domain.clock import FixedClock
from domain.database import Database
from domain.metrics.bench import open_bench
from domain.metrics.corrections import put_right, with_changes
from domain.metrics.model import MeasureRecord, RecordCorrection
from domain.metrics.records import store_records
from domain.rows import Row
from tests.builders import CompanyFolder
from tests.domain.conftest import Load

PEOPLE = {"E1": 1, "E2": 2}


class Source:
    """A source of two records, r1 and r2, of E1; and people who put r1 right."""

    def __init__(self, database: Database, clock: FixedClock, name: str = "crm") -> None:
        self.database = database
        self.name = name
        self.clock = clock

    def send(self, *, r1: int | None, removes: bool = False) -> int | None:
        """The load's id; `r1` None leaves the record out."""
        values = {"r1": r1, "r2": 5}
        rows = [
            Row("crm", line, self._cells(record_id, value))
            for line, (record_id, value) in enumerate(values.items(), start=2)
            if value is not None
        ]
        with self.database.writing() as session, open_bench() as bench:
            bench.lay_out_rows(rows, {}, self.name)
            arrival = Arrival(session, self.clock, self.name, "test")
            store_records(arrival, bench, PEOPLE, [self.name] if removes else [])
            return arrival.load_id

    def _cells(self, record_id: str, value: int) -> dict[str, str]:
        return {
            "record_id": record_id,
            "employee": "E1",
            "measure": "won_amount",
            "occurred_on": "2026-06-02",
            "value": str(value),
            "source": self.name,
            "customer_id": "",
        }

    def correct(self, value: int | None, person_id: int | None = None) -> None:
        """Put r1 right where it is there; None withdraws it."""
        with self.database.writing() as session:
            arrival = Arrival(session, self.clock, "dispute", "M1")
            row = session.scalar(self._in_force("r1"))
            if row is None:
                return
            new = None if value is None else with_changes(row, value=Decimal(value), person_id=person_id)
            put_right(arrival, row, new)

    def shown(self, record_id: str = "r1") -> tuple[int, Decimal] | None:
        """Whose it is, and its value."""
        with self.database.reading() as session:
            row = session.scalar(self._in_force(record_id))
            return None if row is None else (row.person_id, row.value)

    def versions(self) -> list[Decimal]:
        with self.database.reading() as session:
            return list(
                session.scalars(
                    sa.select(MeasureRecord.value)
                    .where(MeasureRecord.source == self.name, MeasureRecord.record_id == "r1")
                    .order_by(MeasureRecord.id)
                )
            )

    def is_held(self) -> bool:
        with self.database.reading() as session:
            held = sa.select(RecordCorrection.id).where(RecordCorrection.over_in.is_(None))
            return session.scalar(held) is not None

    def _in_force(self, record_id: str) -> sa.Select[tuple[MeasureRecord]]:
        return sa.select(MeasureRecord).where(
            MeasureRecord.source == self.name,
            MeasureRecord.record_id == record_id,
            MeasureRecord.ended_in.is_(None),
        )


@pytest.fixture
def source(database: Database, clock: FixedClock, load: Load) -> Source:
    load(CompanyFolder().people(["E1", "E2"]).plan())
    return Source(database, clock)


def test_a_source_that_repeats_itself_undoes_no_correction(source: Source) -> None:
    # given
    source.send(r1=1000)
    source.correct(900)
    # when: the same comes again, in whole and in part
    assert source.send(r1=1000) is None
    assert source.send(r1=1000, removes=True) is None
    # then
    assert source.shown() == (1, 900)
    assert source.versions() == [1000, 900]


def test_a_record_that_was_withdrawn_stays_so(source: Source) -> None:
    source.send(r1=1000)
    source.correct(None)
    assert source.send(r1=1000, removes=True) is None
    assert source.shown() is None
    assert source.shown("r2") == (1, 5)


def test_a_record_given_to_somebody_else_stays_there(source: Source) -> None:
    source.send(r1=1000)
    source.correct(1000, person_id=2)
    assert source.send(r1=1000) is None
    assert source.shown() == (2, 1000)


def test_what_the_source_says_anew_counts_and_ends_the_correction(source: Source) -> None:
    # given
    source.send(r1=1000)
    source.correct(900)
    # when
    source.send(r1=1200)
    # then: and from now on what it said at first is news too
    assert source.shown() == (1, 1200)
    assert not source.is_held()
    source.send(r1=1000)
    assert source.shown() == (1, 1000)


def test_the_second_correction_holds_against_what_the_source_sent(source: Source) -> None:
    source.send(r1=1000)
    source.correct(900)
    source.correct(800)
    assert source.send(r1=1000) is None
    source.send(r1=900)
    assert source.shown() == (1, 900)


def test_a_source_that_takes_the_correction_over_may_change_its_mind(source: Source) -> None:
    source.send(r1=1000)
    source.correct(900)
    assert source.send(r1=900) is None
    source.send(r1=1000)
    assert source.shown() == (1, 1000)


@pytest.mark.parametrize("of", [900, None])
def test_a_source_that_leaves_a_corrected_record_out_withdraws_it(source: Source, of: int | None) -> None:
    source.send(r1=1000)
    source.correct(of)
    source.send(r1=None, removes=True)
    assert source.shown() is None
    source.send(r1=1000, removes=True)
    assert source.shown() == (1, 1000)


VALUES = st.sampled_from([None, 1, 2, 3])
NAMES = count(1)
STEPS = st.lists(st.tuples(st.sampled_from(["send", "correct"]), VALUES), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(steps=STEPS)
def test_whatever_is_sent_and_corrected_what_was_said_last_counts(
    source: Source, steps: list[tuple[str, int | None]]
) -> None:
    # given
    source = Source(source.database, source.clock, f"crm{next(NAMES)}")
    said, counts = None, None
    # when
    for who, value in steps:
        if who == "correct":
            source.correct(value)
            counts = None if counts is None else value
            continue
        source.send(r1=value, removes=True)
        if value != said:
            said = counts = value
        # then
        assert source.shown() == (None if counts is None else (1, counts))
