"""Scoring a second time: naive, exact, straight from the import folder, knowing nothing of the engine.

Written from the contract alone, with the standard library alone: fractions instead of decimals, days counted
one by one, everything read again for every person. Slow and plain on purpose; where it and the engine differ,
the contract says who is wrong.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.differential.reference_rules import (
    DAY,
    Row,
    amount_on,
    compares,
    day_of,
    days_looked_back_to,
    days_of,
    half_up,
    is_employed,
    measures_needed,
    months_before,
    months_of,
    months_since_hire,
    on_curve,
    path_of,
    rows,
    shown,
    toml,
    weight_of,
)

Plan = dict[str, Any]
"""A plan file as it is read."""
RANKS_FROM_WORKING_DAY = 5
DEFAULT_MIN_ASSESSED_WEIGHT = Decimal("0.6")

CHINESE_HOLIDAYS = {date(2026, 4, day) for day in (4, 5, 6)} | {date(2026, 10, day) for day in range(1, 8)}
CHINESE_MAKE_UP_DAYS = {date(2026, 10, 10)}
"""Of the three months of 2026 in which companies on the Chinese calendar have a running period."""


@dataclass
class Line:
    kind: str
    name: str
    status: str
    actual: Fraction | None = None
    target: Fraction | None = None
    reading: Fraction | None = None
    """Exact."""
    points: Fraction | None = None
    weight: Decimal = Decimal(0)
    """Of indicators alone."""
    contribution: Fraction | None = None


@dataclass
class Card:
    employee_id: str
    plan: tuple[str, str]
    """Job family and first month."""
    unit: str
    lines: list[Line]
    status: str = ""
    score: Fraction | None = None
    tier: str = ""
    miss: str = ""
    unranked_because: str = ""
    ranks: dict[str, int] = field(default_factory=dict)
    """Place by unit path, root first."""


class Reference:
    """A company's cards as of `now`, from a folder that was last imported at `imported_at` (both aware)."""

    def __init__(
        self,
        folder: Path,
        imported_at: datetime,
        now: datetime,
        locked: tuple[str, ...] = (),
        when_locked: "Reference | None" = None,
    ) -> None:
        """`locked`: the months that are; `when_locked`: the company as it was then, this one by default."""
        self.folder = folder
        self.locked = locked
        self.when_locked = when_locked or self
        self.people = rows(folder / "people.csv")
        self.transfers = rows(folder / "assignments.csv")
        self.targets = [
            (row["owner"], row["indicator"], row["period"], row.get("from", ""), Fraction(row["amount"]))
            for row in rows(folder / "targets.csv")
        ]
        self.records = [
            (row["employee_id"], row["measure"], day_of(row["occurred_on"]), Fraction(row["value"]))
            for row in rows(folder / "measures.csv")
        ]
        self.purchases = [
            (row["employee_id"], row["measure"], day_of(row["occurred_on"]), row["customer_id"])
            for row in rows(folder / "measures.csv")
            if Fraction(row["value"]) > 0 and row["customer_id"]
        ]
        self.leaves = [
            (row["employee_id"], day_of(row["from"]), day_of(row["to"]))
            for row in rows(folder / "leaves.csv")
        ]
        self.has_coverage = (folder / "coverage.csv").exists()
        self.coverage = [
            (row["measure"], day_of(row["from"]), day_of(row["to"])) for row in rows(folder / "coverage.csv")
        ]
        self.plans = [toml(path) for path in [folder / "plan.toml", *folder.glob("plans/*.toml")]]
        self.company = toml(folder / "company.toml")
        zone = ZoneInfo(self.company.get("time_zone") or self._zone_of_most())
        self.imported_on = imported_at.astimezone(zone).date()
        self.today = now.astimezone(zone).date()
        self._cards: dict[str, list[Card]] = {}

    def scores(self, period: str) -> list[Row]:
        """What `scores PERIOD --format csv` prints, by employee id."""
        return [
            {
                "employee_id": card.employee_id,
                "status": card.status,
                "score": shown(card.score, 2),
                "tier": card.tier,
                "miss": card.miss,
                "ranks": ";".join(f"{path}={rank}" for path, rank in card.ranks.items()),
                "unranked_because": card.unranked_because,
            }
            for card in self.cards(period)
        ]

    def lines(self, period: str) -> list[Row]:
        """What `lines PERIOD --format csv` prints, by employee id and in the plan's order."""
        return [
            {
                "employee_id": card.employee_id,
                "kind": line.kind,
                "name": line.name,
                "actual": shown(line.actual, 4),
                "target": shown(line.target, 2),
                "reading": shown(line.reading, 6),
                "points": shown(line.points, 4),
                "weight": f"{line.weight:f}" if line.kind == "indicator" else "",
                "contribution": shown(line.contribution, 2),
                "status": line.status,
            }
            for card in self.cards(period)
            for line in card.lines
        ]

    def cards(self, period: str) -> list[Card]:
        """By employee id, ranked."""
        if period not in self._cards:
            found = [self._card(person, period) for person in self.people]
            cards = sorted((card for card in found if card), key=lambda card: card.employee_id)
            self._rank(cards)
            self._cards[period] = cards
        return self._cards[period]

    # --- one person, one period ---------------------------------------------------------------------------

    def _card(self, person: Row, period: str) -> Card | None:
        employed = [day for day in days_of(period) if is_employed(person, day)]
        if not employed:
            return None
        unit, family = self._placed(person, employed[-1])
        plan = self._plan_in_force(family, period)
        if plan is None:
            return None
        window, not_covered = self._window(plan, period)
        eligible = [day for day in window if self._is_eligible(person, day)]
        indicators = [self._indicator(person, plan, one, period, window) for one in plan["indicators"]]
        deductions = [
            self._deduction(person, plan, one, period, window) for one in plan.get("deductions", [])
        ]
        card = Card(person["employee_id"], (family, plan["from"]), unit, [*indicators, *deductions])

        unjudged = self._unjudged_because(person, plan, period)
        if not_covered:
            card.status = "incomplete"
            card.unranked_because = "not_covered: " + ", ".join(not_covered)
        elif not eligible or is_too_little(plan, indicators):
            card.status = "not_assessed"
            card.unranked_because = "too_little_assessed" if eligible else "no_eligible_day"
        else:
            card.status = "complete"
            card.unranked_because = unjudged
            add_up(card, plan, indicators, deductions)

        if self._is_running(period):
            card.status = "running"
            if card.score is not None and not unjudged and not self._ranks_so_far(period):
                card.unranked_because = "too_early"
            return card
        if card.score is not None:
            card.tier = self._tier(person, plan, card.score, indicators, window)
        card.miss = "exempt" if unjudged else missed(card, plan, indicators)
        return card

    def _unjudged_because(self, person: Row, plan: Plan, period: str) -> str:
        """Why somebody with a score is neither ranked nor charged with a miss; blank: they are."""
        if months_since_hire(person, months_of(period)[0]) < len(plan.get("ramp", [])):
            return "in_ramp"
        days = days_of(period)
        eligible = [day for day in days if self._is_eligible(person, day)]
        return "under_half_eligible" if 2 * len(eligible) < len(days) else ""

    def _window(self, plan: Plan, period: str) -> tuple[list[date], list[str]]:
        """The days that count, and the measures for want of which there is no score.

        All days of an ended period, of a running one those up to the last that every measure covers.
        """
        needed = measures_needed(plan)
        before = {name: days_looked_back_to(plan, name, period) for name in needed}
        if not self._is_running(period):
            days = list(days_of(period))
            return days, [
                name
                for name in needed
                if not all(self._is_covered(name, day) for day in [*before[name], *days])
            ]
        days = []
        for day in days_of(period):
            if day > self.today or not all(self._is_covered(name, day) for name in needed):
                break
            days.append(day)
        if days:
            return days, [
                name for name in needed if not all(self._is_covered(name, day) for day in before[name])
            ]
        first = days_of(period)[0]
        return days, [name for name in needed if not self._is_covered(name, first)]

    def _indicator(
        self, person: Row, plan: Plan, indicator: dict[str, Any], period: str, window: list[date]
    ) -> Line:
        name = indicator["name"]
        weight = weight_of(indicator, self._starting_tier(person, period))
        line = Line("indicator", name, "not_assessed", weight=weight)
        named = measures_needed({"indicators": [indicator]})
        is_known = self._is_known(plan, named, period, window)
        if "against" in indicator and is_known:
            line.target = self._own_target(person, indicator, period, window)
        elif "measure" in indicator and "against" not in indicator:
            line.target = self._target(person, plan, name, period, window)
        if not is_known:
            line.status = "unknown"
            return line
        if "repurchase" in indicator:
            line.actual, against = self._customers(person, indicator, window)
        else:
            line.actual = self._value(person, plan, named[0], window)
            against = self._value(person, plan, named[1], window) if "ratio" in indicator else line.target
        if against is None or against == 0:
            return line
        line.status = "assessed"
        line.reading = line.actual / against
        line.points = half_up(on_curve(indicator["curve"], line.reading), 4)
        return line

    def _deduction(
        self, person: Row, plan: Plan, deduction: dict[str, Any], period: str, window: list[date]
    ) -> Line:
        line = Line("deduction", deduction["name"], "assessed")
        if not self._is_known(plan, [deduction["measure"]], period, window):
            line.status = "unknown"
            return line
        line.points = Fraction(deduction["points"])
        line.actual = self._value(person, plan, deduction["measure"], window)
        return line

    def _is_known(self, plan: Plan, measures: list[str], period: str, window: list[date]) -> bool:
        return bool(window) and all(
            self._is_covered(name, day)
            for name in measures
            for day in [*days_looked_back_to(plan, name, period), *window]
        )

    # --- what a plan looks back to ------------------------------------------------------------------------

    def _own_target(
        self, person: Row, indicator: dict[str, Any], period: str, window: list[date]
    ) -> Fraction | None:
        """What was achieved in the months before, per day that counted, × the days that count now."""
        before = [
            day for month in months_before(period, int(indicator.get("months", 3))) for day in days_of(month)
        ]
        achieved = self._value(person, {}, indicator["measure"], before)
        counted = [day for day in before if self._is_eligible(person, day)]
        if achieved <= 0 or len(counted) < len(before) / 2:
            return None
        now = [day for day in window if self._is_eligible(person, day)]
        return half_up(achieved / len(counted) * len(now), 2)

    def _customers(
        self, person: Row, indicator: dict[str, Any], window: list[date]
    ) -> tuple[Fraction, Fraction]:
        """How many of those who bought in the window returned, and how many bought."""
        bought = [
            (day, customer)
            for employee_id, measure, day, customer in self.purchases
            if employee_id == person["employee_id"] and measure == indicator["repurchase"]
        ]
        within = int(indicator["within_days"])
        returned = {
            customer
            for day, customer in bought
            if day in window
            and any(other == customer and 0 < (day - earlier).days <= within for earlier, other in bought)
        }
        return Fraction(len(returned)), Fraction(len({customer for day, customer in bought if day in window}))

    def _starting_tier(self, person: Row, period: str) -> str:
        """The last tier of the twelve months before that are locked; blank without one."""
        for month in reversed(months_before(period, 12)):
            if month in self.locked:
                for card in self.when_locked.cards(month):
                    if card.employee_id == person["employee_id"] and card.tier:
                        return card.tier
        return ""

    # --- target, measure, tier, miss ----------------------------------------------------------------------

    def _target(
        self, person: Row, plan: Plan, indicator: str, period: str, window: list[date]
    ) -> Fraction | None:
        ramp = [Fraction(factor) for factor in plan.get("ramp", [])]

        def ramped(month: str) -> Fraction:
            since = months_since_hire(person, month)
            return ramp[since] if since < len(ramp) else Fraction(1)

        def sum_over(target_period: str, days: list[date]) -> Fraction | None:
            """The amounts in force on these days, each a share of its own period; none without a target."""
            stated = self._amounts(person, indicator, target_period)
            if not stated:
                return None
            return sum(
                (amount_on(stated, day) / len(days_of(target_period)) for day in days), start=Fraction(0)
            )

        eligible = [day for day in window if self._is_eligible(person, day)]
        own = sum_over(period, eligible)
        if own is not None:
            return half_up(own * ramped(months_of(period)[0]), 2)
        if not any(self._amounts(person, indicator, month) for month in months_of(period)):
            return None
        total = Fraction(0)
        for month in months_of(period):
            inside = [day for day in eligible if f"{day:%Y-%m}" == month]
            if not inside:
                continue
            of_month = sum_over(month, inside)
            if of_month is None:
                return None
            total += of_month * ramped(month)
        return half_up(total, 2)

    def _amounts(self, person: Row, indicator: str, period: str) -> list[tuple[date, Fraction]]:
        found = []
        for owner, name, stated_period, since, amount in self.targets:
            if (owner, name, stated_period) == (person["employee_id"], indicator, period):
                found.append((day_of(since) if since else date.min, amount))
        return sorted(found)

    def _value(self, person: Row, plan: Plan, measure: str, window: list[date]) -> Fraction:
        values = [
            (day, value)
            for employee_id, recorded, day, value in self.records
            if employee_id == person["employee_id"] and recorded == measure and day in window
        ]
        if measure in plan.get("stocks", []) and values:
            latest = max(day for day, _ in values)
            values = [(day, value) for day, value in values if day == latest]
        return sum((value for _, value in values), start=Fraction(0))

    def _tier(self, person: Row, plan: Plan, score: Fraction, lines: list[Line], window: list[date]) -> str:
        low_to_high = sorted(plan["tiers"], key=lambda tier: Fraction(tier["from"]))
        names = [tier["name"] for tier in low_to_high]
        place = max(at for at, tier in enumerate(low_to_high) if Fraction(tier["from"]) <= score)
        for gate in plan.get("gates", []):
            value = self._gated_value(person, plan, gate, lines, window)
            if value is not None and compares(gate, value):
                place = min(place, names.index(gate["cap"]))
        return str(names[place])

    def _gated_value(
        self, person: Row, plan: Plan, gate: dict[str, Any], lines: list[Line], window: list[date]
    ) -> Fraction | None:
        if "indicator" in gate:
            return reading_of(lines, gate["indicator"])
        if "ratio" in gate:
            numerator, denominator = (self._value(person, plan, name, window) for name in gate["ratio"])
            return numerator / denominator if denominator else None
        return self._value(person, plan, gate["measure"], window)

    # --- ranks --------------------------------------------------------------------------------------------

    def _rank(self, cards: list[Card]) -> None:
        ranked = [card for card in cards if card.score is not None and not card.unranked_because]
        for card in ranked:
            for unit in path_of(card.unit):
                better = [
                    other
                    for other in ranked
                    if other.plan == card.plan
                    and unit in path_of(other.unit)
                    and (other.score or 0) > (card.score or 0)
                ]
                card.ranks[unit] = 1 + len(better)

    # --- what holds on a day ------------------------------------------------------------------------------

    def _is_eligible(self, person: Row, day: date) -> bool:
        if not is_employed(person, day):
            return False
        return not any(
            employee_id == person["employee_id"] and first <= day <= last
            for employee_id, first, last in self.leaves
        )

    def _is_covered(self, measure: str, day: date) -> bool:
        if not self.has_coverage:
            return day <= self.imported_on
        return any(named == measure and first <= day <= last for named, first, last in self.coverage)

    def _placed(self, person: Row, day: date) -> tuple[str, str]:
        """Unit and job family on a day of employment."""
        unit, family = person["unit"], person["job_family"]
        moves = [row for row in self.transfers if row["employee_id"] == person["employee_id"]]
        for move in sorted(moves, key=lambda row: row["from"]):
            if max(day_of(move["from"]), day_of(person["hired_on"])) <= day:
                unit = move["unit"] or unit
                family = move["job_family"] or family
        return unit, family

    def _plan_in_force(self, family: str, period: str) -> Plan | None:
        last_month = months_of(period)[-1]
        candidates = [
            plan
            for plan in self.plans
            if plan and plan["job_family"] == family and plan["from"] <= last_month
        ]
        return max(candidates, key=lambda plan: plan["from"], default=None)

    def _is_running(self, period: str) -> bool:
        return self.today <= days_of(period)[-1]

    def _ranks_so_far(self, period: str) -> bool:
        day, worked = days_of(period)[0], 0
        while day <= self.today:
            worked += self._is_working_day(day)
            day += DAY
        return worked >= RANKS_FROM_WORKING_DAY

    def _is_working_day(self, day: date) -> bool:
        if self.company.get("calendar") == "cn" and day in CHINESE_HOLIDAYS | CHINESE_MAKE_UP_DAYS:
            return day in CHINESE_MAKE_UP_DAYS
        return day.isoweekday() <= 5

    def _zone_of_most(self) -> str:
        zones = Counter(person["time_zone"] for person in self.people if person["time_zone"])
        return min(zones, key=lambda zone: (-zones[zone], zone), default="UTC")


