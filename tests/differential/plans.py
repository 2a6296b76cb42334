"""Random scoring plans: target indicators and ratios, deductions, gates and bands on telling edges."""

import random
from dataclasses import dataclass
from datetime import date

FAMILIES = ("sales", "loans")
STOCKS = ("overdue_amount", "loan_balance")
MEASURES = (*STOCKS, "won_amount", "new_customers", "wins", "closed_deals", "violations")
RATIOS = (("overdue_amount", "loan_balance"), ("wins", "closed_deals"), ("violations", "won_amount"))
USUAL_WEIGHTS = ("40", "60", "20", "50", "50.0", "12.5", "33.3333", "1")
WEIGHTS = (*USUAL_WEIGHTS, *USUAL_WEIGHTS, "33.33333333")
"""The last one is finer than columns of integers are scaled for."""
LOOKING_BACK, BY_TIER = 0.35, 0.25
"""Shares of plans."""
_ONE_MONTH, _TWO_MONTHS = "\nmonths = 1", "\nmonths = 2"
CURVES = (
    "[[0, 0], [2, 200]]",
    "[[0, 0], [2, 200]]",
    "[[0.4, 120], [1.5, 60.005]]",
    "[[0.5, 0], [0.8, 60], [1.0, 100], [1.2, 120]]",
    "[[0.00, 120], [0.02, 100], [0.05, 60], [0.10, 0]]",
    "[[-1, 0], [0.333335, 33.3333], [0.7, 70.005], [3, 110]]",
    "[[0.8, 0], [0.8001, 100]]",
    "[[0, 7], [0.7, 35.0050], [0.9, 0.00005], [1.5, 99.995]]",
)
BANDS = ("35.01", "50", "60", "70", "70.01", "80", "100", "99.99", "110", "0.01", "120")
EDGES = ("0", "0.5", "0.7", "0.8", "1.0", "1.2", "0.333335")


@dataclass
class PlanShape:
    """A plan file in parts."""

    name: str
    family: str
    first_month: str
    target_indicators: dict[str, str]
    """Measure by the indicator that reads it against a target."""
    head: list[str]
    parts: list[str]
    tiers: list[tuple[str, str]]

    def text(self) -> str:
        head = [f'name = "{self.name}"', f'job_family = "{self.family}"', f'from = "{self.first_month}"']
        tiers = [f'[[tiers]]\nname = "{name}"\nfrom = {start}' for name, start in self.tiers]
        return "\n".join([*head, *self.head, *tiers, *self.parts]) + "\n"

    def change(self, dice: random.Random) -> None:
        """The content of a later version."""
        self.tiers = random_tiers(dice, [name for name, _ in self.tiers])


def random_plans(dice: random.Random, first_month: date, last_month: date) -> list[PlanShape]:
    """One for the first family, often one for the second, sometimes a later one for the first."""
    long_before = f"{first_month.year - 1}-11"
    plans = [_plan(dice, "first", FAMILIES[0], dice.choice([long_before, f"{first_month:%Y-%m}"]))]
    if dice.random() < 0.5:
        plans.append(_plan(dice, "second", FAMILIES[1], long_before))
    if dice.random() < 0.4:
        later = dice.choice([f"{last_month:%Y-%m}", f"{first_month.year}-{first_month.month + 1:02}"])
        plans.append(_plan(dice, dice.choice(["first", "third"]), FAMILIES[0], later))
    return plans


def _plan(dice: random.Random, name: str, family: str, first_month: str) -> PlanShape:
    targets: dict[str, str] = {}
    indicators, weights = [], []
    kinds = dice.sample(["sales", "customers", "overdue", "win_rate", "slips"], k=dice.randint(1, 4))
    if dice.random() < LOOKING_BACK:
        kinds = dice.sample([*kinds, "growth", "rise", "returns"], k=dice.randint(1, 4))
    tiers = random_tiers(dice, ["S", "A", "B", "C"][-dice.choice([1, 2, 3, 4, 4, 4]) :])
    by_tier = dice.random() < BY_TIER
    for kind in kinds:
        weights.append(dice.choice(WEIGHTS))
        read = _reading(dice, kind)
        if kind in ("sales", "customers"):
            targets[kind] = {"sales": "won_amount", "customers": "new_customers"}[kind]
        curve = dice.choice(CURVES)
        others = _weights_by_tier(dice, [name for name, _ in tiers]) if by_tier else ""
        indicators.append(
            f'[[indicators]]\nname = "{kind}"\n{read}\nweight = {weights[-1]}{others}\ncurve = {curve}'
        )
    parts = [*indicators, *_deductions(dice), *_gates(dice, kinds, [name for name, _ in tiers])]
    rule = dice.choice(["below", "below", "below", "at_least", "above"])
    parts.append(
        f'[miss]\nindicator = "{dice.choice(kinds)}"\n{rule} = {dice.choice(("0.8", "0.8", "1.0", *EDGES))}'
    )
    return PlanShape(name, family, first_month, targets, _head(dice, weights), parts, tiers)


