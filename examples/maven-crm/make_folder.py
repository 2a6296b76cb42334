"""Write the Maven CRM extract as an import folder: `python make_folder.py OUT_DIR`.

The mapping is in the .sql files beside this script; it runs them and writes their rows.
The extract is looked for in MAVEN_CRM_DIR, else in PACESETTER_SHARED/data/maven-crm, else in
../shared/data/maven-crm beside the checkout.
"""

import csv
import os
import shutil
import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent

TABLES = {
    "pipeline": "sales_pipeline.csv",
    "products": "products.csv",
    "teams": "sales_teams.csv",
}
# In this order, because a query may read those before it.
QUERIES = ["people", "units", "measures", "coverage", "targets"]
COPIED = ["company.toml", "plan.toml"]
SOURCE = "maven-crm"
"""As in sources.toml: a record that is imported and then pulled is one record."""


class ExtractNotFoundError(Exception):
    """The extract is not where it was looked for; the message says where, and what to do."""


def find_extract() -> Path:
    """The folder with the CRM's CSV files. Raises ExtractNotFoundError."""
    shared = Path(os.environ.get("PACESETTER_SHARED") or CHECKOUT.parent / "shared")
    folder = Path(os.environ.get("MAVEN_CRM_DIR") or shared / "data" / "maven-crm").absolute()
    missing = [name for name in TABLES.values() if not (folder / name).is_file()]
    if missing:
        raise ExtractNotFoundError(
            f"The Maven CRM extract is not in {folder} ({', '.join(missing)} missing): "
            "set MAVEN_CRM_DIR to the folder that holds its CSV files."
        )
    return folder


def connect(extract: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory with the extract's files as tables of text, and a view for each query."""
    connection = duckdb.connect()
    for table, name in TABLES.items():
        connection.read_csv(str(extract / name), header=True, all_varchar=True).to_table(table)
    for query in QUERIES:
        sql = (HERE / f"{query}.sql").read_text(encoding="utf-8")
        connection.execute(f"CREATE VIEW {query} AS {sql}")
    return connection


def write_csv(rows: duckdb.DuckDBPyRelation, path: Path) -> None:
    """The rows as UTF-8 CSV; NULL becomes an empty field."""
    # The source query says `employee`, which may also be an e-mail; in a folder it is always the id.
    header = ["employee_id" if column == "employee" else column for column in rows.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows.fetchall())


def make_folder(out: Path) -> None:
    """Write the import folder to `out`, which is made if it does not exist. Raises ExtractNotFoundError."""
    with connect(find_extract()) as connection:
        out.mkdir(parents=True, exist_ok=True)
        for query in QUERIES:
            rows = connection.view(query)
            write_csv(
                rows.project(f"*, '{SOURCE}' AS source") if query == "measures" else rows,
                out / f"{query}.csv",
            )
    for name in COPIED:
        shutil.copyfile(HERE / name, out / name)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Usage: python make_folder.py OUT_DIR", file=sys.stderr)
        return 2
    try:
        make_folder(Path(arguments[0]))
    except ExtractNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
