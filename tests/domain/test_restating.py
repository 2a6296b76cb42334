"""Restating a locked card: both versions stay, both can be proved, its owner hears of it."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain import audit
from domain.access import Actor, CommandLine
from domain.clock import FixedClock
from domain.closing.card_notes import with_notes
from domain.closing.model import Restatement
from domain.closing.posts import RESTATED_POST
from domain.closing.restating import restate
from domain.database import Database
from domain.errors import BadInput, NotAllowed, NotFound, Refusal
from domain.outbox import Post
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.scoring.histories import history
from domain.scoring.model import Card, CardLine, RunState
from domain.scoring.published import current_card, published_run
from domain.scoring.teams import team_view
from domain.scoring.verification import verify
from domain.scoring.views import my_score, was_ever_scored, why
from domain.scoring.what_if import Ending, prepare
from domain.watch.model import Alert
from domain.watch.reading import locked_cards, own_outcomes
from domain.watch.service import watch_month
from tests.builders import CompanyFolder
from tests.domain.books import rows_of
from tests.domain.conftest import Load, Lock, Look

JUNE = Period.month(2026, 6)
ROOT = CommandLine("cli:root")
MEASURES = ("won_amount", "wins", "closed_deals", "violations")


def acme(sold: int = 800, months: tuple[str, ...] = ("2026-06",), **june: int) -> CompanyFolder:
    """Six reps, each with a target of 1000; E1 sold `sold` in June, the others as told."""
    folder = CompanyFolder().plan().person("H1", role="hr", job_family="staff")
    for measure in MEASURES:
        folder.covered(measure, "2026-01-01", "2026-07-06")
    for number in range(1, 7):
        who = f"E{number}"
        folder.person(who)
        for month in months:
            folder.target(who, "sales", month, 1000)
            value = sold if who == "E1" and month == "2026-06" else june.get(who, 500 + number)
            folder.measure(who, "won_amount", f"{month}-05", value, record_id=f"{who}-{month}")
            folder.measure(who, "closed_deals", f"{month}-05", 2, record_id=f"{who}-{month}-deals")
            folder.measure(who, "wins", f"{month}-05", 1, record_id=f"{who}-{month}-wins")
    return folder


def id_of(database: Database, employee_id: str) -> int:
    with database.reading() as session:
        return person_by_employee_id(session, employee_id).id


def restated(
    database: Database, clock: FixedClock, because: str = "A late invoice.", by: Actor = ROOT
) -> Restatement:
    return restate(database, clock, by, id_of(database, "E1"), JUNE, because)


@pytest.fixture
def late(database: Database, load: Load, lock: Lock) -> set[object]:
    """June is locked at 800; then 1200 are handed in for E1. What was locked."""
    load(acme())
    lock("2026-06")
    with database.reading() as session:
        as_locked = rows_of(session, "2026-06")
    load(acme(sold=1200))
    return set(as_locked)


def test_a_second_version_stands_beside_the_first(
    database: Database, clock: FixedClock, late: set[object], viewer: Look
) -> None:
    # when
    made = restated(database, clock, by=viewer("H1"))
    # then
    assert (made.version, made.by, made.because, made.period) == (2, "H1", "A late invoice.", "2026-06")
    with database.reading() as session:
        assert rows_of(session, "2026-06") == late
        newest = current_card(session, made.person_id, JUNE)
        assert newest is not None
        assert (newest.run_id, newest.tier) == (made.run_id, "S")
        view = my_score(session, viewer("E1"), clock, JUNE).card
        assert (view.score, view.tier, view.is_restated, view.locked) == (newest.score, "S", True, True)
        (at_lock,) = [
            card
            for card in session.scalars(sa.select(Card))
            if card.id != newest.id and card.person_id == made.person_id
        ]
        assert at_lock.score is not None
        assert newest.score is not None
        assert at_lock.score < newest.score


def test_places_stay_those_of_the_lock(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given
    load(acme(sold=400))
    lock("2026-06")
    load(acme(sold=1200))
    # when
    restated(database, clock)
    # then
    with database.reading() as session:
        (place,) = my_score(session, viewer("E1"), clock, JUNE).card.ranks
    assert (place.rank, place.out_of) == (6, 6)


def test_the_team_sees_the_newest_version_at_the_place_of_the_lock(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given
    load(acme(sold=400))
    lock("2026-06")
    load(acme(sold=1200))
    restated(database, clock)
    # when
    with database.reading() as session:
        view = team_view(session, clock, viewer("H1"), None, JUNE)
    # then
    members = {member.employee_id: member for member in view.shown.members}
    assert (members["E1"].tier, members["E1"].rank, members["E1"].out_of) == ("S", 6, 6)
    assert members["E2"].rank == 5
    assert len(members) == 6


def test_why_explains_the_newest_version(
    database: Database, clock: FixedClock, late: set[object], viewer: Look
) -> None:
    made = restated(database, clock)
    with database.reading() as session:
        explained = why(session, viewer("E1"), clock, JUNE, made.person_id)
    assert explained.lines[0].actual == 1200
    assert explained.lines[0].detail["target_parts"]


def test_what_if_starts_from_the_newest_version(
    database: Database, clock: FixedClock, late: set[object], viewer: Look
) -> None:
    made = restated(database, clock)
    with database.reading() as session:
        question = prepare(session, viewer("E1"), clock, JUNE)
        newest = current_card(session, made.person_id, JUNE)
    assert newest is not None
    assert question.endings[Ending.OVER].as_it_is.score == newest.score
    assert question.value("won_amount") == 1200


def test_history_and_streaks_take_the_newest_version(
    database: Database, clock: FixedClock, late: set[object], viewer: Look
) -> None:
    made = restated(database, clock)
    with database.reading() as session:
        (point,) = history(session, viewer("E1"), clock).points
        assert (point.miss, point.tier) == ("hit", "S")
        ((card,),) = locked_cards(session, [made.person_id]).values()
        assert card.miss == "hit"
        assert [one.outcome for one in own_outcomes(session, made.person_id)] == ["hit"]
        others = locked_cards(session, [id_of(database, "E2")])
        assert [len(cards) for cards in others.values()] == [1]


def test_versions_go_on_counting_and_each_is_proved(
    database: Database, clock: FixedClock, late: set[object], load: Load
) -> None:
    restated(database, clock)
    load(acme(sold=1100))
    made = restated(database, clock, "It was less.")
    assert made.version == 3
    with database.reading() as session:
        assert verify(session, JUNE) == []
        newest = current_card(session, made.person_id, JUNE)
        assert newest is not None
        assert newest.run_id == made.run_id


@pytest.mark.parametrize("entity", [Card, CardLine])
def test_verify_finds_a_touched_version(
    database: Database, clock: FixedClock, late: set[object], entity: type[Card] | type[CardLine]
) -> None:
    made = restated(database, clock)
    with database.writing() as session:
        card = current_card(session, made.person_id, JUNE)
        assert card is not None
        if entity is Card:
            card.score = Decimal(120)
        else:
            line = session.scalars(sa.select(CardLine).where(CardLine.card_id == card.id)).first()
            assert line is not None
            line.actual = Decimal(1)
    with database.reading() as session:
        (difference,) = verify(session, JUNE)
    assert difference.startswith("version 2, person")


def test_its_owner_is_told_and_it_is_in_the_chain(
    database: Database, clock: FixedClock, late: set[object], viewer: Look
) -> None:
    made = restated(database, clock, by=viewer("H1"))
    with database.reading() as session:
        post = session.scalars(sa.select(Post).where(Post.kind == RESTATED_POST)).one()
        assert post.person_id == made.person_id
        assert post.facts["by"] == "Name of H1"
        assert post.facts["before"]["tier"] != post.facts["after"]["tier"] == "S"
        entry = session.scalars(
            sa.select(audit.AuditEntry).where(audit.AuditEntry.action == "card.restate")
        ).one()
        assert (entry.actor, entry.subject) == ("H1", "E1")
        assert published_run(session, JUNE) is not None
        assert RunState.RESTATED != RunState.PUBLISHED


def test_an_alert_whose_miss_does_not_stand_is_withdrawn(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    # given: three misses in a row
    months = ("2026-04", "2026-05", "2026-06")
    load(acme(months=months).company('alerts_from = "2026-01"'))
    lock(*months)
    with database.writing() as session:
        watch_month(session, clock, JUNE)
    # when
    load(acme(sold=1200, months=months).company('alerts_from = "2026-01"'))
    made = restated(database, clock)
    # then
    with database.reading() as session:
        of_e1 = session.scalars(sa.select(Alert).where(Alert.person_id == made.person_id)).one()
        assert of_e1.withdrawn_at == clock.now()


def test_who_had_no_card_at_the_lock_gets_a_first_one(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given: E7 was forgotten
    load(acme())
    lock("2026-06")
    folder = acme().person("E7").target("E7", "sales", "2026-06", 1000)
    folder.measure("E7", "won_amount", "2026-06-05", 900).measure("E7", "closed_deals", "2026-06-05", 2)
    load(folder.measure("E7", "wins", "2026-06-05", 1))
    # when
    made = restate(database, clock, viewer("H1"), id_of(database, "E7"), JUNE, "Forgotten.")
    # then: nothing stands before it, and it has no place
    assert made.version == 1
    with database.reading() as session:
        card = with_notes(session, my_score(session, viewer("E7"), clock, JUNE).card)
        assert (card.locked, card.tier, card.ranks) == (True, "B", ())
        assert card.notes is not None
        assert [(one.number, one.because) for one in card.notes.versions] == [(1, "Forgotten.")]
        assert verify(session, JUNE) == []
        post = session.scalars(sa.select(Post).where(Post.kind == RESTATED_POST)).one()
        assert (post.facts["before"], post.facts["after"]["tier"]) == (None, "B")
        assert was_ever_scored(session, made.person_id)
        entry = session.scalars(
            sa.select(audit.AuditEntry).where(audit.AuditEntry.action == "card.restate")
        ).one()
        assert (entry.subject, entry.detail["before"]) == ("E7", None)
    # and from here on versions follow one another
    folder.measure("E7", "won_amount", "2026-06-06", 400)
    load(folder)
    assert restate(database, clock, viewer("H1"), made.person_id, JUNE, "More.").version == 2


class TestRefusals:
    def test_without_a_change_there_is_nothing_to_restate(
        self, database: Database, clock: FixedClock, load: Load, lock: Lock
    ) -> None:
        load(acme())
        lock("2026-06")
        with pytest.raises(BadInput, match="comes out the same"):
            restated(database, clock)
        with database.reading() as session:
            assert session.scalars(sa.select(Restatement)).all() == []

    def test_an_open_month_is_not_restated(self, database: Database, clock: FixedClock, load: Load) -> None:
        load(acme())
        with pytest.raises(BadInput, match="is not locked"):
            restated(database, clock)

    @pytest.mark.parametrize("because", ["", "  ", "x" * 1001])
    def test_it_needs_a_reason(
        self, database: Database, clock: FixedClock, late: set[object], because: str
    ) -> None:
        with pytest.raises(BadInput, match=r"why the card|too long"):
            restated(database, clock, because)

    def test_who_has_no_card_has_none_to_restate(
        self, database: Database, clock: FixedClock, late: set[object]
    ) -> None:
        with pytest.raises(NotFound):
            restate(database, clock, ROOT, id_of(database, "H1"), JUNE, "Because.")

    def test_reps_do_not(
        self, database: Database, clock: FixedClock, late: set[object], viewer: Look
    ) -> None:
        with pytest.raises(NotAllowed):
            restated(database, clock, by=viewer("E2"))

    def test_nobody_restates_their_own(
        self, database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
    ) -> None:
        # given: HR who sells
        load(acme().person("H2", role="hr").target("H2", "sales", "2026-06", 1000))
        lock("2026-06")
        with pytest.raises(Refusal, match="card of their own"):
            restate(database, clock, viewer("H2"), id_of(database, "H2"), JUNE, "Because.")
