"""Plans from the command line: checked in words, held against the past, put into force."""

import csv
from io import StringIO
from pathlib import Path

import pytest

from domain.imports.files import Columns
from domain.previews.sheets import CHANGE_COLUMNS, TOTAL_COLUMNS
from domain.tables import read_table
from tests.builders import SALES_PLAN, CompanyFolder
from tests.cli.conftest import Pacesetter

DRAFT = SALES_PLAN.replace("weight = 60", "weight = 90").replace('from = "2026-01"', 'from = "2026-07"')


@pytest.fixture
def acme(pacesetter: Pacesetter, tmp_path: Path) -> Pacesetter:
    folder = CompanyFolder().plan()
    for rep, won in (("E1", 800), ("E2", 1100)):
        folder.person(rep, unit="Acme/East").target(rep, "sales", "2026-05", 1000)
        folder.measure(rep, "won_amount", "2026-05-05", won).measure(rep, "wins", "2026-05-05", 1)
        folder.measure(rep, "closed_deals", "2026-05-05", 2)
    pacesetter("import", folder.write(tmp_path / "acme"))
    pacesetter("lock", "2026-05")
    return pacesetter


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.toml"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_a_plan_is_said_in_words(pacesetter: Pacesetter, draft: Path) -> None:
    said = pacesetter("plan", "check", draft).stdout

    assert "sales-plan scores sales from 2026-07 on." in said
    assert "sales (69.2%, weight 90): won_amount against the target." in said


def test_a_wrong_plan_and_two_that_clash_are_refused(pacesetter: Pacesetter, draft: Path) -> None:
    (draft.parent / "plans").mkdir()
    for name in ("one", "two"):
        (draft.parent / "plans" / f"{name}.toml").write_text(DRAFT, encoding="utf-8")
    clash = pacesetter("plan", "check", draft.parent / "plans")
    draft.write_text(DRAFT.replace("weight = 90", "weight = 0"), encoding="utf-8")
    wrong = pacesetter("plan", "check", draft)

    assert 'two.toml, line 3: the job family "sales" and the first month 2026-07 are those of' in clash.stderr
    assert "draft.toml, line 9: The weight of" in wrong.stderr


def test_a_preview_prints_writes_and_draws_who_would_change(
    acme: Pacesetter, draft: Path, tmp_path: Path
) -> None:
    to, chart = tmp_path / "changes.xlsx", tmp_path / "tiers.png"

    said = acme(
        *("plan", "preview", draft, "--periods", "2026-05..2026-06", "--format", "csv"),
        *("--to", to, "--chart", chart),
    )

    rows = list(csv.DictReader(StringIO(said.stdout)))
    assert [(row["employee_id"], row["score"], row["new_score"], row["difference"]) for row in rows] == [
        ("E1", "76", "72.31", "-3.69"),
        ("E2", "106", "106.92", "0.92"),
    ]
    assert "2 changes among" in said.stderr
    assert [row.cells["new_score"] for row in read_table(to, Columns(CHANGE_COLUMNS, ()))] == [
        "72.31",
        "106.92",
    ]
    totals = list(read_table(tmp_path / "changes-totals.xlsx", Columns(TOTAL_COLUMNS, ())))
    assert {row.cells["unit"] for row in totals} == {"", "Acme/East"}
    assert chart.read_bytes().startswith(b"\x89PNG")
    assert "B: 1, in force 1" in said.stderr


@pytest.mark.parametrize(
    ("periods", "sentence"),
    [
        ("soon", 'I do not know the period "soon".'),
        ("2026-06..2026-05", "2026-06..2026-05 is no span"),
        ("2026-01..2026-Q2", "2026-01..2026-Q2 is no span"),
    ],
)
def test_periods_that_are_none_are_refused(
    acme: Pacesetter, draft: Path, periods: str, sentence: str
) -> None:
    assert sentence in acme("plan", "preview", draft, "--periods", periods).stderr


def test_a_plan_is_put_into_force_from_its_first_month_on(acme: Pacesetter, draft: Path) -> None:
    first = acme("plan", "apply", draft)
    again = acme("plan", "apply", draft)
    draft.write_text(DRAFT.replace("2026-07", "2026-05"), encoding="utf-8")
    refused = acme("plan", "apply", draft)

    assert "sales-plan, version 1, scores sales from 2026-07 on." in first.stderr
    assert "Until then it is sales-plan (2026-01)" in first.stderr
    assert "in force like that already" in again.stderr
    assert "2026-05 is locked" in refused.stderr
    assert "comes out the same" in acme("verify", "2026-05").stderr
