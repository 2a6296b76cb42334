"""What those who lead a unit see of it, on both databases."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.errors import BadInput, NotAllowed, NotFound
from domain.people import service as people
from domain.periods import Period
from domain.scoring.led_teams import teams_in_sight, teams_of
from domain.scoring.rules_cards import Reason
from domain.scoring.rules_risks import BehindPace, MissedInARow
from domain.scoring.rules_teams import Base
from domain.scoring.service import score_now
from domain.scoring.team_cards import OWN_REPORTS
from domain.scoring.teams import (
    SeveralTeams,
    TeamTrend,
    TeamView,
    TooManyPeople,
    team_trend,
    team_view,
)
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Lock, Look

APRIL, MAY, JUNE, JULY = (Period.parse(f"2026-0{month}") for month in (4, 5, 6, 7))
MONTHS = ("2026-04", "2026-05", "2026-06", "2026-07")
WEST, TEAM_1 = "Acme/West", "Acme/West/Team 1"


def company() -> CompanyFolder:
    """A boss, managers of West and East, and nobody who sells yet."""
    return (
        CompanyFolder()
        .plan()
        .company('calendar = "cn"\n')
        .person("HR", role="hr", job_family="hr", unit="Acme")
        .person("ADM", role="admin", job_family="it", unit="Acme")
        .person("BOSS", role="manager", job_family="management", unit="Acme")
        .person("MW", role="manager", job_family="management", unit=WEST, manager_id="BOSS")
        .person("ME", role="manager", job_family="management", unit="Acme/East", manager_id="BOSS")
        .unit("Acme", manager_id="BOSS")
        .unit(WEST, manager_id="MW")
        .unit("Acme/East", manager_id="ME")
        .unit(TEAM_1)
    )


def sells(
    folder: CompanyFolder, employee_id: str, *amounts: int, unit: str = WEST, **columns: str
) -> CompanyFolder:
    """A rep who sells these amounts of a target of 1 000, from April on, on the first of each month."""
    folder.person(employee_id, unit=unit, **columns)
    for month, amount in zip(MONTHS, amounts, strict=False):
        folder.target(employee_id, "sales", month, 1000)
        for measure, value in (("won_amount", amount), ("wins", 1), ("closed_deals", 2)):
            folder.measure(employee_id, measure, f"{month}-01", value)
    return folder


def look(
    database: Database,
    clock: FixedClock,
    viewer: Look,
    who: str,
    unit: str | None = None,
    period: Period | None = None,
) -> TeamView:
    with database.reading() as session:
        found = people.unit_tree(session).find(unit) if unit else None
        return team_view(session, clock, viewer(who), found.id if found else None, period)


def names(view: TeamView) -> list[str]:
    return [member.employee_id for member in view.shown.members]


def test_the_month_that_runs_has_the_last_closed_one_beside_it(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given two reps; on the 7th of July a seventh of the target is due
    folder = sells(company(), "W1", 1200, 1200, 1200, 400)
    load(sells(folder, "W2", 800, 800, 700, 100))
    lock("2026-04", "2026-05", "2026-06")
    score_now(database, clock, JULY)

    # when
    view = look(database, clock, viewer, "MW")

    # then
    assert (view.team.path, view.shown.period, view.shown.running) == (WEST, JULY, True)
    assert (view.shown.as_of_day, view.shown.tiers) == (clock.now().date(), ())
    assert names(view) == ["W1", "W2"]
    sales = view.shown.attainments[0]
    assert (sales.actual, sales.base) == (500, 2 * Decimal("225.81"))
    assert view.beside is not None
    assert (view.beside.period, view.beside.locked) == (JUNE, True)
    assert view.beside.attainments[0].reading == Decimal("0.950000")
    (spread,) = view.beside.tiers
    assert [(one.tier, one.people, one.before) for one in spread.tiers] == [
        ("S", 1, 1),
        ("A", 0, 0),
        ("B", 0, 1),
        ("C", 1, 0),
    ]
    assert (view.earlier, view.later) == (JUNE, None)


def test_before_anything_is_known_of_this_month_the_last_one_is_shown(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 900, 900, 900))
    lock("2026-06")

    view = look(database, clock, viewer, "MW")

    assert (view.shown.period, view.beside, view.later) == (JUNE, None, None)


def test_a_period_is_shown_as_it_was_asked_for(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 900, 1000, 900))
    lock("2026-04", "2026-05", "2026-06")

    view = look(database, clock, viewer, "MW", period=MAY)

    assert (view.shown.period, view.earlier, view.later) == (MAY, APRIL, JUNE)
    assert view.movers is not None
    assert (view.movers.since, view.movers.up[0].change) == (APRIL, Decimal("12.00"))
    assert view.at_risk == ()


def test_a_month_without_cards_or_not_begun_is_said(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(sells(company(), "W1", 900))

    with pytest.raises(NotFound, match="Nobody in Acme/West has a card for 2026-05"):
        look(database, clock, viewer, "MW", period=MAY)
    with pytest.raises(NotFound, match="Nobody in Acme/West has a card for 2026-07"):
        look(database, clock, viewer, "MW")
    with pytest.raises(BadInput, match="2026-08 has not begun yet"):
        look(database, clock, viewer, "MW", period=JULY.next())


def test_a_unit_holds_everybody_below_it_and_says_how_the_units_below_stand(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 0, 0, 1000)
    sells(folder, "W2", 0, 700, 500, unit=TEAM_1)
    load(sells(folder, "E1", 0, 0, 900, unit="Acme/East"))
    lock("2026-05", "2026-06")

    view = look(database, clock, viewer, "BOSS", period=JUNE)

    assert names(view) == ["W1", "E1", "W2"]
    assert [(one.team.name, one.people, one.at_risk) for one in view.subteams] == [
        ("East", 1, 1),
        ("West", 2, 1),
    ]
    readings = [one.attainment.reading for one in view.subteams if one.attainment]
    assert readings == [Decimal("0.900000"), Decimal("0.750000")]
    assert [(member.rank, member.out_of) for member in view.shown.members] == [(1, 3), (2, 3), (3, 3)]


def test_a_units_own_target_counts_where_there_is_one(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 0, 0, 900, 300)
    folder.target(WEST, "sales", "2026-06", 1800).target(WEST, "sales", "2026-07", 3100)
    load(folder.target(WEST, "sales", "2026-06", 3600, since="2026-06-16"))
    lock("2026-06")
    score_now(database, clock, JULY)

    view = look(database, clock, viewer, "MW")

    # then half of June was under either amount, and of July seven days are due
    assert view.beside is not None
    june, july = view.beside.attainments[0], view.shown.attainments[0]
    assert (june.base_is, june.actual, june.base) == (Base.UNIT_TARGET, 900, 2700)
    assert (july.base_is, july.actual, july.base) == (Base.UNIT_TARGET, 300, 700)
    assert view.shown.attainments[1].base_is is Base.DENOMINATOR


def test_a_units_target_is_due_by_the_day_that_the_plans_own_measures_cover(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    # given two plans, of which one is reported two days further, on the 7th of July
    folder = sells(company(), "W1", 0, 0, 0, 400)
    sales = folder.texts.pop("plan.toml")
    online = sales.replace("sales-plan", "online-plan").replace(
        'job_family = "sales"', 'job_family = "online"'
    )
    folder.plan(sales, "plans/sales.toml")
    folder.plan(
        online.replace('"sales"', '"signing"').replace('"won_amount"', '"signed"'), "plans/online.toml"
    )
    sells(folder, "V1", 0, 0, 0, 400, job_family="online")
    folder.target(WEST, "sales", "2026-07", 3100).target(WEST, "signing", "2026-07", 3100)
    for measure in ("wins", "closed_deals", "violations", "signed"):
        folder.covered(measure, "2026-04-01", "2026-07-07")
    load(folder.covered("won_amount", "2026-04-01", "2026-07-05"))
    score_now(database, clock, JULY)

    # when
    shown = look(database, clock, viewer, "MW").shown

    # then
    assert {one.indicator: one.base for one in shown.attainments if one.base_is is Base.UNIT_TARGET} == {
        "sales": 500,
        "signing": 700,
    }
    assert shown.as_of_day == clock.now().date()


def test_two_missed_months_and_a_slow_third_are_the_most_urgent(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 1100, 700, 700, 50)
    sells(folder, "W2", 1100, 1100, 700, 400)
    sells(folder, "W3", 700, 700, 1100, 100)
    load(sells(folder, "W4", 1100, 1100, 1100, 400))
    lock("2026-04", "2026-05", "2026-06")
    score_now(database, clock, JULY)

    first, second, third = look(database, clock, viewer, "MW").at_risk

    assert (first.member.employee_id, first.alert_is_coming) == ("W1", True)
    streak, pace = first.reasons
    assert streak == MissedInARow((MAY, JUNE), frozenset())
    assert isinstance(pace, BehindPace)
    assert (pace.reading, pace.misses) == (Decimal("0.221425"), 3)
    assert (second.member.employee_id, second.reasons) == ("W2", (MissedInARow((JUNE,), frozenset()),))
    assert (third.member.employee_id, third.missed) == ("W3", 0)


def test_a_month_that_is_not_locked_counts_and_says_so(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 700, 700, 700))
    lock("2026-04", "2026-05")
    score_now(database, clock, JUNE)

    (risk,) = look(database, clock, viewer, "MW").at_risk

    assert risk.reasons == (MissedInARow((APRIL, MAY, JUNE), frozenset([JUNE])),)


def test_risk_is_as_of_the_month_that_is_looked_at(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 700, 700, 1100))
    lock("2026-04", "2026-05", "2026-06")

    assert look(database, clock, viewer, "MW", period=JUNE).at_risk == ()
    (risk,) = look(database, clock, viewer, "MW", period=MAY).at_risk
    assert risk.missed == 2


def test_months_that_end_after_the_week_that_is_looked_at_do_not_count(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 700, 700, 700))
    lock("2026-04", "2026-05", "2026-06")
    week = Period.parse("2026-W20")
    score_now(database, clock, week)

    (risk,) = look(database, clock, viewer, "MW", period=week).at_risk

    assert week.end < MAY.end
    (missed,) = (reason for reason in risk.reasons if isinstance(reason, MissedInARow))
    assert missed.months == (APRIL,)


@pytest.mark.parametrize("period", ["2026-W28", "2026-Q3"])
def test_only_a_month_makes_a_miss_in_a_row(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look, period: str
) -> None:
    """Alerts count months: the pace of a week or a quarter brings none."""
    # given two months missed, and a period of another kind that is heading for a miss
    clock.at += timedelta(days=4)
    load(sells(company(), "W1", 1000, 700, 700, 0))
    lock("2026-04", "2026-05", "2026-06")
    score_now(database, clock, Period.parse(period))

    # when
    (risk,) = look(database, clock, viewer, "MW", period=Period.parse(period)).at_risk

    # then
    assert (risk.missed, risk.alert_is_coming) == (2, False)
    assert risk.pace is not None
    assert risk.pace.misses == 1


def test_who_is_away_or_new_is_counted_and_not_at_risk(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 700, 700, 0).leave("W1", "2026-06-01", "2026-06-30")
    load(sells(folder, "W2", 0, 0, 10, hired_on="2026-06-01"))
    lock("2026-04", "2026-05", "2026-06")

    view = look(database, clock, viewer, "MW", period=JUNE)

    count = view.shown.headcount
    assert (count.people, count.on_leave, count.in_ramp, count.ranked) == (2, 1, 1, 0)
    assert view.at_risk == ()


def test_the_engine_decides_who_is_judged(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    """Half of the period's days, not of those so far; as of the data of the run; also without a score."""
    # given W1 back after most of the month so far, W2 away for most of what is to come, W3 hired lately
    folder = sells(company(), "W1", 700, 700, 700, 400).leave("W1", "2026-07-01", "2026-07-05")
    sells(folder, "W2", 700, 700, 700, 400).leave("W2", "2026-07-08", "2026-07-31")
    sells(folder, "W3", 0, 0, 0, 400, hired_on="2026-07-01")
    load(folder)
    lock("2026-04", "2026-05", "2026-06")
    score_now(database, clock, JULY)

    # when W3's hire is corrected after the run
    (row,) = (row for row in folder.tables["people"] if row["employee_id"] == "W3")
    row["hired_on"] = "2020-01-01"
    load(folder)

    # then
    view = look(database, clock, viewer, "MW")
    reasons = {member.employee_id: member.unjudged_because for member in view.shown.members}
    assert reasons == {"W1": None, "W2": Reason.UNDER_HALF_ELIGIBLE, "W3": Reason.IN_RAMP}
    assert [one.member.employee_id for one in view.at_risk] == ["W1"]


