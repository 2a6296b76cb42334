"""What people may read of published scores: cards, history, rankings, distributions."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.errors import NotAllowed, NotFound
from domain.people import service as people
from domain.periods import Period
from domain.scoring import histories, rankings, views
from domain.scoring.rankings import DistributionView, RankingView
from domain.scoring.rules_cards import CardStatus
from domain.scoring.service import score_now
from tests.builders import SALES_PLAN, CompanyFolder
from tests.domain.conftest import Load, Lock, Look

APRIL, MAY, JUNE, JULY = (Period.parse(f"2026-0{month}") for month in (4, 5, 6, 7))
WEST = "Acme/West"
POINTS_OF = {1200: "112.00", 1100: "106.00", 1000: "100.00", 900: "88.00", 800: "76.00", 700: "64.00"}
"""The score by the amount sold of a target of 1 000, with one deal of two won."""


def company(
    west: tuple[int, ...] = (1200, 1100, 1000, 1000, 900, 800), months: tuple[str, ...] = ("2026-06",)
) -> CompanyFolder:
    """The reps W1, W2 … of Acme/West and what they sell each month; E1 in Acme/East; those above them."""
    folder = (
        CompanyFolder()
        .plan()
        .company('calendar = "cn"\n')
        .person("HR", role="hr", job_family="hr", unit="Acme")
        .person("ADM", role="admin", job_family="it", unit="Acme")
        .person("MW", role="manager", job_family="management", unit=WEST)
        .unit(WEST, manager_id="MW")
    )
    for number, amount in enumerate(west, start=1):
        add_rep(folder, f"W{number}", amount, months)
    return add_rep(folder, "E1", 700, months, unit="Acme/East")


def add_rep(
    folder: CompanyFolder, employee_id: str, amount: int, months: tuple[str, ...], **columns: str
) -> CompanyFolder:
    folder.person(employee_id, **{"unit": WEST, **columns})
    for month in months:
        folder.target(employee_id, "sales", month, 1000)
        for measure, value in (("won_amount", amount), ("wins", 1), ("closed_deals", 2)):
            folder.measure(employee_id, measure, f"{month}-03", value)
    return folder


def rank_of(database: Database, viewer: Look, who: str, unit: str | None = None, **how: int) -> RankingView:
    with database.reading() as session:
        return rankings.ranking(session, viewer(who), JUNE, unit, **how)


def places(view: RankingView) -> list[tuple[int, str]]:
    return [(row.rank, row.person.employee_id) for row in view.rows]


def test_the_running_card_leads_and_the_last_closed_one_follows(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company(months=("2026-05", "2026-06", "2026-07")))
    lock("2026-05", "2026-06")
    score_now(database, clock, JULY)

    with database.reading() as session:
        seen = views.my_score(session, viewer("W5"), clock)

    assert (seen.card.period, seen.card.status) == (JULY, CardStatus.RUNNING)
    assert (seen.card.tier, seen.card.miss, seen.card.locked) == (None, None, False)
    assert seen.last_closed is not None
    assert (seen.last_closed.period, seen.last_closed.locked) == (JUNE, True)
    assert (seen.last_closed.score, seen.last_closed.tier, seen.last_closed.miss) == (
        Decimal("88.00"),
        "B",
        "miss",
    )
    assert [(rank.unit_path, rank.rank, rank.out_of) for rank in seen.last_closed.ranks] == [
        ("Acme", 5, 7),
        (WEST, 5, 6),
    ]
    assert sum((line.contribution or 0) for line in seen.last_closed.lines) == seen.last_closed.score


def test_before_the_month_is_scored_the_last_closed_card_leads(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company(months=("2026-05", "2026-06")))
    lock("2026-05", "2026-06")

    with database.reading() as session:
        seen = views.my_score(session, viewer("W1"), clock)

    assert (seen.card.period, seen.last_closed) == (JUNE, None)


def test_the_next_tier_is_the_band_above_the_score(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company())
    lock("2026-06")

    with database.reading() as session:
        good = views.my_score(session, viewer("W5"), clock, JUNE).card
        best = views.my_score(session, viewer("W1"), clock, JUNE).card

    assert good.next_tier is not None
    assert (good.score, good.next_tier.name, good.next_tier.from_score) == (88, "A", 95)
    assert (best.tier, best.next_tier) == ("S", None)


def test_a_period_that_was_not_scored_is_said(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(company())

    with database.reading() as session:
        with pytest.raises(NotFound, match="2026-05"):
            views.my_score(session, viewer("W1"), clock, MAY)
        with pytest.raises(NotFound, match="2026-07"):
            views.my_score(session, viewer("W1"), clock)
        with pytest.raises(NotFound, match="2026-06 has not been scored"):
            rankings.ranking(session, viewer("W1"), JUNE)
        with pytest.raises(NotFound, match="no scored months"):
            histories.history(session, viewer("W1"), clock)


@pytest.mark.parametrize(
    ("who", "may"), [("W1", True), ("W2", False), ("MW", True), ("HR", True), ("ADM", False), ("E1", False)]
)
def test_other_peoples_cards_are_refused(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look, who: str, may: bool
) -> None:
    load(company())
    lock("2026-06")

    with database.reading() as session:
        owner = people.person_by_employee_id(session, "W1").id
        if may:
            assert views.my_score(session, viewer(who), clock, JUNE, owner).card.person.employee_id == "W1"
            assert len(histories.history(session, viewer(who), clock, owner).points) == 1
        else:
            with pytest.raises(NotAllowed):
                views.my_score(session, viewer(who), clock, JUNE, owner)
            with pytest.raises(NotAllowed):
                histories.history(session, viewer(who), clock, owner)


def test_history_is_the_last_months_that_have_ended_oldest_first(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company(west=(1100, 700), months=("2026-04", "2026-05", "2026-06", "2026-07")))
    lock("2026-04", "2026-05")
    score_now(database, clock, JUNE)
    score_now(database, clock, JULY)

    with database.reading() as session:
        seen = histories.history(session, viewer("W2"), clock)
        shorter = histories.history(session, viewer("W2"), clock, months=2)

    assert [(point.period, point.locked) for point in seen.points] == [
        (APRIL, True),
        (MAY, True),
        (JUNE, False),
    ]
    assert {(point.score, point.tier, point.miss) for point in seen.points} == {
        (Decimal("64.00"), "C", "miss")
    }
    assert [tier.name for tier in seen.tiers] == ["S", "A", "B", "C"]
    assert [point.period for point in shorter.points] == [MAY, JUNE]


def test_a_manager_sees_the_months_in_which_the_person_was_theirs(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company(months=("2026-05", "2026-06")).transfer("E1", "2026-06-01", unit=WEST))
    lock("2026-05", "2026-06")

    with database.reading() as session:
        moved = people.person_by_employee_id(session, "E1").id
        seen = histories.history(session, viewer("MW"), clock, moved)

    assert [point.period for point in seen.points] == [JUNE]


def test_members_see_the_first_by_name_and_the_gaps_around_their_own_place(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company())
    lock("2026-06")

    view = rank_of(database, viewer, "W5")

    assert (view.unit_path, view.out_of, view.locked, view.running) == (WEST, 6, True, False)
    assert places(view) == [(1, "W1"), (2, "W2"), (3, "W3"), (3, "W4")]
    assert view.own is not None
    assert (view.own.rank, view.own.score) == (5, Decimal("88.00"))
    assert (view.gap_above, view.gap_below) == (Decimal("12.00"), Decimal("12.00"))


def test_equal_scores_share_a_place_and_the_next_is_skipped(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company())
    lock("2026-06")

    view = rank_of(database, viewer, "W4")

    assert places(view) == [(1, "W1"), (2, "W2"), (3, "W3"), (3, "W4")]
    assert (view.gap_above, view.gap_below) == (Decimal("6.00"), Decimal("12.00"))


@pytest.mark.parametrize(("out_of", "named"), [(5, 3), (39, 3), (40, 4), (99, 9), (300, 10)])
def test_a_tenth_of_a_unit_is_named_three_at_least_and_ten_at_most(out_of: int, named: int) -> None:
    assert rankings.named_places(out_of) == named


def test_there_is_no_gap_above_the_first_nor_below_the_last(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company())
    lock("2026-06")

    assert rank_of(database, viewer, "W1").gap_above is None
    assert rank_of(database, viewer, "W6").gap_below is None


def test_who_oversees_a_unit_sees_everybody_in_it(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company())
    lock("2026-06")

    view = rank_of(database, viewer, "MW")

    assert [employee_id for _, employee_id in places(view)] == ["W1", "W2", "W3", "W4", "W5", "W6"]
    assert view.own is None
    assert [str(row.score) for row in view.rows[:3]] == [POINTS_OF[1200], POINTS_OF[1100], POINTS_OF[1000]]


def test_a_small_unit_is_hidden_from_its_members_and_shown_to_its_manager(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company(west=(1200, 1100, 900, 800)))
    lock("2026-06")

    hidden = rank_of(database, viewer, "W1")
    assert (hidden.too_small, hidden.rows, hidden.own) == (True, (), None)
    assert (hidden.gap_above, hidden.gap_below) == (None, None)
    assert len(rank_of(database, viewer, "MW", WEST).rows) == 4
    with database.reading() as session:
        with pytest.raises(NotFound, match="too few"):
            rankings.distribution(session, viewer("W1"), JUNE)
        ranks = views.my_score(session, viewer("W1"), clock, JUNE).card.ranks
        assert len(rankings.distribution(session, viewer("MW"), JUNE).scores) == 4
    assert [(rank.unit_path, rank.rank) for rank in ranks] == [("Acme", 1), (WEST, None)]


def test_units_of_others_and_unknown_units_are_refused(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company())
    lock("2026-06")

    with pytest.raises(NotAllowed, match="Acme/East"):
        rank_of(database, viewer, "W1", "Acme/East")
    with pytest.raises(NotFound, match="Acme/Nowhere"):
        rank_of(database, viewer, "W1", "Acme/Nowhere")
    with pytest.raises(NotAllowed):
        rank_of(database, viewer, "ADM", "Acme")


def test_a_running_ranking_says_so_from_the_fifth_working_day_on(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(company(months=("2026-06", "2026-07")))
    score_now(database, clock, JULY)
    with database.reading() as session:
        fifth = rankings.ranking(session, viewer("W1"), JULY)
    clock.at = datetime(2026, 7, 6, 2, tzinfo=UTC)
    score_now(database, clock, JULY)
    with database.reading() as session:
        fourth = rankings.ranking(session, viewer("W1"), JULY)

    assert (fifth.running, fifth.out_of, {row.tier for row in fifth.rows}) == (True, 6, {None})
    assert (fourth.running, fourth.out_of) == (True, 0)


def two_plans(inside: int) -> CompanyFolder:
    """Six field reps in Acme/West, and inside sales reps I1, I2 … with a plan of their own."""
    folder = company()
    del folder.texts["plan.toml"]
    folder.plan(SALES_PLAN, "plans/field.toml")
    inside_plan = SALES_PLAN.replace('"sales-plan"', '"inside-plan"').replace('"S"', '"Top"')
    folder.plan(inside_plan.replace('job_family = "sales"', 'job_family = "inside"'), "plans/inside.toml")
    for number in range(1, inside + 1):
        add_rep(folder, f"I{number}", 1200 - 100 * number, ("2026-06",), job_family="inside")
    return folder


def spread_of(database: Database, viewer: Look, who: str, unit: str | None = None) -> DistributionView:
    with database.reading() as session:
        return rankings.distribution(session, viewer(who), JUNE, unit)


def test_ranks_of_different_plans_are_not_mixed(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(two_plans(inside=5))
    lock("2026-06")

    field, inside = rank_of(database, viewer, "W2"), rank_of(database, viewer, "I2")

    assert (field.plan_name, field.other_plans, field.out_of) == ("sales-plan", ("inside-plan",), 6)
    assert {row.person.employee_id[0] for row in field.rows} == {"W"}
    assert (inside.plan_name, inside.other_plans, inside.out_of) == ("inside-plan", ("sales-plan",), 5)
    assert places(inside) == [(1, "I1"), (2, "I2"), (3, "I3")]


def test_members_see_the_spread_of_their_own_plan_from_ten_people_on(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(two_plans(inside=10))
    lock("2026-06")

    spread = spread_of(database, viewer, "I2")

    assert (len(spread.scores), spread.own, spread.tiers[0].name) == (10, Decimal("100.00"), "Top")
    with pytest.raises(NotFound, match="too few"):
        spread_of(database, viewer, "W2")


def test_the_whole_ranking_is_for_those_who_oversee_the_unit(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company())
    lock("2026-06")

    with database.reading() as session:
        assert len(rankings.whole_ranking(session, viewer("MW"), JUNE, WEST).rows) == 6
        with pytest.raises(NotAllowed, match="scores of others"):
            rankings.whole_ranking(session, viewer("W1"), JUNE)


def test_a_few_people_of_one_plan_stay_hidden_among_many_of_another(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(two_plans(inside=4))
    lock("2026-06")

    assert rank_of(database, viewer, "I2").too_small


@pytest.mark.parametrize(("inside", "plan"), [(4, "sales-plan"), (7, "inside-plan")])
def test_who_oversees_a_unit_sees_the_plan_with_most_people(
    database: Database, load: Load, lock: Lock, viewer: Look, inside: int, plan: str
) -> None:
    load(two_plans(inside))
    lock("2026-06")

    view = rank_of(database, viewer, "MW", WEST)

    assert (view.plan_name, view.out_of) == (plan, max(inside, 6))
    assert len(spread_of(database, viewer, "MW", WEST).scores) == view.out_of


def test_a_distribution_has_scores_and_no_names(
    database: Database, load: Load, lock: Lock, viewer: Look
) -> None:
    load(company())
    lock("2026-06")

    spread = spread_of(database, viewer, "MW", WEST)

    assert [str(score) for score in spread.scores] == [
        POINTS_OF[amount] for amount in (800, 900, 1000, 1000, 1100, 1200)
    ]
    assert (spread.own, spread.unit_name) == (None, "West")
    assert [tier.name for tier in spread.tiers] == ["S", "A", "B", "C"]