def reading_of(lines: list[Line], indicator: str) -> Fraction | None:
    return next(line.reading for line in lines if line.name == indicator)


def is_too_little(plan: Plan, indicators: list[Line]) -> bool:
    """Whether the assessed lines weigh less than the plan asks for; nothing assessed always is too little."""
    assessed = [line.weight for line in indicators if line.status == "assessed"]
    least = Fraction(plan.get("min_assessed_weight", DEFAULT_MIN_ASSESSED_WEIGHT))
    return not assessed or Fraction(sum(assessed)) < least * Fraction(sum(line.weight for line in indicators))


def add_up(card: Card, plan: Plan, indicators: list[Line], deductions: list[Line]) -> None:
    """Contributions, deductions, the floor where they come to less than 0, and the score."""
    assessed = [line for line in indicators if line.status == "assessed"]
    for line in assessed:
        share = Fraction(line.weight) / Fraction(sum(one.weight for one in assessed))
        line.contribution = half_up(share * (line.points or 0), 2)
    for line, deduction in zip(deductions, plan.get("deductions", []), strict=True):
        taken = max(Fraction(0), (line.actual or 0) * Fraction(deduction["points"]))
        if "cap" in deduction:
            taken = min(taken, Fraction(deduction["cap"]))
        line.contribution = -half_up(taken, 2)
    parts = [line.contribution for line in card.lines if line.contribution is not None]
    total = sum(parts, start=Fraction(0))
    if total < 0:
        card.lines.append(Line("floor", "floor", "assessed", contribution=-total))
    card.score = max(total, Fraction(0))


def missed(card: Card, plan: Plan, indicators: list[Line]) -> str:
    reading = reading_of(indicators, plan["miss"]["indicator"])
    if card.status != "complete" or reading is None:
        return "exempt"
    return "miss" if compares(plan["miss"], reading) else "hit"
