"""Pay from the command line: a statement, personal terms, the payroll, what HR takes back."""

from pathlib import Path

import pytest

from domain.imports.files import Columns
from domain.incentives import payroll
from domain.tables import read_table
from tests.builders import CompanyFolder
from tests.cli.conftest import Pacesetter
from tests.domain.ledgers import MEASURES, paying_plan

COLUMNS = Columns(payroll.COLUMNS)


@pytest.fixture
def acme(pacesetter: Pacesetter, tmp_path: Path) -> Pacesetter:
    """June is over; E1 sold 1200 of 1000, E2's name is a formula."""
    folder = CompanyFolder().person("E1").person("E2", name="=HYPERLINK(1)").plan(paying_plan())
    for employee_id in ("E1", "E2"):
        folder.target(employee_id, "sales", "2026-06", 1000)
        folder.measure(employee_id, "won_amount", "2026-06-05", 1200)
    for measure in MEASURES:
        folder.covered(measure, "2026-01-01", "2026-07-06")
    pacesetter("import", folder.write(tmp_path / "acme"))
    return pacesetter


def test_a_statement_says_how_each_line_came_about(acme: Pacesetter, tmp_path: Path) -> None:
    # given
    acme("lock", "2026-06")
    # when
    said = acme("pay", "E1", "2026-06", "--format", "csv")
    # then
    rows = said.stdout.splitlines()
    assert rows[0] == "booked,earned,kind,part,name,amount,currency,rate,why"
    assert rows[3] == (
        "2026-06,2026-06,accrual,band,3,6.00,CNY,0.03,"
        '"sales 1200 of 1000 (120%): 200 of it from 100% on, × 3%."'
    )
    assert "Total: 18.00 CNY" in said.stderr
    # and as a file
    assert acme("pay", "E1", "2026-06", "--to", tmp_path / "pay.xlsx").exit_code == 0
    assert (tmp_path / "pay.xlsx").stat().st_size > 0


def test_a_personal_rate_from_a_day_on(acme: Pacesetter) -> None:
    # when
    told = acme("payroll", "term", "E1", "rate", "5%", "--from", "2026-06-15", "--because", "key account")
    assert "The rate of E1 is 5% (0.05), from 2026-06 on." in told.stderr
    acme("lock", "2026-06")
    # then
    said = acme("pay", "E1", "2026-06", "--format", "csv")
    assert "1200 × 5%. A personal term holds in the place of the plan." in said.stdout
    assert "Personal rate 0.05 from 2026-06-15: key account" in said.stderr
    assert "rate,0.05,2026-06-15,key account,cli:" in acme("payroll", "terms", "E1", "--format", "csv").stdout
    late = acme("payroll", "term", "E1", "rate", "plan", "--from", "2026-06-01", "--because", "over")
    assert "2026-06 is locked, and what is locked does not change" in late.stderr


@pytest.mark.parametrize("name", ["june.csv", "june.xlsx"])
def test_the_payroll_is_the_same_when_it_is_written_again(
    acme: Pacesetter, tmp_path: Path, name: str
) -> None:
    # given
    acme("lock", "2026-06")
    # when
    first = acme("payroll", "export", "2026-06", "--to", tmp_path / name)
    content = (tmp_path / name).read_bytes()
    people = tmp_path / "acme" / "people.csv"
    people.write_text(people.read_text().replace("Name of E1", "Name of E1 now"))
    assert acme("import", tmp_path / "acme").exit_code == 0
    again = acme("payroll", "export", "2026-06", "--to", tmp_path / name)
    # then
    assert "2 rows of 2026-06 written" in first.stderr
    assert "as it was handed over before" in again.stderr
    assert (tmp_path / name).read_bytes() == content
    rows = [row.cells for row in read_table(tmp_path / name, COLUMNS)]
    assert [(row["employee_id"], row["name"], row["total"]) for row in rows] == [
        ("E1", "Name of E1", "18"),
        ("E2", "=HYPERLINK(1)", "18"),
    ]
    assert b"'=HYPERLINK" in content or name.endswith("xlsx")


def test_nothing_is_taken_back_beyond_what_is_not_paid_yet(acme: Pacesetter, tmp_path: Path) -> None:
    # given
    acme("lock", "2026-06")
    take = ("payroll", "take-back", "E1", "2026-06")
    # when, then
    refused = acme(*take, "18.01", "--because", "paid twice")
    assert "18.01 CNY cannot be taken back: 18 CNY of variable pay are not yet earned" in refused.stderr
    assert "5 taken back" in acme(*take, "5", "--because", "paid twice").stderr
    assert "Total: 13.00 CNY" in acme("pay", "E1", "2026-06").stderr
    loss = acme(*take, "1", "--because", "lost phone", "--loss")
    assert "while the fixed wage is not known" in loss.stderr
    # and once it is paid, nothing
    acme("payroll", "export", "2026-06", "--to", tmp_path / "june.csv")
    paid = acme(*take, "1", "--because", "late")
    assert "The payroll of 2026-06 has been handed over" in paid.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("pay", "E1", "2026-06"), "No variable pay is known for 2026-06"),
        (("pay", "E9", "2026-06"), "Nobody has the employee id E9"),
        (("payroll", "export", "2026-06", "--to", "x.csv"), "2026-06 is not locked: only locked months pay"),
        (("payroll", "term", "E1", "rate", "x", "--from", "2026-07-01", "--because", "y"), "is no rate"),
        (("payroll", "term", "E1", "rate", "2.5", "--from", "2026-07-01", "--because", "y"), "says 250%"),
        (("payroll", "term", "E1", "rate", "nan", "--from", "2026-07-01", "--because", "y"), "is no rate"),
        (("payroll", "take-back", "E1", "2026-06", "1", "--because", "y"), "Nothing is earned for 2026-06"),
    ],
)
def test_what_cannot_be_gets_a_sentence(acme: Pacesetter, arguments: tuple[str, ...], sentence: str) -> None:
    said = acme(*arguments)
    assert sentence in " ".join(said.stderr.replace("│", " ").split())
