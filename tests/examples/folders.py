"""Reading an import folder as a stranger would, and running the scripts that write one."""

import csv
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLES = CHECKOUT / "examples"

Row = dict[str, str]


def run_script(
    example: str, out: Path, env: Mapping[str, str] | None = None, arguments: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run an example's make_folder.py in its own process, `env` on top of the present environment."""
    script = EXAMPLES / example / "make_folder.py"
    return subprocess.run(
        [sys.executable, str(script), str(out), *arguments],
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def make_folder(
    example: str, out: Path, env: Mapping[str, str] | None = None, arguments: Sequence[str] = ()
) -> Path:
    done = run_script(example, out, env, arguments)
    assert done.returncode == 0, done.stderr
    return out


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def read(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def problems(folder: Path) -> list[str]:
    """What is wrong with the folder's rows, one line each; empty if nothing is."""
    people = read(folder, "people.csv")
    leaves = read(folder, "leaves.csv") if (folder / "leaves.csv").exists() else []
    moves = read(folder, "assignments.csv") if (folder / "assignments.csv").exists() else []
    units = read(folder, "units.csv")
    measures = read(folder, "measures.csv")
    targets = read(folder, "targets.csv")
    known = {person["employee_id"] for person in people}
    covered = {row["measure"]: (row["from"], row["to"]) for row in read(folder, "coverage.csv")}
    return [
        *_repeated("employee", [person["employee_id"] for person in people]),
        *_repeated("e-mail", [person["email"] for person in people]),
        *_repeated("slack id", [person["slack_id"] for person in people if person.get("slack_id")]),
        *_repeated("record", [row["record_id"] for row in measures]),
        *_repeated("target", [f"{row['owner']} {row['indicator']} {row['period']}" for row in targets]),
        *_repeated("unit", [row["unit"] for row in units]),
        *_unknown("manager", [person["manager_id"] for person in people if person["manager_id"]], known),
        *_unknown("manager", [row["manager_id"] for row in [*units, *moves] if row["manager_id"]], known),
        *_unknown("HR partner", [row["hr_id"] for row in units if row["hr_id"]], known),
        *_unknown("employee", [row["employee_id"] for row in [*measures, *leaves, *moves]], known),
        *_unknown("owner", [row["owner"] for row in targets], known),
        *_unknown("measure", [row["measure"] for row in measures], set(covered)),
        *_not_dates([row["occurred_on"] for row in measures]),
        *_not_dates([row[column] for row in leaves for column in ("from", "to")]),
        *_not_dates([row["from"] for row in moves]),
        *_not_dates([person["hired_on"] for person in people]),
        *_not_dates([person["left_on"] for person in people if person["left_on"]]),
        *_not_decimals([row["value"] for row in measures]),
        *_not_decimals([row["amount"] for row in targets]),
        *(
            f"{row['record_id']} outside the coverage"
            for row in measures
            if row["measure"] in covered and not _within(row["occurred_on"], covered[row["measure"]])
        ),
        *(f"{row['employee_id']} leaves backwards" for row in leaves if row["to"] < row["from"]),
        *(
            f"{person['employee_id']} leaves before the hire"
            for person in people
            if person["left_on"] and person["left_on"] < person["hired_on"]
        ),
    ]


def _within(day: str, span: tuple[str, str]) -> bool:
    return span[0] <= day <= span[1]


def _repeated(what: str, values: list[str]) -> list[str]:
    return [f"{what} {value} {count} times" for value, count in Counter(values).items() if count > 1]


def _unknown(what: str, values: list[str], known: set[str]) -> list[str]:
    return [f"{what} {value} unknown" for value in sorted(set(values) - known)]


def _not_dates(values: list[str]) -> list[str]:
    return [f"{value!r} is no date" for value in sorted(set(values)) if not _is_date(value)]


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _not_decimals(values: list[str]) -> list[str]:
    return [f"{value!r} is no plain decimal" for value in sorted(set(values)) if not _is_plain_decimal(value)]


def _is_plain_decimal(value: str) -> bool:
    digits = value.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()):
        return False
    exponent = Decimal(value).as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -4
