"""Proposals from history: what they stand on, that parts sum to the whole, who may see and take them."""

from decimal import Decimal
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Actor, CommandLine
from domain.clock import FixedClock
from domain.database import Database
from domain.errors import BadField, BadInput, NotAllowed
from domain.people import service as people
from domain.periods import Period
from domain.plain import plain
from domain.targets.board import board
from domain.targets.model import How, RoundAmount
from domain.targets.proposing import Proposal, Terms, propose, take
from domain.targets.rounds import open_round, round_of
from domain.targets.rules_history import Attainability, MonthDone
from domain.targets.rules_proposal import Basis, MonthAhead, proposed_for, recent, summed, usual_months
from domain.targets.rules_span import Season, Span
from domain.targets.rules_tree import Owner, Tree
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Look

ROOT = CommandLine("cli:root")
QUARTER = Span.parse("2026-Q3")
ACME, EAST, WEST = (Owner.unit(number) for number in (1, 2, 3))
ADA, BEN, EVA = (Owner.person(number) for number in (1, 2, 3))
TREE = Tree(ACME, {ACME: (EAST, WEST), EAST: (ADA, BEN), WEST: (EVA,)}, {})
FULL = MonthAhead(Decimal(1), Decimal(1), 30, 30)


def done(number: int, actual: int, eligible: int = 30, ramp: str = "1") -> MonthDone:
    return MonthDone(Period.month(2026, number), Decimal(actual), eligible, 30, Decimal(ramp))


def test_who_has_worked_less_than_a_full_month_stands_on_the_mean_of_the_unit() -> None:
    past = {ADA: [done(1, 90), done(2, 110)], BEN: [done(2, 60, eligible=15)], EVA: []}
    assert usual_months(TREE, past) == {
        ADA: (Fraction(100), Basis.OWN),
        BEN: (Fraction(100), Basis.UNIT),  # the mean of East, not twice the sixty of half a month
        EVA: (Fraction(100), Basis.UNIT),  # nobody in West: the mean of Acme
    }


def test_without_any_history_nothing_is_proposed() -> None:
    past: dict[Owner, list[MonthDone]] = {ADA: [], BEN: [], EVA: []}
    assert set(usual_months(TREE, past).values()) == {(None, Basis.NONE)}


def test_the_last_months_that_are_known_count() -> None:
    assert recent([[done(1, 1), done(3, 1)], [done(2, 1)]], 2) == {done(2, 1).month, done(3, 1).month}


def test_an_amount_is_of_full_months_and_says_what_the_ramp_leaves_of_it() -> None:
    ahead = [MonthAhead(Decimal(1), Decimal("0.5"), 15, 30), MonthAhead(Decimal(2), Decimal(1), 30, 30)]
    found = proposed_for(Fraction(100), Basis.UNIT, ahead, Fraction(3, 2), Decimal(5), Decimal(1))
    # 105 a month of mean weight 1.5: 105 × 3 ÷ 1.5; due is a quarter of the first third, and the rest
    assert (found.amount, found.due, found.usual) == (210, Decimal("157.50"), 100)


actuals = st.integers(-1000, 10**6)
histories = st.lists(
    st.builds(done, st.integers(1, 6), actuals, st.integers(0, 30), st.sampled_from(["0", "0.5", "1"])),
    max_size=4,
)
growths = st.decimals(min_value=-90, max_value=500, places=2)
steps = st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(1000)])


@given(past=st.tuples(histories, histories, histories), growth=growths, step=steps)
def test_parts_sum_to_the_whole_in_steps(
    past: tuple[list[MonthDone], ...], growth: Decimal, step: Decimal
) -> None:
    usual = usual_months(TREE, dict(zip((ADA, BEN, EVA), past, strict=True)))
    each = {
        one: proposed_for(*usual[one], [FULL, FULL], Fraction(1), growth, step) for one in (ADA, BEN, EVA)
    }
    found = summed(TREE, each)
    for unit in (ACME, EAST, WEST):
        parts = TREE.parts(unit)
        assert found[unit].amount == sum(found[part].amount for part in parts)
        assert found[unit].due == sum(found[part].due for part in parts)
    for one in found.values():
        assert one.amount >= 0
        assert one.amount % step == 0
        assert one.due <= one.amount
    proposed = Tree(ACME, TREE.below, {owner: one.amount for owner, one in found.items()})
    assert proposed.unbalanced() == {}


def company() -> CompanyFolder:
    """East: E1 with 1000 a month and E2 with 2000, led by M1. West: E3, who came in June. It is July 2026."""
    folder = (
        CompanyFolder()
        .plan()
        .person("HR", role="hr", job_family="", unit="Acme")
        .person("M1", role="manager", job_family="", unit="Acme/East")
        .people(["E1", "E2"], unit="Acme/East")
        .person("E3", unit="Acme/West", hired_on="2026-06-16")
        .unit("Acme", hr_id="HR")
        .unit("Acme/East", manager_id="M1")
    )
    for month in range(1, 7):
        folder.measure("E1", "won_amount", f"2026-{month:02}-10", 400 if month < 4 else 1000)
        folder.measure("E2", "won_amount", f"2026-{month:02}-10", 2000)
    return folder.covered("won_amount", "2026-01-01", "2026-06-30")


