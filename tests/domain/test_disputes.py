"""Disputes: who may answer what, what becomes of the record, and that silence closes nothing."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import audit
from domain.access import Viewer
from domain.clock import FixedClock
from domain.closing.model import Adjustment
from domain.database import Database
from domain.disputes import service, views
from domain.disputes.correcting import Change, Fix
from domain.disputes.model import Dispute, DisputeMove
from domain.disputes.open_disputes import people_with_open_disputes
from domain.disputes.posts import DISPUTE_POST, GIVEN_POST, News
from domain.disputes.reminding import remind
from domain.disputes.restating import keep_card
from domain.disputes.rules import MOVES, OF_THE_OWNER, DisputeState, Move
from domain.disputes.subjects import Disputed, card_line, file_entry, records_behind
from domain.disputes.views import DisputeView
from domain.errors import BadField, BadInput, NotAllowed, NotFound, Refusal
from domain.jobs import Job
from domain.loads import Load as LoadRow
from domain.metrics.model import MeasureRecord
from domain.outbox import UPDATE_JOB, Post, claim_post
from domain.periods import Period
from domain.scoring.service import score_now
from tests.builders import SALES_PLAN, CompanyFolder
from tests.domain.conftest import Load, Lock, Look
from tests.domain.test_previews import GROWTH, RETURNS

JUNE, JULY = Period.month(2026, 6), Period.month(2026, 7)
PEOPLE = ("B1", "M1", "M2", "E1", "E2", "E3", "H1", "A1")
REASON = "That deal was mine and larger."


def company() -> CompanyFolder:
    """B1 leads Acme, M1 leads East with E1 and E2; nobody leads West with E3; H1 is HR, A1 administrator."""
    folder = (
        CompanyFolder()
        .person("B1", role="manager", job_family="", unit="Acme")
        .person("M1", role="manager", job_family="", unit="Acme/East", manager_id="B1")
        .person("M2", role="manager", job_family="", unit="Acme/West", left_on="2026-01-31")
        .person("H1", role="hr", job_family="", unit="")
        .person("A1", role="admin", job_family="", unit="")
        .people(["E1", "E2"], unit="Acme/East", manager_id="M1")
        .person("E3", unit="Acme/West")
        .unit("Acme", manager_id="B1")
        .unit("Acme/East", manager_id="M1")
        .plan()
    )
    for who in ("E1", "E2", "E3"):
        folder.target(who, "sales", "2026-06", 1000)
        folder.measure(who, "won_amount", "2026-06-10", 500, f"{who}-a", customer_id="C7")
        folder.measure(who, "won_amount", "2026-06-20", 300, f"{who}-b")
        folder.measure(who, "wins", "2026-06-20", 1).measure(who, "closed_deals", "2026-06-20", 2)
    return folder


class Quarrels:
    """What people say of their cards, each in a transaction of its own."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database = database
        self.clock = clock

    def records(self, who: Viewer, line: str = "sales") -> dict[str, int]:
        """The rows behind a line of June, by the record's id."""
        with self.database.reading() as session:
            behind = records_behind(session, self.clock, card_line(who.person_id, JUNE, line))
            return {one.record_id: one.id for one in behind}

    def dispute(
        self, who: Viewer, *named: str, line: str = "sales", of: Viewer | None = None, **more: str
    ) -> int:
        rows = self.records(of or who, line)
        subject = card_line((of or who).person_id, JUNE, line)
        with self.database.writing() as session:
            reason = more.pop("reason", REASON)
            ids = [rows[one] for one in named]
            return service.open_dispute(session, self.clock, who, subject, ids, reason, **more).id

    def act(self, move: Callable[..., Dispute], *args: Any, **named: Any) -> None:
        with self.database.writing() as session:
            move(session, self.clock, *args, **named)

    def correct(self, who: Viewer, dispute_id: int, record: int, change: Change, **named: Any) -> None:
        self.act(service.correct, who, dispute_id, record, change, "Checked in the CRM.", **named)

    def look(self, who: Viewer, dispute_id: int) -> DisputeView:
        with self.database.reading() as session:
            return views.view(session, self.clock, who, dispute_id)

    def waiting(self, who: Viewer) -> list[int]:
        with self.database.reading() as session:
            return [one.id for one in views.disputes_to_answer(session, self.clock, who)]

    def news(self) -> list[tuple[str, int]]:
        with self.database.reading() as session:
            told = session.scalars(sa.select(Post).where(Post.kind == DISPUTE_POST).order_by(Post.id))
            return [(post.facts["news"], post.facts["reader_id"]) for post in told]

    def let_pass(self, days: int) -> list[tuple[str, int]]:
        """Calendar days, with a look each; the news that came of it."""
        before = len(self.news())
        for _ in range(days):
            self.clock.at += timedelta(days=1)
            remind(self.database, self.clock)
        return self.news()[before:]

    def in_force(self, record_id: str) -> tuple[int, Decimal] | None:
        with self.database.reading() as session:
            row = session.scalar(
                sa.select(MeasureRecord).where(
                    MeasureRecord.record_id == record_id, MeasureRecord.ended_in.is_(None)
                )
            )
            return None if row is None else (row.person_id, row.value)

    def holds(self, who: Viewer, *months: str) -> bool:
        with self.database.reading() as session:
            return bool(people_with_open_disputes(session, [who.person_id], months or None))