def test_who_is_not_judged_is_known_without_a_score(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 0, 0, 700).leave("W1", "2026-06-01", "2026-06-20")
    sells(folder, "W2", 0, 0, 10, hired_on="2026-06-01")
    for measure, last in (("won_amount", 30), ("wins", 29), ("closed_deals", 30), ("violations", 30)):
        folder.covered(measure, "2026-06-01", f"2026-06-{last}")
    load(folder)
    score_now(database, clock, JUNE)

    members = look(database, clock, viewer, "MW", period=JUNE).shown.members

    assert [(one.unjudged_because, one.missing) for one in members] == [
        (Reason.UNDER_HALF_ELIGIBLE, ("wins",)),
        (Reason.IN_RAMP, ("wins",)),
    ]


def test_who_has_left_is_not_at_risk(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 700, 700, 700, left_on="2026-07-03"))
    lock("2026-04", "2026-05", "2026-06")

    view = look(database, clock, viewer, "MW", period=JUNE)

    assert names(view) == ["W1"]
    assert view.at_risk == ()


def test_measures_that_nobody_reported_are_named(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 700, 700, 700)
    for measure in ("wins", "closed_deals", "violations"):
        folder.covered(measure, "2026-04-01", "2026-06-30")
    load(folder.covered("won_amount", "2026-04-01", "2026-06-20"))
    lock("2026-04", "2026-05")
    score_now(database, clock, JUNE)

    view = look(database, clock, viewer, "MW", period=JUNE)

    assert view.shown.missing == ("won_amount",)
    assert view.shown.headcount.incomplete == 1
    assert view.shown.attainments[0].actual is None


