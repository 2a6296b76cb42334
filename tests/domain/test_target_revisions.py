"""Targets revised by an appeal: for the whole span or from a day, before a lock and after it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.access import CommandLine, Viewer
from domain.clock import FixedClock
from domain.database import Database
from domain.errors import BadField, BadInput
from domain.outbox import Post
from domain.people import service as people
from domain.periods import Period
from domain.plain import plain
from domain.scoring.model import Card, CardLine, CardRank, ScoredPeriod
from domain.scoring.service import score_now
from domain.scoring.verification import verify
from domain.targets import agreement, agreement_views
from domain.targets.board import board
from domain.targets.model import How, Target
from domain.targets.posts import RESTATE_POST
from domain.targets.rounds import open_round, publish, round_of, split
from domain.targets.rules_span import Span
from tests.builders import SALES_PLAN, CompanyFolder
from tests.domain.conftest import Load, Lock, Look

QUARTER, JULY = Span.parse("2026-Q3"), Period.parse("2026-07")
ROOT = CommandLine("cli:root")

Publish = Callable[..., int]
Revise = Callable[..., None]


def company() -> CompanyFolder:
    return (
        CompanyFolder()
        .plan()
        .person("HR", role="hr", job_family="hr", unit="Acme")
        .person("MW", role="manager", job_family="management", unit="Acme/West")
        .person("RITA", unit="Acme/West", manager_id="MW")
        .unit("Acme", hr_id="HR")
        .unit("Acme/West", manager_id="MW")
    )


def through(folder: CompanyFolder, last: str) -> CompanyFolder:
    """All is reported to this day."""
    for measure in ("won_amount", "wins", "closed_deals", "violations"):
        folder.covered(measure, "2026-01-01", last)
    return folder


@pytest.fixture
def asked(database: Database, clock: FixedClock, viewer: Look) -> Publish:
    """Publish a whole amount; the id of what Rita is asked."""

    def ask(amount: int, span: Span = QUARTER, unit: str = "Acme") -> int:
        with database.writing() as session:
            root_id = people.unit_tree(session).by_path[unit].id
            opened = open_round(session, clock, ROOT, "sales", span, Decimal(amount), unit_id=root_id)
            for unit in [owner for owner in board(session, clock, opened).tree.walk() if owner.is_unit]:
                split(session, clock, ROOT, opened, unit.id, How.HEADCOUNT)
            publish(session, clock, ROOT, opened)
        with database.reading() as session:
            return agreement_views.own_agreements(session, viewer("RITA"))[0]

    return ask


@pytest.fixture
def revise(database: Database, clock: FixedClock, viewer: Look) -> Revise:
    """Rita's manager settles on an amount."""

    def settle(agreement_id: int, amount: int, from_day: date | None = None) -> None:
        with database.writing() as session:
            agreement.revise(
                session, clock, viewer("MW"), agreement_id, Decimal(amount), "Half way.", from_day
            )

    return settle


def appeal(database: Database, clock: FixedClock, rita: Viewer, agreement_id: int, wanted: int) -> None:
    with database.writing() as session:
        agreement.appeal(session, clock, rita, agreement_id, Decimal(wanted), "Too much.")


def in_force(database: Database, employee_id: str = "RITA") -> list[str]:
    """Period, day from when on, amount and version."""
    with database.reading() as session:
        person = people.person_by_employee_id(session, employee_id)
        rows = session.scalars(
            sa.select(Target)
            .where(Target.person_id == person.id, Target.ended_in.is_(None))
            .order_by(Target.period, Target.from_day.is_not(None), Target.from_day)
        )
        return [
            f"{row.period} {row.from_day.day if row.from_day else '-'} {plain(row.amount)} v{row.version}"
            for row in rows
        ]


