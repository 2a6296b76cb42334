"""Tables for people: nothing in them runs, and what is written is what is read."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from domain.errors import BadInput
from domain.imports.files import Columns
from domain.rows import ImportRefused
from domain.tables import KINDS, defused, read_table, write_table

COLUMNS = Columns(("owner", "amount"), ("name",))
SAFE_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\x85"),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() == text)


@pytest.fixture(params=KINDS)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"table{request.param}"


def read(path: Path) -> list[dict[str, str]]:
    return [dict(row.cells) for row in read_table(path, COLUMNS)]


def test_what_is_written_is_what_is_read(path: Path) -> None:
    # given
    rows = [
        {"owner": "E1", "amount": Decimal("1234.5600"), "name": "Zhou, Li"},
        {"owner": "Acme/West", "amount": "", "name": ""},
        {"owner": "007", "amount": Decimal("12345678901234.5678"), "name": '王 "Lao" 丽'},
    ]
    # when
    write_table(path, ("owner", "name", "amount"), rows)
    # then
    assert read(path) == [
        {"owner": "E1", "amount": "1234.56", "name": "Zhou, Li"},
        {"owner": "Acme/West", "amount": "", "name": ""},
        {"owner": "007", "amount": "12345678901234.5678", "name": '王 "Lao" 丽'},
    ]


@pytest.mark.parametrize(
    "formula", ["=1+1", "+SUM(A1)", "-2+3", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x","y")', "'=1+1"]
)
def test_formulas_are_written_as_text_and_come_back_as_they_were(path: Path, formula: str) -> None:
    # when
    write_table(path, ("owner", "amount"), [{"owner": formula, "amount": Decimal(1)}])
    # then
    stored = _stored(path)
    assert stored.startswith("'")
    assert read(path)[0]["owner"] == formula


def _stored(path: Path) -> str:
    if path.suffix == ".xlsx":
        cell = load_workbook(path).active["A2"]
        assert cell.data_type == "s"
        return str(cell.value)
    return path.read_text(encoding="utf-8-sig").splitlines()[1].lstrip('"')


@given(text=SAFE_TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives(text: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_table(path, ("owner", "amount"), [{"owner": text, "amount": Decimal(-3)}])
    assert read(path) == [{"owner": text, "amount": "-3", "name": ""}]


def test_numbers_below_0_are_no_formulas() -> None:
    assert defused("-3.5") == "-3.5"


def test_a_number_that_a_person_typed_into_excel_is_read_as_typed(tmp_path: Path) -> None:
    # given: Excel keeps 83.35 as a float
    path = tmp_path / "table.xlsx"
    write_table(path, ("owner", "amount"), [{"owner": "E1", "amount": Decimal("83.35")}])
    book = load_workbook(path)
    book.active["B2"] = 83.1
    book.active["D7"] = " "
    book.save(path)
    # then
    assert read(path)[0]["amount"] == "83.1"


@pytest.mark.parametrize("name", ["table.txt", "table", "table.xls"])
def test_other_kinds_of_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"neither .csv nor .xlsx"):
        write_table(tmp_path / name, ("owner",), [])
    with pytest.raises(BadInput, match=r"neither .csv nor .xlsx"):
        read(tmp_path / name)


def test_a_folder_that_is_not_there_is_said(path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written: No such file"):
        write_table(path.parent / "nowhere" / path.name, ("owner",), [])


@pytest.mark.parametrize("content", [b"", b"no spreadsheet", b"PK\x03\x04broken"])
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match=r"table\.xlsx: cannot be read"):
        read(path)


def test_a_missing_column_is_named(path: Path) -> None:
    write_table(path, ("owner",), [{"owner": "E1"}])
    with pytest.raises(ImportRefused, match="amount: is missing from the header"):
        read(path)