def test_a_manager_of_several_units_has_to_choose(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 0, 0, 900).unit("Acme/North", manager_id="MW")
    load(folder.unit("Acme/North/Team 2", manager_id="MW"))
    lock("2026-06")

    with pytest.raises(SeveralTeams) as several:
        look(database, clock, viewer, "MW")

    assert [team.path for team in several.value.teams] == ["Acme/North", WEST]
    assert look(database, clock, viewer, "MW", WEST).team.path == WEST


def test_of_too_many_people_a_unit_below_has_to_be_chosen(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(sells(company(), "W1", 0, 0, 900), "W2", 0, 0, 900, unit=TEAM_1)
    load(sells(folder, "E1", 0, 0, 900, unit="Acme/East"))
    lock("2026-06")

    with database.reading() as session:
        boss = viewer("BOSS")
        whole = team_view(session, clock, boss, period=JUNE, at_most=3)
        with pytest.raises(TooManyPeople, match="These are 3 people") as too_many:
            team_view(session, clock, boss, period=JUNE, at_most=2)
        west = team_view(session, clock, boss, too_many.value.teams[1].unit_id, JUNE, at_most=2)

    assert [team.path for team in too_many.value.teams] == ["Acme/East", WEST]
    assert (len(whole.shown.members), len(west.shown.members)) == (3, 2)


def test_where_nobody_leads_units_a_team_is_who_reports_to_one(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = (
        CompanyFolder()
        .plan()
        .person("M1", role="manager", job_family="management", unit="Acme")
        .person("M2", role="manager", job_family="management", unit="Acme", manager_id="M1")
    )
    sells(folder, "W1", 700, 700, 900, manager_id="M2")
    load(sells(folder, "E1", 0, 0, 900, unit="Acme/East"))
    lock("2026-04", "2026-05", "2026-06")

    for manager in ("M1", "M2"):
        view = look(database, clock, viewer, manager)
        assert (view.team.unit_id, view.team.path, view.subteams) == (OWN_REPORTS, "", ())
        assert names(view) == ["W1"]
        assert view.shown.members[0].rank is None
        assert view.at_risk[0].missed == 3


def test_reports_in_other_units_are_a_team_of_their_own(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    folder = sells(company(), "W1", 0, 0, 900)
    load(sells(folder, "E1", 0, 0, 900, unit="Acme/East", manager_id="MW"))
    lock("2026-06")

    with database.reading() as session:
        found = teams_of(session, viewer("MW"), JUNE)
        view = team_view(session, clock, viewer("MW"), OWN_REPORTS, JUNE)

    assert [team.unit_id == OWN_REPORTS for team in found] == [False, True]
    assert names(view) == ["E1"]


@pytest.mark.parametrize("who", ["W1", "ADM"])
def test_those_who_lead_nobody_have_no_team(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look, who: str
) -> None:
    load(sells(company(), "W1", 0, 0, 900))
    lock("2026-06")

    with pytest.raises(NotAllowed, match="You lead no unit"):
        look(database, clock, viewer, who)
    with pytest.raises(NotAllowed, match="You may not see the team of Acme/West"):
        look(database, clock, viewer, who, WEST)
    with database.reading() as session:
        assert teams_in_sight(session, viewer(who), JUNE) == ()


def test_a_manager_sees_no_other_unit_and_nothing_above(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 0, 0, 900))
    lock("2026-06")

    for unit in ("Acme", "Acme/East"):
        with pytest.raises(NotAllowed):
            look(database, clock, viewer, "MW", unit)
    with database.reading() as session:
        assert [one.path for one in teams_in_sight(session, viewer("MW"), JUNE)] == [WEST, TEAM_1]


def test_a_unit_that_nobody_knows_is_refused(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(company())
    with database.reading() as session, pytest.raises(NotFound, match="not there any more"):
        team_view(session, clock, viewer("MW"), 999, JUNE)


def test_who_moved_away_is_seen_where_they_were_and_brings_no_misses_along(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given somebody who missed April and May in West and June in East
    folder = sells(company(), "W1", 700, 700, 700)
    load(folder.transfer("W1", "2026-06-01", unit="Acme/East", manager_id="ME"))
    lock("2026-04", "2026-05", "2026-06")

    before = look(database, clock, viewer, "MW", period=MAY)
    after = look(database, clock, viewer, "ME", period=JUNE)
    whole = look(database, clock, viewer, "BOSS", period=JUNE)

    # then each manager sees the months of the own time alone; who is above both sees them all
    assert names(before) == ["W1"]
    with pytest.raises(NotFound):
        look(database, clock, viewer, "MW", period=JUNE)
    assert after.at_risk[0].reasons == (MissedInARow((JUNE,), frozenset()),)
    assert whole.at_risk[0].reasons == (MissedInARow((APRIL, MAY, JUNE), frozenset()),)
    assert after.movers is None


def test_a_transfer_that_was_entered_late_takes_the_card_out_of_sight(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given a locked card of West, of somebody who turns out to have been in East
    folder = sells(sells(company(), "W1", 0, 0, 900), "W2", 0, 0, 900)
    load(folder)
    lock("2026-06")
    load(folder.transfer("W1", "2026-06-01", unit="Acme/East", manager_id="ME"))

    assert names(look(database, clock, viewer, "MW", period=JUNE)) == ["W2"]
    with pytest.raises(NotFound):
        look(database, clock, viewer, "ME", period=JUNE)


def test_hr_begins_with_the_whole_company(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 0, 0, 900))
    lock("2026-06")

    assert look(database, clock, viewer, "HR").team.path == "Acme"


def test_a_trend_names_every_month_that_has_cards(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 900, 1000, 1100, 100))
    lock("2026-04", "2026-06")
    score_now(database, clock, JULY)

    def trend(months: int) -> TeamTrend:
        with database.reading() as session:
            return team_trend(session, clock, viewer("MW"), months=months)

    found = trend(12)

    assert (found.indicator, [point.period for point in found.points]) == ("sales", [APRIL, JUNE, JULY])
    assert [point.running for point in found.points] == [False, False, True]
    assert [point.attainment.reading for point in found.points][:2] == [Decimal("0.9"), Decimal("1.1")]
    assert [point.period for point in trend(2).points] == [JUNE, JULY]


def test_in_the_first_days_nobody_is_at_risk_for_the_pace(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    load(sells(company(), "W1", 1100, 1100, 1100, 0))
    lock("2026-06")
    third_of_july = FixedClock(datetime(2026, 7, 3, 2, 0, tzinfo=UTC))
    score_now(database, third_of_july, JULY)

    view = look(database, third_of_july, viewer, "MW")

    assert (view.shown.running, view.shown.attainments[0].reading) == (True, 0)
    assert view.at_risk == ()