def _weights_by_tier(dice: random.Random, tiers: list[str]) -> str:
    named = dice.sample(tiers, k=dice.randint(0, len(tiers)))
    pairs = ", ".join(f"{name} = {dice.choice(WEIGHTS)}" for name in named)
    return f"\nweight_by_tier = {{ {pairs} }}" if named else ""


def _reading(dice: random.Random, kind: str) -> str:
    own = 'against = "own_months"'
    return {
        "sales": 'measure = "won_amount"',
        "customers": 'measure = "new_customers"',
        "overdue": f"ratio = {_pair(RATIOS[0])}",
        "win_rate": f"ratio = {_pair(RATIOS[1])}",
        "slips": f"ratio = {_pair(RATIOS[2])}",
        "growth": f'measure = "won_amount"\n{own}{dice.choice(["", _ONE_MONTH, _ONE_MONTH, _TWO_MONTHS])}',
        "rise": f'measure = "{dice.choice(["wins", "new_customers"])}"\n{own}{_ONE_MONTH}',
        "returns": f'repurchase = "{dice.choice(["won_amount", "wins"])}"\n'
        f"within_days = {dice.choice([1, 7, 20, 31, 90])}",
    }[kind]


def _pair(names: tuple[str, str]) -> str:
    return f'["{names[0]}", "{names[1]}"]'


def _head(dice: random.Random, weights: list[str]) -> list[str]:
    ramps = ["", "", "ramp = []", "ramp = [0.0, 0.5, 0.75]", "ramp = [0.5]", "ramp = [0, 0.3333, 0.995, 1.1]"]
    least = ["", "", "0", "1", "0.5", "0.4", "0.6"]
    if len(weights) == 2 and sum(map(float, weights)) == 100:
        least = ["0." + weights[0].rstrip("0").replace(".", "")]
    head = [dice.choice(ramps)]
    chosen = dice.choice(least)
    head.append(f"min_assessed_weight = {chosen}" if chosen else "")
    head.append(dice.choice(["", f"stocks = {list(STOCKS)}".replace("'", '"')]))
    return [line for line in head if line]


def _deductions(dice: random.Random) -> list[str]:
    found = []
    for name, measure in dice.sample(
        [("violations", "violations"), ("late", "closed_deals")], k=dice.choice([0, 0, 1, 2])
    ):
        cap = dice.choice(["", "\ncap = 20", "\ncap = 0.005", "\ncap = 12.345"])
        points = dice.choice(["5", "0.005", "2.5", "70", "1.0001", "0"])
        found.append(f'[[deductions]]\nname = "{name}"\nmeasure = "{measure}"\npoints = {points}{cap}')
    return found


def _gates(dice: random.Random, indicators: list[str], tiers: list[str]) -> list[str]:
    found = []
    for _ in range(dice.choice([0, 1, 1, 2])):
        what = dice.choice(
            [
                f'indicator = "{dice.choice(indicators)}"',
                f"ratio = {_pair(dice.choice(RATIOS))}",
                f'measure = "{dice.choice(MEASURES)}"',
                'measure = "won_amount"',
            ]
        )
        rule = dice.choice(["above", "at_least", "below"])
        found.append(f'[[gates]]\n{what}\n{rule} = {dice.choice(EDGES)}\ncap = "{dice.choice(tiers)}"')
    return found


def random_tiers(dice: random.Random, names: list[str]) -> list[tuple[str, str]]:
    """Bands for these names in any order; the last name's starts at 0."""
    starts = sorted(dice.sample(BANDS, k=len(names) - 1), key=float, reverse=True)
    tiers = list(zip(names, [*starts, "0"], strict=True))
    return dice.sample(tiers, k=len(tiers))