def target_on_card(database: Database, employee_id: str, period: str) -> str:
    with database.reading() as session:
        run = session.get_one(ScoredPeriod, period).published_run_id
        person = people.person_by_employee_id(session, employee_id)
        found = session.scalar(
            sa.select(CardLine.target)
            .join(Card, Card.id == CardLine.card_id)
            .where(Card.run_id == run, Card.person_id == person.id, CardLine.name == "sales")
        )
    return plain(found or Decimal(0))


def test_without_a_day_a_revision_corrects_the_whole_span(
    database: Database, clock: FixedClock, load: Load, viewer: Look, asked: Publish, revise: Revise
) -> None:
    load(company())
    one = asked(9300)
    appeal(database, clock, viewer("RITA"), one, 6000)

    revise(one, 6200)

    assert in_force(database) == ["2026-07 - 2067 v2", "2026-08 - 2067 v2", "2026-09 - 2066 v2"]


def test_with_a_day_what_stood_before_counts_until_then(
    database: Database, clock: FixedClock, load: Load, viewer: Look, asked: Publish, revise: Revise
) -> None:
    load(company())
    one = asked(9300)
    appeal(database, clock, viewer("RITA"), one, 6000)

    revise(one, 6200, date(2026, 8, 17))

    assert in_force(database) == [
        "2026-07 - 3100 v1",
        "2026-08 - 3100 v1",
        "2026-08 17 2067 v1",
        "2026-09 - 2066 v2",
    ]
    with database.reading() as session:
        seen = agreement_views.view(session, clock, viewer("RITA"), one)
    # (3100 × 16 days + 2067 × 15 days) / 31 days
    assert [plain(amount) for _, amount in seen.by_month] == ["3100", "2600.16", "2066"]
    assert seen.moves[-1].from_day == date(2026, 8, 17)


@pytest.mark.parametrize("day", [date(2026, 6, 30), date(2026, 10, 1)])
def test_a_day_outside_of_the_span_is_refused(
    database: Database,
    clock: FixedClock,
    load: Load,
    viewer: Look,
    asked: Publish,
    revise: Revise,
    day: date,
) -> None:
    load(company())
    one = asked(9300)
    appeal(database, clock, viewer("RITA"), one, 6000)

    with pytest.raises(BadField, match="choose a day from 2026-07-01 to 2026-09-30"):
        revise(one, 6200, day)

    assert in_force(database)[0] == "2026-07 - 3100 v1"


def test_changed_twice_in_a_month_by_file_and_by_an_appeal_it_is_blended(
    database: Database, clock: FixedClock, load: Load, viewer: Look, asked: Publish, revise: Revise
) -> None:
    """July: 3100 until the 10th, 6200 until the 20th, 930 from the 21st; Rita is away on the 1st and 2nd."""
    folder = company().leave("RITA", date(2026, 7, 1), date(2026, 7, 2))
    load(folder)
    one = asked(3100, Span.parse("2026-07"))
    load(folder.target("RITA", "sales", "2026-07", 6200, since="2026-07-11"))
    appeal(database, clock, viewer("RITA"), one, 900)

    revise(one, 930, date(2026, 7, 21))

    assert in_force(database) == ["2026-07 - 3100 v1", "2026-07 11 6200 v1", "2026-07 21 930 v1"]
    clock.at = datetime(2026, 8, 3, 2, tzinfo=UTC)
    score_now(database, clock, JULY)
    # (3100 × 8 + 6200 × 10 + 930 × 11) / 31
    assert target_on_card(database, "RITA", "2026-07") == "3130"


def test_a_revision_from_an_earlier_day_ends_what_would_follow_on_it(
    database: Database, clock: FixedClock, load: Load, viewer: Look, asked: Publish, revise: Revise
) -> None:
    folder = company()
    load(folder)
    one = asked(3100, Span.parse("2026-07"))
    load(folder.target("RITA", "sales", "2026-07", 6200, since="2026-07-11"))
    appeal(database, clock, viewer("RITA"), one, 900)

    revise(one, 930, date(2026, 7, 5))

    assert in_force(database) == ["2026-07 - 3100 v1", "2026-07 5 930 v1"]