@pytest.fixture
def quarrels(database: Database, clock: FixedClock, load: Load) -> Quarrels:
    """June is scored, and open."""
    load(company())
    score_now(database, clock, JUNE)
    return Quarrels(database, clock)


class TestOpening:
    def test_it_goes_to_the_manager_with_the_records_in_view(self, quarrels: Quarrels, viewer: Look) -> None:
        # when
        number = quarrels.dispute(viewer("E1"), "E1-a", evidence="https://crm.example.com/deals/7")
        # then
        seen = quarrels.look(viewer("M1"), number)
        assert seen.state is DisputeState.OPEN
        assert seen.owner_name == "Name of E1"
        assert seen.about.line is not None
        assert seen.about.line.actual == 800
        assert [(one.record_id, one.value, one.customer_id) for one in seen.pointed_at] == [
            ("E1-a", Decimal(500), "C7")
        ]
        assert seen.behind == 2
        (begun,) = seen.moves
        assert (begun.note, begun.evidence) == (REASON, "https://crm.example.com/deals/7")
        assert seen.due_on.isoformat() == "2026-07-14"
        assert quarrels.waiting(viewer("M1")) == [number]
        assert quarrels.waiting(viewer("B1")) == quarrels.waiting(viewer("H1")) == []
        assert quarrels.news() == [(News.OPENED, viewer("M1").person_id)]

    def test_without_a_manager_it_goes_to_who_leads_the_unit_above(
        self, quarrels: Quarrels, viewer: Look
    ) -> None:
        number = quarrels.dispute(viewer("E3"))
        assert quarrels.waiting(viewer("B1")) == [number]

    def test_the_policy_says_how_long_an_answer_may_take(
        self, quarrels: Quarrels, load: Load, viewer: Look
    ) -> None:
        load(company().company("[policies]\ndays_to_answer_disputes = 2\n"))
        number = quarrels.dispute(viewer("E1"))
        assert quarrels.look(viewer("M1"), number).due_on.isoformat() == "2026-07-09"

    def test_nobody_disputes_for_another(self, quarrels: Quarrels, viewer: Look) -> None:
        for who in ("M1", "E2", "H1"):
            with pytest.raises(NotAllowed, match="Only the person whose card it is"):
                quarrels.dispute(viewer(who), of=viewer("E1"))

    def test_a_line_is_disputed_once_at_a_time(self, quarrels: Quarrels, viewer: Look) -> None:
        # given
        first = quarrels.dispute(viewer("E1"))
        with pytest.raises(BadInput, match="You dispute this already"):
            quarrels.dispute(viewer("E1"))
        quarrels.dispute(viewer("E1"), line="win_rate")
        # when
        quarrels.act(service.withdraw, viewer("E1"), first)
        # then
        assert quarrels.dispute(viewer("E1")) > first

    @pytest.mark.parametrize(
        ("named", "field", "sentence"),
        [
            ({"reason": " "}, "note", "Give a reason"),
            ({"reason": "x" * 2001}, "note", "too long"),
            ({"evidence": "x" * 2001}, "evidence", "too long"),
        ],
    )
    def test_bad_words_are_refused_at_their_field(
        self, quarrels: Quarrels, viewer: Look, named: dict[str, str], field: str, sentence: str
    ) -> None:
        with pytest.raises(BadField, match=sentence) as refused:
            quarrels.dispute(viewer("E1"), **named)
        assert refused.value.field == field
        assert quarrels.news() == []

    def test_only_records_behind_the_line_are_pointed_at(self, quarrels: Quarrels, viewer: Look) -> None:
        theirs = quarrels.records(viewer("E2"))["E2-a"]
        subject = card_line(viewer("E1").person_id, JUNE, "sales")
        with pytest.raises(BadField, match="changed meanwhile"), quarrels.database.writing() as session:
            service.open_dispute(session, quarrels.clock, viewer("E1"), subject, [theirs], REASON)

    @pytest.mark.parametrize("line", ["nonsense", ""])
    def test_a_line_that_is_not_there_is_refused(self, quarrels: Quarrels, viewer: Look, line: str) -> None:
        with pytest.raises(NotFound, match="has no line"):
            quarrels.dispute(viewer("E1"), line=line)

    def test_an_entry_of_somebody_elses_file_is_refused(self, quarrels: Quarrels, viewer: Look) -> None:
        with quarrels.database.reading() as session, pytest.raises(NotFound, match="not in your file"):
            file_entry(session, viewer("E1").person_id, 99)


