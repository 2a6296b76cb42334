"""Scores of the loans company as a bookkeeper works them out: from the contract, plainly, with fractions."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.examples.loans_files import Files, Plan, Row, days_of, half_up, written


@dataclass
class Line:
    kind: str
    name: str
    actual: Fraction | None
    target: Fraction | None = None
    reading: Fraction | None = None
    points: Fraction | None = None
    weight: int | None = None
    contribution: Fraction | None = None
    status: str = "assessed"


@dataclass
class Card:
    employee_id: str
    unit: str
    plan: Plan
    lines: list[Line]
    eligible_days: int
    status: str = "complete"
    score: Fraction | None = None
    tier: str = ""
    miss: str = "exempt"
    because: str = ""
    ranks: dict[str, int] = field(default_factory=dict)

    def line(self, name: str) -> Line:
        return next(line for line in self.lines if line.name == name)


def cards_of(files: Files, month: str) -> list[Card]:
    """Every card of an ended month, ranked, by employee id."""
    found = [card for employee_id in sorted(files.people) if (card := _card(files, employee_id, month))]
    _rank(found)
    return found


def score_rows(cards: list[Card]) -> Iterator[Row]:
    """As `pacesetter scores` prints them."""
    for card in cards:
        yield {
            "employee_id": card.employee_id,
            "status": card.status,
            "score": written(card.score, 2),
            "tier": card.tier,
            "miss": card.miss,
            "ranks": ";".join(f"{path}={rank}" for path, rank in card.ranks.items()),
            "unranked_because": card.because,
        }


def line_rows(cards: list[Card]) -> Iterator[Row]:
    """As `pacesetter lines` prints them."""
    for card in cards:
        for line in card.lines:
            yield {
                "employee_id": card.employee_id,
                "kind": line.kind,
                "name": line.name,
                "actual": written(line.actual, 4),
                "target": written(line.target, 2),
                "reading": written(line.reading, 6),
                "points": written(line.points, 4),
                "weight": "" if line.weight is None else str(line.weight),
                "contribution": written(line.contribution, 2),
                "status": line.status,
            }


def _card(files: Files, employee_id: str, month: str) -> Card | None:
    employed = [day for day in days_of(month) if files.is_employed(employee_id, day)]
    if not employed:
        return None
    unit, family = files.placed(employee_id, employed[-1])
    plan = next((plan for plan in files.plans if plan["job_family"] == family), None)
    if plan is None:
        return None
    eligible = len(files.eligible_days(employee_id, month))
    lines = [_indicator(files, employee_id, month, plan, one) for one in plan["indicators"]]
    lines += [_deduction(files, employee_id, month, one) for one in plan["deductions"]]
    card = Card(employee_id, unit, plan, lines, eligible)
    assessed = [line for line in lines if line.kind == "indicator" and line.status == "assessed"]
    weighed = sum(line.weight or 0 for line in assessed)
    unknown = [name for name in _needed(plan) if not files.covers(name, month)]
    if unknown:
        card.status, card.because = "incomplete", f"not_covered: {', '.join(unknown)}"
    elif not eligible:
        card.status, card.because = "not_assessed", "no_eligible_day"
    elif weighed < Fraction(plan["min_assessed_weight"]) * 100:
        card.status, card.because = "not_assessed", "too_little_assessed"
    else:
        _add_up(card, assessed, weighed)
        card.tier = _tier(files, card, month)
        card.because = _unjudged(files, card, month)
        sales = card.line(plan["miss"]["indicator"])
        if not card.because and sales.reading is not None:
            card.miss = "miss" if sales.reading < Fraction(plan["miss"]["below"]) else "hit"
    return card


def _needed(plan: Plan) -> list[str]:
    names: dict[str, None] = {}
    for part in [*plan["indicators"], *plan["deductions"], *plan["gates"]]:
        names |= dict.fromkeys(part.get("ratio", []))
        names |= {part["measure"]: None} if "measure" in part else {}
    return list(names)


def _value(files: Files, employee_id: str, plan: Plan, measure: str, month: str) -> Fraction:
    return files.value(employee_id, measure, month, stock=measure in plan["stocks"])


def _indicator(files: Files, employee_id: str, month: str, plan: Plan, one: dict[str, Any]) -> Line:
    measures = one.get("ratio") or [one["measure"]]
    line = Line("indicator", one["name"], None, weight=one["weight"], status="not_assessed")
    if "measure" in one:
        line.target = _target(files, employee_id, month, plan, one["name"])
    if not all(files.covers(name, month) for name in measures):
        line.status = "unknown"
        return line
    line.actual = _value(files, employee_id, plan, measures[0], month)
    against = line.target if "measure" in one else _value(files, employee_id, plan, measures[1], month)
    if against:
        line.status = "assessed"
        line.reading = line.actual / against
        line.points = half_up(_on_curve(one["curve"], line.reading), 4)
    return line


def _target(files: Files, employee_id: str, month: str, plan: Plan, indicator: str) -> Fraction | None:
    stated = {
        since or f"{month}-01": amount
        for since, amount in files.stated.get((employee_id, indicator, month), {}).items()
    }
    if not stated:
        return None
    hired = files.people[employee_id]["hired_on"]
    since_hire = 12 * (int(month[:4]) - int(hired[:4])) + int(month[5:]) - int(hired[5:7])
    ramp = Fraction(plan["ramp"][since_hire]) if since_hire < len(plan["ramp"]) else Fraction(1)
    days = Counter(
        max(since for since in stated if since <= day.isoformat())
        for day in files.eligible_days(employee_id, month)
    )
    total = sum((stated[since] * count for since, count in days.items()), Fraction(0)) / len(days_of(month))
    return half_up(total * ramp, 2)


def _on_curve(curve: list[list[Any]], x: Fraction) -> Fraction:
    anchors = [(Fraction(at), Fraction(points)) for at, points in curve]
    inside = max(anchors[0][0], min(anchors[-1][0], x))
    for (left, low), (right, high) in pairwise(anchors):
        if left <= inside <= right:
            return low + (inside - left) / (right - left) * (high - low)
    raise AssertionError("a curve without gaps has every point")


def _deduction(files: Files, employee_id: str, month: str, one: dict[str, Any]) -> Line:
    if not files.covers(one["measure"], month):
        return Line("deduction", one["name"], None, status="unknown")
    value = files.value(employee_id, one["measure"], month, stock=False)
    return Line("deduction", one["name"], value, points=Fraction(one["points"]))


def _add_up(card: Card, assessed: list[Line], weighed: int) -> None:
    for line in assessed:
        line.contribution = half_up((line.weight or 0) * (line.points or Fraction(0)) / weighed, 2)
    for line, one in zip(card.lines[len(card.plan["indicators"]) :], card.plan["deductions"], strict=True):
        wanted = (line.actual or Fraction(0)) * (line.points or Fraction(0))
        line.contribution = -half_up(min(max(wanted, Fraction(0)), Fraction(one["cap"])), 2)
    parts = sum((line.contribution or Fraction(0) for line in card.lines), Fraction(0))
    if parts < 0:
        card.lines.append(Line("floor", "floor", None, contribution=-parts))
    card.score = max(parts, Fraction(0))


def _tier(files: Files, card: Card, month: str) -> str:
    lowest_first = [tier["name"] for tier in sorted(card.plan["tiers"], key=lambda tier: tier["from"])]
    reached = [tier["name"] for tier in card.plan["tiers"] if (card.score or 0) >= Fraction(tier["from"])]
    places = [max(map(lowest_first.index, reached))]
    for gate in card.plan["gates"]:
        if "indicator" in gate:
            read = card.line(gate["indicator"]).reading
        else:
            read = _value(files, card.employee_id, card.plan, gate["measure"], month)
        if read is not None and _acts(gate, read):
            places.append(lowest_first.index(gate["cap"]))
    return lowest_first[min(places)]


def _acts(gate: dict[str, Any], read: Fraction) -> bool:
    if "above" in gate:
        return read > Fraction(gate["above"])
    if "at_least" in gate:
        return read >= Fraction(gate["at_least"])
    return read < Fraction(gate["below"])


def _unjudged(files: Files, card: Card, month: str) -> str:
    hired = files.people[card.employee_id]["hired_on"]
    since_hire = 12 * (int(month[:4]) - int(hired[:4])) + int(month[5:]) - int(hired[5:7])
    if since_hire < len(card.plan["ramp"]):
        return "in_ramp"
    return "under_half_eligible" if 2 * card.eligible_days < len(days_of(month)) else ""


def _rank(cards: list[Card]) -> None:
    """1, 2, 2, 4, in every unit on the way down to one's own, among those under the same plan."""
    boards: dict[tuple[str, str], list[int]] = defaultdict(list)
    for card in cards:
        if card.score is not None and not card.because:
            for unit in _units_above(card.unit):
                boards[unit, card.plan["name"]].append(int(card.score * 100))
    for card in cards:
        if card.score is not None and not card.because:
            for unit in _units_above(card.unit):
                own = int(card.score * 100)
                card.ranks[unit] = 1 + sum(other > own for other in boards[unit, card.plan["name"]])


def _units_above(unit: str) -> list[str]:
    names = unit.split("/")
    return ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]
