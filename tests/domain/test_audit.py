"""The audit chain: whoever changes what was written is found out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from domain.audit import START_OF_CHAIN, AuditEntry, entry_digest, first_broken_entry, record
from domain.clock import FixedClock
from domain.database import Database

ENTRIES = 5


@pytest.fixture
def chain(database: Database, clock: FixedClock) -> None:
    """Five entries, in five transactions on five days."""
    for number in range(1, ENTRIES + 1):
        with database.writing() as session:
            record(session, clock, "HR", "period.lock", f"2026-0{number}", {"run": number, "why": "月结"})
        clock.at += timedelta(days=1)


def broken(database: Database) -> int | None:
    with database.reading() as session:
        return first_broken_entry(session)


def tamper(database: Database, *statements: str) -> None:
    with database.writing() as session:
        for statement in statements:
            session.execute(sa.text(statement))


@pytest.mark.usefixtures("chain")
def test_an_untouched_chain_holds(database: Database) -> None:
    assert broken(database) is None
    with database.reading() as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0].digest == entry_digest(entries[0], START_OF_CHAIN)


def test_a_chain_without_entries_holds(database: Database) -> None:
    assert broken(database) is None


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize(
    "change",
    [
        "actor = 'somebody'",
        "action = 'period.open'",
        "subject = '2026-12'",
        "at = '2026-01-01 00:00:00'",
        "detail = '{\"run\": 9}'",
        "detail_digest = 'x'",
        "digest = 'x'",
    ],
)
@pytest.mark.parametrize("seq", [1, 3, ENTRIES])
def test_an_edited_entry_is_found(database: Database, change: str, seq: int) -> None:
    tamper(database, f"UPDATE audit_chain SET {change} WHERE seq = {seq}")

    assert broken(database) == seq


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize("seq", [1, 3, ENTRIES - 1])
def test_a_deleted_entry_is_found(database: Database, seq: int) -> None:
    tamper(database, f"DELETE FROM audit_chain WHERE seq = {seq}")

    assert broken(database) == seq


@pytest.mark.usefixtures("chain")
def test_a_deleted_entry_is_found_even_where_the_gap_is_closed(database: Database) -> None:
    tamper(
        database,
        "DELETE FROM audit_chain WHERE seq = 2",
        "UPDATE audit_chain SET seq = 2 WHERE seq = 3",
        "UPDATE audit_chain SET seq = 3 WHERE seq = 4",
        "UPDATE audit_chain SET seq = 4 WHERE seq = 5",
    )

    assert broken(database) == 2


@pytest.mark.usefixtures("chain")
def test_entries_that_changed_places_are_found(database: Database) -> None:
    tamper(
        database,
        "UPDATE audit_chain SET seq = 99 WHERE seq = 3",
        "UPDATE audit_chain SET seq = 3 WHERE seq = 4",
        "UPDATE audit_chain SET seq = 4 WHERE seq = 99",
    )

    assert broken(database) == 3


@pytest.mark.usefixtures("chain")
def test_an_edited_entry_with_a_digest_to_match_breaks_the_next(database: Database) -> None:
    with database.writing() as session:
        before, entry = session.get_one(AuditEntry, 2), session.get_one(AuditEntry, 3)
        entry.actor = "somebody"
        entry.digest = entry_digest(entry, before.digest)

    assert broken(database) == 4


@pytest.mark.usefixtures("chain")
def test_a_detail_can_be_erased_when_its_retention_ends(database: Database) -> None:
    tamper(database, "UPDATE audit_chain SET detail = NULL WHERE seq = 2")

    assert broken(database) is None


def test_what_is_rolled_back_leaves_no_entry(database: Database, clock: FixedClock) -> None:
    def import_that_fails() -> None:
        with database.writing() as session:
            record(session, clock, "HR", "import", "load:1")
            raise RuntimeError("the import failed after all")

    with pytest.raises(RuntimeError):
        import_that_fails()
    with database.writing() as session:
        record(session, clock, "HR", "import", "load:2")

    with database.reading() as session:
        assert session.scalars(sa.select(AuditEntry.seq)).all() == [1]
    assert broken(database) is None


def test_writers_at_the_same_time_make_one_chain(database: Database, clock: FixedClock) -> None:
    writers, each = 4, 5
    start = Barrier(writers)

    def write(number: int) -> None:
        start.wait(30)
        for entry in range(each):
            with database.writing() as session:
                record(session, clock, f"writer {number}", "note", f"{number}:{entry}")

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))

    with database.reading() as session:
        subjects = session.scalars(sa.select(AuditEntry.subject)).all()
    assert len(set(subjects)) == writers * each
    assert broken(database) is None
