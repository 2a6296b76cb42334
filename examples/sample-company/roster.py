"""The reps of company/*.csv, and which days they are there."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

COMPANY = Path(__file__).resolve().parent / "company"
FIRST_DAY = date(2025, 1, 1)
LAST_DAY = date(2026, 7, 6)

# Days in a row on which nobody lends. The product's own calendar knows better; this one only keeps the
# sample from selling on the eve of the new year.
HOLIDAYS = [
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 5, 1), date(2026, 5, 5)),
]


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    def days(self) -> list[date]:
        """Every calendar day of the month."""
        first = date(self.year, self.number, 1)
        return [day for day in _days(first, first + timedelta(30)) if day.month == self.number]

    def since(self, day: date) -> int:
        """How many months after that of `day`; 0 for the same month."""
        return (self.year - day.year) * 12 + self.number - day.month


CLOSED_MONTHS = [Month(2025, number) for number in range(1, 13)] + [
    Month(2026, number) for number in range(1, 7)
]
MONTHS = [*CLOSED_MONTHS, Month(2026, 7)]  # the last one has only begun


@dataclass(frozen=True)
class Rep:
    employee_id: str
    title: str
    hired_on: date
    left_on: date | None
    leaves: tuple[tuple[date, date], ...]

    def is_employed(self, day: date) -> bool:
        return self.hired_on <= day and (self.left_on is None or day <= self.left_on)

    def is_eligible(self, day: date) -> bool:
        """Employed and not on leave."""
        return self.is_employed(day) and not any(start <= day <= end for start, end in self.leaves)

    def employed_in(self, month: Month) -> bool:
        return any(self.is_employed(day) for day in month.days())

    def eligible_share(self, month: Month) -> float:
        """Eligible days of all days of the month, 0 to 1."""
        days = month.days()
        return sum(self.is_eligible(day) for day in days) / len(days)

    def working_days(self, month: Month) -> list[date]:
        """The days on which the rep can record anything."""
        return [day for day in month.days() if self.is_eligible(day) and is_working_day(day)]


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not any(start <= day <= end for start, end in HOLIDAYS)


def load_reps() -> list[Rep]:
    """The reps of people.csv, in its order."""
    leaves = list(_rows("leaves.csv"))
    return [
        Rep(
            employee_id=row["employee_id"],
            title=row["title"],
            hired_on=date.fromisoformat(row["hired_on"]),
            left_on=date.fromisoformat(row["left_on"]) if row["left_on"] else None,
            leaves=tuple(
                (date.fromisoformat(leave["from"]), date.fromisoformat(leave["to"]))
                for leave in leaves
                if leave["employee_id"] == row["employee_id"]
            ),
        )
        for row in _rows("people.csv")
        if row["role"] == "rep"
    ]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (COMPANY / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days) for days in range((last - first).days + 1)]
