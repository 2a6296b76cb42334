"""Cards that rest on the past, as they are kept: *Why?*, *What if?* and the projection read it again."""

from decimal import Decimal

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.periods import Period
from domain.scoring import views, what_if
from domain.scoring.projections import projection_of
from domain.scoring.rules_projection import Projection
from domain.scoring.service import score_now
from domain.scoring.views import CardView, LineView
from tests.builders import SALES_PLAN
from tests.domain.conftest import Load, Lock, Look
from tests.domain.test_previews import GROWTH, RETURNS, company

JULY = Period.parse("2026-07")
PLAN = SALES_PLAN + GROWTH + RETURNS


@pytest.fixture
def july(database: Database, clock: FixedClock, load: Load, lock: Lock) -> None:
    """The seventh of July: R3 won 1250 in June and 250 in July, and reached tier S in May and June."""
    folder = company().plan(PLAN).target("R3", "sales", "2026-07", 1000)
    folder.measure("R3", "won_amount", "2026-07-03", 250, record_id="july", customer_id="R3")
    folder.measure("R3", "won_amount", "2026-07-03", 20, record_id="nameless")
    folder.measure("R3", "wins", "2026-07-03", 1).measure("R3", "closed_deals", "2026-07-03", 2)
    load(folder)
    lock("2026-05", "2026-06")
    score_now(database, clock, JULY)


def line(card: CardView, name: str) -> LineView:
    return next(one for one in card.lines if one.name == name)


def test_why_tells_what_growth_returns_and_weights_rest_on(
    database: Database, clock: FixedClock, july: None, viewer: Look
) -> None:
    who = viewer("R3")
    with database.reading() as session:
        card = views.why(session, who, clock, JULY, who.person_id)

    growth, returns = line(card, "growth"), line(card, "returns")
    assert growth.detail["baseline"]["amount"] == "1250.0000"
    assert growth.target == Decimal("291.67")  # 1250 ÷ 30 × 7
    assert (growth.weight, card.starting_tier) == (Decimal(90), "S")
    assert (returns.actual, returns.denominator, returns.detail["nameless"]) == (1, 1, 1)


def test_what_if_moves_customers_and_keeps_the_months_before(
    database: Database, clock: FixedClock, july: None, viewer: Look
) -> None:
    who = viewer("R3")
    with database.reading() as session:
        question = what_if.prepare(session, who, clock, JULY)
        tried = what_if.try_out(session, who, question, {"won_amount": Decimal(100)})

    assert "returns: returning" in question.measures
    assert question.value("returns: customers") == 1
    assert tried.so_far is not None
    before, after = tried.so_far.before, tried.so_far.after
    assert [one.target and one.target.amount for one in before.lines] == [
        one.target and one.target.amount for one in after.lines
    ]
    assert after.score is not None
    assert before.score is not None
    assert after.score > before.score


def test_a_projection_carries_growth_to_the_end_at_its_pace(
    database: Database, clock: FixedClock, july: None, viewer: Look
) -> None:
    who = viewer("R3")
    with database.reading() as session:
        found = projection_of(session, views.my_score(session, who, clock, JULY).card)

    assert isinstance(found, Projection)
    growth = next(one for one in found.lines if one.name == "growth")
    assert growth.target == Decimal("1291.67")  # 1250 ÷ 30 × 31
    assert not growth.carried
    assert next(one for one in found.lines if one.name == "returns").carried
