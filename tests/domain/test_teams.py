"""What those who lead a unit see of it, on both databases."""

from decimal import Decimal

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.errors import BadInput, NotFound
from domain.scoring.rules_teams import Base
from domain.scoring.service import score_now
from domain.scoring.teams import (
    TeamTrend,
    team_trend,
)
from tests.domain.conftest import Load, Lock, Look
from tests.domain.team_stories import APRIL, JULY, JUNE, MAY, TEAM_1, WEST, company, look, names, sells


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
