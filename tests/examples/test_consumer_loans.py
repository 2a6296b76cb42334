"""The year of the loans company, from files to locked months, beside a bookkeeper's own arithmetic.

The bookkeeper (`loans_files.py`, `loans_cards.py`, `loans_workbook.py`) knows the contract and the files, and
nothing of the product. The shortened year has four months and the four teams that the story is about.
"""

import csv
import io
import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from cli.demo.playing import play_year
from cli.demo.year import read_year
from cli.main import app
from domain.database import Database
from domain.incentives.model import LedgerLine
from domain.people.model import Person
from tests.examples.folders import make_folder, read
from tests.examples.loans_cards import cards_of, line_rows, score_rows
from tests.examples.loans_files import Row, locked_months
from tests.examples.loans_payroll import SUMS, Clerk, PayLine
from tests.examples.loans_workbook import read_sheet, write_book

IS_LONG = os.environ.get("PACESETTER_LONG") == "1"
SHORTENED = ("--months", "4", "--small")

PARTS_PAID = {"base", "band", "rate", "quality", "pool", "deduction", "carried"}

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


def test_scores_and_lines_are_those_of_the_bookkeepers_workbook(
    folder: Path, pacesetter: Pacesetter, tmp_path: Path
) -> None:
    for locked in locked_months(folder):
        # Given: the month's cards, worked out from the files that had come when it was locked
        cards = cards_of(locked.files(), locked.month)
        book = write_book({"scores": score_rows(cards), "lines": line_rows(cards)}, tmp_path / "book.xlsx")

        for sheet in ("scores", "lines"):
            # When
            printed = list(csv.DictReader(io.StringIO(pacesetter(sheet, locked.month, "--format", "csv"))))

            # Then: cell by cell
            assert list(cells(printed)) == list(cells(read_sheet(book, sheet))), (locked.month, sheet)
        assert len(cards) >= 40


def test_payrolls_are_those_of_the_bookkeepers_workbook(
    folder: Path, payrolls: Path, pacesetter: Pacesetter, tmp_path: Path
) -> None:
    for locked in locked_months(folder):
        # Given
        rows = clerk_of(folder).payroll(locked.month)
        book = write_book({"payroll": rows}, tmp_path / "book.xlsx")

        # When: the file that was handed over at the lock, and the same asked for again
        again = tmp_path / "again.csv"
        pacesetter("payroll", "export", locked.month, "--to", str(again))
        handed_over = payrolls / f"{locked.month}.csv"

        # Then: cell by cell
        assert again.read_bytes() == handed_over.read_bytes()
        assert list(cells(with_two_digits(handed_over))) == list(cells(read_sheet(book, "payroll")))


def with_two_digits(payroll: Path) -> list[Row]:
    """A payroll's rows, amounts as a spreadsheet shows them."""
    with payroll.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {column: f"{Decimal(row[column]):.2f}" for column in (*SUMS, "total") if row[column]}
    return rows


def test_the_ledger_is_the_payroll_clerks_line_by_line(folder: Path, database: Database) -> None:
    # Given: what a clerk books month by month, knowing the files alone
    expected = clerk_of(folder).lines

    # When
    with database.reading() as session:
        rows = sa.select(Person.employee_id, LedgerLine).join(LedgerLine, LedgerLine.person_id == Person.id)
        booked = [
            PayLine(line.booked, who, line.earned, line.part, line.name, line.amount)
            for who, line in session.execute(rows)
        ]

    # Then
    assert sorted(booked) == sorted(expected)
    assert len(booked) > 900
    assert {line.part for line in booked} >= PARTS_PAID


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
