"""What happens to whom in the year: the plot. Change the story here, the arithmetic follows.

Shares are in permille and all arithmetic is of whole numbers, so that every machine tells the same story.
A rep's id is R, the team's number and the post: R0103 is the third of Shanghai, the first team.
"""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Protocol

from calendar_2025 import YEAR, Month

SEED = "yuanshan"
RAMP = (0, 500, 750)
"""As in company/plans/, in permille."""
MISSED_BELOW = 800

JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE = YEAR[:6]
JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = YEAR[6:]

# --- people -------------------------------------------------------------------------------------------------

# Hired on the 20th, transferred on the 10th of the next month: another team, another plan.
HIRES = {"R0105": date(2025, 1, 20)}
TRANSFERS = {
    "R0105": (date(2025, 2, 10), "East/Digital East"),
    "R1709": (date(2025, 3, 17), "South/Shenzhen"),
    "R0208": (date(2025, 7, 1), "East/Hangzhou"),
}
LEAVERS = {
    "R0903": date(2025, 3, 14),
    "R1010": date(2025, 2, 28),
    "R2604": date(2025, 6, 30),
    "R1206": date(2025, 9, 15),
}
LEAVES = {
    "R1707": [(date(2025, 3, 3), date(2025, 8, 7), "maternity")],
    "R1003": [(date(2025, 2, 6), date(2025, 3, 9), "sick")],
    "R0109": [
        (date(2025, 3, 20), date(2025, 3, 28), "annual"),
        (date(2025, 3, 26), date(2025, 3, 31), "sick"),
    ],
}
MIDDLE = "Senior Loan Consultant"
TITLES_GIVEN = dict.fromkeys(["R0104", "R1004", "R1005", "R1702", "R1704"], MIDDLE)

# --- how they sell ------------------------------------------------------------------------------------------

# From this month on, so many permille of the target, month by month; afterwards as before.
WEAK = {
    # Three missed months, then recovered.
    "R0106": (FEBRUARY, [710, 640, 690, 890, 960, 1010]),
    "R0507": (APRIL, [740, 660, 720, 850, 930]),
    "R1403": (JUNE, [690, 700, 650, 830, 910]),
    "R2009": (AUGUST, [720, 580, 610, 870, 990]),
    # They never did.
    "R1008": (MARCH, [660, 610, 640, 590, 620, 570, 600, 560, 540, 580]),
    "R1305": (AUGUST, [690, 630, 660, 610, 640]),
    "R2203": (OCTOBER, [700, 640, 610]),
    "R2806": (OCTOBER, [730, 690, 660]),
    # Gave up.
    "R2604": (MARCH, [680, 600, 540, 490]),
}
STARS = {"R0101": 1240, "R0905": 1220, "R1001": 1260, "R1701": 1190, "R2501": 1230, "R3002": 1210}
# Sells like a star, on loans that go overdue.
RECKLESS = {"R0108": FEBRUARY, "R1903": MAY}

# Exactly so much of the month's whole target, in hundred-thousandths: the edges of bands, a giant.
EXACT = {
    ("R0104", MARCH): 99_995,
    ("R1004", MARCH): 100_000,
    ("R1005", MARCH): 79_995,
    ("R1704", MARCH): 119_995,
    ("R1702", MARCH): 240_000,
    ("R2105", DECEMBER): 240_000,
}
# Sold so much, and gave back so much of loans of the month before, in CNY.
SOLD_AND_REFUNDED = {
    ("R0103", FEBRUARY): (90_000, 260_000),
    ("R1006", MARCH): (0, 45_000),
    ("R2302", SEPTEMBER): (120_000, 310_000),
}
# A target that changes within the month: (from this day, permille of the first amount).
CHANGED_TARGETS = {
    ("R0107", MARCH): [(date(2025, 3, 10), 900), (date(2025, 3, 21), 1150)],
    ("R1801", OCTOBER): [(date(2025, 10, 13), 1100)],
}
BREACHES = {("R1007", MARCH): 1, ("R1001", FEBRUARY): 1, ("R0604", JULY): 2, ("R2701", NOVEMBER): 1}

# --- money --------------------------------------------------------------------------------------------------

# So many permille of the month's largest loan are a colleague's.
SHARED = {("R1002", MARCH): ("R1009", 300), ("R0401", JUNE): ("R0405", 500)}


@dataclass(frozen=True)
class Term:
    """What holds for one person in the place of the plan, from a day on; `kind` is `rate` or `base`."""

    employee_id: str
    kind: str
    value: str
    since: date
    because: str


