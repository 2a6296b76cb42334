"""The year of the loans company, from files to locked months, beside a bookkeeper's own arithmetic.

The bookkeeper (`loans_files.py`, `loans_cards.py`, `loans_workbook.py`) knows the contract and the files, and
nothing of the product. The shortened year has four months and the four teams that the story is about.
"""

import csv
import io
import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from cli.demo.playing import play_year
from cli.demo.year import read_year
from cli.main import app
from domain.database import Database
from domain.errors import BadInput
from domain.incentives.model import LedgerLine
from domain.people.model import Person
from tests.examples.folders import make_folder, read
from tests.examples.loans_cards import Card, Line
from tests.examples.loans_files import Row
from tests.examples.loans_payroll import SUMS, Clerk, PayLine
from tests.examples.loans_workbook import read_sheet, sheets_of, write_book

IS_LONG = os.environ.get("PACESETTER_LONG") == "1"
SHORTENED = ("--months", "4", "--small")

PARTS_PAID = {"base", "band", "own_rate", "rate", "quality", "pool", "deduction", "carried"}

Pacesetter = Callable[..., str]


@pytest.fixture(scope="session")
def shortened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder("consumer-loans", tmp_path_factory.mktemp("loans") / "year", arguments=SHORTENED)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder("consumer-loans", tmp_path_factory.mktemp("loans") / "year")


@pytest.fixture
def pacesetter(database: Database, monkeypatch: pytest.MonkeyPatch) -> Pacesetter:
    """Run a command; what it prints."""
    monkeypatch.setenv("DATABASE_URL", database.url.render_as_string(hide_password=False))

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def payrolls(tmp_path: Path) -> Path:
    """Where each month's payroll is handed over."""
    return tmp_path / "payrolls"


@pytest.fixture
def folder(request: pytest.FixtureRequest, database: Database, payrolls: Path) -> Path:
    """The company's files, played."""
    found: Path = request.getfixturevalue("whole" if IS_LONG else "shortened")
    play_year(database, read_year(found), payrolls, lambda _: None)
    return found


@cache
def clerk_of(folder: Path) -> Clerk:
    return Clerk(folder)


def cells(rows: list[Row]) -> Iterator[tuple[int, str, str]]:
    for number, row in enumerate(rows):
        for column, text in row.items():
            yield number, column, text


@pytest.mark.timeout(1800)
def test_the_year_is_that_of_the_bookkeepers_workbook(
    folder: Path, database: Database, payrolls: Path, pacesetter: Pacesetter, tmp_path: Path
) -> None:
    # Given: what a bookkeeper works out from the files that had come when each month was locked
    clerk = clerk_of(folder)

    for month in clerk.months:
        book = write_book(sheets_of(clerk, month), tmp_path / "book.xlsx")

        # When
        printed = {
            sheet: list(csv.DictReader(io.StringIO(pacesetter(sheet, month, "--format", "csv"))))
            for sheet in ("scores", "lines")
        }
        printed["payroll"] = with_two_digits(payrolls / f"{month}.csv")

        # Then: cell by cell
        for sheet, rows in printed.items():
            assert list(cells(rows)) == list(cells(read_sheet(book, sheet))), (sheet, month)
        assert len(printed["scores"]) >= 40
        assert_handed_over_once(pacesetter, payrolls / f"{month}.csv", tmp_path / "again.csv")

    # And the ledger, line by line
    assert sorted(booked(database)) == sorted(clerk.lines)
    assert {line.part for line in clerk.lines} >= PARTS_PAID


def assert_handed_over_once(pacesetter: Pacesetter, payroll: Path, again: Path) -> None:
    """Asked for again, it is the same file."""
    pacesetter("payroll", "export", payroll.stem, "--to", str(again))
    assert again.read_bytes() == payroll.read_bytes()


