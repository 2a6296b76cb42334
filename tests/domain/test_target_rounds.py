"""Rounds of targets: who may set, split and publish, and what stands afterwards."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain import audit
from domain.access import Actor, CommandLine
from domain.clock import FixedClock
from domain.database import Database
from domain.errors import BadInput, NotAllowed, Refusal
from domain.people import service as people
from domain.plain import plain
from domain.targets.board import Board, board
from domain.targets.model import How, Target, TargetState
from domain.targets.rounds import drop, open_round, publish, round_of, set_amounts, split
from domain.targets.rules_span import Season, Span
from domain.targets.rules_tree import Owner
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Lock, Look

ROOT = CommandLine("cli:root")
YEAR, QUARTER = Span.parse("2026"), Span.parse("2026-Q2")


def two_teams() -> CompanyFolder:
    """Acme with East (two reps, led by M1) and West (one rep, led by M2); H1 is HR. It is March 2026."""
    return (
        CompanyFolder()
        .person("M1", role="manager", job_family="", unit="Acme/East")
        .person("M2", role="manager", job_family="", unit="Acme/West")
        .person("H1", role="hr", job_family="", unit="")
        .people(["E1", "E2"], unit="Acme/East")
        .person("E3", unit="Acme/West")
        .unit("Acme/East", manager_id="M1")
        .unit("Acme/West", manager_id="M2")
        .plan()
    )


class Rounds:
    """Acts on the rounds of a company, each time in a transaction of its own."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self._database = database
        self._clock = clock

    def open(self, span: Span = QUARTER, amount: int = 900, actor: Actor = ROOT, **more: object) -> None:
        with self._database.writing() as session:
            open_round(session, self._clock, actor, "sales", span, Decimal(amount), **more)  # type: ignore[arg-type]

    def split(
        self, unit: str, how: How = How.HEADCOUNT, actor: Actor = ROOT, span: Span = QUARTER
    ) -> dict[str, str]:
        with self._database.writing() as session:
            shown = self._board(session, span)
            unit_id = next(owner.id for owner, path in shown.ids.items() if path == unit)
            given = split(session, self._clock, actor, shown.round, unit_id, how)
            return {shown.ids[owner]: plain(amount) for owner, amount in given.items()}

    def give(self, actor: Actor = ROOT, span: Span = QUARTER, **amounts: int) -> None:
        with self._database.writing() as session:
            shown = self._board(session, span)
            owners = {name.rpartition("/")[2]: owner for owner, name in shown.ids.items()}
            given = {owners[name]: Decimal(amount) for name, amount in amounts.items()}
            set_amounts(session, self._clock, actor, shown.round, given)

    def publish(self, because: str | None = None, actor: Actor = ROOT, span: Span = QUARTER) -> int:
        with self._database.writing() as session:
            return publish(session, self._clock, actor, self._board(session, span).round, because)

    def drop(self, actor: Actor = ROOT) -> None:
        with self._database.writing() as session:
            drop(session, self._clock, actor, round_of(session, "sales", QUARTER))

    def whole_of_units(self) -> dict[str, str]:
        """What is in force for each unit, all months together."""
        with self._database.reading() as session:
            rows = session.scalars(
                sa.select(Target).where(Target.unit_id.is_not(None), Target.ended_in.is_(None))
            ).all()
            totals = {unit.path: Decimal(0) for unit in people.unit_tree(session)}
            paths = {unit.id: unit.path for unit in people.unit_tree(session)}
            for row in rows:
                totals[paths[row.unit_id or 0]] += row.amount
            return {path: plain(total) for path, total in totals.items()}

    def rests(self, span: Span = QUARTER) -> dict[str, str]:
        with self._database.reading() as session:
            shown = self._board(session, span)
            return {shown.ids[unit]: plain(left) for unit, left in shown.tree.unbalanced().items()}

    def targets(self, owner: str) -> dict[str, str]:
        """By month, of those in force."""
        with self._database.reading() as session:
            units, rows = (
                people.unit_tree(session),
                session.scalars(sa.select(Target).where(Target.ended_in.is_(None)).order_by(Target.period)),
            )
            unit = units.find(owner)
            person = None if unit else people.person_by_employee_id(session, owner)
            return {
                row.period: f"{plain(row.amount)} {row.state} v{row.version}"
                for row in rows
                if (unit and row.unit_id == unit.id) or (person and row.person_id == person.id)
            }

    def _board(self, session: object, span: Span) -> Board:
        return board(session, self._clock, round_of(session, "sales", span))  # type: ignore[arg-type]