def test_a_round_that_says_the_old_amount_again_ends_a_dated_change(
    database: Database, clock: FixedClock, load: Load, viewer: Look, asked: Publish, revise: Revise
) -> None:
    load(company())
    one = asked(3100, Span.parse("2026-07"))
    appeal(database, clock, viewer("RITA"), one, 900)
    revise(one, 930, date(2026, 7, 5))

    asked(3100, Span.parse("2026-07"))

    assert in_force(database) == ["2026-07 - 3100 v1"]


def test_joined_on_the_20th_with_a_transfer_on_the_10th_of_the_next_month(
    database: Database, clock: FixedClock, load: Load, asked: Publish
) -> None:
    """Targets by days and ramp; the card belongs to the unit of the month's last day, and is ranked there."""
    folder = company().plan(SALES_PLAN.replace("ramp = [0.0, 0.5]", "ramp = [0.5]"))
    folder.person("EVA", unit="Acme/East").person("NEW", unit="Acme/West", hired_on="2026-07-20")
    folder.transfer("NEW", date(2026, 8, 10), unit="Acme/East")
    for employee_id, july, august in (("EVA", 3100, 3100), ("NEW", 600, 2480), ("RITA", 3100, 3100)):
        folder.measure(employee_id, "won_amount", "2026-07-25", july)
        folder.measure(employee_id, "won_amount", "2026-08-25", august)
    clock.at = datetime(2026, 7, 20, 2, tzinfo=UTC)
    load(through(folder, "2026-08-31"))
    asked(9300, Span.parse("2026-07"))
    asked(9300, Span.parse("2026-08"))
    clock.at = datetime(2026, 9, 3, 2, tzinfo=UTC)

    for month in ("2026-07", "2026-08"):
        score_now(database, clock, Period.parse(month))

    assert in_force(database, "NEW") == ["2026-07 - 3100 v1", "2026-08 - 3100 v1"]
    # July: 3100 × half a ramp × 12 of 31 days; August is past the ramp, and whole
    assert target_on_card(database, "NEW", "2026-07") == "600"
    assert target_on_card(database, "NEW", "2026-08") == "3100"
    assert standing(database, "NEW", "2026-07") == ("Acme/West", {})
    assert standing(database, "NEW", "2026-08") == ("Acme/East", {"Acme": (3, 3), "Acme/East": (2, 2)})
    assert standing(database, "RITA", "2026-08") == ("Acme/West", {"Acme": (1, 3), "Acme/West": (1, 1)})


