"""Agreeing on targets: who may answer what, what stands afterwards, and that silence is no acceptance."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain import audit
from domain.access import CommandLine, Viewer
from domain.clock import FixedClock
from domain.database import Database
from domain.errors import BadInput, NotAllowed, NotFound, Refusal
from domain.outbox import Post
from domain.plain import plain
from domain.targets import agreement, agreement_views
from domain.targets.agreement_views import AgreementView
from domain.targets.board import board
from domain.targets.model import Target, TargetAgreement, TargetMove
from domain.targets.posts import News
from domain.targets.reminding import remind
from domain.targets.rounds import open_round, publish, round_of, set_amounts
from domain.targets.rules_agreement import MOVES, Move, TargetState
from domain.targets.rules_history import Attainability
from domain.targets.rules_span import Span
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Look

SPAN = Span.parse("2026-08")
PEOPLE = ("B1", "M1", "M2", "E1", "E2", "E3", "H1", "A1")


def company() -> CompanyFolder:
    """B1 leads Acme, M1 leads East with E1 and E2, nobody leads West with E3; H1 is HR."""
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
    for month, amount in (("01", 60), ("02", 70), ("03", 65), ("04", 75), ("05", 70), ("06", 80)):
        folder.measure("E1", "won_amount", f"2026-{month}-10", amount * 1000)
    return folder.covered("won_amount", "2026-01-01", "2026-06-30")


class Talks:
    """What people say of their targets, each in a transaction of its own."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database = database
        self.clock = clock

    def publish(self, **amounts: int) -> None:
        with self.database.writing() as session:
            root = CommandLine("cli:root")
            total = Decimal(sum(amounts.values()))
            opened = open_round(session, self.clock, root, "sales", SPAN, total)
            shown = board(session, self.clock, opened)
            called = {name.rpartition("/")[2]: owner for owner, name in shown.ids.items()}
            given = {called[name]: Decimal(amount) for name, amount in amounts.items()}
            for unit in reversed([one for one in shown.tree.walk() if one.is_unit]):
                given[unit] = sum((given[part] for part in shown.tree.parts(unit)), Decimal(0))
            set_amounts(session, self.clock, root, opened, given)
            publish(session, self.clock, root, round_of(session, "sales", SPAN))

    def own(self, viewer: Viewer) -> AgreementView:
        with self.database.reading() as session:
            newest = agreement_views.own_agreements(session, viewer)[0]
            return agreement_views.view(session, self.clock, viewer, newest)

    def own_as_person(self, viewer: Viewer) -> int:
        """Beside what is asked for a unit."""
        with self.database.reading() as session:
            of_person = sa.select(TargetAgreement.id).where(TargetAgreement.person_id == viewer.person_id)
            return session.scalars(of_person).one()

    def readers(self, agreement_id: int) -> list[int]:
        """Who was told of it, in order."""
        with self.database.reading() as session:
            posts = session.scalars(sa.select(Post).order_by(Post.id)).all()
            return [one.facts["reader_id"] for one in posts if one.facts["agreement_id"] == agreement_id]

    def look(self, viewer: Viewer, agreement_id: int) -> AgreementView:
        with self.database.reading() as session:
            return agreement_views.view(session, self.clock, viewer, agreement_id)

    def waiting(self, viewer: Viewer) -> list[int]:
        with self.database.reading() as session:
            return agreement_views.appeals_to_judge(session, self.clock, viewer)

    def confirm(self, viewer: Viewer, agreement_id: int) -> None:
        with self.database.writing() as session:
            agreement.confirm(session, self.clock, viewer, agreement_id)

    def appeal(
        self, viewer: Viewer, agreement_id: int, wanted: int, reason: str = "My mean is lower."
    ) -> None:
        with self.database.writing() as session:
            agreement.appeal(session, self.clock, viewer, agreement_id, Decimal(wanted), reason)

    def revise(self, viewer: Viewer, agreement_id: int, amount: int, note: str = "Half way.") -> None:
        with self.database.writing() as session:
            agreement.revise(session, self.clock, viewer, agreement_id, Decimal(amount), note)

    def uphold(self, viewer: Viewer, agreement_id: int, note: str = "June was 80 000.") -> None:
        with self.database.writing() as session:
            agreement.uphold(session, self.clock, viewer, agreement_id, note)

    def pass_up(self, viewer: Viewer | None, agreement_id: int) -> None:
        with self.database.writing() as session:
            agreement.pass_up(session, self.clock, viewer, agreement_id)

    def remind(self, after_days: int) -> list[tuple[str, int]]:
        """Let calendar days go by, a reminder each; the news that came of it, and to whom."""
        with self.database.reading() as session:
            seen = set(session.scalars(sa.select(Post.id)))
        for _ in range(after_days):
            self.clock.at += timedelta(days=1)
            remind(self.database, self.clock)
        with self.database.reading() as session:
            posts = session.scalars(sa.select(Post).order_by(Post.id)).all()
            return [(post.facts["news"], post.facts["reader_id"]) for post in posts if post.id not in seen]

    def target(self, owner_id: int) -> str:
        with self.database.reading() as session:
            row = session.scalars(
                sa.select(Target).where(Target.person_id == owner_id, Target.ended_in.is_(None))
            ).one()
            return f"{plain(row.amount)} {row.state} v{row.version}"


