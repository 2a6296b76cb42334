"""Who of a team is at risk, of what, and who comes first."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period
from domain.plans.rules import Bound, Comparison, Gate
from domain.scoring.rules_cards import CardStatus, Miss, Reason
from domain.scoring.rules_risks import (
    AtRisk,
    BehindPace,
    DataIncomplete,
    MissedInARow,
    TierCapped,
    WeakRatio,
    at_risk,
)
from domain.scoring.rules_teams import Member
from tests.domain.team_members import PLAN, a_member, incomplete, lines, running

MONTHS = tuple(Period.month(2026, number) for number in range(1, 7))
MET = {"sales": 1000, "miss": Miss.HIT}


def one_at_risk(member: Member, missed: int = 0) -> AtRisk | None:
    found = at_risk([member], {member.person_id: MONTHS[-missed:]} if missed else {})
    return found[0] if found else None


def kinds(risk: AtRisk | None) -> list[type]:
    return [type(reason) for reason in risk.reasons] if risk else []


def test_who_met_the_target_is_not_at_risk():
    assert one_at_risk(a_member(**MET)) is None


@pytest.mark.parametrize(("missed", "alerts"), [(1, False), (2, True), (3, False), (5, True)])
def test_missed_months_in_a_row_are_named_and_whether_the_next_one_alerts(missed: int, alerts: bool):
    risk = one_at_risk(a_member(**MET), missed)

    assert risk is not None
    assert risk.reasons == (MissedInARow(MONTHS[-missed:], frozenset()),)
    assert risk.reasons[0].next_miss_alerts is alerts


def test_months_that_are_not_locked_yet_are_told_apart():
    (risk,) = at_risk([a_member(**MET)], {1: MONTHS[-2:]}, frozenset([MONTHS[-1], MONTHS[0]]))
    assert risk.reasons[0] == MissedInARow(MONTHS[-2:], frozenset([MONTHS[-1]]))


def test_a_pace_below_the_plans_bound_is_a_miss_in_the_making():
    risk = one_at_risk(running(sales=999), missed=2)

    assert risk is not None
    pace = BehindPace("sales", Decimal("0.999000"), PLAN.miss.bound, misses=3)
    assert risk.reasons[1] == pace
    assert risk.alert_is_coming


def test_the_bound_decides_on_the_exact_pace_and_not_on_the_printed_one():
    almost = running(sales="999999.9999", lines=lines("999999.9999", "1000000", 1))
    risk = one_at_risk(almost)

    assert risk is not None
    assert (risk.pace and risk.pace.reading) == Decimal("1.000000")
    assert one_at_risk(running(sales=1000)) is None


def test_before_the_fifth_working_day_a_pace_is_no_reason():
    early = running(sales=0, unranked_because=Reason.TOO_EARLY)

    assert one_at_risk(early) is None
    assert kinds(one_at_risk(early, missed=2)) == [MissedInARow]


def test_before_five_days_of_ones_own_a_pace_is_no_reason():
    assert one_at_risk(running(sales=0, eligible_days=4)) is None
    assert kinds(one_at_risk(running(sales=0, eligible_days=5))) == [BehindPace]


@pytest.mark.parametrize(
    "member",
    [
        a_member(unjudged_because=Reason.IN_RAMP),
        a_member(unjudged_because=Reason.UNDER_HALF_ELIGIBLE),
        running(unranked_because=Reason.TOO_LITTLE_ASSESSED, score=None),
        a_member(status=CardStatus.NOT_ASSESSED, score=None, miss=Miss.EXEMPT),
        a_member(miss=Miss.EXEMPT),
        a_member(employed=False),
        running(unjudged_because=Reason.IN_RAMP, sales=0),
        running(unjudged_because=Reason.UNDER_HALF_ELIGIBLE, sales=0),
    ],
)
def test_nobody_is_at_risk_for_a_leave_the_ramp_or_having_left(member: Member):
    assert one_at_risk(member, missed=2) is None


def test_data_that_nobody_reported_is_a_reason_beside_another_and_none_alone():
    assert one_at_risk(incomplete("E1")) is None
    assert kinds(one_at_risk(incomplete("E1"), missed=2)) == [MissedInARow, DataIncomplete]


def test_a_gate_that_lowers_the_tier_is_named_with_what_it_compared():
    risk = one_at_risk(a_member(**MET, score=Decimal(100), tier="B", lines=lines(1000, 1000, 6)))

    assert risk is not None
    assert risk.reasons == (TierCapped(PLAN.gates[0], Decimal("0.060000"), "A", "B"),)


def test_a_gate_that_lowers_nothing_is_no_reason():
    low = a_member(**MET, score=Decimal(60), tier="C", lines=lines(1000, 1000, 1, violations=1))
    assert one_at_risk(low) is None


def test_while_the_period_runs_a_gate_is_looked_at_as_the_card_stands():
    risk = one_at_risk(running(sales=1000, score=Decimal(112), lines=lines(1000, 1000, 1, violations=1)))

    assert risk is not None
    assert risk.reasons == (TierCapped(PLAN.gates[1], Decimal("1.000000"), "S", "A"),)


def test_a_tier_that_a_gate_lowers_by_what_no_line_shows_is_still_a_reason():
    hidden = Gate("B", Bound(Comparison.AT_LEAST, Decimal(1)), measure="complaints")
    member = a_member(**MET, plan=replace(PLAN, gates=(hidden,)), score=Decimal(100), tier="B")

    risk = one_at_risk(member)

    assert risk is not None
    assert risk.reasons == (TierCapped(None, None, "A", "B"),)


def test_an_overdue_rate_worth_the_lowest_tier_is_a_reason():
    risk = one_at_risk(a_member(**MET, lines=lines(1000, 1000, "4.5")))

    assert risk is not None
    assert risk.reasons == (WeakRatio("overdue_rate", Decimal("0.045000"), Decimal(63), "C"),)


def test_what_a_gate_says_already_is_not_said_twice():
    risk = one_at_risk(a_member(**MET, score=Decimal(100), tier="B", lines=lines(1000, 1000, 6)))
    assert kinds(risk) == [TierCapped]


def test_whose_next_miss_brings_an_alert_comes_first_then_the_longest_streak():
    team = [running(f"E{number}", sales=900) for number in range(1, 6)]
    missed = {1: 1, 2: 3, 3: 2, 5: 5}

    found = at_risk(team, {person: MONTHS[-count:] for person, count in missed.items()})

    assert [one.member.employee_id for one in found] == ["E5", "E3", "E2", "E1", "E4"]


def test_after_a_period_that_is_over_one_more_miss_is_what_counts():
    team = [a_member(f"E{number}", **MET) for number in range(1, 5)]
    missed = {1: 1, 2: 3, 3: 2, 4: 5}

    found = at_risk(team, {person: MONTHS[-count:] for person, count in missed.items()})

    assert [one.member.employee_id for one in found] == ["E4", "E3", "E2", "E1"]


def test_of_two_alike_the_slower_one_comes_first():
    found = at_risk([running("E1", sales=900), running("E2", sales=500)], {})
    assert [one.member.employee_id for one in found] == ["E2", "E1"]


members = st.builds(
    lambda number, sales, so_far, ramp, employed: (running if so_far else a_member)(
        f"E{number}", sales=sales, unjudged_because=Reason.IN_RAMP if ramp else None, employed=employed
    ),
    st.integers(1, 8),
    st.integers(0, 1500),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(
    st.lists(members, unique_by=lambda one: one.person_id),
    st.dictionaries(st.integers(1, 8), st.integers(1, 6)),
)
def test_everybody_at_risk_has_a_reason_and_the_order_does_not_depend_on_the_input(
    team: list[Member], missed: dict[int, int]
):
    streaks = {person: MONTHS[-count:] for person, count in missed.items()}

    found = at_risk(team, streaks)

    assert found == at_risk(team[::-1], streaks)
    assert all(one.reasons for one in found)
    assert not any(one.member.is_exempt or not one.member.employed for one in found)
    judged = {one.person_id for one in team if one.employed and not one.is_exempt}
    assert {one.member.person_id for one in found} >= judged & set(missed)
