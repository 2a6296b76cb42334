"""Runs: chunks in any order and any number of times, one publish seen whole, locked periods that hold."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.clock import FixedClock
from domain.database import Database
from domain.errors import BadInput, NotFound, Refusal
from domain.jobs import Job, finish_job
from domain.periods import Period
from domain.scoring import chunks, places, service
from domain.scoring.chunks import People
from domain.scoring.model import Card, CardRank, RunState, ScoredPeriod, ScoreRun
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
    monkeypatch.setattr(chunks, "CHUNK", 2)
    load(company(5))
    with database.writing() as session:
        jobs = service.request_scoring(session, clock, JUNE)
    run_id = jobs[0].args["run_id"]

    for job in reversed(jobs):
        part = People(job.args["first"], job.args["last"])
        service.compute_chunk(database, run_id, part)
        service.compute_chunk(database, run_id, part)
        with database.writing() as session:
            finish_job(session, job.id)
            last = service.chunk_finished(session, clock, run_id)
        with pytest.raises(NotFound):
            scores(database)

    assert last is not None
    assert last.kind == service.PUBLISH_JOB
    assert service.publish(database, clock, run_id)
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

    service.compute_chunk(database, old.id, People(1, 1))
    shown = service.publish(database, clock, old.id)

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


def test_what_was_locked_under_the_first_digest_is_proved_by_it(
    database: Database, load: Load, lock: Lock
) -> None:
    """As the first version of the program kept the same company's card."""
    load(company(1))
    lock("2026-06")
    first_digest = "c7ddd238b6e8e75f8604cc40b6c18ae622287321b45afc85fdd90c10aa5c1067"
    with database.writing() as session:
        session.execute(sa.update(ScoreRun).values(digest_version=1))
        session.execute(sa.update(Card).values(inputs_digest=first_digest))

    with database.reading() as session:
        assert verify(session, JUNE) == []


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


def test_locking_a_month_asks_for_what_follows(database: Database, load: Load, lock: Lock) -> None:
    load(company(1))

    lock("2026-06")

    with database.reading() as session:
        keys = set(session.scalars(sa.select(Job.key)))
        assert keys == {"watch:2026-06", "accrue:2026-06", "recognise:2026-06"}
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


def computed_run(database: Database, clock: FixedClock) -> int:
    """A run whose cards are all there, not ranked yet."""
    with database.writing() as session:
        run_id = service.start_run(session, clock, JUNE).id
    service.compute_chunk(database, run_id, People(1, 10))
    return run_id


def stored_ranks(database: Database) -> list[tuple[int, ...]]:
    with database.reading() as session:
        columns = (CardRank.card_id, CardRank.unit_id, CardRank.run_id, CardRank.rank, CardRank.out_of)
        return [tuple(row) for row in session.execute(sa.select(*columns).order_by(*columns))]


def mark_ranks(database: Database) -> None:
    """So that any that is written again shows."""
    with database.writing() as session:
        session.execute(sa.update(CardRank).values(out_of=99))


def before_transactions(
    monkeypatch: pytest.MonkeyPatch, database: Database, acts: dict[int, Callable[[], object]]
) -> None:
    """Let others act just before the transactions of these numbers begin; theirs are not counted."""
    begin = database.writing
    numbers = itertools.count()

    @contextmanager
    def writing(*connection: sa.Connection) -> Iterator[Session]:
        act = acts.get(next(numbers), lambda: None)
        with monkeypatch.context() as others:
            others.setattr(database, "writing", begin)
            act()
        with begin(*connection) as session:
            yield session

    monkeypatch.setattr(database, "writing", writing)


def test_a_published_run_is_not_ranked_again(database: Database, clock: FixedClock, load: Load) -> None:
    load(company(3))
    run_id = computed_run(database, clock)
    service.publish(database, clock, run_id)
    mark_ranks(database)
    published = stored_ranks(database)

    places.store_ranks(database, run_id)

    assert len(published) == 6
    assert stored_ranks(database) == published


@pytest.mark.parametrize("parts_before", [0, 1, 2])
def test_who_ranks_slowly_changes_nothing_once_another_has_published(
    database: Database, clock: FixedClock, load: Load, monkeypatch: pytest.MonkeyPatch, parts_before: int
) -> None:
    monkeypatch.setattr(places, "CHUNK", 1)
    load(company(3))
    run_id = computed_run(database, clock)

    def publish_faster() -> None:
        service.publish(database, clock, run_id)
        mark_ranks(database)

    before_transactions(monkeypatch, database, {parts_before: publish_faster})
    places.store_ranks(database, run_id)

    assert [ranks[-1] for ranks in stored_ranks(database)] == [99] * 6


def test_what_another_has_ranked_is_whole_whenever_it_is_published(
    database: Database, clock: FixedClock, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "CHUNK", 1)
    load(company(3))
    run_id = computed_run(database, clock)

    def show() -> None:
        with database.writing() as session:
            assert service.show(session, clock, run_id)

    ranked_by_another = partial(places.store_ranks, database, run_id)
    before_transactions(monkeypatch, database, {0: ranked_by_another, 1: show})
    places.store_ranks(database, run_id)

    assert len(stored_ranks(database)) == 6


def test_who_finds_the_run_published_and_locked_meanwhile_replaces_nothing(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    """The slow publisher has read the run while it was being computed."""
    load(company(3))
    run_id = computed_run(database, clock)
    with database.reading() as session:
        as_it_was = session.get_one(ScoreRun, run_id)
    service.publish(database, clock, run_id)
    lock("2026-06")

    with database.writing() as session:
        session.add(as_it_was)
        shown = service.show(session, clock, run_id)
        replaced = service.replaced_runs(session, run_id)

    assert shown
    assert replaced == []
    with database.reading() as session:
        assert session.get_one(ScoreRun, run_id).state == RunState.PUBLISHED
    assert list(scores(database)) == ["R0", "R1", "R2"]


def test_the_cards_that_readers_see_are_never_dropped_as_replaced(
    database: Database, clock: FixedClock, load: Load
) -> None:
    load(company(1))
    run_id = computed_run(database, clock)
    service.publish(database, clock, run_id)

    with database.writing() as session:
        session.execute(sa.update(ScoreRun).values(state=RunState.REPLACED))
        replaced = service.replaced_runs(session, run_id)

    assert replaced == []
