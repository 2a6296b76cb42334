"""The projection of a stored card: read with few questions, as the engine computes it from everything."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.periods import Period
from domain.scoring import views
from domain.scoring.projections import projection_of
from domain.scoring.rules_projection import Forecast, NoProjection, Projection, project
from domain.scoring.rules_what_if import Case
from domain.scoring.service import score_now
from domain.scoring.what_if import Ending, prepare
from tests.builders import SALES_PLAN, CompanyFolder
from tests.domain.conftest import Load, Look

JULY = Period.parse("2026-07")
GATE_ON_WHAT_NO_LINE_SHOWS = """
[[gates]]
measure = "complaints"
at_least = 1
cap = "C"
"""


def july(plan: str = SALES_PLAN) -> CompanyFolder:
    """ADA sells 1 200 of 3 100 by the seventh; half of what she closes is won."""
    folder = CompanyFolder().company('calendar = "cn"\n').plan(plan)
    return sells(folder.person("ADA"), "ADA")


def sells(folder: CompanyFolder, who: str, amount: int = 1200) -> CompanyFolder:
    folder.target(who, "sales", "2026-07", 3100)
    folder.measure(who, "won_amount", "2026-07-03", amount)
    return folder.measure(who, "wins", "2026-07-03", 1).measure(who, "closed_deals", "2026-07-03", 2)


def forecast(
    database: Database, clock: FixedClock, viewer: Look, who: str = "ADA", period: Period = JULY
) -> Forecast | None:
    score_now(database, clock, period)
    with database.reading() as session:
        return projection_of(session, views.my_score(session, viewer(who), clock, period).card)


def projected(database: Database, clock: FixedClock, viewer: Look, who: str = "ADA") -> Projection:
    found = forecast(database, clock, viewer, who)
    assert isinstance(found, Projection)
    return found


def test_the_month_goes_on_as_it_went(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(july())

    found = projected(database, clock, viewer)

    sales, win_rate = found.lines
    assert (sales.actual, sales.target, sales.reading) == (
        Decimal(5314),
        Decimal("3100.00"),
        Decimal("1.714194"),
    )
    assert (win_rate.reading, win_rate.carried) == (Decimal("0.500000"), True)
    assert (found.score, found.tier) == (Decimal("112.00"), "S")  # 120 × 60 % + 100 × 40 %


def test_leaves_to_come_and_dated_targets_are_known(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    folder = july().leave("ADA", "2026-07-08", "2026-07-31")
    sells(folder.person("BEN"), "BEN").target("BEN", "sales", "2026-07", 6200, since="2026-07-16")
    load(folder)

    ada, ben = (projected(database, clock, viewer, who).lines[0] for who in ("ADA", "BEN"))

    assert (ada.actual, ada.target) == (Decimal(1200), Decimal("700.00"))
    assert ben.target == Decimal("4700.00")  # 15 days at 100, 16 at 200
    assert ben.actual == Decimal(8057)


def test_gates_on_measures_that_no_line_shows_count(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    plan = SALES_PLAN.replace("[miss]", f"{GATE_ON_WHAT_NO_LINE_SHOWS}[miss]")
    load(july(plan).measure("ADA", "complaints", "2026-07-02", 1))

    found = projected(database, clock, viewer)

    assert (found.score, found.tier) == (Decimal("112.00"), "C")


def test_what_if_starts_from_the_same_end(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(july())
    found = projected(database, clock, viewer)

    with database.reading() as session:
        pace = prepare(session, viewer("ADA"), clock, JULY).endings[Ending.PACE]

    assert (found.score, found.tier) == (pace.as_it_is.score, pace.as_it_is.tier)
    assert found.lines[0].actual == pace.value("won_amount")


def test_it_is_what_the_engine_makes_of_all_inputs(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(july().leave("ADA", "2026-07-02", "2026-07-02").leave("ADA", "2026-07-20", "2026-07-24"))
    found = projected(database, clock, viewer)

    with database.reading() as session:
        so_far = prepare(session, viewer("ADA"), clock, JULY).so_far
    assert so_far is not None
    assert found == project(replace(so_far, places={}), before_fifth_working_day=False)
    assert isinstance(so_far, Case)


def test_it_waits_for_the_fifth_working_day(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    clock.at = clock.at.replace(day=6)
    load(july())

    assert forecast(database, clock, viewer) is NoProjection.TOO_EARLY


@pytest.mark.parametrize("key", ["2026-06", "2026-W27"])
def test_a_period_that_is_over_has_none(
    database: Database, clock: FixedClock, load: Load, viewer: Look, key: str
) -> None:
    load(july())

    assert forecast(database, clock, viewer, period=Period.parse(key)) is None


def test_a_period_of_which_no_day_is_reported_has_none(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(july().covered("won_amount", "2026-01-01", "2026-06-30"))

    assert forecast(database, clock, viewer) is NoProjection.NO_DAY


def test_a_quarter_is_projected_from_its_months_targets(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(july().target("ADA", "sales", "2026-08", 3100).target("ADA", "sales", "2026-09", 3000))
    quarter = Period.parse("2026-Q3")

    found = forecast(database, clock, viewer, period=quarter)

    assert isinstance(found, Projection)
    assert found.lines[0].target == Decimal("9200.00")
    assert found.lines[0].actual == Decimal(15771)
