"""A real CRM extract, from its CSV files to published cards: the totals are those of a direct query."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import import_folder
from domain.periods import Period
from domain.scoring.printing import line_rows
from domain.scoring.service import score_and_lock
from domain.scoring.verification import verify
from tests.examples.folders import make_folder

MONTHS = [f"2017-{number:02}" for number in range(3, 13)]


def direct_totals(extract: Path) -> dict[str, tuple[Decimal, int, int]]:
    """By month of closing: the amount won, deals won, deals closed; straight from the CRM's own file."""
    rows = duckdb.execute(
        """
        SELECT strftime(strptime(close_date, '%m/%d/%Y'), '%Y-%m') AS month,
            sum(close_value::DECIMAL(18, 2)) FILTER (deal_stage = 'Won'),
            count(*) FILTER (deal_stage = 'Won'),
            count(*)
        FROM read_csv(?, all_varchar = true)
        WHERE deal_stage IN ('Won', 'Lost')
        GROUP BY month
        """,
        [str(extract / "sales_pipeline.csv")],
    ).fetchall()
    return {month: (won, wins, closed) for month, won, wins, closed in rows}


def test_the_cards_add_up_to_what_the_crm_says(
    sqlite_database: Database, shared: Path, tmp_path: Path
) -> None:
    # Given: the extract, imported on a day in January 2018
    extract = shared / "data" / "maven-crm"
    folder = make_folder("maven-crm", tmp_path / "maven", {"MAVEN_CRM_DIR": str(extract.absolute())})
    clock = FixedClock(datetime(2018, 1, 8, 16, tzinfo=UTC))
    with sqlite_database.writing() as session:
        import_folder(session, clock, folder, "cli:test")

    # When: every month is scored and locked
    for month in MONTHS:
        score_and_lock(sqlite_database, clock, Period.parse(month), "cli:test")

    # Then
    expected = direct_totals(extract)
    with sqlite_database.reading() as session:
        for month in MONTHS:
            lines = list(line_rows(session, Period.parse(month)))
            won, wins, closed = expected[month]
            assert sum(Decimal(line["actual"]) for line in lines if line["name"] == "sales") == won
            rates = session.execute(
                sa.text(
                    "SELECT sum(actual) / 10000, sum(denominator) / 10000 FROM card_lines "
                    "JOIN cards ON cards.id = card_id JOIN periods ON published_run_id = run_id "
                    "WHERE key = :month AND card_lines.name = 'win_rate'"
                ),
                {"month": month},
            ).one()
            assert tuple(rates) == (wins, closed)
            assert verify(session, Period.parse(month)) == []
