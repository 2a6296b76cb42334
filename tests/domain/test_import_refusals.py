"""Bad input is refused with file, line, column, value and reason, and nothing is loaded."""

import csv
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.clock import FixedClock
from domain.database import Database
from domain.imports.files import Columns, read_rows
from domain.imports.service import import_folder
from domain.loads import Load
from domain.metrics.bench import INCOMING, open_bench
from domain.people.model import Person
from domain.rows import MOST_PROBLEMS, BadRow, ImportRefused
from tests.builders import CompanyFolder

SHARE = 1 if os.environ.get("PACESETTER_LONG") else 3
"""Of the examples, so many times fewer."""
NOW = FixedClock(datetime(2026, 7, 7, 2, 0, tzinfo=UTC))


def a_company() -> CompanyFolder:
    """Every file, every column filled at least once."""
    return (
        CompanyFolder()
        .person("M1", role="manager", unit="Acme/West", left_on="2026-12-31", slack_id="U9")
        .person("E1", unit="Acme/West/One", manager_id="M1", slack_id="U1", left_on="2026-12-31")
        .target("E1", "sales", "2026-03", "1000.50", since="2026-03-10")
        .target("Acme/West", "sales", "2026-Q1", 9000, since="2026-02-01")
        .measure("E1", "won_amount", "2026-03-05", "800.12", customer_id="C1", source="crm")
        .measure("M1", "won_amount", "2026-03-06", "-20", customer_id="C2", source="crm")
        .leave("E1", "2026-03-10", "2026-03-12")
        .transfer("E1", "2026-04-01", unit="Acme/East", manager_id="M1", job_family="sales")
        .covered("won_amount", "2026-01-01", "2026-06-30")
        .unit("Acme/West", manager_id="M1", hr_id="M1", channel="managers-west")
        .plan()
    )


BAD_CELLS = {
    "people": {
        "employee_id": ["", " E1", "x" * 101],
        "name": ["", "Ada ", "x" * 201],
        "email": ["ada", "a b@example.com"],
        "role": ["", "boss", "Rep"],
        "manager_id": ["E99"],
        "unit": ["", "/Acme", "Acme//West", "Acme/ West"],
        "hired_on": ["", "2026-13-01", "01.01.2026", "2026-1-1", "2027-01-01", "20260101"],
        "left_on": ["2024-12-31", "soon"],
        "locale": ["english", "en/US"],
        "time_zone": ["Shanghai", "UTC+8"],
        "slack_id": ["ada", "u1"],
    },
    "targets": {
        "owner": ["", "E99", "Acme/North"],
        "indicator": [""],
        "period": ["", "2026-3", "2026-13", "2026-W54", "2026-Q5", "March"],
        "amount": ["", "-1", "1e3", "1,000", "NaN", "0.00001", "1" * 13, "+5", "٣"],
        "from": ["2026-05-01", "later"],
    },
    "measures": {
        "record_id": ["", " r1", "x" * 201],
        "employee_id": ["", "E99"],
        "measure": ["", "*", "x" * 101],
        "occurred_on": ["", "2026-02-30", "2026-3-5", "1899-12-31", "0000-01-01", "2026-03-05T00:00"],
        "value": ["", "1e3", "NaN", "1,000", "0.00001", "1" * 13, "+5", ".5", "5.", "Infinity", "0x1", "٣"],
        "customer_id": ["x" * 201, "C1 "],
        "source": ["x" * 101],
    },
    "leaves": {
        "employee_id": ["", "E99"],
        "from": ["", "2026-03-13"],
        "to": ["", "2026-03-09"],
        "kind": [""],
    },
    "assignments": {
        "employee_id": ["", "E99"],
        "from": ["", "2026-04-31"],
        "unit": ["Acme/"],
        "manager_id": ["E99"],
        "job_family": ["x" * 101],
    },
    "coverage": {"measure": ["", "*"], "from": ["", "2026-07-01"], "to": ["", "2025-12-31"]},
    "units": {
        "unit": ["", "Acme//West"],
        "manager_id": ["E99"],
        "hr_id": ["E99"],
        "channel": ["Managers West", "#west"],
    },
}
REPORTED_ELSEWHERE = {
    ("people", "hired_on", "2027-01-01"): "left_on",
    ("leaves", "from", "2026-03-13"): "to",
    ("coverage", "from", "2026-07-01"): "to",
}
"""Of two days in the wrong order the later column is named."""


