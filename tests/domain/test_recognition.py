"""After a lock: awards once, kept in the file; winners are asked once, and only who wants it is named."""

from datetime import date

import pytest
import sqlalchemy as sa

from domain import audit
from domain.clock import FixedClock
from domain.database import Database
from domain.jobs import Job
from domain.outbox import UPDATE_JOB, Post, PostState
from domain.people.model import Person, Unit
from domain.periods import Period
from domain.recognition import service
from domain.recognition.file import file_of
from domain.recognition.model import Award, AwardKind
from domain.recognition.service import ASKED_POST, NAMED_POST, choose_to_be_named, named, recognise
from domain.scoring.service import RECOGNISE_JOB
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Lock, Look

MAY, JUNE = Period.month(2026, 5), Period.month(2026, 6)
TOLD = '[policies]\nrecognition = true\nrecognition_channel = "#wins"\n'
EAST = {"E1": (900, 700), "E2": (800, 1100), "E3": (700, 1100), "E4": (600, 500), "E5": (500, 600)}
"""Won in May and in June, of a target of 1000."""


def company(**people: tuple[int, int]) -> CompanyFolder:
    """Five in East unless told otherwise, four in West; E1 closes every deal, the others half of them."""
    folder = CompanyFolder().plan().company(TOLD).person("H1", role="hr", job_family="", unit="")
    of_unit = {"Acme/East": people or EAST, "Acme/West": {f"W{n}": (100 * n, 100 * n) for n in range(1, 5)}}
    for unit, members in of_unit.items():
        for who, won in members.items():
            folder.person(who, unit=unit, name=f"Name of {who}")
            for month, amount in zip(("05", "06"), won, strict=True):
                folder.target(who, "sales", f"2026-{month}", 1000)
                folder.measure(who, "won_amount", f"2026-{month}-10", amount)
                folder.measure(who, "wins", f"2026-{month}-10", 10 if who == "E1" else 5)
                folder.measure(who, "closed_deals", f"2026-{month}-10", 10)
    return folder


class Honours:
    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database = database
        self.clock = clock

    def recognise(self, month: Period = JUNE) -> set[tuple[str, str, str]]:
        """Unit, what for, and who, of the awards that it makes."""
        with self.database.writing() as session:
            return self._read(session, recognise(session, self.clock, month))

    def choose(self, who: object, wanted: bool) -> None:
        with self.database.writing() as session:
            choose_to_be_named(session, self.clock, who, wanted)  # type: ignore[arg-type]

    def named(self) -> list[tuple[str, tuple[str, ...]]]:
        with self.database.reading() as session:
            return [(one.indicator, one.people) for one in named(session, JUNE, date(2026, 7, 9))]

    def posts(self, kind: str) -> list[Post]:
        with self.database.reading() as session:
            return list(session.scalars(sa.select(Post).where(Post.kind == kind).order_by(Post.id)))

    @staticmethod
    def _read(session: sa.orm.Session, awards: list[Award]) -> set[tuple[str, str, str]]:
        return {
            (
                session.get_one(Unit, one.unit_id).name,
                one.indicator or "climber",
                session.get_one(Person, one.person_id).employee_id,
            )
            for one in awards
        }


@pytest.fixture
def honours(database: Database, clock: FixedClock, load: Load, lock: Lock) -> Honours:
    """May and June are locked."""
    load(company())
    lock("2026-05", "2026-06")
    return Honours(database, clock)


def test_the_best_by_each_indicator_and_the_biggest_climber(honours: Honours) -> None:
    """Of East and of all; West has four people, too few to be the best of."""
    assert honours.recognise() == {
        *[("East", "sales", "E2"), ("East", "sales", "E3"), ("East", "win_rate", "E1")],
        *[("Acme", "sales", "E2"), ("Acme", "sales", "E3"), ("Acme", "win_rate", "E1")],
        *[("East", "climber", "E3"), ("Acme", "climber", "E3")],
    }


def test_a_second_look_adds_nothing(honours: Honours) -> None:
    honours.recognise()
    assert honours.recognise() == set()
    assert len(honours.posts(NAMED_POST)) == 1


def test_a_month_that_is_not_locked_has_no_best(honours: Honours) -> None:
    assert honours.recognise(Period.month(2026, 7)) == set()


def test_the_lock_of_a_month_asks_for_it(honours: Honours) -> None:
    with honours.database.reading() as session:
        jobs = session.scalars(sa.select(Job).where(Job.kind == RECOGNISE_JOB).order_by(Job.id)).all()
        assert [job.args for job in jobs] == [{"month": "2026-05"}, {"month": "2026-06"}]


