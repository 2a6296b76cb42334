"""The loans company's files as a bookkeeper keeps them: every hand-in in its order, newest word last.

Standard library alone; nothing of the product.
"""

import csv
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

Row = dict[str, str]
Plan = dict[str, Any]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """A measure record as it stands."""

    employee_id: str
    measure: str
    day: date
    value: Fraction
    customer_id: str


@dataclass
class Files:
    """All that has been handed in up to a day."""

    people: dict[str, Row] = field(default_factory=dict)
    moves: dict[tuple[str, str], Row] = field(default_factory=dict)
    targets: dict[tuple[str, str, str, str], Fraction] = field(default_factory=dict)
    """By owner, indicator, month, and the day from which it holds; blank: from the month's first."""
    records: dict[tuple[str, str], Entry] = field(default_factory=dict)
    """By source and id."""
    credits: dict[tuple[str, str], dict[str, Fraction]] = field(default_factory=dict)
    """Whose a record's money is, by source and id; its owner's alone where nothing is said."""
    leaves: list[Row] = field(default_factory=list)
    coverage: list[Row] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    _covers: dict[tuple[str, str], bool] = field(default_factory=dict)

    def take_in(self, folder: Path) -> None:
        for row in rows(folder / "people.csv"):
            self.people[row["employee_id"]] = row
        for row in rows(folder / "assignments.csv"):
            self.moves[row["employee_id"], row["from"]] = row
        for row in rows(folder / "targets.csv"):
            key = (row["owner"], row["indicator"], row["period"], row["from"])
            self.targets[key] = Fraction(row["amount"])
        self.records |= records(folder / "measures.csv")
        stated: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)
        for row in rows(folder / "credits.csv"):
            stated[row["source"], row["record_id"]][row["employee_id"]] = Fraction(row["share"])
        self.credits |= stated
        self.leaves = rows(folder / "leaves.csv")
        self.coverage = rows(folder / "coverage.csv")
        self.plans = [toml(path) for path in sorted(folder.glob("plans/*.toml"))]

    @cached_property
    def by_person(self) -> dict[tuple[str, str, str], list[Entry]]:
        """By employee, measure and month. Asked for once all is taken in."""
        found: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
        for entry in self.records.values():
            found[entry.employee_id, entry.measure, f"{entry.day:%Y-%m}"].append(entry)
        return found

    @cached_property
    def stated(self) -> dict[tuple[str, str, str], dict[str, Fraction]]:
        """The amounts of a target by owner, indicator and month: each with its day, blank for the first."""
        found: dict[tuple[str, str, str], dict[str, Fraction]] = defaultdict(dict)
        for (owner, indicator, month, since), amount in self.targets.items():
            found[owner, indicator, month][since] = amount
        return found

    def value(self, employee_id: str, measure: str, month: str, *, stock: bool) -> Fraction:
        entries = self.by_person.get((employee_id, measure, month), [])
        if stock and entries:
            latest = max(entry.day for entry in entries)
            entries = [entry for entry in entries if entry.day == latest]
        return sum((entry.value for entry in entries), Fraction(0))

    def credited(self, employee_id: str, month: str) -> Fraction:
        """The month's sales, with the shares in others' loans and without others' shares in one's own."""
        sold = self.value(employee_id, "won_amount", month, stock=False)
        for record, shares in self.credits.items():
            loan = self.records[record]
            if f"{loan.day:%Y-%m}" == month:
                sold += loan.value * shares.get(employee_id, Fraction(0))
                sold -= loan.value if loan.employee_id == employee_id else 0
        return sold

    def covers(self, measure: str, month: str) -> bool:
        """Whether the measure is reported for every day of the month."""
        if (measure, month) not in self._covers:
            spans = [row for row in self.coverage if row["measure"] == measure]
            self._covers[measure, month] = all(
                any(span["from"] <= day.isoformat() <= span["to"] for span in spans) for day in days_of(month)
            )
        return self._covers[measure, month]

    def is_employed(self, employee_id: str, day: date) -> bool:
        person = self.people[employee_id]
        return person["hired_on"] <= day.isoformat() <= (person["left_on"] or "9999")

    def eligible_days(self, employee_id: str, month: str) -> list[date]:
        away = [row for row in self.leaves if row["employee_id"] == employee_id]
        return [
            day
            for day in days_of(month)
            if self.is_employed(employee_id, day)
            and not any(row["from"] <= day.isoformat() <= row["to"] for row in away)
        ]

    def placed(self, employee_id: str, day: date) -> tuple[str, str]:
        """Unit and job family."""
        person = self.people[employee_id]
        unit, family = person["unit"], person["job_family"]
        for (who, since), row in sorted(self.moves.items()):
            if who == employee_id and since <= day.isoformat():
                unit, family = row["unit"] or unit, row["job_family"] or family
        return unit, family


@dataclass(frozen=True)
class Locked:
    """A month, the day on which it was locked, and the folders that had come by then."""

    month: str
    lock_on: date
    folders: tuple[Path, ...]

    def files(self) -> Files:
        files = Files()
        for folder in self.folders:
            files.take_in(folder)
        return files


def locked_months(folder: Path) -> list[Locked]:
    hand_ins = toml(folder / "year.toml")["hand_ins"]
    return [
        Locked(
            one["completes"],
            one["lock_on"],
            tuple(folder / str(other["on"]) for other in hand_ins if other["on"] <= one["lock_on"]),
        )
        for one in hand_ins
        if "completes" in one
    ]


@cache
def rows(path: Path) -> list[Row]:
    """Read once: nobody changes them. None of a file that is not there."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def records(path: Path) -> dict[tuple[str, str], Entry]:
    """By source and id."""
    return {
        (row["source"], row["record_id"]): Entry(
            row["employee_id"],
            row["measure"],
            date.fromisoformat(row["occurred_on"]),
            Fraction(row["value"]),
            row["customer_id"],
        )
        for row in rows(path)
    }


@cache
def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


@cache
def days_of(month: str) -> list[date]:
    first = date.fromisoformat(f"{month}-01")
    days = [first + number * DAY for number in range(31)]
    return [day for day in days if day.month == first.month]


def half_up(number: Fraction, places: int) -> Fraction:
    """A half goes away from zero."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if number >= 0 else -whole, 10**places)


def written(number: Fraction | None, places: int) -> str:
    """As the product prints it."""
    if number is None:
        return ""
    digits = half_up(number, places)
    return f"{Decimal(digits.numerator) / Decimal(digits.denominator):.{places}f}"
