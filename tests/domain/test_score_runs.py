"""Runs: chunks in any order and any number of times, one publish seen whole, locked periods that hold."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.errors import BadInput, NotFound, Refusal
from domain.jobs import Job, finish_job
from domain.periods import Period
from domain.scoring import service
from domain.scoring.model import Card, CardRank, ScoredPeriod, ScoreRun
from domain.scoring.printing import score_rows
from domain.scoring.verification import verify
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Lock

JUNE, JULY, AUGUST = (Period.parse(key) for key in ("2026-06", "2026-07", "2026-08"))


def company(people: int = 3) -> CompanyFolder:
    """Reps with sales of 700, 800, 900 … against 1 000."""
    folder = CompanyFolder().plan()
    for number in range(people):
        rep = f"R{number}"
        folder.person(rep, unit="Acme/West")
        folder.target(rep, "sales", "2026-06", 1000)
        folder.measure(rep, "won_amount", "2026-06-10", 700 + 100 * number, record_id=f"won-{rep}")
        folder.measure(rep, "wins", "2026-06-10", 1, record_id=f"wins-{rep}")
        folder.measure(rep, "closed_deals", "2026-06-10", 2, record_id=f"closed-{rep}")
    return folder


def scores(database: Database, period: Period = JUNE) -> dict[str, str]:
    with database.reading() as session:
        return {row["employee_id"]: row["score"] for row in score_rows(session, period)}


def test_nothing_is_seen_before_all_of_it_is(
    database: Database, clock: FixedClock, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHUNK", 2)
    load(company(5))
    with database.writing() as session:
        chunks = service.request_scoring(session, clock, JUNE)
    run_id = chunks[0].args["run_id"]

    for chunk in reversed(chunks):
        with database.writing() as session:
            service.compute_chunk(session, run_id, chunk.args["person_ids"])
            service.compute_chunk(session, run_id, chunk.args["person_ids"])
            finish_job(session, chunk.id)
            last = service.chunk_finished(session, clock, run_id)
        with pytest.raises(NotFound):
            scores(database)

    assert last is not None
    assert last.kind == service.PUBLISH_JOB
    with database.writing() as session:
        assert service.publish(session, clock, run_id)
    assert list(scores(database)) == ["R0", "R1", "R2", "R3", "R4"]


def test_a_slow_old_run_does_not_replace_a_newer_one(
    database: Database, clock: FixedClock, load: Load
) -> None:
    load(company(1))
    with database.writing() as session:
        old = service.start_run(session, clock, JUNE)
    folder = company(1)
    folder.tables["measures"][0]["value"] = "950"
    load(folder)
    service.score_now(database, clock, JUNE)
    newer = scores(database)

    with database.writing() as session:
        service.compute_chunk(session, old.id, [1])
        shown = service.publish(session, clock, old.id)

    assert not shown
    assert scores(database) == newer
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Card)) == 1


def test_scoring_again_leaves_one_set_of_cards(database: Database, clock: FixedClock, load: Load) -> None:
    load(company(3))
    service.score_now(database, clock, JUNE)
    first = scores(database)

    service.score_now(database, clock, JUNE)

    assert scores(database) == first
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Card)) == 3
        assert session.scalar(sa.select(sa.func.count()).select_from(CardRank)) == 6


def test_a_locked_period_holds_whatever_arrives_later(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(company(3))
    lock("2026-06")
    locked = scores(database)
    late = company(3).leave("R0", "2026-06-01", "2026-06-20").transfer("R1", "2026-06-05", unit="Acme/East")
    late.tables["measures"][0]["value"] = "5000"
    late.tables["targets"][1]["amount"] = "2000"
    load(late.measure("R2", "won_amount", "2026-06-11", 400, record_id="late"))

    with pytest.raises(BadInput, match="locked"):
        service.score_now(database, clock, JUNE)
    with pytest.raises(BadInput, match="locked already"):
        lock("2026-06")
    with database.reading() as session:
        assert verify(session, JUNE) == []
    assert scores(database) == locked


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("cards", "score = score + 1"),
        ("card_lines", "points = points + 1"),
        ("card_ranks", "rank = rank + 1"),
        ("measure_records", "value = value + 1"),
    ],
)
def test_verify_finds_what_was_changed_behind_the_lock(
    database: Database, load: Load, lock: Lock, table: str, change: str
) -> None:
    load(company(3))
    lock("2026-06")
    with database.writing() as session:
        session.execute(sa.text(f"UPDATE {table} SET {change}"))

    with database.reading() as session:
        assert verify(session, JUNE)


def test_locking_takes_the_newest_data(database: Database, clock: FixedClock, load: Load, lock: Lock) -> None:
    load(company(1))
    service.score_now(database, clock, JUNE)
    corrected = company(1)
    corrected.tables["measures"][0]["value"] = "1000"
    load(corrected)

    lock("2026-06")

    assert scores(database) == {"R0": "100.00"}


def test_what_has_not_ended_is_not_locked_and_what_has_not_begun_is_not_scored(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(company(1))

    with pytest.raises(BadInput, match="not ended"):
        lock(JULY.key)
    with pytest.raises(BadInput, match="not begun"):
        service.score_now(database, clock, AUGUST)
    with database.reading() as session, pytest.raises(NotFound):
        verify(session, JULY)


def test_locking_a_month_asks_for_its_watch(database: Database, load: Load, lock: Lock) -> None:
    load(company(1))

    lock("2026-06")

    with database.reading() as session:
        assert session.scalars(sa.select(Job.key)).all() == ["watch:2026-06"]
        scored = session.get_one(ScoredPeriod, "2026-06")
        assert scored.locked_by == "test"


def test_data_that_keeps_arriving_ends_in_a_sentence(
    database: Database, clock: FixedClock, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(company(1))
    monkeypatch.setattr(service, "lock_period", lambda *_: False)

    with pytest.raises(Refusal, match="keeps arriving"):
        service.score_and_lock(database, clock, JUNE, "test")


def test_scores_are_exact_in_the_database(database: Database, clock: FixedClock, load: Load) -> None:
    load(company(1))

    service.score_now(database, clock, JUNE)

    with database.reading() as session:
        card = session.scalars(sa.select(Card)).one()
        run = session.get_one(ScoreRun, card.run_id)
    assert card.score == Decimal("64.00")  # 60 of 100 × 40 points at 70 %, 40 of 100 × 100 at a half won
    assert run.load_id == 1


def test_two_may_ask_for_a_new_period_at_once(database: Database, clock: FixedClock, load: Load) -> None:
    load(company())

    def ask() -> int:
        with database.writing() as session:
            return service.start_run(session, clock, JUNE).id

    with ThreadPoolExecutor(1) as other, database.writing() as session:
        first = service.start_run(session, clock, JUNE).id
        second = other.submit(ask)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
        session.commit()
        assert second.result(timeout=30) > first


def test_hr_without_a_unit_gets_no_card(database: Database, clock: FixedClock, load: Load) -> None:
    load(company().person("HR", role="hr", unit="", job_family="").person("H2", role="hr", unit=""))

    service.score_now(database, clock, JUNE)

    assert set(scores(database)) == {"R0", "R1", "R2"}