class TestAnswering:
    def test_explained_it_is_closed_and_the_owner_hears(self, quarrels: Quarrels, viewer: Look) -> None:
        # given
        number = quarrels.dispute(viewer("E1"))
        # when
        quarrels.act(service.explain, viewer("M1"), number, "Both deals are counted.")
        # then
        seen = quarrels.look(viewer("E1"), number)
        assert seen.state is DisputeState.ANSWERED
        assert seen.moves[-1].note == "Both deals are counted."
        assert seen.may == frozenset()
        assert quarrels.news()[-1] == (News.ANSWERED, viewer("E1").person_id)
        assert quarrels.waiting(viewer("M1")) == []

    def test_a_corrected_record_counts_and_the_old_one_stays_beside_it(
        self, quarrels: Quarrels, viewer: Look
    ) -> None:
        # given
        number = quarrels.dispute(viewer("E1"), "E1-a")
        record = quarrels.records(viewer("E1"))["E1-a"]
        # when
        quarrels.correct(viewer("M1"), number, record, Change(Fix.VALUE, value=Decimal(700)))
        # then
        assert quarrels.in_force("E1-a") == (viewer("E1").person_id, 700)
        made = quarrels.look(viewer("E1"), number).moves[-1].correction
        assert made is not None
        assert (made.before.value, made.new_value, made.given_to) == (500, 700, None)
        with quarrels.database.reading() as session:
            old = session.get_one(MeasureRecord, record)
            load = session.get_one(LoadRow, old.ended_in)
            assert (old.value, load.origin, load.by) == (500, "dispute", "M1")
        score_now(quarrels.database, quarrels.clock, JUNE)
        line = quarrels.look(viewer("M1"), number).about.line
        assert line is not None
        assert line.actual == 1000

    def test_after_the_lock_a_correction_is_an_adjustment_and_the_card_stays(
        self, quarrels: Quarrels, lock: Lock, viewer: Look
    ) -> None:
        # given
        lock("2026-06")
        number = quarrels.dispute(viewer("E1"), "E1-a")
        record, other = quarrels.records(viewer("E1"))["E1-a"], viewer("E2").person_id
        # when
        quarrels.correct(viewer("M1"), number, record, Change(Fix.PERSON, person_id=other))
        # then: taken from one, given to the other
        with quarrels.database.reading() as session:
            booked = session.scalars(sa.select(Adjustment).order_by(Adjustment.person_id)).all()
            assert {(one.person_id, one.locked_period, one.difference) for one in booked} == {
                (viewer("E1").person_id, "2026-06", -500),
                (other, "2026-06", 500),
            }
        line = quarrels.look(viewer("M1"), number).about.line
        assert line is not None
        assert line.actual == 800

    def test_the_next_import_of_the_same_file_does_not_undo_it(
        self, quarrels: Quarrels, load: Load, viewer: Look
    ) -> None:
        number = quarrels.dispute(viewer("E1"), "E1-a")
        record = quarrels.records(viewer("E1"))["E1-a"]
        quarrels.correct(viewer("M1"), number, record, Change(Fix.VALUE, value=Decimal(700)))
        load(company())
        assert quarrels.in_force("E1-a") == (viewer("E1").person_id, 700)

    def test_a_record_is_given_to_whom_it_belongs_who_hears_of_it(
        self, quarrels: Quarrels, viewer: Look
    ) -> None:
        # given
        number = quarrels.dispute(viewer("E1"), "E1-a")
        record, other = quarrels.records(viewer("E1"))["E1-a"], viewer("E2").person_id
        # when
        quarrels.correct(viewer("M1"), number, record, Change(Fix.PERSON, person_id=other))
        # then
        assert quarrels.in_force("E1-a") == (other, 500)
        with quarrels.database.reading() as session:
            told = session.scalars(sa.select(Post).where(Post.kind == GIVEN_POST)).one()
            assert (told.person_id, told.facts["value"]) == (other, "500")

    def test_a_record_is_withdrawn(self, quarrels: Quarrels, viewer: Look) -> None:
        number = quarrels.dispute(viewer("E1"), "E1-b")
        record = quarrels.records(viewer("E1"))["E1-b"]
        quarrels.correct(viewer("M1"), number, record, Change(Fix.WITHDRAWN))
        assert quarrels.in_force("E1-b") is None

    def test_several_records_are_corrected_before_it_is_answered(
        self, quarrels: Quarrels, viewer: Look
    ) -> None:
        # given
        number = quarrels.dispute(viewer("E1"), "E1-a", "E1-b")
        rows, raised = quarrels.records(viewer("E1")), Change(Fix.VALUE, value=Decimal(900))
        # when
        quarrels.correct(viewer("M1"), number, rows["E1-a"], raised, answers=False)
        assert quarrels.look(viewer("M1"), number).state is DisputeState.OPEN
        with pytest.raises(BadField, match="changed meanwhile"):
            quarrels.correct(viewer("M1"), number, rows["E1-a"], raised)
        quarrels.correct(viewer("M1"), number, rows["E1-b"], raised)
        # then
        assert quarrels.look(viewer("M1"), number).state is DisputeState.ANSWERED

    @pytest.mark.parametrize(
        ("change", "field", "sentence"),
        [
            (Change(Fix.VALUE), "value", "Write the right value"),
            (Change(Fix.VALUE, value=Decimal(500)), "value", "stands already"),
            (Change(Fix.PERSON), "person", "Choose the person"),
        ],
    )
    def test_a_change_that_is_none_is_refused(
        self, quarrels: Quarrels, viewer: Look, change: Change, field: str, sentence: str
    ) -> None:
        number = quarrels.dispute(viewer("E1"))
        record = quarrels.records(viewer("E1"))["E1-a"]
        with pytest.raises(BadField, match=sentence) as refused:
            quarrels.correct(viewer("M1"), number, record, change)
        assert refused.value.field == field

    @pytest.mark.parametrize(
        ("who", "sentence"),
        [
            ("E1", "Choose the person"),
            ("M1", "Nobody gives a record to themselves"),
            ("E3", "You do not look after this person"),
        ],
    )
    def test_a_record_goes_to_nobody_whom_the_judge_does_not_look_after(
        self, quarrels: Quarrels, viewer: Look, who: str, sentence: str
    ) -> None:
        number = quarrels.dispute(viewer("E1"))
        record, change = (
            quarrels.records(viewer("E1"))["E1-a"],
            Change(Fix.PERSON, person_id=viewer(who).person_id),
        )
        with pytest.raises(BadField, match=sentence):
            quarrels.correct(viewer("M1"), number, record, change)

    def test_passed_up_it_ends_with_hr_who_cannot_pass_it_on(self, quarrels: Quarrels, viewer: Look) -> None:
        # given
        number = quarrels.dispute(viewer("E1"))
        # when
        quarrels.act(service.pass_up, viewer("M1"), number, "I made that deal with E1.")
        assert quarrels.waiting(viewer("B1")) == [number]
        quarrels.act(service.pass_up, viewer("B1"), number)
        # then
        assert quarrels.waiting(viewer("H1")) == [number]
        assert Move.ESCALATE not in quarrels.look(viewer("H1"), number).may
        with pytest.raises(BadInput, match="lies with HR"):
            quarrels.act(service.pass_up, viewer("H1"), number)
        owner = viewer("E1").person_id
        assert quarrels.news().count((News.PASSED_UP, owner)) == 2

    def test_hr_answers_no_dispute_of_its_own(self, quarrels: Quarrels, load: Load, viewer: Look) -> None:
        # given: one of HR sells too
        folder = company().person("H2", role="hr", unit="Acme/West").target("H2", "sales", "2026-06", 1000)
        load(folder.measure("H2", "won_amount", "2026-06-10", 500))
        score_now(quarrels.database, quarrels.clock, JUNE)
        number = quarrels.dispute(viewer("H2"))
        # when
        quarrels.act(service.pass_up, viewer("B1"), number)
        # then
        assert quarrels.waiting(viewer("H1")) == [number]
        assert quarrels.waiting(viewer("H2")) == []
        with pytest.raises(NotAllowed, match="somebody else to answer"):
            quarrels.act(service.explain, viewer("H2"), number, "I am right.")
        assert quarrels.news()[-2] == (News.OPENED, viewer("H1").person_id)

    def test_messages_that_are_out_or_on_their_way_say_how_it_stands(
        self, quarrels: Quarrels, viewer: Look
    ) -> None:
        # given: the judge's first message is just being sent
        number = quarrels.dispute(viewer("E1"))
        with quarrels.database.writing() as session:
            post_id = session.scalars(sa.select(Post.id).where(Post.kind == DISPUTE_POST)).one()
            claim_post(session, post_id)
        # when
        quarrels.act(service.withdraw, viewer("E1"), number)
        # then
        with quarrels.database.reading() as session:
            jobs = session.scalars(sa.select(Job).where(Job.kind == UPDATE_JOB)).all()
            assert [job.args["post_id"] for job in jobs] == [post_id]

    def test_a_closed_dispute_takes_no_moves(self, quarrels: Quarrels, viewer: Look) -> None:
        number = quarrels.dispute(viewer("E1"))
        quarrels.act(service.explain, viewer("M1"), number, "So it is.")
        for move, who, args in (
            (service.explain, "M1", ("Again.",)),
            (service.withdraw, "E1", ()),
            (service.pass_up, "M1", ()),
        ):
            with pytest.raises(BadInput, match="closed already"):
                quarrels.act(move, viewer(who), number, *args)


