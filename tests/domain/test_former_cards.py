"""Cards of a former system: read, shown, and nothing else."""

import pytest
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.closing.former import former_card, former_months
from domain.closing.model import FormerCard
from domain.database import Database
from domain.errors import NotAllowed
from domain.imports.service import import_folder
from domain.periods import Period
from domain.rows import ImportRefused
from domain.scoring.histories import history
from domain.scoring.service import score_now
from domain.watch.reading import own_outcomes
from tests.builders import CompanyFolder
from tests.domain.books import rows_of
from tests.domain.conftest import Load, Lock, Look

JUNE = Period.month(2026, 6)
MAY = Period.month(2026, 5)


def acme() -> CompanyFolder:
    folder = CompanyFolder().people(["E1", "E2"]).plan()
    for month in ("2026-06",):
        folder.target("E1", "sales", month, 1000).measure("E1", "won_amount", f"{month}-05", 700)
        folder.measure("E1", "closed_deals", f"{month}-05", 2)
    return folder


def with_former(**columns: str) -> CompanyFolder:
    row = {"employee_id": "E1", "period": "2026-05", "score": "88.5", "tier": "Gold", **columns}
    return acme().row("former_cards", **row)


def test_a_card_is_kept_as_the_former_system_had_it(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(with_former(rank="3", out_of="20", plan="Old plan", note="Bonus month"))
    me = viewer("E1")
    with database.reading() as session:
        card = former_card(session, me, MAY, me.person_id)
        assert card is not None
        assert (str(card.score), card.tier, card.rank, card.out_of) == ("88.5000", "Gold", 3, 20)
        assert (card.plan, card.note) == ("Old plan", "Bonus month")
        assert former_card(session, me, JUNE, me.person_id) is None
        with pytest.raises(NotAllowed):
            former_card(session, viewer("E2"), MAY, me.person_id)


def test_it_feeds_nothing(
    database: Database, clock: FixedClock, load: Load, lock: Lock, viewer: Look
) -> None:
    # given
    load(acme())
    lock("2026-06")
    me = viewer("E1")
    with database.reading() as session:
        before = rows_of(session, "2026-06")
    # when
    load(with_former())
    # then
    with database.reading() as session:
        assert rows_of(session, "2026-06") == before
        assert [one.month for one in own_outcomes(session, me.person_id)] == [JUNE]
        assert [point.period for point in history(session, me, clock).points] == [JUNE]
        assert [card.period for card in former_months(session, me, me.person_id)] == [MAY]


def test_a_card_of_ours_takes_its_place(
    database: Database, clock: FixedClock, load: Load, viewer: Look
) -> None:
    load(with_former())
    score_now(database, clock, MAY)
    me = viewer("E1")
    with database.reading() as session:
        assert former_card(session, me, MAY, me.person_id) is None
        assert former_months(session, me, me.person_id) == []


def test_again_it_changes_nothing_and_what_is_left_out_ends(
    database: Database, clock: FixedClock, load: Load
) -> None:
    for folder, standing in (
        (with_former(), 1),
        (with_former(), 1),
        (acme(), 1),
        (acme().states("former_cards"), 0),
    ):
        load(folder)
        with database.reading() as session:
            rows = session.scalars(sa.select(FormerCard).where(FormerCard.ended_in.is_(None))).all()
        assert len(rows) == standing
    with database.reading() as session:
        assert len(session.scalars(sa.select(FormerCard)).all()) == 1


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"employee_id": "E9"}, 'former_cards.csv, line 2, employee_id: "E9" is nobody'),
        ({"period": "2026-07"}, "has not ended yet"),
        ({"period": "may"}, "is not a period"),
        ({"score": "", "tier": ""}, "a card says one of them at least"),
        ({"score": "1e3"}, "is not a plain number"),
        ({"rank": "3"}, "needs both rank and out_of"),
        ({"rank": "0", "out_of": "3"}, "is no place"),
        ({"rank": "4", "out_of": "3"}, "is behind the last of 3"),
        ({"tier": "x" * 41}, "longer than 40"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(
    database: Database, clock: FixedClock, tmp_path, columns: dict[str, str], sentence: str
) -> None:
    folder = with_former(**columns).write(tmp_path / "bad")
    with database.writing() as session, pytest.raises(ImportRefused) as refused:
        import_folder(session, clock, folder, "test")
    assert sentence in str(refused.value)


def test_two_cards_of_one_month_are_refused(database: Database, clock: FixedClock, tmp_path) -> None:
    folder = with_former().row("former_cards", employee_id="E1", period="2026-05", score="1", tier="")
    with database.writing() as session, pytest.raises(ImportRefused, match="has a second card of E1"):
        import_folder(session, clock, folder.write(tmp_path / "bad"), "test")