def test_who_has_joined_or_is_incomplete_wins_nothing(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    # given: the best by far is in the ramp, so four are ranked
    folder = company()
    folder.tables["people"] = [
        {**row, "hired_on": "2026-06-01"} if row["employee_id"] == "E2" else row
        for row in folder.tables["people"]
    ]
    load(folder)
    lock("2026-05", "2026-06")
    # then
    won = Honours(database, clock).recognise()
    assert "E2" not in {who for _, _, who in won}
    assert {unit for unit, _, _ in won} == {"Acme"}


def test_what_was_won_stands_in_the_file(honours: Honours, viewer: Look) -> None:
    honours.recognise()
    with honours.database.reading() as session:
        view = file_of(session, honours.clock, viewer("E1"), viewer("E1").person_id)
        assert {(one.kind, one.award.unit) for one in view.entries if one.award} == {
            ("reward", "East"),
            ("reward", "Acme"),
        }
        assert {one.award.kind for one in view.entries if one.award} == {AwardKind.BEST}
        assert audit.first_broken_entry(session) is None


class TestNaming:
    def test_winners_are_asked_once_in_a_lifetime(self, honours: Honours, viewer: Look) -> None:
        # given: E1 has said yes before
        honours.choose(viewer("E1"), wanted=True)
        # when
        honours.recognise(MAY)
        honours.recognise(JUNE)
        # then
        asked = [post.person_id for post in honours.posts(ASKED_POST)]
        assert sorted(asked) == sorted(viewer(who).person_id for who in ("E2", "E3"))

    def test_only_who_wants_it_is_named_and_nobody_takes_the_place_of_others(
        self, honours: Honours, viewer: Look
    ) -> None:
        honours.recognise()
        assert honours.named() == []
        honours.choose(viewer("E3"), wanted=True)
        honours.choose(viewer("E4"), wanted=True)
        assert set(honours.named()) == {("sales", ("Name of E3",)), ("", ("Name of E3",))}
        honours.choose(viewer("E2"), wanted=True)
        assert ("sales", ("Name of E2", "Name of E3")) in honours.named()
        honours.choose(viewer("E3"), wanted=False)
        assert set(honours.named()) == {("sales", ("Name of E2",))}

    def test_the_channel_hears_after_winners_could_choose(self, honours: Honours) -> None:
        honours.recognise()
        (post,) = honours.posts(NAMED_POST)
        assert post.channel == "#wins"
        assert post.not_before.isoformat() == "2026-07-10T01:00:00+00:00"

    @pytest.mark.parametrize("state", [PostState.SENT, PostState.SENDING])
    def test_who_changes_their_mind_is_taken_out_of_what_is_out_or_on_its_way(
        self, honours: Honours, viewer: Look, state: str
    ) -> None:
        # given
        honours.recognise()
        honours.choose(viewer("E3"), wanted=True)
        with honours.database.writing() as session:
            session.scalars(sa.select(Post).where(Post.kind == NAMED_POST)).one().state = state
        # when
        honours.clock.at = honours.clock.at.replace(hour=5)
        honours.choose(viewer("E3"), wanted=False)
        # then
        with honours.database.reading() as session:
            (post_id,) = [post.id for post in honours.posts(NAMED_POST)]
            jobs = session.scalars(sa.select(Job).where(Job.kind == UPDATE_JOB)).all()
            assert [job.args for job in jobs] == [{"post_id": post_id}]

    @pytest.mark.parametrize("policies", ["", "[policies]\nrecognition = false\n"])
    def test_without_the_policy_nobody_is_asked_or_told(
        self, database: Database, clock: FixedClock, load: Load, lock: Lock, policies: str
    ) -> None:
        load(company().company(policies))
        lock("2026-05", "2026-06")
        honours = Honours(database, clock)
        assert honours.recognise()
        assert honours.posts(NAMED_POST) == honours.posts(ASKED_POST) == []

    def test_who_has_left_is_not_named(self, honours: Honours, load: Load, viewer: Look) -> None:
        # given
        honours.recognise()
        honours.choose(viewer("E1"), wanted=True)
        folder = company()
        folder.tables["people"] = [
            {**row, "left_on": "2026-07-01"} if row["employee_id"] == "E1" else row
            for row in folder.tables["people"]
        ]
        # when
        load(folder)
        # then
        assert honours.named() == []


def test_the_policy_is_read_as_it_stands(honours: Honours) -> None:
    with honours.database.reading() as session:
        company_now = service.people.company(session)
        assert service.is_told(company_now)
