"""Targets from the command line: a year's amount split down the tree, through a file, and published."""

import csv
from pathlib import Path

import pytest

from tests.builders import CompanyFolder
from tests.cli.conftest import Pacesetter


@pytest.fixture
def acme(pacesetter: Pacesetter, tmp_path: Path) -> Pacesetter:
    folder = CompanyFolder().plan().people(("E1", "E2"), unit="Acme/East").person("E3", unit="Acme/West")
    pacesetter("import", folder.write(tmp_path / "acme"))
    return pacesetter


def test_a_quarter_from_one_amount_to_targets(acme: Pacesetter) -> None:
    # when
    acme("targets", "open", "sales", "2026-Q2", "900")
    said = acme("targets", "split", "sales", "2026-Q2", "Acme", "--below")
    # then
    assert "5 amounts set" in said.stderr
    assert "sales,2026-Q2,Acme,1," in acme("targets", "--format", "csv").stdout
    shown = acme("targets", "show", "sales", "2026-Q2", "--format", "csv").stdout.splitlines()
    assert shown[0] == "owner,name,below,amount,rest,usual_month,reached"
    assert shown[1].startswith("Acme,Acme,,900,0")
    assert "18 monthly targets changed" in acme("targets", "publish", "sales", "2026-Q2").stderr
    assert acme("targets", "--format", "csv").stdout == "indicator,span,unit,step,opened_by\n"


def test_a_tree_to_read_goes_in_and_repeats_no_path(acme: Pacesetter) -> None:
    acme("targets", "open", "sales", "2026-Q2", "900")
    acme("targets", "split", "sales", "2026-Q2", "Acme", "--below")
    shown = acme("targets", "show", "sales", "2026-Q2").stdout
    for line in ("│ Acme ", "│   East ", "│     Name of E1 (E1) ", "│   West "):
        assert line in shown
    assert "Acme/East" not in shown


def test_history_proposes_and_is_taken_after_a_look(pacesetter: Pacesetter, tmp_path: Path) -> None:
    # given: E1 sells 1000 a month, E2 half of that
    folder = CompanyFolder().plan().people(("E1", "E2"), unit="Acme/East")
    for month in range(1, 7):
        folder.measure("E1", "won_amount", f"2026-{month:02}-10", 1000)
        folder.measure("E2", "won_amount", f"2026-{month:02}-10", 500)
    folder.covered("won_amount", "2026-01-01", "2026-06-30")
    pacesetter("import", folder.write(tmp_path / "acme"))
    pacesetter("targets", "open", "sales", "2026-Q3", "0")
    asked = ("targets", "propose", "sales", "2026-Q3", "--growth", "5%", "--months", "6", "--format", "csv")
    # when
    looked = pacesetter(*asked).stdout.splitlines()
    # then: three months and five percent, and nothing is set yet
    assert looked == [
        "owner,name,below,amount,due,usual_month,by,reached",
        "Acme,Acme,,4725,4725,,,0/6",
        "Acme/East,Acme/East,Acme,4725,4725,,,0/6",
        "E1,Name of E1,Acme/East,3150,3150,1000,own,0/6",
        "E2,Name of E2,Acme/East,1575,1575,500,own,0/6",
    ]
    assert (
        "E1,Name of E1,Acme/East,,,"
        in pacesetter("targets", "show", "sales", "2026-Q3", "--format", "csv").stdout
    )
    # when
    assert "4 amounts set" in pacesetter(*asked, "--take").stderr
    assert "Acme,Acme,,4725,0," in pacesetter("targets", "show", "sales", "2026-Q3", "--format", "csv").stdout


@pytest.mark.parametrize("name", ["tree.csv", "tree.xlsx"])
def test_amounts_by_file(acme: Pacesetter, tmp_path: Path, name: str) -> None:
    # given
    file = tmp_path / name
    acme("targets", "open", "sales", "2026-Q2", "900")
    acme("targets", "export", "sales", "2026-Q2", file)
    # when: the file comes back as it is
    said = acme("targets", "import", "sales", "2026-Q2", file)
    # then
    assert "1 amount set" in said.stderr
    assert "Acme: 900 left to split" in said.stderr


def test_a_bad_row_leaves_all_as_it_was(acme: Pacesetter, tmp_path: Path) -> None:
    # given
    file = tmp_path / "tree.csv"
    acme("targets", "open", "sales", "2026-Q2", "900")
    rows = [("owner", "amount"), ("E1", "100"), ("E2", "1.5"), ("NOBODY", "5"), ("E3", "many"), ("E1", "7")]
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)
    # when
    said = acme("targets", "import", "sales", "2026-Q2", file)
    # then
    assert 'tree.csv, line 3, amount: "1.5" is not 0 or more in steps of 1.' in said.stderr
    assert 'tree.csv, line 4, owner: "NOBODY" takes no part in these targets.' in said.stderr
    assert 'tree.csv, line 5, amount: "many" is not a plain number' in said.stderr
    assert 'tree.csv, line 6, owner: "E1" comes twice: keep one row.' in said.stderr
    shown = acme("targets", "show", "sales", "2026-Q2", "--format", "csv").stdout
    assert "E1,Name of E1,Acme/East,,," in shown


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "sales", "2026-Q2"), "No targets of sales are being set for 2026-Q2"),
        (("open", "sales", "2026-Q2", "5", "--unit", "Nowhere"), "There is no unit Nowhere"),
        (("open", "win_rate", "2026-Q2", "5"), "Nobody in Acme is read against a target of win_rate"),
        (("open", "sales", "2026-Q2", "5", "--season", "1,2"), "has 3 months: give a weight for each"),
        (("open", "sales", "2026-W11", "5"), "is a week"),
        (("propose", "sales", "2026-Q2", "--growth", "much"), "is not a plain number"),
        (("propose", "sales", "2026-Q2"), "No targets of sales are being set for 2026-Q2"),
        (("open", "sales", "2026-Q2", "lots"), "is not a plain number"),
    ],
)
def test_what_cannot_be_gets_a_sentence(acme: Pacesetter, arguments: tuple[str, ...], sentence: str) -> None:
    said = acme("targets", *arguments)
    assert sentence in " ".join(said.stderr.replace("│", " ").split())


def test_before_there_is_a_company_it_says_so(pacesetter: Pacesetter) -> None:
    said = pacesetter("targets", "open", "sales", "2026-Q2", "5")
    assert "There is no unit yet: import a company first." in " ".join(said.stderr.split())