def problems_of(database: Database, folder: Path) -> list[BadRow]:
    with pytest.raises(ImportRefused) as refused, database.writing() as session:
        import_folder(session, NOW, folder, "cli:test")
    return refused.value.problems


@st.composite
def a_corrupted_cell(draw: st.DrawFn) -> tuple[str, str, str]:
    table = draw(st.sampled_from(sorted(BAD_CELLS)))
    column = draw(st.sampled_from(sorted(BAD_CELLS[table])))
    return table, column, draw(st.sampled_from(BAD_CELLS[table][column]))


@given(corrupted=a_corrupted_cell(), chance=st.randoms(use_true_random=False))
@settings(
    max_examples=60 // SHARE, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_one_corrupted_cell_is_named_and_nothing_is_loaded(
    sqlite_database: Database, tmp_path: Path, corrupted: tuple[str, str, str], chance: random.Random
) -> None:
    table, column, value = corrupted
    company = a_company()
    rows = company.tables[table]
    chance.shuffle(rows)
    # the last of the shuffled rows, so that other rows may refer to the one before
    company.tables[table][-1][column] = value
    folder = company.write(tmp_path / "acme")

    problems = problems_of(sqlite_database, folder)

    place = REPORTED_ELSEWHERE.get((table, column, value), column)
    assert (f"{table}.csv", len(rows) + 1, place) in {(p.file, p.line, p.column) for p in problems}
    with sqlite_database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Load)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        (table, column, value)
        for table, columns in BAD_CELLS.items()
        for column, values in columns.items()
        for value in values
    ],
)
def test_each_bad_value_has_a_reason(
    sqlite_database: Database, tmp_path: Path, table: str, column: str, value: str
) -> None:
    company = a_company()
    company.tables[table][-1][column] = value

    problems = problems_of(sqlite_database, company.write(tmp_path / "acme"))

    place = REPORTED_ELSEWHERE.get((table, column, value), column)
    [problem] = [p for p in problems if (p.file, p.column) == (f"{table}.csv", place)]
    assert problem.line == len(company.tables[table]) + 1
    assert problem.value == company.tables[table][-1][place]
    assert problem.reason.endswith(".")
    assert f"{table}.csv, line {problem.line}, {place}: " in str(problem)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: c.person("E1"), 'people.csv, line 4, employee_id: "E1" comes twice'),
        (
            lambda c: c.person("E2", slack_id="U1"),
            'people.csv, line 4, slack_id: "U1" is already the Slack id of E1',
        ),
        (
            lambda c: c.target("E1", "sales", "2026-03", "1000.50", since="2026-03-10"),
            'targets.csv, line 4, owner: "E1" has a second target',
        ),
        (
            lambda c: c.transfer("E1", "2026-04-01", unit="Acme"),
            'assignments.csv, line 3, from: "2026-04-01" is the day of two transfers',
        ),
        (
            lambda c: c.measure("E1", "won_amount", "2026-03-05", "1", "r1", source="crm"),
            'measures.csv, line 4, record_id: "r1" comes again with other content (first on line 2)',
        ),
        (lambda c: c.unit("Acme/West"), 'units.csv, line 3, unit: "Acme/West" comes twice'),
        (
            lambda c: c.transfer("M1", "2026-05-01", manager_id="E1"),
            'assignments.csv, line 3, manager_id: "E1" closes a circle of managers from 2026-05-01 on (M1',
        ),
        (
            lambda c: c.person("E2", manager_id="E2"),
            'people.csv, line 4, manager_id: "E2" closes a circle of managers from 2025-01-01 on (E2 → E2)',
        ),
        (lambda c: c.company('colour = "red"'), 'company.toml, line 1: Company.toml has no key "colour"'),
        (lambda c: c.company('\ntime_zone = "Mars"'), 'company.toml, line 2: "time_zone" is "Mars", which'),
        (lambda c: c.company('calendar = "moon"'), 'company.toml, line 1: "calendar" is "moon", which'),
        (lambda c: c.plan("name = 1"), "plan.toml, line 1: "),
    ],
)
def test_rows_that_do_not_go_together_are_refused(
    sqlite_database: Database, tmp_path: Path, change: object, sentence: str
) -> None:
    company = a_company()
    change(company)

    problems = problems_of(sqlite_database, company.write(tmp_path / "acme"))

    assert any(str(problem).startswith(sentence) for problem in problems), list(map(str, problems))