@pytest.fixture
def rounds(database: Database, clock: FixedClock, load: Load) -> Rounds:
    load(two_teams())
    return Rounds(database, clock)


def test_an_amount_goes_down_the_tree_and_becomes_monthly_targets_to_confirm(rounds: Rounds) -> None:
    # given
    rounds.open(amount=900)
    # when
    assert rounds.split("Acme") == {"Acme/East": "600", "Acme/West": "300"}
    assert rounds.split("Acme/East") == {"E1": "300", "E2": "300"}
    assert rounds.split("Acme/West") == {"E3": "300"}
    changed = rounds.publish()
    # then: three months for each of three people and three units
    assert changed == 18
    assert rounds.targets("E1") == dict.fromkeys(["2026-04", "2026-05", "2026-06"], "100 proposed v1")
    assert rounds.targets("Acme/East")["2026-05"] == "200 proposed v1"
    assert rounds.targets("Acme")["2026-06"] == "300 proposed v1"


def test_what_is_left_to_split_stands_in_the_way_unless_there_is_a_reason(rounds: Rounds) -> None:
    # given: 100 of 900 are with nobody
    rounds.open(amount=900)
    rounds.give(East=500, West=300, E1=250, E2=250, E3=300)
    assert rounds.rests() == {"Acme": "100"}
    # when, then
    with pytest.raises(BadInput, match=r"below Acme does not sum to its amount: 100 are left"):
        rounds.publish()
    rounds.publish(because="a reserve for the team that comes in May")
    assert rounds.targets("Acme")["2026-04"] == "300 proposed v1"
    assert rounds.targets("E3")["2026-04"] == "100 proposed v1"


def test_somebody_without_an_amount_stands_in_the_way_too(rounds: Rounds) -> None:
    rounds.open(amount=300)
    rounds.give(East=300, West=0, E1=300, E2=0)
    with pytest.raises(BadInput, match="Name of E3 has no amount"):
        rounds.publish()


def test_a_newcomer_takes_part_from_the_month_of_hire_on(
    database: Database, clock: FixedClock, load: Load
) -> None:
    # given: E4 comes in June
    load(two_teams().person("E4", unit="Acme/West", hired_on="2026-06-01"))
    rounds = Rounds(database, clock)
    rounds.open(amount=800)
    # when
    rounds.give(East=0, West=800)
    assert rounds.split("Acme/West") == {"E3": "600", "E4": "200"}
    rounds.give(E1=0, E2=0)
    rounds.publish()
    # then
    assert rounds.targets("E4") == {"2026-06": "200 proposed v1"}
    assert rounds.targets("Acme/West") == {
        "2026-04": "200 proposed v1",
        "2026-05": "200 proposed v1",
        "2026-06": "400 proposed v1",
    }


def test_history_splits_by_what_a_full_month_brought(
    database: Database, clock: FixedClock, load: Load
) -> None:
    # given: E1 made twice as much a full month as E2, who was away for half of January; E3 is new to it
    folder = (
        two_teams()
        .measure("E1", "won_amount", "2026-01-10", 2000)
        .measure("E1", "won_amount", "2026-02-10", 2000)
        .measure("E2", "won_amount", "2026-01-10", 500)
        .measure("E2", "won_amount", "2026-02-10", 1000)
        .leave("E2", "2026-01-01", "2026-01-15")
        .covered("won_amount", "2026-01-01", "2026-02-28")
    )
    load(folder)
    rounds = Rounds(database, clock)
    rounds.open(amount=300)
    rounds.give(East=300, West=0)
    # when
    given = rounds.split("Acme/East", How.HISTORY)
    # then: half a day's rounding of the leave aside, two to one
    assert given == {"E1": "201", "E2": "99"}


