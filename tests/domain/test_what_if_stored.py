"""*What if* asked of stored months: the same numbers as the card, then the month as it would really end."""

from collections import defaultdict
from decimal import Decimal

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.errors import NotAllowed, NotFound
from domain.periods import Period
from domain.scoring import views
from domain.scoring.rankings import ranking
from domain.scoring.rules_moves import Beside
from domain.scoring.rules_outlook import outlook
from domain.scoring.rules_what_if import Goal, tiers_above
from domain.scoring.service import score_now
from domain.scoring.what_if import Ending, OutOfRange, Question, Trial, prepare, try_out
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Lock, Look

JUNE, JULY, AUGUST = (Period.parse(f"2026-0{month}") for month in (6, 7, 8))
WEST = "Acme/West"
JUNE_SALES = {"W1": 1200, "W2": 1100, "W3": 1000, "W4": 1000, "W5": 900, "W6": 700}
"""Of a target of 1000. With one deal of two won, W5 has 88 points: 40 for the deals, 48 for sales."""


def a_company() -> CompanyFolder:
    folder = CompanyFolder().plan().company('calendar = "cn"\n')
    folder.person("MW", role="manager", job_family="management", unit=WEST).unit(WEST, manager_id="MW")
    folder.person("ADM", role="admin", job_family="it", unit="Acme")
    for employee_id, sold in JUNE_SALES.items():
        folder.person(employee_id, unit=WEST)
        for month, amount in (("2026-06", Decimal(sold)), ("2026-07", Decimal(sold) / 5)):
            folder.target(employee_id, "sales", month, 1000)
            for measure, value in (("won_amount", amount), ("wins", 1), ("closed_deals", 2)):
                folder.measure(employee_id, measure, f"{month}-03", value)
    return folder


@pytest.fixture
def months(load: Load, lock: Lock, database: Database, clock: FixedClock) -> CompanyFolder:
    """June is locked; today is the seventh of July."""
    folder = a_company()
    load(folder)
    lock("2026-06")
    score_now(database, clock, JULY)
    return folder


@pytest.fixture
def ask(database: Database, clock: FixedClock, viewer: Look):
    def asked(who: str, period: Period = JULY, of: str | None = None) -> Question:
        with database.reading() as session:
            person_id = viewer(of).person_id if of else None
            return prepare(session, viewer(who), clock, period, person_id)

    return asked


@pytest.fixture
def try_of(database: Database, viewer: Look):
    def tried(who: str, question: Question, **change: str | int) -> Trial:
        amounts = {measure: Decimal(more) for measure, more in change.items()}
        with database.reading() as session:
            return try_out(session, viewer(who), question, amounts)

    return tried


def test_the_question_starts_from_the_numbers_of_the_card(months, ask):
    june = ask("W5", JUNE)
    assert list(june.endings) == [Ending.OVER]
    assert june.endings[Ending.OVER].as_it_is.score == june.card.score == Decimal("88.00")
    july = ask("W5")
    assert july.so_far.as_it_is.score == july.card.score
    assert (july.is_over, june.is_over) == (False, True)


def test_a_running_month_ends_at_its_pace_or_as_it_is_today_on_the_full_target(months, ask):
    july = ask("W5")
    by_pace, today = july.endings[Ending.PACE], july.endings[Ending.TODAY]
    # 180 of 225.81 due by the seventh: 79.7 % of the month's 1000
    assert by_pace.value("won_amount") == 797
    assert today.value("won_amount") == 180
    assert (by_pace.as_it_is.score, today.as_it_is.score) == (Decimal("75.64"), Decimal("40.00"))
    assert (by_pace.as_it_is.tier, today.as_it_is.tier) == ("B", "C")


def test_the_month_ends_as_said(
    months: CompanyFolder, ask, load: Load, database: Database, clock: FixedClock, viewer: Look
):
    """The stated value is recorded, the month is scored: the tier is there. One less, and it is not."""
    july = ask("W5")
    case = july.endings[Ending.PACE]
    (next_tier, *_) = tiers_above(july.plan, case.as_it_is)
    (sales, _) = outlook(case, Goal(july.plan, next_tier)).alone
    clock.at = clock.at.replace(month=8, day=3)
    for missing, tier in ((1, "B"), (0, next_tier.name)):
        months.measure(
            "W5", "won_amount", "2026-07-20", sales.value - 180 - missing, record_id="the last deal"
        )
        load(months)
        months.tables["measures"].pop()
        score_now(database, clock, JULY)
        with database.reading() as session:
            assert views.my_score(session, viewer("W5"), clock, JULY).card.tier == tier


def test_what_everybody_in_the_unit_records_in_whole_numbers_is_asked_in_whole_numbers(
    months: CompanyFolder, ask, load: Load, database: Database, clock: FixedClock
):
    assert ask("W5").so_far.places["wins"] == ask("W5").so_far.places["won_amount"] == 0
    load(months.measure("W1", "won_amount", "2026-05-20", "10.50"))
    score_now(database, clock, JULY)
    assert ask("W5").so_far.places == {"wins": 0, "closed_deals": 0, "won_amount": 2}


