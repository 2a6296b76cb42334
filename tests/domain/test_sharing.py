"""Sharing a card asks itself who may, whoever calls it."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.errors import NotAllowed
from domain.outbox import Post
from domain.periods import Period
from domain.scoring.model import Card
from domain.scoring.sharing import CardShare, Choice, Destination, Part, SharedCard, as_it_is, share
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Lock, Look

JUNE = Period.parse("2026-06")
HERE = Destination(channel="C1", channel_name="#general")


@pytest.fixture(autouse=True)
def june(load: Load, lock: Lock) -> None:
    folder = CompanyFolder().plan().person("MW", role="manager", job_family="management", unit="Acme")
    for employee_id in ("W1", "W2"):
        folder.person(employee_id, unit="Acme", manager_id="MW").target(employee_id, "sales", "2026-06", 1000)
        for measure, value in (("won_amount", 900), ("wins", 1), ("closed_deals", 2)):
            folder.measure(employee_id, measure, "2026-06-03", value)
    load(folder.unit("Acme", manager_id="MW"))
    lock("2026-06")


@pytest.fixture
def choice(viewer: Look) -> Choice:
    return Choice(JUNE, viewer("W1").person_id, "U0W1", (Part.SCORE,))


def seen(database: Database, clock: FixedClock, viewer: Look, choice: Choice) -> SharedCard:
    with database.reading() as session:
        return as_it_is(session, viewer("W1"), clock, choice)


def written(database: Database) -> list[int | None]:
    with database.reading() as session:
        return [session.scalar(sa.select(sa.func.count()).select_from(one)) for one in (CardShare, Post)]


@pytest.mark.parametrize("who", ["W2", "MW"])
def test_nobody_shares_the_card_of_somebody_else(
    database: Database, clock: FixedClock, viewer: Look, choice: Choice, who: str
) -> None:
    digest = seen(database, clock, viewer, choice).digest
    before = written(database)

    with pytest.raises(NotAllowed, match="Only the person whose card it is"), database.writing() as session:
        share(session, clock, viewer(who), choice, digest, HERE, once="window")

    assert written(database) == before


def test_what_was_looked_at_is_what_is_shared(
    database: Database, clock: FixedClock, viewer: Look, choice: Choice
) -> None:
    looked_at = seen(database, clock, viewer, choice)
    before = written(database)
    with database.writing() as session:
        session.execute(sa.update(Card).values(score=Decimal("12.00")))

    with database.writing() as session:
        now = share(session, clock, viewer("W1"), choice, looked_at.digest, HERE, once="window")
    assert (now.score, written(database)) == ("12.00", before)

    with database.writing() as session:
        share(session, clock, viewer("W1"), choice, now.digest, HERE, once="window")
    with database.reading() as session:
        assert session.scalars(sa.select(CardShare.period)).one() == "2026-06"