@pytest.fixture
def talks(database: Database, clock: FixedClock, load: Load) -> Talks:
    load(company())
    talks = Talks(database, clock)
    talks.publish(E1=80_000, E2=50_000, E3=40_000)
    return talks


def test_settled_in_the_middle_with_the_same_figures_before_both(talks: Talks, viewer: Look) -> None:
    # given: 80 000 asked, six months with a mean of 70 000
    rep, manager = viewer("E1"), viewer("M1")
    asked = talks.own(rep)
    assert (plain(asked.amount), asked.state) == ("80000", TargetState.PROPOSED)
    assert [plain(month.actual) for month in asked.past] == [
        "60000",
        "70000",
        "65000",
        "75000",
        "70000",
        "80000",
    ]
    assert asked.mean == 70_000
    assert asked.reached == Attainability(1, 6)
    assert asked.may == {Move.CONFIRM, Move.APPEAL}
    # when
    talks.appeal(rep, asked.id, 70_000)
    assert talks.waiting(manager) == [asked.id]
    judged = talks.look(manager, asked.id)
    assert (judged.past, judged.mean, judged.wanted) == (asked.past, asked.mean, 70_000)
    talks.revise(manager, asked.id, 75_000)
    # then
    settled = talks.own(rep)
    assert (settled.state, settled.amount, settled.may) == (TargetState.REVISED, 75_000, frozenset())
    assert [(move.move, move.by_name) for move in settled.moves] == [
        (Move.APPEAL, "Name of E1"),
        (Move.REVISE, "Name of M1"),
    ]
    assert talks.target(rep.person_id) == "75000 revised v2"


def test_confirmed_is_the_end_of_it(talks: Talks, viewer: Look) -> None:
    rep = viewer("E2")
    asked = talks.own(rep)
    talks.confirm(rep, asked.id)
    assert talks.own(rep).state is TargetState.CONFIRMED
    with pytest.raises(BadInput, match="answered already"):
        talks.appeal(rep, asked.id, 1)


def test_upheld_keeps_the_amount(talks: Talks, viewer: Look) -> None:
    rep = viewer("E1")
    asked = talks.own(rep)
    talks.appeal(rep, asked.id, 70_000)
    talks.uphold(viewer("M1"), asked.id)
    assert talks.own(rep).state is TargetState.UPHELD
    assert talks.target(rep.person_id) == "80000 proposed v1"


def test_passed_up_to_the_next_above_and_at_last_to_hr(talks: Talks, viewer: Look) -> None:
    # given
    rep = viewer("E1")
    asked = talks.own(rep)
    talks.appeal(rep, asked.id, 70_000)
    # when
    talks.pass_up(viewer("M1"), asked.id)
    assert talks.waiting(viewer("M1")) == []
    assert talks.waiting(viewer("B1")) == [asked.id]
    talks.pass_up(None, asked.id)
    # then: it lies with HR, who has nobody above
    assert talks.waiting(viewer("B1")) == []
    assert talks.waiting(viewer("H1")) == [asked.id]
    with pytest.raises(BadInput, match="lies with HR"):
        talks.pass_up(viewer("H1"), asked.id)
    talks.revise(viewer("H1"), asked.id, 72_000)
    assert talks.own(rep).moves[2].by_name is None


def test_nobody_judges_an_appeal_of_their_own(talks: Talks, viewer: Look) -> None:
    # given: M1 appeals against the amount of East, which M1 leads
    manager = viewer("M1")
    asked = talks.own(manager)
    assert asked.owner_name == "Acme/East"
    talks.appeal(manager, asked.id, 100_000)
    # then
    assert talks.waiting(manager) == []
    with pytest.raises(NotAllowed, match="somebody else"):
        talks.uphold(manager, asked.id)
    assert talks.waiting(viewer("B1")) == [asked.id]


def test_a_unit_that_nobody_in_office_leads_sends_its_appeals_up(talks: Talks, viewer: Look) -> None:
    rep = viewer("E3")
    asked = talks.own(rep)
    talks.appeal(rep, asked.id, 30_000)
    assert talks.waiting(viewer("B1")) == [asked.id]