def booked(database: Database) -> list[PayLine]:
    with database.reading() as session:
        rows = sa.select(Person.employee_id, LedgerLine).join(LedgerLine, LedgerLine.person_id == Person.id)
        return [
            PayLine(line.booked, who, line.earned, line.part, line.name, line.amount)
            for who, line in session.execute(rows)
        ]


def with_two_digits(payroll: Path) -> list[Row]:
    """A payroll's rows, amounts as a spreadsheet shows them."""
    with payroll.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {column: f"{Decimal(row[column]):.2f}" for column in (*SUMS, "total") if row[column]}
    return rows


def test_the_files_are_the_same_bytes_whenever_they_are_written(shortened: Path, tmp_path: Path) -> None:
    again = make_folder("consumer-loans", tmp_path / "again", {"PYTHONHASHSEED": "7"}, SHORTENED)

    folders = [path for path in shortened.iterdir() if path.is_dir()]
    assert len(folders) == 6
    for one in folders:
        assert files_of(again / one.name) == files_of(one)
    assert (again / "year.toml").read_bytes() == (shortened / "year.toml").read_bytes()


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_there_are_three_hundred_reps_in_thirty_teams(whole: Path) -> None:
    people = read(whole / "2025-01-02", "people.csv")
    reps = [person for person in people if person["role"] == "rep"]

    assert len(reps) == 299  # the three hundredth joins on the 20th
    assert len({person["unit"] for person in reps}) == 30
    assert len({person["unit"].split("/")[1] for person in reps}) == 4
    assert {person["locale"] for person in reps} == {"zh-CN", "en-US"}


def test_the_story_is_told(shortened: Path) -> None:
    clerk = clerk_of(shortened)

    def sales(who: str, month: str) -> Line:
        return card(who, month).line("sales")

    def card(who: str, month: str) -> Card:
        return next(one for one in clerk.months[month].cards if one.employee_id == who)

    def sum_of(who: str, earned: str, part: str, booked: str) -> int:
        wanted = (booked, who, earned, part)
        return sum(
            line.amount
            for line in clerk.lines
            if (line.booked, line.employee_id, line.earned, line.part) == wanted
        )

    # Edges, a giant, refunds
    assert (sales("R0104", "2025-03").reading, sales("R1005", "2025-03").reading) == (
        Fraction("0.99995"),
        Fraction("0.79995"),
    )
    assert (card("R1005", "2025-03").miss, card("R1004", "2025-03").miss) == ("miss", "hit")
    assert sales("R1702", "2025-03").reading == Fraction("2.4")
    assert (sales("R0103", "2025-02").actual, sales("R1006", "2025-03").actual) == (-170_000, -45_000)
    assert sum_of("R0103", "2025-02", "band", "2025-02") == 0
    # Joined on the 20th, moved on the 10th of the next month; a target changed twice
    assert card("R0105", "2025-01").plan["name"] == "branch-loans"
    assert card("R0105", "2025-02").unit.endswith("/Digital East")
    assert len(clerk.months["2025-03"].files.stated["R0107", "sales", "2025-03"]) == 3
    # An outage: incomplete at the lock, restated and paid two months later
    assert card("R0901", "2025-02").status == "incomplete"
    assert sum_of("R0901", "2025-02", "base", "2025-02") == 0
    assert sum_of("R0901", "2025-02", "base", "2025-04") > 0
    # A loan that never was one, of somebody who is there and of somebody who has left
    assert sum_of("R0110", "2025-01", "band", "2025-04") < 0
    assert sum_of("R1010", "2025-02", "carried", "2025-04") == -sum(
        sum_of("R1010", "2025-02", part, "2025-04") for part in ("band", "quality")
    )


def test_a_year_that_says_nothing_to_play_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for text in ("", 'hr = "H"\n', 'hr = "H"\ntime_zone = "Asia/Shanghai"\nhand_ins = []\n'):
        (tmp_path / "year.toml").write_text(text, encoding="utf-8")

        with pytest.raises(BadInput, match=r"year\.toml"):
            read_year(tmp_path)