def standing(database: Database, employee_id: str, period: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """The unit of a card, and its places, each of how many."""
    with database.reading() as session:
        run = session.get_one(ScoredPeriod, period).published_run_id
        person = people.person_by_employee_id(session, employee_id)
        card = session.scalars(sa.select(Card).where(Card.run_id == run, Card.person_id == person.id)).one()
        paths = {unit.id: unit.path for unit in people.unit_tree(session)}
        ranks = session.scalars(sa.select(CardRank).where(CardRank.card_id == card.id))
        return paths[card.unit_id], {paths[rank.unit_id]: (rank.rank, rank.out_of) for rank in ranks}


def test_an_appeal_answered_after_the_lock_leaves_a_version_for_a_restatement(
    database: Database,
    clock: FixedClock,
    load: Load,
    lock: Lock,
    viewer: Look,
    asked: Publish,
    revise: Revise,
) -> None:
    # given: July's target is appealed, and locked before the manager answers
    folder = company().measure("RITA", "won_amount", "2026-07-10", 2500)
    load(through(folder, "2026-07-31"))
    one = asked(9300)
    appeal(database, clock, viewer("RITA"), one, 6000)
    clock.at = datetime(2026, 8, 3, 2, tzinfo=UTC)
    lock("2026-07")

    # when
    revise(one, 7500)

    # then: the amount is there, the card is as it was, and HR is told
    assert in_force(database) == ["2026-07 - 2500 v2", "2026-08 - 2500 v2", "2026-09 - 2500 v2"]
    assert target_on_card(database, "RITA", "2026-07") == "3100"
    with database.reading() as session:
        assert verify(session, JULY) == []
        post = session.scalars(sa.select(Post).where(Post.kind == RESTATE_POST)).one()
        assert (post.person_id, post.facts["months"]) == (viewer("HR").person_id, ["2026-07"])


@pytest.mark.parametrize(
    "left_with", [{"unit": "Acme/East", "job_family": ""}, {"unit": "", "job_family": "hr"}]
)
def test_an_owner_who_left_what_the_round_is_for_still_sees_it_and_gets_what_an_appeal_comes_to(
    database: Database,
    clock: FixedClock,
    load: Load,
    viewer: Look,
    asked: Publish,
    revise: Revise,
    left_with: dict[str, str],
) -> None:
    # given: a round for West, whose only rep then goes elsewhere, or does something else
    folder = company().person("EVA", unit="Acme/East")
    load(folder)
    one = asked(9300, unit="Acme/West")
    load(folder.transfer("RITA", date(2026, 7, 20), **left_with))
    load(folder.transfer("RITA", date(2026, 7, 21), manager_id="MW"))

    # when
    with database.reading() as session:
        seen = agreement_views.view(session, clock, viewer("RITA"), one)
    appeal(database, clock, viewer("RITA"), one, 6000)
    revise(one, 6200)

    # then
    assert (seen.owner_name, plain(seen.amount)) == ("Name of RITA", "9300")
    assert in_force(database) == ["2026-07 - 2067 v2", "2026-08 - 2067 v2", "2026-09 - 2066 v2"]


def test_what_was_given_to_somebody_who_has_left_is_not_published(
    database: Database, clock: FixedClock, load: Load
) -> None:
    folder = company().person("EVA", unit="Acme/West")
    load(folder)
    with database.writing() as session:
        west = people.unit_tree(session).by_path["Acme/West"].id
        opened = open_round(session, clock, ROOT, "sales", QUARTER, Decimal(900), unit_id=west)
        split(session, clock, ROOT, opened, west, How.HEADCOUNT)
    load(folder.transfer("RITA", date(2026, 7, 20), unit="Acme/East"))

    with database.writing() as session:
        opened = round_of(session, "sales", QUARTER)
        with pytest.raises(BadInput, match="450 are left to split"):
            publish(session, clock, ROOT, opened)
        publish(session, clock, ROOT, opened, "Rita has left.")

    assert in_force(database) == []
    assert in_force(database, "EVA") == ["2026-07 - 150 v1", "2026-08 - 150 v1", "2026-09 - 150 v1"]


def test_months_locked_before_the_owner_was_asked_keep_what_they_have(
    database: Database,
    clock: FixedClock,
    load: Load,
    lock: Lock,
    viewer: Look,
    asked: Publish,
    revise: Revise,
) -> None:
    # given: July was locked with 1000, then 9300 were set for the quarter
    folder = company().target("RITA", "sales", "2026-07", 1000)
    load(through(folder, "2026-07-31"))
    clock.at = datetime(2026, 8, 3, 2, tzinfo=UTC)
    lock("2026-07")
    one = asked(9300)
    assert in_force(database) == ["2026-07 - 1000 v1", "2026-08 - 4150 v1", "2026-09 - 4150 v1"]
    appeal(database, clock, viewer("RITA"), one, 6000)

    revise(one, 6000)

    assert in_force(database) == ["2026-07 - 1000 v1", "2026-08 - 2500 v2", "2026-09 - 2500 v2"]
    with database.reading() as session:
        assert session.scalars(sa.select(Post).where(Post.kind == RESTATE_POST)).all() == []