def test_an_appeal_of_hr_reaches_another_in_hr(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    # given: H1 looks after everybody and sells in West, which nobody leads; H2 looks after East alone
    folder = (
        company()
        .person("H2", role="hr", job_family="", unit="")
        .person("H3", role="hr", job_family="", unit="", left_on="2026-01-31")
        .transfer("H1", "2026-02-01", unit="Acme/West", job_family="sales")
    )
    for unit, hr_id in zip(folder.tables["units"], ("H1", "H2"), strict=True):
        unit["hr_id"] = hr_id
    load(folder)
    talks, seller = Talks(database, clock), viewer("H1")
    talks.publish(E1=80_000, E2=50_000, E3=40_000, H1=10_000)
    asked = talks.own(seller)
    talks.appeal(seller, asked.id, 5_000)

    # when
    talks.pass_up(viewer("B1"), asked.id)

    # then
    assert talks.readers(asked.id)[-1:] == [viewer("H2").person_id]
    assert (talks.waiting(seller), talks.waiting(viewer("H2"))) == ([], [asked.id])
    talks.revise(viewer("H2"), asked.id, 8_000)
    assert talks.target(seller.person_id) == "8000 revised v2"


@pytest.mark.parametrize("team_lead_reports_to", ["M1", ""])
def test_an_appeal_is_never_passed_down_to_who_is_below_its_owner(
    database: Database, clock: FixedClock, load: Load, viewer: Look, team_lead_reports_to: str
) -> None:
    # given: M1 leads East and sells in a team of it; T1 leads that team
    load(
        company()
        .person("T1", role="manager", job_family="", unit="Acme/East/T", manager_id=team_lead_reports_to)
        .unit("Acme/East/T", manager_id="T1")
        .transfer("M1", "2026-02-01", unit="Acme/East/T", job_family="sales")
    )
    talks, seller = Talks(database, clock), viewer("M1")
    talks.publish(E1=80_000, E2=50_000, E3=40_000, M1=10_000)
    own = talks.own_as_person(seller)
    talks.appeal(seller, own, 5_000)
    assert talks.waiting(viewer("B1")) == [own]

    # when: B1 says nothing
    talks.pass_up(None, own)

    # then
    assert talks.waiting(viewer("T1")) == []
    assert talks.waiting(viewer("H1")) == [own]


@pytest.mark.parametrize("who", ["E2", "B1", "A1"])
def test_others_answer_nothing(talks: Talks, viewer: Look, who: str) -> None:
    asked = talks.own(viewer("E1"))
    with pytest.raises(NotAllowed, match="Only the person whose target it is"):
        talks.confirm(viewer(who), asked.id)
    talks.appeal(viewer("E1"), asked.id, 70_000)
    with pytest.raises(NotAllowed, match="somebody else"):
        talks.revise(viewer(who), asked.id, 1)


def test_others_see_nothing(talks: Talks, viewer: Look) -> None:
    asked = talks.own(viewer("E1"))
    for who in ("E2", "A1"):
        with pytest.raises(NotAllowed):
            talks.look(viewer(who), asked.id)
    assert talks.look(viewer("H1"), asked.id).may == frozenset()


def test_published_again_only_those_with_another_amount_are_asked_again(talks: Talks, viewer: Look) -> None:
    # given
    before = {who: talks.own(viewer(who)).id for who in ("E1", "E2")}
    talks.confirm(viewer("E2"), before["E2"])
    # when
    talks.publish(E1=78_000, E2=50_000, E3=40_000)
    # then
    assert talks.own(viewer("E2")).state is TargetState.CONFIRMED
    assert talks.own(viewer("E1")).id != before["E1"]
    with pytest.raises(BadInput, match="replaced by a newer one"):
        talks.confirm(viewer("E1"), before["E1"])


@pytest.mark.parametrize(
    ("wanted", "reason", "sentence"),
    [
        (-1, "because", "0 or more, in steps of 1"),
        (70_000, "  ", "Give a reason"),
        (70_000, "x" * 1001, "too long"),
        (80_000, "because", "stands already"),
    ],
)
def test_an_appeal_that_cannot_be_gets_a_sentence(
    talks: Talks, viewer: Look, wanted: int, reason: str, sentence: str
) -> None:
    asked = talks.own(viewer("E1"))
    with pytest.raises(BadInput, match=sentence):
        talks.appeal(viewer("E1"), asked.id, wanted, reason)
    assert talks.own(viewer("E1")).state is TargetState.PROPOSED


def test_an_unknown_target_gets_a_sentence(talks: Talks, viewer: Look) -> None:
    with pytest.raises(NotFound, match="not known any more"):
        talks.confirm(viewer("E1"), 999)


class TestSilence:
    def test_an_owner_is_reminded_three_times_then_the_manager_hears_and_nothing_is_confirmed(
        self, talks: Talks, viewer: Look
    ) -> None:
        # given: published on Tuesday the 7th, due on Tuesday the 14th
        rep, manager = viewer("E1"), viewer("M1")
        for who in ("E2", "E3", "M1", "B1"):
            talks.confirm(viewer(who), talks.own(viewer(who)).id)
        # then
        assert talks.remind(after_days=5) == []
        assert talks.remind(after_days=1) == [(News.REMINDED, rep.person_id)]
        assert talks.remind(after_days=1) == [(News.REMINDED, rep.person_id)]
        after = [(News.REMINDED, rep.person_id), (News.SILENT, manager.person_id)]
        assert talks.remind(after_days=2) == after
        assert talks.remind(after_days=20) == []
        assert talks.own(rep).state is TargetState.PROPOSED

    def test_an_appeal_that_nobody_answers_is_passed_up_to_hr_in_the_end(
        self, talks: Talks, viewer: Look
    ) -> None:
        # given
        rep = viewer("E1")
        for who in ("E2", "E3", "M1", "B1"):
            talks.confirm(viewer(who), talks.own(viewer(who)).id)
        asked = talks.own(rep)
        talks.appeal(rep, asked.id, 70_000)
        # when
        told = talks.remind(after_days=40)
        # then
        manager, boss, hr = (viewer(who).person_id for who in ("M1", "B1", "H1"))
        assert told == [
            *[(News.REMINDED, manager)] * 2,
            (News.APPEALED, boss),
            *[(News.REMINDED, boss)] * 2,
            (News.APPEALED, hr),
            *[(News.REMINDED, hr)] * 3,
        ]
        assert talks.own(rep).state is TargetState.APPEALED
        assert talks.own(rep).amount == 80_000

    def test_one_that_is_answered_meanwhile_holds_up_no_other(self, talks: Talks, viewer: Look) -> None:
        # given: two appeals that their judge leaves unanswered; the first is settled while reminders go out
        first, second = viewer("E1"), viewer("E2")
        ids = [talks.own(who).id for who in (first, second)]
        for who, one in zip((first, second), ids, strict=True):
            talks.appeal(who, one, 30_000)
        talks.clock.at += timedelta(days=20)
        meanwhile = MeanwhileUpheld(talks, viewer("M1"), ids[0])
        # when
        remind(meanwhile, talks.clock)
        # then
        assert talks.own(first).state is TargetState.UPHELD
        assert talks.waiting(viewer("B1")) == [ids[1]]


class MeanwhileUpheld(Database):
    """Somebody answers one agreement right after it was found to be due."""

    def __init__(self, talks: Talks, judge: Viewer, agreement_id: int) -> None:
        self._talks, self._judge, self._agreement_id = talks, judge, agreement_id

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._talks.database.reading() as session:
            yield session
        self._talks.uphold(self._judge, self._agreement_id)

    @contextmanager
    def writing(self, connection: sa.Connection | None = None) -> Iterator[Session]:
        with self._talks.database.writing(connection) as session:
            yield session


@given(
    steps=st.lists(st.tuples(st.sampled_from(Move), st.sampled_from(PEOPLE), st.integers(0, 5)), max_size=12)
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_clicked_by_whomever_only_allowed_moves_are_made(
    talks: Talks, viewer: Look, steps: list[tuple[Move, str, int]]
) -> None:
    # given: a new amount, so that everybody is asked again
    with talks.database.reading() as session:
        latest = session.scalar(sa.select(sa.func.max(TargetAgreement.id))) or 0
    talks.publish(E1=80_000 + latest, E2=50_000 + latest, E3=40_000 + latest)
    with talks.database.reading() as session:
        ids = list(session.scalars(sa.select(TargetAgreement.id).where(TargetAgreement.ended_at.is_(None))))
    # when
    for move, who, at in steps:
        try:
            _make(talks, move, viewer(who), ids[at % len(ids)])
        except Refusal:
            continue
    # then
    with talks.database.reading() as session:
        for row in session.scalars(sa.select(TargetAgreement).where(TargetAgreement.id.in_(ids))):
            moves = session.scalars(
                sa.select(TargetMove).where(TargetMove.agreement_id == row.id).order_by(TargetMove.id)
            ).all()
            state = TargetState.PROPOSED
            for made in moves:
                state = MOVES[state, Move(made.move)]
                owner_moved = made.by_id == row.asked_id
                assert owner_moved == (made.move in (Move.CONFIRM, Move.APPEAL))
            assert state == row.state
        assert audit.first_broken_entry(session) is None


def _make(talks: Talks, move: Move, who: Viewer, agreement_id: int) -> None:
    match move:
        case Move.CONFIRM:
            talks.confirm(who, agreement_id)
        case Move.APPEAL:
            talks.appeal(who, agreement_id, 1)
        case Move.REVISE:
            talks.revise(who, agreement_id, 2)
        case Move.UPHOLD:
            talks.uphold(who, agreement_id)
        case Move.ESCALATE:
            talks.pass_up(who, agreement_id)