class TestOthers:
    def test_who_may_see_it(self, quarrels: Quarrels, viewer: Look) -> None:
        number = quarrels.dispute(viewer("E1"))
        for who in ("E1", "M1", "B1", "H1"):
            assert quarrels.look(viewer(who), number).id == number
        for who in ("E2", "E3", "A1", "M2"):
            with pytest.raises(NotAllowed, match="may not see this dispute"):
                quarrels.look(viewer(who), number)

    def test_an_open_dispute_holds_its_owner_until_it_is_closed(
        self, quarrels: Quarrels, viewer: Look
    ) -> None:
        number = quarrels.dispute(viewer("E1"))
        assert quarrels.holds(viewer("E1"))
        assert quarrels.holds(viewer("E1"), "2026-06")
        assert not quarrels.holds(viewer("E1"), "2026-05")
        assert not quarrels.holds(viewer("E2"))
        quarrels.act(service.withdraw, viewer("E1"), number)
        assert not quarrels.holds(viewer("E1"))

    def test_a_judge_who_was_replaced_neither_answers_nor_looks(
        self, quarrels: Quarrels, load: Load, viewer: Look
    ) -> None:
        # given
        number = quarrels.dispute(viewer("E1"), "E1-a")
        replaced = company().person("M3", role="manager", job_family="", unit="Acme/East", manager_id="B1")
        for who in ("E1", "E2", "M1"):
            replaced.transfer(who, "2026-07-01", manager_id="M3")
        replaced.unit("Acme/East", manager_id="M3")
        replaced.tables["units"].pop(1)
        # when
        load(replaced)
        # then
        assert quarrels.waiting(viewer("M1")) == []
        with pytest.raises(NotAllowed):
            quarrels.look(viewer("M1"), number)
        with pytest.raises(NotAllowed):
            quarrels.act(service.pass_up, viewer("M1"), number)
        # and when
        quarrels.let_pass(1)
        # then
        assert quarrels.waiting(viewer("M3")) == [number]

    def test_a_line_that_is_gone_leaves_its_dispute_readable(
        self, quarrels: Quarrels, load: Load, viewer: Look
    ) -> None:
        # given
        number = quarrels.dispute(viewer("E1"), "E1-a")
        other = SALES_PLAN.replace('name = "sales"', 'name = "turnover"')
        without = company().plan(other.replace('indicator = "sales"', 'indicator = "turnover"'))
        for row in without.tables["targets"]:
            row["indicator"] = "turnover"
        # when
        load(without)
        score_now(quarrels.database, quarrels.clock, JUNE)
        # then
        for who in ("E1", "M1"):
            seen = quarrels.look(viewer(who), number)
            assert (seen.about, seen.behind) == (Disputed(), 0)
            assert [one.record_id for one in seen.pointed_at] == ["E1-a"]
        assert Move.CORRECT not in quarrels.look(viewer("M1"), number).may
        quarrels.act(service.explain, viewer("M1"), number, "Its new name is turnover.")