def test_a_loop_that_never_existed_on_one_day_is_none(sqlite_database: Database, tmp_path: Path) -> None:
    company = (
        CompanyFolder()
        .person("A", manager_id="B", left_on="2026-03-31")
        .person("B", unit="Acme")
        .transfer("B", "2026-04-01", manager_id="A")
        .plan()
    )

    with sqlite_database.writing() as session:
        assert import_folder(session, NOW, company.write(tmp_path), "cli:test").changed


def test_many_problems_are_listed_together_up_to_a_number(sqlite_database: Database, tmp_path: Path) -> None:
    company = a_company()
    for number in range(MOST_PROBLEMS + 5):
        company.measure("E1", "won_amount", "2026-03-05", f"bad {number}")

    problems = problems_of(sqlite_database, company.write(tmp_path / "acme"))

    assert [problem.line for problem in problems] == list(range(4, 4 + MOST_PROBLEMS))


@pytest.mark.parametrize("file", ["people.csv", "targets.csv", "measures.csv", "plan.toml"])
def test_a_missing_file_is_named(sqlite_database: Database, tmp_path: Path, file: str) -> None:
    folder = a_company().write(tmp_path / "acme")
    (folder / file).unlink()

    [problem] = problems_of(sqlite_database, folder)

    assert str(problem).startswith(f"{file}: is missing: add")


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("employee_id,from,to,kind,why", "leaves.csv, line 1, why: is a column this file does not have."),
        ("employee_id,from,kind", "leaves.csv, line 1, to: is missing from the header"),
        ("employee_id,from,to,kind,to", "leaves.csv, line 1, to: comes twice in the header"),
        ("", "leaves.csv: is empty: it needs at least the header employee_id,from,to,kind"),
        ("employee_id;from;to;kind", "leaves.csv, line 1: has semicolons between the columns: save"),
        ("employee_id\tfrom\tto\tkind", "leaves.csv, line 1: has tabs between the columns: save"),
    ],
)
def test_a_wrong_header_is_explained(
    sqlite_database: Database, tmp_path: Path, header: str, sentence: str
) -> None:
    folder = a_company().write(tmp_path / "acme")
    (folder / "leaves.csv").write_text(header)

    assert str(problems_of(sqlite_database, folder)[0]).startswith(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"r1,E1,won_amount,2026-03-05\n", "line 2: has 4 cells where the header has 5"),
        (b'"r\n1",E1,won_amount,2026-03-05,1\nr2,E1,won_amount,2026-03-05,x\n', 'line 4, value: "x"'),
        (b"\n\r\nr1,E1,won_amount,2026-03-05,x\n", 'line 4, value: "x"'),
        (b"r1,E1,won_amount,2026-03-05,1\nr\xff,E1,won_amount,2026-03-05,1\n", "line 3: is not UTF-8"),
        (b'"r1,E1,won_amount,2026-03-05,1\n', "line 2: is not CSV"),
        (b"r\x001,E1,won_amount,2026-03-05,1\n", "line 2: holds a NUL character"),
    ],
)
def test_lines_are_right_in_measures_whatever_is_in_them(
    sqlite_database: Database, tmp_path: Path, content: bytes, sentence: str
) -> None:
    folder = a_company().write(tmp_path / "acme")
    (folder / "measures.csv").write_bytes(b"record_id,employee_id,measure,occurred_on,value\n" + content)

    [problem] = problems_of(sqlite_database, folder)

    assert str(problem).startswith(f"measures.csv, {sentence}")


CELLS = st.text(st.sampled_from(list("ab,\";\n\r \t|'\\é中0")), max_size=6)


@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8), bom=st.booleans())
@settings(
    max_examples=150 // SHARE, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_fast_reading_of_a_file_is_the_slow_one(tmp_path: Path, rows: list[list[str]], bom: bool) -> None:
    header = ["record_id", "employee", "measure"]
    path = tmp_path / "measures.csv"
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])

    def cells() -> Iterator[tuple[str, ...]]:
        with open_bench() as bench:
            if bench.lay_out_csv(path, {}, header, "import"):
                yield from bench.run(f"SELECT {', '.join(INCOMING)} FROM incoming").fetchall()
            else:
                bench.lay_out_rows(read_rows(path, Columns(header)), {}, "import")
                yield from bench.run(f"SELECT {', '.join(INCOMING)} FROM incoming").fetchall()

    slow = [(*row.cells.values(), "", "", "", "import") for row in read_rows(path, Columns(header))]
    assert sorted(cells()) == sorted(slow)
