"""The Maven folder says what the CRM's own files say, computed here a second time, another way."""

import csv
import tomllib
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from tests.examples.folders import EXAMPLES, contents, make_folder, problems, read, run_script

EXAMPLE = EXAMPLES / "maven-crm"

# measure, agent, month -> sum
Totals = dict[tuple[str, str, str], Decimal]


@pytest.fixture(scope="module")
def folder_totals(maven_folder: Path) -> Totals:
    name = {person["employee_id"]: person["name"] for person in read(maven_folder, "people.csv")}
    totals: Totals = defaultdict(Decimal)
    for row in read(maven_folder, "measures.csv"):
        totals[row["measure"], name[row["employee_id"]], row["occurred_on"][:7]] += Decimal(row["value"])
    return totals


@pytest.fixture(scope="module")
def deals(maven_extract: Path) -> list[dict[str, str]]:
    """The closed deals as they stand in the file, in order of closing."""
    with (maven_extract / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        closed = [deal for deal in csv.DictReader(file) if deal["deal_stage"] in ("Won", "Lost")]
    return sorted(closed, key=lambda deal: (us_date(deal["close_date"]), deal["opportunity_id"]))


def us_date(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def month_of(deal: dict[str, str]) -> str:
    return us_date(deal["close_date"]).isoformat()[:7]


def only(totals: Totals, measure: str) -> dict[tuple[str, str], Decimal]:
    return {(agent, month): value for (name, agent, month), value in totals.items() if name == measure}


@pytest.mark.parametrize(
    ("measure", "aggregate"),
    [
        ("won_amount", "sum(close_value) FILTER (deal_stage = 'Won')"),
        ("wins", "count(*) FILTER (deal_stage = 'Won')"),
        ("losses", "count(*) FILTER (deal_stage = 'Lost')"),
        ("closed_deals", "count(close_date)"),
    ],
)
def test_totals_equal_a_direct_query_over_the_csv_file(
    maven_extract: Path, folder_totals: Totals, measure: str, aggregate: str
) -> None:
    # Given: the file as DuckDB's own reader understands it
    rows = duckdb.execute(
        f"""
        SELECT sales_agent, strftime(close_date, '%Y-%m'), {aggregate}
        FROM read_csv(?, dateformat = '%m/%d/%Y')
        WHERE close_date IS NOT NULL
        GROUP BY ALL
        """,
        [str(maven_extract / "sales_pipeline.csv")],
    ).fetchall()

    # When
    expected = {(agent, month): Decimal(value) for agent, month, value in rows if value}

    # Then
    assert len(expected) > 250
    assert only(folder_totals, measure) == expected


def test_the_misspelt_product_finds_its_list_price(
    maven_extract: Path, maven_folder: Path, deals: list[dict[str, str]]
) -> None:
    with (maven_extract / "products.csv").open(encoding="utf-8", newline="") as file:
        price = {row["product"].replace(" ", ""): Decimal(row["sales_price"]) for row in csv.DictReader(file)}
    values = {row["record_id"]: Decimal(row["value"]) for row in read(maven_folder, "measures.csv")}
    won = [deal for deal in deals if deal["deal_stage"] == "Won"]

    for deal in won:
        list_price = price[deal["product"].replace(" ", "")]
        assert values[f"{deal['opportunity_id']}:list_amount"] == list_price
        assert values[f"{deal['opportunity_id']}:discount_amount"] == list_price - Decimal(
            deal["close_value"]
        )
    assert any(deal["product"] == "GTXPro" for deal in won)


def test_a_new_customer_is_the_agents_first_win_with_an_account(
    folder_totals: Totals, deals: list[dict[str, str]]
) -> None:
    seen: set[tuple[str, str]] = set()
    expected: Counter[tuple[str, str]] = Counter()
    for deal in deals:
        pair = deal["sales_agent"], deal["account"]
        if deal["deal_stage"] == "Won" and pair not in seen:
            seen.add(pair)
            expected[deal["sales_agent"], month_of(deal)] += 1

    assert only(folder_totals, "new_customers") == expected


def test_days_to_close_are_those_of_the_deals_won(folder_totals: Totals, deals: list[dict[str, str]]) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for deal in deals:
        if deal["deal_stage"] == "Won":
            took = us_date(deal["close_date"]) - us_date(deal["engage_date"])
            expected[deal["sales_agent"], month_of(deal)] += took.days

    assert only(folder_totals, "days_to_close") == expected


def test_a_target_is_the_mean_of_the_three_months_before(maven_folder: Path, folder_totals: Totals) -> None:
    months = [f"2017-{month:02}" for month in range(3, 13)]
    won = only(folder_totals, "won_amount")
    expected = {}
    for person in read(maven_folder, "people.csv"):
        for index in range(3, len(months)):
            quarter = sum(won.get((person["name"], month), Decimal(0)) for month in months[index - 3 : index])
            if quarter:
                mean = (quarter / 3).quantize(Decimal("0.01"), ROUND_HALF_UP)
                expected[person["employee_id"], "sales", months[index]] = mean

    targets = read(maven_folder, "targets.csv")

    assert {
        (row["owner"], row["indicator"], row["period"]): Decimal(row["amount"]) for row in targets
    } == expected
    assert len(targets) == 30 * 7


def test_every_agent_is_in_the_team_of_the_crm(maven_extract: Path, maven_folder: Path) -> None:
    with (maven_extract / "sales_teams.csv").open(encoding="utf-8", newline="") as file:
        teams = list(csv.DictReader(file))
    people = {person["employee_id"]: person for person in read(maven_folder, "people.csv")}
    by_name = {person["name"]: person for person in people.values()}

    for row in teams:
        agent = by_name[row["sales_agent"]]
        assert people[agent["manager_id"]]["name"] == row["manager"]
        assert agent["unit"] == f"Maven/{row['regional_office']}/Team {row['manager'].split()[-1]}"
    assert Counter(person["role"] for person in people.values()) == {
        "rep": 35,
        "manager": 6,
        "hr": 1,
        "admin": 1,
    }


def test_covered_are_the_months_in_which_deals_close(maven_folder: Path) -> None:
    spans = {(row["from"], row["to"]) for row in read(maven_folder, "coverage.csv")}

    assert spans == {("2017-03-01", "2017-12-31")}


def test_folder_is_valid_and_the_same_bytes_whenever_it_is_written(
    maven_extract: Path, maven_folder: Path, tmp_path: Path
) -> None:
    again = make_folder("maven-crm", tmp_path / "again", {"MAVEN_CRM_DIR": str(maven_extract)})

    assert problems(maven_folder) == []
    assert contents(again) == contents(maven_folder)


def test_the_live_source_yields_the_rows_of_the_folder(maven_extract: Path, maven_folder: Path) -> None:
    # Given: the source as sources.toml describes it
    [source] = tomllib.loads((EXAMPLE / "sources.toml").read_text(encoding="utf-8"))["sources"]
    connection = duckdb.connect()
    for table, file in source["files"].items():
        path = file.replace("${MAVEN_CRM_DIR}", str(maven_extract))
        connection.read_csv(path, header=True, all_varchar=True).to_table(table)

    # When
    result = connection.execute((EXAMPLE / source["query"]).read_text(encoding="utf-8"))
    columns = [column[0] for column in result.description]
    rows = result.fetchall()

    # Then
    assert columns == ["record_id", "employee", "measure", "occurred_on", "value", "customer_id"]
    in_folder = [tuple(row.values()) for row in read(maven_folder, "measures.csv")]
    assert [(*(str(value) for value in row), source["name"]) for row in rows] == in_folder
    assert set(source["measures"]) == {row[2] for row in rows}


def test_without_the_extract_it_says_what_to_do(tmp_path: Path) -> None:
    done = run_script("maven-crm", tmp_path / "out", {"MAVEN_CRM_DIR": str(tmp_path / "nowhere")})

    assert done.returncode == 1
    assert "set MAVEN_CRM_DIR" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()