class TestLookingBack:
    """In July, under a plan with growth and returning customers."""

    @pytest.fixture
    def july(self, quarrels: Quarrels, load: Load) -> Quarrels:
        folder = company().plan(SALES_PLAN + GROWTH + RETURNS)
        folder.measure("E1", "won_amount", "2026-03-31", 100, "E1-march", customer_id="C7")
        folder.measure("E1", "won_amount", "2026-07-03", 100, "E1-july", customer_id="C7")
        load(folder.target("E1", "sales", "2026-07", 1000))
        score_now(quarrels.database, quarrels.clock, JULY)
        return quarrels

    @pytest.mark.parametrize(
        ("line", "named"),
        [
            ("growth", {"E1-a", "E1-b", "E1-july"}),
            ("returns", {"E1-a", "E1-b", "E1-july"}),
            ("sales", {"E1-july"}),
        ],
    )
    def test_a_record_of_a_month_before_can_be_pointed_at_and_corrected(
        self, july: Quarrels, viewer: Look, line: str, named: set[str]
    ) -> None:
        # given
        subject = card_line(viewer("E1").person_id, JULY, line)
        with july.database.reading() as session:
            rows = {one.record_id: one.id for one in records_behind(session, july.clock, subject)}
        assert set(rows) == named
        first = min(named)
        with july.database.writing() as session:
            ids = [rows[first]]
            number = service.open_dispute(session, july.clock, viewer("E1"), subject, ids, REASON).id
        # when
        july.correct(viewer("M1"), number, rows[first], Change(Fix.VALUE, value=Decimal(700)))
        # then
        assert july.in_force(first) == (viewer("E1").person_id, 700)