def test_a_trial_shows_today_and_both_ends_before_and_after(months, ask, try_of):
    tried = try_of("W5", ask("W5"), won_amount=100, wins=1)
    assert tried.so_far.before.score == ask("W5").card.score
    assert tried.so_far.after.score > tried.so_far.before.score
    ends = {ending: (one.before.score, one.after.score) for ending, one in tried.endings.items()}
    assert ends[Ending.TODAY] == (Decimal("40.00"), Decimal("48.00"))  # 2 of 2 won: 120 points of weight 40
    assert ends[Ending.PACE] == (Decimal("75.64"), Decimal("95.64"))


def test_who_oversees_a_unit_is_told_the_exact_place(months, ask, try_of):
    def places(**change: int) -> list[tuple[str, int, int | Beside]]:
        tried = try_of("MW", ask("MW", JUNE, of="W5"), **change)
        return [(place.unit_name, place.before, place.after) for place in tried.places]

    # MW leads West and is but a member of Acme, where the ranking shows MW no places of single reps
    assert places(won_amount=101) == [("West", 5, 3)]
    assert places(won_amount=100) == [("West", 5, 3)]
    assert places(won_amount=-900) == [("West", 5, 6)]


@pytest.mark.parametrize("who", JUNE_SALES)
def test_trying_many_scores_finds_no_more_than_the_ranking_shows(
    months, ask, try_of, database: Database, viewer: Look, who: str
):
    """Between the scores next to the own one, and beyond them, every answer is the same."""
    june = ask(who, JUNE)
    with database.reading() as session:
        shown = ranking(session, viewer(who), JUNE, WEST)
    now = shown.own.score
    above = now + shown.gap_above if shown.gap_above is not None else Decimal("Infinity")
    below = now - shown.gap_below if shown.gap_below is not None else Decimal("-Infinity")
    told = defaultdict(set)
    for change in range(-JUNE_SALES[who], 1300, 20):
        tried = try_of(who, june, won_amount=change)
        score = tried.endings[Ending.OVER].after.score
        side = (score > below, score >= below, score >= now, score > now, score >= above, score > above)
        told[side].add(tried.places)
    assert len(told) > 1
    assert [len(places) for places in told.values()] == [1] * len(told)


def test_a_place_that_follows_from_the_own_score_is_told(months, ask, try_of):
    last, third = ask("W6", JUNE), ask("W3", JUNE)
    assert [place.after for place in try_of("W6", last, won_amount=-700).places] == [6, 6]
    assert [place.after for place in try_of("W3", third, won_amount=50).places] == [3, 3]
    level = try_of("W3", third, won_amount=100).places
    assert [place.after for place in level] == [Beside.LEVEL_ABOVE, Beside.LEVEL_ABOVE]


def test_places_that_are_not_shown_stay_so(
    load: Load, lock: Lock, ask, try_of, database: Database, clock: FixedClock
):
    folder = a_company()
    folder.tables["people"] = [
        row for row in folder.tables["people"] if row["employee_id"] not in ("W5", "W6")
    ]
    for table in ("targets", "measures"):
        folder.tables[table] = [
            row
            for row in folder.tables[table]
            if row.get("owner", row.get("employee_id")) not in ("W5", "W6")
        ]
    load(folder)
    lock("2026-06")
    tried = try_of("W4", ask("W4", JUNE), won_amount=500)
    assert tried.places == ()


@pytest.mark.parametrize(
    ("change", "sentence"), [(-901, "taken away"), (10**12, "more than can be recorded")]
)
def test_a_value_that_cannot_be_is_refused(months, ask, try_of, change, sentence):
    with pytest.raises(OutOfRange, match=sentence) as refused:
        try_of("W5", ask("W5", JUNE), won_amount=change)
    assert refused.value.measure == "won_amount"


@pytest.mark.parametrize(("who", "may"), [("W5", True), ("MW", True), ("W1", False), ("ADM", False)])
def test_others_cards_are_for_those_who_may_see_them(months, ask, who, may):
    if may:
        assert ask(who, JUNE, of="W5").card.person.employee_id == "W5"
    else:
        with pytest.raises(NotAllowed, match="may not see this person's card"):
            ask(who, JUNE, of="W5")


def test_a_month_of_which_nothing_is_known_yet_is_said(
    load: Load, ask, database: Database, clock: FixedClock, lock: Lock
):
    folder = a_company()
    for measure in ("won_amount", "wins", "closed_deals", "violations"):
        folder.covered(measure, "2026-06-01", "2026-06-30")
    load(folder)
    score_now(database, clock, JULY)
    with pytest.raises(NotFound, match="Nothing is known of 2026-07 yet"):
        ask("W5")


def test_a_month_that_was_not_scored_is_said(months, ask, clock: FixedClock):
    clock.at = clock.at.replace(month=8)
    with pytest.raises(NotFound, match="2026-08"):
        ask("W5", AUGUST)