TERMS = [
    Term("R1705", "rate", "0.0095", date(2025, 2, 1), "Came from a competitor, with customers of her own."),
    Term("R0107", "base", "1200", date(2025, 3, 1), "Looks after the newcomers of the team."),
    Term("R3004", "rate", "0.0110", date(2025, 7, 1), "Opens the new branch."),
]

# --- what the files learn too late --------------------------------------------------------------------------

# The customer of the largest loan of March pays no more from June on, and all at once in September.
DEFAULTED = {"R1703": (MARCH, [JUNE, JULY, AUGUST])}
# The largest loan of the month never was one, as the files of the other month say; one of the two has left.
VOID = {"R0110": (JANUARY, MARCH), "R1010": (FEBRUARY, MARCH), "R1905": (MAY, JULY)}
# The app's events of these days were lost, and came back with the files of the next month.
OUTAGE = (date(2025, 2, 12), date(2025, 2, 14))
OUTAGE_OVER = MARCH
LATE_PERMILLE, CORRECTED_PERMILLE, REFUNDED_PERMILLE = 6, 4, 8
"""Of all loans: told a month late; with another amount a month later; given back in the next month."""

STORY_PEOPLE = frozenset(
    [
        *HIRES,
        *TRANSFERS,
        *LEAVERS,
        *LEAVES,
        *WEAK,
        *STARS,
        *RECKLESS,
        *DEFAULTED,
        *VOID,
        *(term.employee_id for term in TERMS),
        *(colleague for colleague, _ in SHARED.values()),
        *(who for who, _ in [*SHARED, *EXACT, *SOLD_AND_REFUNDED, *CHANGED_TARGETS, *BREACHES]),
    ]
)


class Employed(Protocol):
    """What the plot asks of a rep."""

    @property
    def employee_id(self) -> str: ...

    @property
    def hired_on(self) -> date: ...

    def employed_in(self, month: Month) -> bool: ...

    def eligible_days(self, month: Month) -> int: ...


@dataclass(frozen=True)
class Conduct:
    """How a rep works in a month, in permille."""

    attainment: int
    new_customers: int
    conversion: int
    repurchase: int
    overdue: int
    """Of the balance, in hundred-thousandths."""
    passed: int
    breaches: int


def ramp_permille(rep: Employed, month: Month) -> int:
    """The share of the target that counts in this month, by months since the month of hire."""
    months = month.since(rep.hired_on)
    return RAMP[months] if months < len(RAMP) else 1000


def conduct_by_month(rep: Employed, months: list[Month]) -> dict[Month, Conduct]:
    """How the rep works in each month of employment; nobody misses three in a row but for the story."""
    found: dict[Month, Conduct] = {}
    missed_in_a_row = 0
    for month in months:
        if not rep.employed_in(month):
            continue
        attainment = _attainment(rep, month)
        if missed_in_a_row == 2 and not _is_told(rep, month):
            attainment = max(attainment, MISSED_BELOW + 70)
        found[month] = _conduct(rep, month, attainment)
        is_exempt = month.since(rep.hired_on) < len(RAMP) or 2 * rep.eligible_days(month) < month.last_day.day
        if not is_exempt:
            missed_in_a_row = missed_in_a_row + 1 if attainment < MISSED_BELOW else 0
    return found


def _is_told(rep: Employed, month: Month) -> bool:
    start, told = WEAK.get(rep.employee_id, (month, []))
    return start <= month < Month(start.year, start.number + len(told))


def _attainment(rep: Employed, month: Month) -> int:
    who = rep.employee_id
    if _is_told(rep, month):
        start, told = WEAK[who]
        return told[month.number - start.number]
    level = STARS.get(who) or _random("level", who).randint(930, 1100)
    random = _random(f"attainment:{month}", who)
    return min(1500, max(620, level + random.randint(-140, 140) + random.randint(-140, 140)))


def _conduct(rep: Employed, month: Month, attainment: int) -> Conduct:
    who = rep.employee_id
    random = _random(f"conduct:{month}", who)
    shining = 120 if who in STARS or who in RECKLESS else 0
    reckless = who in RECKLESS and month >= RECKLESS[who]
    struggling = who in WEAK and attainment < MISSED_BELOW
    conversion = random.randint(250, 360) + shining
    return Conduct(
        attainment=attainment,
        new_customers=attainment * random.randint(800, 1200) // 1000,
        conversion=conversion * 6 // 10 if struggling else conversion,
        repurchase=random.randint(250, 390) + shining,
        overdue=random.randint(5_200, 8_600) if reckless else random.randint(500, 2_900),
        passed=random.randint(950, 1000),
        breaches=BREACHES.get((who, month), 0),
    )


def _random(topic: str, who: str) -> Random:
    """Its own stream per topic and rep: changing one rep's story leaves the others' numbers alone."""
    return Random(f"{SEED}:{topic}:{who}")