class TestSilence:
    def test_it_is_reminded_of_then_passed_up_and_stays_with_hr(
        self, quarrels: Quarrels, viewer: Look
    ) -> None:
        # given: opened on Tuesday the 7th, due on Tuesday the 14th
        number = quarrels.dispute(viewer("E1"))
        owner, manager, boss, hr = (viewer(who).person_id for who in ("E1", "M1", "B1", "H1"))
        # then
        assert quarrels.let_pass(5) == []
        assert quarrels.let_pass(35) == [
            *[(News.REMINDED, manager)] * 2,
            *[(News.OPENED, boss), (News.PASSED_UP, owner)],
            *[(News.REMINDED, boss)] * 2,
            *[(News.OPENED, hr), (News.PASSED_UP, owner)],
            *[(News.REMINDED, hr)] * 3,
        ]
        assert quarrels.look(viewer("E1"), number).state is DisputeState.OPEN
        assert quarrels.waiting(viewer("H1")) == [number]

    def test_hr_is_reminded_of_a_locked_card_until_it_decides(
        self, quarrels: Quarrels, lock: Lock, viewer: Look
    ) -> None:
        # given: corrected on Tuesday the 7th
        lock("2026-06")
        number = quarrels.dispute(viewer("E1"), "E1-a")
        record = quarrels.records(viewer("E1"))["E1-a"]
        quarrels.correct(viewer("M1"), number, record, Change(Fix.VALUE, value=Decimal(700)))
        hr = viewer("H1").person_id
        assert quarrels.news()[-1] == (News.CORRECTED, hr)
        # then
        assert quarrels.let_pass(5) == []
        assert quarrels.let_pass(3) == [(News.CORRECTED, hr)] * 2
        # and when it has decided
        quarrels.act(keep_card, viewer("H1"), number, "It is booked in July.")
        assert quarrels.let_pass(5) == []

    def test_what_hr_decides_of_one_card_leaves_the_others_waiting(
        self, quarrels: Quarrels, lock: Lock, viewer: Look
    ) -> None:
        # given
        lock("2026-06")
        numbers = []
        for who in ("E1", "E2"):
            number = quarrels.dispute(viewer(who), f"{who}-a")
            record = quarrels.records(viewer(who))[f"{who}-a"]
            quarrels.correct(viewer("M1"), number, record, Change(Fix.VALUE, value=Decimal(700)))
            numbers.append(number)
        assert quarrels.waiting(viewer("H1")) == numbers
        # when
        quarrels.act(keep_card, viewer("H1"), numbers[0], "It is booked in July.")
        # then
        assert quarrels.waiting(viewer("H1")) == numbers[1:]

    def test_a_card_that_nobody_in_hr_looks_after_is_decided_by_who_is_asked(
        self, quarrels: Quarrels, load: Load, lock: Lock, viewer: Look
    ) -> None:
        # given: the only HR is named for the West, and E1 is in the East
        load(company().unit("Acme/West", hr_id="H1"))
        lock("2026-06")
        number = quarrels.dispute(viewer("E1"), "E1-a")
        record = quarrels.records(viewer("E1"))["E1-a"]
        # when
        quarrels.correct(viewer("M1"), number, record, Change(Fix.VALUE, value=Decimal(700)))
        # then
        assert quarrels.waiting(viewer("H1")) == [number]
        quarrels.act(keep_card, viewer("H1"), number, "It is booked in July.")
        assert quarrels.waiting(viewer("H1")) == []


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(Move), st.sampled_from(PEOPLE), st.sampled_from(Fix), st.integers(0, 3)),
        max_size=12,
    )
)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_clicked_by_whomever_only_allowed_moves_are_made(
    quarrels: Quarrels, viewer: Look, steps: list[tuple[Move, str, Fix, int]]
) -> None:
    # when
    for move, who, fix, which in steps:
        try:
            _make(quarrels, move, viewer(who), fix, which)
        except Refusal:
            continue
    # then
    with quarrels.database.reading() as session:
        for dispute in session.scalars(sa.select(Dispute)):
            moves = session.scalars(
                sa.select(DisputeMove).where(DisputeMove.dispute_id == dispute.id).order_by(DisputeMove.id)
            ).all()
            assert moves[0].move == Move.DISPUTE
            state = DisputeState.OPEN
            for made in moves[1:]:
                state = MOVES[state, Move(made.move)]
            for made in moves:
                assert (made.by_id == dispute.owner_id) == (made.move in OF_THE_OWNER)
                assert made.by_id not in {viewer(who).person_id for who in ("A1", "M2")}
            assert state == dispute.state
            assert (dispute.closed_at is None) == (state is DisputeState.OPEN)
        assert audit.first_broken_entry(session) is None


def _make(quarrels: Quarrels, move: Move, who: Viewer, fix: Fix, which: int) -> None:
    with quarrels.database.reading() as session:
        ids = session.scalars(sa.select(Dispute.id).order_by(Dispute.id.desc()).limit(4)).all()
        rows = session.scalars(sa.select(MeasureRecord.id).where(MeasureRecord.ended_in.is_(None))).all()
    if move is Move.DISPUTE:
        quarrels.dispute(who)
        return
    number = ids[which % len(ids)] if ids else 0
    match move:
        case Move.EXPLAIN:
            quarrels.act(service.explain, who, number, "So it is.")
        case Move.ESCALATE:
            quarrels.act(service.pass_up, who, number)
        case Move.WITHDRAW:
            quarrels.act(service.withdraw, who, number)
        case Move.KEEP | Move.RESTATE:
            quarrels.act(keep_card, who, number, "It stays.")
        case _:
            change = Change(fix, value=Decimal(which), person_id=which + 1)
            quarrels.correct(who, number, rows[which % len(rows)], change, answers=move is Move.CORRECT)