def test_locked_months_keep_their_targets(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    # given: January is locked with a target of 40 for E3
    load(two_teams().target("E3", "sales", "2026-01", 40).covered("won_amount", "2026-01-01", "2026-02-28"))
    lock("2026-01")
    rounds = Rounds(database, clock)
    rounds.open(Span.parse("2026-Q1"), 100)
    rounds.give(span=Span.parse("2026-Q1"), East=0, West=100, E1=0, E2=0, E3=100)
    # when
    rounds.publish(span=Span.parse("2026-Q1"))
    # then
    assert rounds.targets("E3") == {
        "2026-01": "40 confirmed v1",
        "2026-02": "30 proposed v1",
        "2026-03": "30 proposed v1",
    }
    # and over the span West, which has no target for January, has what it was given
    assert rounds.whole_of_units() == {"Acme": "100", "Acme/East": "0", "Acme/West": "100"}


def test_locked_months_that_come_to_more_are_refused(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    load(two_teams().target("E3", "sales", "2026-01", 140).covered("won_amount", "2026-01-01", "2026-02-28"))
    lock("2026-01")
    rounds = Rounds(database, clock)
    span = Span.parse("2026-Q1")
    rounds.open(span, 100)
    rounds.give(span=span, East=0, West=100, E1=0, E2=0, E3=100)
    with pytest.raises(BadInput, match=r"Name of E3 has 140 in locked months already"):
        rounds.publish(span=span)
    assert rounds.targets("E3") == {"2026-01": "140 confirmed v1"}


def test_nothing_goes_into_a_locked_month_without_a_target(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    # given: nobody has a target for January
    load(two_teams().covered("won_amount", "2026-01-01", "2026-02-28"))
    lock("2026-01")
    rounds, span = Rounds(database, clock), Span.parse("2026-Q1")
    rounds.open(span, 900)
    rounds.give(span=span, East=600, West=300, E1=300, E2=300, E3=300)
    # when
    rounds.publish(span=span)
    # then: the whole is in the months that are left, of people and of units
    assert rounds.targets("E3") == {"2026-02": "150 proposed v1", "2026-03": "150 proposed v1"}
    with database.reading() as session:
        amounts = sa.select(sa.func.sum(Target.amount)).where(Target.unit_id.is_not(None))
        assert session.scalar(amounts) == 900 + 600 + 300


def test_an_amount_for_locked_months_alone_is_refused(
    database: Database, clock: FixedClock, load: Load, lock: Lock
) -> None:
    # given: E3 leaves with January, which is locked
    people = two_teams().covered("won_amount", "2026-01-01", "2026-02-28")
    people.tables["people"][-1]["left_on"] = "2026-01-31"
    load(people)
    lock("2026-01")
    rounds, span = Rounds(database, clock), Span.parse("2026-Q1")
    rounds.open(span, 100)
    rounds.give(span=span, East=0, West=100, E1=0, E2=0, E3=100)
    # then
    with pytest.raises(BadInput, match=r"Name of E3 has no open month in 2026-Q1 .* is to have 100: give 0"):
        rounds.publish(span=span)


def test_published_again_only_what_changed_is_a_new_version(rounds: Rounds) -> None:
    # given
    rounds.open(amount=900)
    rounds.give(East=600, West=300, E1=300, E2=300, E3=300)
    rounds.publish()
    # when: one person's amount grows in the next round
    rounds.open(amount=930)
    rounds.give(East=600, West=330, E1=300, E2=300, E3=330)
    changed = rounds.publish()
    # then: E3, West and Acme, three months each
    assert changed == 9
    assert rounds.targets("E1")["2026-04"].endswith("v1")
    assert rounds.targets("E3")["2026-04"] == "110 proposed v2"


class TestRights:
    def test_hr_opens_publishes_and_drops(self, rounds: Rounds, viewer: Look) -> None:
        rounds.open(actor=viewer("H1"))
        rounds.drop(actor=viewer("H1"))
        rounds.open(actor=viewer("H1"))

    def test_a_manager_splits_the_own_unit_only(self, rounds: Rounds, viewer: Look) -> None:
        # given
        rounds.open(amount=900)
        rounds.split("Acme", actor=viewer("H1"))
        # then
        assert rounds.split("Acme/East", actor=viewer("M1")) == {"E1": "300", "E2": "300"}
        rounds.give(actor=viewer("M1"), E1=200, E2=400)
        with pytest.raises(NotAllowed, match="for those who lead it"):
            rounds.split("Acme/West", actor=viewer("M1"))
        with pytest.raises(NotAllowed, match="for those who lead it"):
            rounds.give(actor=viewer("M1"), E1=100, E3=200)
        with pytest.raises(NotAllowed, match="for those who lead it"):
            rounds.give(actor=viewer("M1"), East=1000)

    @pytest.mark.parametrize("who", ["M1", "E1"])
    def test_nobody_but_hr_opens_publishes_or_drops(self, rounds: Rounds, viewer: Look, who: str) -> None:
        with pytest.raises(NotAllowed, match="for HR"):
            rounds.open(actor=viewer(who))
        rounds.open(amount=0)
        rounds.give(East=0, West=0, E1=0, E2=0, E3=0)
        with pytest.raises(NotAllowed, match="for HR"):
            rounds.publish(actor=viewer(who))
        with pytest.raises(NotAllowed, match="for HR"):
            rounds.drop(actor=viewer(who))


class TestRefusals:
    def test_one_round_at_a_time(self, rounds: Rounds) -> None:
        rounds.open()
        with pytest.raises(BadInput, match="being set already"):
            rounds.open()

    def test_an_indicator_without_targets(
        self, database: Database, clock: FixedClock, rounds: Rounds
    ) -> None:
        with database.writing() as session, pytest.raises(BadInput, match="Nobody in Acme is read against"):
            open_round(session, clock, ROOT, "win_rate", QUARTER, Decimal(10))

    @pytest.mark.parametrize("amount", [-5, 3])
    def test_an_amount_that_is_no_multiple_of_the_step(self, rounds: Rounds, amount: int) -> None:
        with pytest.raises(BadInput, match="in steps of 5"):
            rounds.open(amount=amount, step=Decimal(5))

    def test_a_unit_without_an_amount_is_not_split(self, rounds: Rounds) -> None:
        rounds.open()
        with pytest.raises(BadInput, match="Acme/East has no amount to split"):
            rounds.split("Acme/East")

    def test_no_history_to_split_by(self, rounds: Rounds) -> None:
        rounds.open()
        with pytest.raises(Refusal, match="nothing to split"):
            rounds.split("Acme", How.HISTORY)

    def test_somebody_who_takes_no_part(self, database: Database, clock: FixedClock, rounds: Rounds) -> None:
        rounds.open()
        with database.writing() as session:
            outsider = Owner.person(people.person_by_employee_id(session, "M1").id)
            round_ = round_of(session, "sales", QUARTER)
            with pytest.raises(BadInput, match="M1 takes no part"):
                set_amounts(session, clock, ROOT, round_, {outsider: Decimal(5)})


def test_a_season_shapes_the_year(rounds: Rounds) -> None:
    # given: December counts twice
    weights = [Decimal(1)] * 11 + [Decimal(2)]
    rounds.open(YEAR, 1300, season=Season.of(YEAR, weights))
    rounds.give(span=YEAR, East=0, West=1300, E1=0, E2=0, E3=1300)
    # when
    rounds.publish(span=YEAR)
    # then
    assert rounds.targets("E3")["2026-11"] == "100 proposed v1"
    assert rounds.targets("E3")["2026-12"] == "200 proposed v1"


def test_publishing_stands_in_the_audit_chain_with_every_amount(database: Database, rounds: Rounds) -> None:
    rounds.open(amount=0)
    rounds.give(East=0, West=0, E1=0, E2=0, E3=0)
    rounds.publish()
    with database.reading() as session:
        entry = session.scalars(
            sa.select(audit.AuditEntry).where(audit.AuditEntry.action == "targets.publish")
        ).one()
        assert entry.actor == "cli:root"
        assert entry.detail is not None
        assert sorted(entry.detail["amounts"]) == ["Acme", "Acme/East", "Acme/West", "E1", "E2", "E3"]
        assert audit.first_broken_entry(session) is None


def test_states_of_published_targets_are_proposed(rounds: Rounds) -> None:
    rounds.open(amount=0)
    rounds.give(East=0, West=0, E1=0, E2=0, E3=0)
    rounds.publish()
    assert all(TargetState.PROPOSED in shown for shown in rounds.targets("E1").values())
