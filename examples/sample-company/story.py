"""What happens to whom: the plot of the sample company. Change the story here, the arithmetic follows."""

from dataclasses import dataclass
from random import Random

from roster import MONTHS, Month, Rep

SEED = "lanhai"

# As in plans/consumer-loans.toml.
RAMP = (0.0, 0.5, 0.75)
MISSED_BELOW = 0.8

SPRING = [Month(2026, 4), Month(2026, 5), Month(2026, 6)]

# Attainment of the sales target that the story needs: (employee id, month) -> share.
FIXED_ATTAINMENT = {
    # Three missed months in a row, in three teams, after a month that was fine: three alerts.
    ("R006", Month(2026, 3)): 0.93,
    **dict(zip([("R006", month) for month in SPRING], [0.71, 0.64, 0.58], strict=True)),
    ("R025", Month(2026, 3)): 0.97,
    **dict(zip([("R025", month) for month in SPRING], [0.76, 0.69, 0.73], strict=True)),
    ("R038", Month(2026, 3)): 0.88,
    **dict(zip([("R038", month) for month in SPRING], [0.62, 0.55, 0.49], strict=True)),
    # A miss, two months of sick leave, a miss: a streak of two. A leave is never a miss, so no alert.
    ("R028", Month(2026, 2)): 0.95,
    ("R028", Month(2026, 3)): 0.72,
    ("R028", Month(2026, 6)): 0.74,
    # Two bad months, then recovered without anybody stepping in.
    ("R047", Month(2025, 11)): 0.70,
    ("R047", Month(2025, 12)): 0.66,
    ("R047", Month(2026, 1)): 0.91,
}

# Mean attainment of those who stand out, and do well in the rest too; everybody else's is drawn.
STARS = {"R005": 1.24, "R021": 1.27, "R043": 1.28, "R031": 1.18}
# Sells like a star, on loans that go overdue: the gate caps the tier at B.
RECKLESS = "R014"
RECKLESS_ATTAINMENT = 1.25
RECKLESS_FROM = Month(2026, 3)

# The weak spot behind a miss: what the rep does worse than others, as a factor.
WEAK_NEW_CUSTOMERS = {"R006": 0.35, "R038": 0.5}
WEAK_CONVERSION = {"R025": 0.45, "R038": 0.7}

# Confirmed breaches: points are deducted, and the gate caps the tier at A: in the last month of the top
# seller, whose score is still that of an S.
VIOLATIONS = {("R043", Month(2026, 6)): 1, ("R009", Month(2025, 8)): 1}


@dataclass(frozen=True)
class Conduct:
    """How a rep works in a month; rates are shares of 1."""

    attainment: float
    new_customer_factor: float
    conversion_rate: float
    repeat_rate: float
    overdue_rate: float
    pass_rate: float
    violations: int


def ramp_share(rep: Rep, month: Month) -> float:
    """The share of the target that counts in this month, by months since the month of hire."""
    months = month.since(rep.hired_on)
    return RAMP[months] if months < len(RAMP) else 1.0


def is_exempt(rep: Rep, month: Month) -> bool:
    """Neither a miss nor a hit: in the ramp, or there for less than half of the month."""
    return month.since(rep.hired_on) < len(RAMP) or rep.eligible_share(month) < 0.5


def conduct_by_month(rep: Rep) -> dict[Month, Conduct]:
    """How the rep works in each month of employment."""
    attainments = _attainments(rep)
    return {month: _conduct(rep, month, attainment) for month, attainment in attainments.items()}


def _attainments(rep: Rep) -> dict[Month, float]:
    """Drawn around the rep's own level; nobody misses three assessed months in a row but for the story."""
    level = _level(rep)
    result: dict[Month, float] = {}
    missed_in_a_row = 0
    for month in MONTHS:
        if not rep.employed_in(month):
            continue
        random = _random("attainment", rep, month)
        attainment = min(1.5, max(0.6, level + random.triangular(-0.3, 0.3)))
        if missed_in_a_row == 2:
            attainment = max(attainment, 0.86)
        attainment = FIXED_ATTAINMENT.get((rep.employee_id, month), attainment)
        result[month] = attainment
        if not is_exempt(rep, month):
            missed_in_a_row = missed_in_a_row + 1 if attainment < MISSED_BELOW else 0
    return result


def _level(rep: Rep) -> float:
    if rep.employee_id == RECKLESS:
        return RECKLESS_ATTAINMENT
    return STARS.get(rep.employee_id, _random("level", rep).uniform(0.92, 1.08))


def _conduct(rep: Rep, month: Month, attainment: float) -> Conduct:
    who = rep.employee_id
    random = _random("conduct", rep, month)
    struggling = month in SPRING
    shining = who in STARS or who == RECKLESS
    reckless = who == RECKLESS and month >= RECKLESS_FROM
    new_customers = random.uniform(0.8, 1.2) * (WEAK_NEW_CUSTOMERS.get(who, 1.0) if struggling else 1.0)
    conversion = random.uniform(0.26, 0.36) * (WEAK_CONVERSION.get(who, 1.0) if struggling else 1.0)
    return Conduct(
        attainment=attainment,
        new_customer_factor=attainment * new_customers,
        conversion_rate=conversion + (0.12 if shining else 0.0),
        repeat_rate=random.uniform(0.26, 0.38) + (0.12 if shining else 0.0),
        overdue_rate=random.uniform(0.06, 0.08) if reckless else random.uniform(0.006, 0.028),
        pass_rate=random.uniform(0.96, 1.0),
        violations=VIOLATIONS.get((who, month), 0),
    )


def _random(topic: str, rep: Rep, month: Month | None = None) -> Random:
    """Its own stream per topic, rep and month: changing one rep's story leaves the others' numbers alone."""
    return Random(f"{SEED}:{topic}:{rep.employee_id}:{month}")
