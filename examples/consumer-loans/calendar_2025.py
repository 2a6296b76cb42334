"""The months of the year, and the days on which people in China work."""

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)

# As the State Council announced them, both days included. The product's own calendar knows better; this one
# keeps the story from selling on the eve of the new year.
HOLIDAYS = [
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 6)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 5, 31), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 3)),
]
# Saturdays and Sundays that are worked instead.
MAKE_UP_DAYS = {
    date(2025, 1, 26),
    date(2025, 2, 8),
    date(2025, 4, 27),
    date(2025, 9, 28),
    date(2025, 10, 11),
    date(2026, 1, 4),
}


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - ONE_DAY

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def days(self) -> list[date]:
        """Every calendar day of the month."""
        return [self.first_day + timedelta(days) for days in range(self.last_day.day)]

    def since(self, day: date) -> int:
        """How many months after that of `day`; 0 for the same month."""
        return (self.year - day.year) * 12 + self.number - day.month


YEAR = [Month(2025, number) for number in range(1, 13)]
AFTER_THE_YEAR = Month(2026, 1)


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def is_working_day(day: date) -> bool:
    if any(first <= day <= last for first, last in HOLIDAYS):
        return False
    return day.weekday() < 5 or day in MAKE_UP_DAYS


def nth_working_day(first: date, n: int) -> date:
    """The n-th working day on or after a day; the first is 1."""
    day = first - ONE_DAY
    while n:
        day += ONE_DAY
        n -= is_working_day(day)
    return day
