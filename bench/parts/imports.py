"""(d) The import of 1 000 000 measure rows, validation included, beside `csv.reader` and `executemany`."""

import csv
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from bench.company import CLOCK, MEASURES, PLAN
from bench.databases import NAMES, a_database
from bench.measuring import REPEATS, SHORT_RUN_S, Comparison, Outcome, Timed, in_a_process, medians
from domain.database import Database
from domain.imports.service import import_folder
from domain.loads import begin_load
from domain.metrics.model import MeasureRecord
from domain.people.model import Person

ROWS = 1_000_000
PEOPLE = 1_000
RIVAL_CHUNK = 1_000
LIMITS = {"SQLite": 0.9, "PostgreSQL": 0.3}
PEOPLE_COLUMNS = (
    "employee_id,name,role,job_family,unit,hired_on,left_on,email,title,manager_id,locale,time_zone"
)
RECORDS = MeasureRecord.__table__


def measure() -> Iterator[Comparison]:
    with tempfile.TemporaryDirectory(prefix="pacesetter-bench-") as folder:
        nobody, everything = Path(folder) / "nobody", Path(folder) / "everything"
        _write_folder(nobody, rows=0)
        _write_folder(everything, rows=ROWS)
        for name in NAMES:
            ours, rival = medians(
                [
                    partial(_on_a_new_database, name, nobody, everything, contender)
                    for contender in (ours_imports, rival_imports)
                ]
            )
            yield Comparison(
                part=f"d, {name}",
                what=f"The import of a folder with {ROWS} rows of measures of {PEOPLE} people who are known, "
                "each row checked; the rival reads the file by csv.reader, turns each cell into its type, "
                f"checks nothing, and writes by Core executemany, {RIVAL_CHUNK} rows at a time, in one "
                "transaction. Same table, same indexes.",
                unit="s",
                ours=ours.seconds,
                rival=rival.seconds,
                limit=LIMITS[name],
                runs=1 if rival.seconds > SHORT_RUN_S else REPEATS,
            )


def _on_a_new_database(
    name: str, people: Path, everything: Path, contender: Callable[[str, Path], Timed]
) -> Outcome:
    with a_database(name) as database:
        with database.writing() as session:
            import_folder(session, CLOCK, people, "cli:bench")
        outcome = in_a_process(contender, database.url.render_as_string(hide_password=False), everything)
        with database.reading() as session:
            written = session.scalar(sa.select(sa.func.count()).select_from(RECORDS))
        if written != ROWS:
            raise RuntimeError(f"{written} of {ROWS} rows were written")
        return outcome


def ours_imports(url: str, folder: Path) -> Timed:
    database = Database(url)
    started = time.perf_counter()
    with database.writing() as session:
        import_folder(session, CLOCK, folder, "cli:bench")
    return Timed(time.perf_counter() - started)


def rival_imports(url: str, folder: Path) -> Timed:
    database = Database(url)
    started = time.perf_counter()
    with database.writing() as session, (folder / "measures.csv").open(encoding="utf-8", newline="") as file:
        load_id = begin_load(session, CLOCK, "import", "cli:bench").id
        people = session.execute(sa.select(Person.employee_id, Person.id))
        ids = dict(people.tuples().all())
        rows = csv.reader(file)
        next(rows)
        typed = (
            {
                "source": "import",
                "record_id": record_id,
                "person_id": ids[employee_id],
                "measure": measure,
                "occurred_on": date.fromisoformat(day),
                "value": Decimal(value),
                "added_in": load_id,
            }
            for record_id, employee_id, measure, day, value in rows
        )
        while chunk := list(islice(typed, RIVAL_CHUNK)):
            session.connection().execute(sa.insert(RECORDS), chunk)
    return Timed(time.perf_counter() - started)


def _write_folder(folder: Path, rows: int) -> None:
    folder.mkdir()
    (folder / "plan.toml").write_text(PLAN)
    people = [f"E{number:05}" for number in range(PEOPLE)]
    _write_csv(
        folder / "people.csv",
        PEOPLE_COLUMNS,
        (
            (employee_id, employee_id, "rep", "sales", f"Bench/T{number // 10}", "2024-02-01", *[""] * 6)
            for number, employee_id in enumerate(people)
        ),
    )
    targets = [(people[0], "sales", "2026-06", 80_000)]
    _write_csv(folder / "targets.csv", "owner,indicator,period,amount", targets)
    chance, first = random.Random(20260601), date(2026, 1, 1)  # noqa: S311 - sample data is seeded on purpose
    _write_csv(
        folder / "measures.csv",
        "record_id,employee_id,measure,occurred_on,value",
        (
            (
                f"{chance.getrandbits(48):012x}-{number}",
                chance.choice(people),
                chance.choice(MEASURES),
                first + timedelta(days=chance.randrange(180)),
                f"{chance.uniform(0, 5000):.2f}",
            )
            for number in range(rows)
        ),
    )


def _write_csv(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