class Proposals:
    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database, self.clock = database, clock

    def show(self, unit: str = "Acme", terms: Terms = Terms(), actor: Actor = ROOT) -> Proposal:  # noqa: B008
        with self.database.reading() as session:
            round_ = round_of(session, "sales", QUARTER)
            return propose(session, self.clock, actor, round_, self._unit(unit), terms)

    def take(self, unit: str = "Acme", terms: Terms = Terms(), actor: Actor = ROOT) -> int:  # noqa: B008
        with self.database.writing() as session:
            round_ = round_of(session, "sales", QUARTER)
            return take(session, self.clock, actor, round_, self._unit(unit), terms)

    def amounts(self) -> dict[str, str]:
        with self.database.reading() as session:
            shown = board(session, self.clock, round_of(session, "sales", QUARTER))
            return {shown.ids[owner]: plain(amount) for owner, amount in shown.tree.amounts.items()}

    def _unit(self, path: str) -> int:
        with self.database.reading() as session:
            found = people.unit_tree(session).find(path)
            assert found is not None
            return found.id


@pytest.fixture
def proposals(database: Database, clock: FixedClock, load: Load) -> Proposals:
    load(company())
    with database.writing() as session:
        season = Season.of(QUARTER, [Decimal(1), Decimal("0.5"), Decimal("1.5")])
        open_round(session, clock, ROOT, "sales", QUARTER, Decimal(0), season=season, step=Decimal(10))
    return Proposals(database, clock)


def test_a_proposal_is_shown_from_the_top_with_its_attainability(proposals: Proposals) -> None:
    shown = proposals.show(terms=Terms(growth=Decimal(10), months=3))

    assert [(row.called, row.depth, plain(row.proposed.amount)) for row in shown.rows] == [
        ("Acme", 0, "14850"),
        ("Acme/East", 1, "9900"),
        ("E1", 2, "3300"),  # the last three months: 1000 × 1.1 × three months
        ("E2", 2, "6600"),
        ("Acme/West", 1, "4950"),
        ("E3", 2, "4950"),  # half of June is no month to go by: the mean of Acme, 1500 × 1.1 × 3
    ]
    found = {row.called: row for row in shown.rows}
    assert found["E3"].proposed.basis is Basis.UNIT
    assert found["E3"].proposed.due < 4950  # the ramp of July
    assert found["E1"].reached == Attainability(0, 6)
    assert found["E2"].reached == Attainability(0, 6)
    assert shown.months == 3


def test_attainability_is_counted_for_units_too(proposals: Proposals) -> None:
    found = {row.called: row.reached for row in proposals.show(terms=Terms(months=6)).rows}
    # E1 has 700 a month on average, and had 1000 in three of six; East 2700, and had 3000 in three
    assert found["E1"] == Attainability(3, 6)
    assert found["E2"] == Attainability(6, 6)
    assert found["Acme/East"] == Attainability(3, 6)


def test_taken_it_is_the_whole_tree_and_balanced(proposals: Proposals, database: Database) -> None:
    assert proposals.take(terms=Terms(growth=Decimal(10), months=3)) == 6

    assert proposals.amounts()["Acme"] == "14850"
    with database.reading() as session:
        shown = board(session, proposals.clock, round_of(session, "sales", QUARTER))
        assert shown.tree.unbalanced() == {}
        assert set(session.scalars(sa.select(RoundAmount.how))) == {How.PROPOSAL}


def test_a_manager_proposes_for_the_own_unit_and_its_amount_stays(proposals: Proposals, viewer: Look) -> None:
    manager = viewer("M1")
    assert [row.called for row in proposals.show("Acme/East", actor=manager).rows] == [
        "Acme/East",
        "E1",
        "E2",
    ]

    assert proposals.take("Acme/East", actor=manager) == 2

    assert proposals.amounts() == {"Acme": "0", "E1": "2100", "E2": "6000"}
    for unit in ("Acme", "Acme/West"):
        with pytest.raises(NotAllowed):
            proposals.take(unit, actor=manager)


@pytest.mark.parametrize("who", ["E1", "E3"])
def test_a_rep_neither_sees_nor_takes_one(proposals: Proposals, viewer: Look, who: str) -> None:
    with pytest.raises(NotAllowed):
        proposals.show("Acme/East", actor=viewer(who))
    with pytest.raises(NotAllowed):
        proposals.take("Acme/East", actor=viewer(who))


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(growth=Decimal("-90.1")), "growth"),
        (Terms(growth=Decimal(501)), "growth"),
        (Terms(months=0), "months"),
        (Terms(months=13), "months"),
    ],
)
def test_terms_that_cannot_be_get_their_sentence(proposals: Proposals, terms: Terms, field: str) -> None:
    with pytest.raises(BadField) as refused:
        proposals.show(terms=terms)
    assert refused.value.field == field


def test_where_nobody_has_a_month_to_go_by_it_says_so(proposals: Proposals) -> None:
    with pytest.raises(BadInput, match="Nobody has a full month of sales in the last 6 months"):
        proposals.show("Acme/West")
