"""Write the sample company as an import folder: `python make_folder.py OUT_DIR`.

Always the same bytes. People and units are the files in company/, the plot is story.py, the plan is the
ready-made plans/consumer-loans.toml.
"""

import csv
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path

from records import MEASURES, Customers, Record, new_customers_target, records_of, sales_target
from roster import COMPANY, FIRST_DAY, LAST_DAY, MONTHS, Rep, load_reps
from story import conduct_by_month

PLAN = Path(__file__).resolve().parents[2] / "plans" / "consumer-loans.toml"


def make_folder(out: Path) -> None:
    """Write the import folder to `out`, which is made if it does not exist."""
    reps = load_reps()
    out.mkdir(parents=True, exist_ok=True)
    for source in sorted(COMPANY.iterdir()):
        shutil.copyfile(source, out / source.name)
    shutil.copyfile(PLAN, out / "plan.toml")
    write_csv(out / "targets.csv", ["owner", "indicator", "period", "amount"], targets(reps))
    write_csv(out / "coverage.csv", ["measure", "from", "to"], coverage())
    write_csv(out / "measures.csv", [column.name for column in fields(Record)], measures(reps))


def targets(reps: list[Rep]) -> Iterable[Sequence[object]]:
    for rep in reps:
        for month in MONTHS:
            if rep.employed_in(month):
                yield rep.employee_id, "sales", month, sales_target(rep, month)
                yield rep.employee_id, "new_customers", month, new_customers_target(rep)


def coverage() -> Iterable[Sequence[object]]:
    for measure in MEASURES:
        yield measure, FIRST_DAY, LAST_DAY


def measures(reps: list[Rep]) -> Iterable[Sequence[object]]:
    for rep in reps:
        customers = Customers(rep)
        for month, conduct in conduct_by_month(rep).items():
            for record in records_of(rep, month, conduct, customers):
                if record.occurred_on <= LAST_DAY:
                    yield astuple(record)


def write_csv(path: Path, header: list[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Usage: python make_folder.py OUT_DIR", file=sys.stderr)
        return 2
    make_folder(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
