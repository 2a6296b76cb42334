"""A team's attainment, headcount, tiers and movers."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period
from domain.plans.rules import Plan
from domain.scoring.rules_cards import CardStatus, Reason
from domain.scoring.rules_teams import (
    Base,
    MovedBy,
    attainments,
    goal,
    headcount,
    meets_goal,
    movers,
    tier_spreads,
)
from tests.domain.scoring_builders import line_plan
from tests.domain.team_members import PLAN, a_member, incomplete, lines, running

MAY = Period.parse("2026-05")


def judged_by_overdue() -> Plan:
    """The plan whose miss is an overdue rate below 100 %."""
    return replace(PLAN, miss=replace(PLAN.miss, indicator="overdue_rate"))


def test_attainment_is_the_sum_of_actuals_over_the_sum_of_targets():
    team = [a_member("E1", sales=900, target=1000), a_member("E2", sales=100, target=3000)]

    sales, overdue = attainments(team)

    assert (sales.indicator, sales.base_is, sales.decides_misses) == ("sales", Base.PEOPLE_TARGETS, True)
    assert (sales.actual, sales.base, sales.reading) == (1000, 4000, Decimal("0.250000"))
    assert (overdue.base_is, overdue.reading) == (Base.DENOMINATOR, Decimal("0.010000"))


def test_against_the_units_own_target_counts_what_everybody_did():
    team = [a_member("E1", sales=900, target=1000), a_member("E2", sales=300, target=None)]

    against_people = attainments(team)[0]
    against_unit = attainments(team, {"sales": Decimal(2000)})[0]

    assert (against_people.actual, against_people.base, against_people.people) == (900, 1000, 1)
    assert (against_unit.actual, against_unit.base, against_unit.people) == (1200, 2000, 2)
    assert against_unit.base_is is Base.UNIT_TARGET


def test_somebody_in_the_ramp_without_a_target_yet_adds_what_was_achieved():
    team = [a_member("E1", sales=900, target=1000), a_member("E2", sales=100, target="0.00")]
    assert attainments(team)[0].reading == 1


def test_what_nobody_reported_is_unknown_and_not_zero():
    sales = attainments([a_member("E1"), incomplete("E2")])[0]
    assert (sales.actual, sales.reading) == (None, None)


def test_without_any_target_there_is_no_attainment():
    sales = attainments([a_member("E1", target=None)])[0]
    assert (sales.people, sales.reading) == (0, None)


def test_the_indicator_that_decides_about_misses_comes_first():
    of_sales, of_overdue = a_member("E1"), a_member("E2", plan=judged_by_overdue())

    assert [one.indicator for one in attainments([of_sales])] == ["sales", "overdue_rate"]
    assert [one.indicator for one in attainments([of_overdue])] == ["overdue_rate", "sales"]


@given(st.lists(st.tuples(st.decimals(0, 10**9, places=4), st.decimals("0.01", 10**9, places=2)), min_size=1))
def test_attainment_is_exact_whatever_the_order(results: list[tuple[Decimal, Decimal]]):
    team = [a_member(f"E{n}", sales=actual, target=due) for n, (actual, due) in enumerate(results)]

    found = attainments(team)[0]

    total = sum((Fraction(actual) for actual, _ in results), Fraction(0))
    due = sum((Fraction(target) for _, target in results), Fraction(0))
    assert found.exact == total / due
    assert attainments(team[::-1])[0] == found


def test_a_person_may_count_in_several_groups():
    team = [
        a_member("E1"),
        a_member("E2", unjudged_because=Reason.IN_RAMP, on_leave=True, unranked_because=Reason.IN_RAMP),
        incomplete("E3"),
        a_member("E4", status=CardStatus.NOT_ASSESSED, unranked_because=Reason.NO_ELIGIBLE_DAY),
    ]

    count = headcount(team)

    assert (count.people, count.ranked, count.on_leave, count.in_ramp) == (4, 1, 1, 1)
    assert (count.incomplete, count.not_assessed) == (1, 1)


def test_tiers_are_counted_from_the_highest_and_compared_with_the_period_before():
    now = [a_member("E1", tier="A"), a_member("E2", tier="A"), a_member("E3", tier="C"), incomplete("E4")]
    before = [a_member("E1", tier="B"), a_member("E2", tier="A")]

    (spread,) = tier_spreads(now, before)

    assert [(one.tier, one.people, one.before, one.change) for one in spread.tiers] == [
        ("S", 0, 0, 0),
        ("A", 2, 1, 1),
        ("B", 0, 1, -1),
        ("C", 1, 0, 1),
    ]


def test_without_a_period_before_nothing_is_compared():
    (spread,) = tier_spreads([a_member()], [])
    assert [one.change for one in spread.tiers] == [None] * 4


def test_a_running_period_has_no_tiers():
    assert tier_spreads([running()], []) == ()


def test_tiers_of_different_plans_are_counted_apart():
    other = replace(line_plan(), name="web", job_family="web")
    spreads = tier_spreads([a_member("E1"), a_member("E2"), a_member("E3", plan=other)], [])
    assert [(one.plan_name, sum(tier.people for tier in one.tiers)) for one in spreads] == [
        ("test", 2),
        ("web", 1),
    ]


def test_the_largest_changes_of_score_move_up_and_down():
    scores = {"E1": (90, 70), "E2": (80, 78), "E3": (70, 60), "E4": (65, 64), "E5": (50, 55), "E6": (60, 60)}
    now = [a_member(one, score=Decimal(after)) for one, (after, _) in scores.items()]
    before = [a_member(one, score=Decimal(first), rank=9) for one, (_, first) in scores.items()]

    found = movers(now, before, MAY)

    assert (found.by, found.since) == (MovedBy.SCORE, MAY)
    assert [(one.member.employee_id, one.change, one.places_up) for one in found.up] == [
        ("E1", 20, 8),
        ("E3", 10, 6),
        ("E2", 2, 7),
    ]
    assert [(one.member.employee_id, one.change) for one in found.down] == [("E5", -5)]


def test_only_complete_cards_of_the_same_job_move():
    before = [a_member("E1"), incomplete("E2"), a_member("E3", plan=replace(line_plan(), job_family="web"))]
    now = [
        a_member("E1", status=CardStatus.NOT_ASSESSED, score=None),
        a_member("E2", score=Decimal(99)),
        a_member("E3", score=Decimal(99)),
        a_member("E4", score=Decimal(99)),
    ]

    found = movers(now, before, MAY)

    assert (found.up, found.down) == ((), ())


def test_a_place_that_one_of_the_two_lacks_is_no_change_of_place():
    found = movers([a_member(score=Decimal(90), rank=None)], [a_member()], MAY)
    assert found.up[0].places_up is None


def test_while_the_period_runs_the_pace_is_set_beside_the_last_reading():
    found = movers(
        [running("E1", sales=1100), running("E2", sales=700)], [a_member("E1"), a_member("E2")], MAY
    )

    assert found.by is MovedBy.PACE
    assert [(one.member.employee_id, one.change) for one in found.up] == [("E1", Decimal("0.2"))]
    assert [(one.member.employee_id, one.change) for one in found.down] == [("E2", Decimal("-0.2"))]


def test_who_is_exempt_does_not_move_while_the_period_runs():
    found = movers([running(unjudged_because=Reason.IN_RAMP, sales=1100)], [a_member()], MAY)
    assert found.up == ()


def test_the_goal_is_the_target_or_the_bound_of_a_ratio():
    of_ratio = judged_by_overdue()

    assert (goal(PLAN), goal(of_ratio)) == (1, Decimal("1.0"))
    assert [meets_goal(PLAN, one) for one in (Fraction(1), Fraction(99, 100), None)] == [True, False, False]
    assert [meets_goal(of_ratio, Fraction(one)) for one in (1, 0)] == [True, False]


def test_lines_of_deductions_are_no_results():
    assert [one.indicator for one in attainments([a_member(lines=lines(1, 1, 1, violations=3))])] == [
        "sales",
        "overdue_rate",
    ]
