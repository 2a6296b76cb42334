"""What the loans company's plans pay a card, as a payroll clerk works it out by hand. Amounts in fen.

From the plan files and their published meaning alone, with fractions.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from tests.examples.loans_cards import Card
from tests.examples.loans_files import days_of, half_up

Values = Callable[[str, str, bool], Fraction]
"""Of an employee, a measure, and whether it is a balance."""


class Part(NamedTuple):
    part: str
    name: str
    amount: int


class Pay(NamedTuple):
    parts: list[Part]
    paid_rate: Fraction
    """What a yuan of sales came to in the end."""


def fen(amount: Fraction) -> int:
    return int(half_up(amount, 2) * 100)


def total(parts: list[Part]) -> int:
    return sum(part.amount for part in parts)


def month_pay(cards: list[Card], month: str, values: Values, hired: Mapping[str, int]) -> dict[str, Pay]:
    """By employee, of complete cards. `hired` gives the order in which people became known."""
    complete = [card for card in cards if card.status == "complete"]
    pools = _pools(complete, values, hired)
    return {card.employee_id: _pay(card, month, values, pools.get(card.employee_id, 0)) for card in complete}


def _pay(card: Card, month: str, values: Values, pool: int) -> Pay:
    plan = card.plan["incentives"]
    who = card.employee_id
    share = Fraction(card.eligible_days, len(days_of(month)))
    parts = [Part("base", "", fen(plan["base"] * share))] if card.eligible_days else []
    parts += _rates(plan, who, values)
    sold = values(who, "won_amount", False)
    bands = _bands(plan, card, sold)
    parts += bands
    of = total(bands) + total(_rates(plan, who, values))
    quality = _quality(card, plan, values, of)
    parts += [Part("quality", "", quality)] if quality else []
    parts += [Part("pool", "", pool)] if pool else []
    above = max(total(parts) - fen(Fraction(plan["cap"])), 0) if "cap" in plan else 0
    parts += [Part("cap", "", -above)] if above else []
    rate = Fraction(total(bands)) * (1 + Fraction(quality, of) if quality else 1)
    rate = max(rate - above, Fraction(0)) / 100 / sold if sold > 0 else Fraction(0)
    for deduction in plan["deductions"]:
        wanted = fen(values(who, deduction["measure"], False) * Fraction(deduction["amount"]))
        wanted = min(wanted, fen(Fraction(deduction["cap"]))) if "cap" in deduction else wanted
        if wanted > 0:
            parts.append(Part("deduction", deduction["name"], -min(wanted, total(parts))))
    return Pay(parts, rate)


def _rates(plan: dict[str, Any], who: str, values: Values) -> list[Part]:
    counted = [(rate, values(who, rate["measure"], False)) for rate in plan.get("rates", [])]
    return [
        Part("rate", rate["name"], fen(value * Fraction(rate["rate"])))
        for rate, value in counted
        if value > 0
    ]


def _bands(plan: dict[str, Any], card: Card, sold: Fraction) -> list[Part]:
    target = card.line(plan["commission"]["indicator"]).target
    if not target:
        return [Part("unpaid", "", 0)]
    bands = plan["commission"]["bands"]
    ends = [Fraction(band["from"]) * target for band in bands[1:]]
    parts = []
    for number, band in enumerate(bands, start=1):
        top = min([sold, *ends[number - 1 : number]])
        inside = top - Fraction(band["from"]) * target
        if inside > 0:
            parts.append(Part("band", str(number), fen(inside * Fraction(band["rate"]))))
    return parts


def _quality(card: Card, plan: dict[str, Any], values: Values, of: int) -> int:
    quality = plan["quality"]
    if "tiers" in quality:
        factor = Fraction(quality["tiers"][card.tier])
    else:
        indicator = next(one for one in card.plan["indicators"] if one["name"] == quality["indicator"])
        above, below = (
            values(card.employee_id, name, name in card.plan["stocks"]) for name in indicator["ratio"]
        )
        if not below:
            return 0
        factor = _on_curve(quality["curve"], above / below)
    return int(half_up((factor - 1) * of, 0))


def _on_curve(curve: list[list[Any]], x: Fraction) -> Fraction:
    anchors = [(Fraction(at), Fraction(height)) for at, height in curve]
    for (left, low), (right, high) in pairwise(anchors):
        if x < left:
            return low
        if x < right:
            return low + (high - low) * (x - left) / (right - left)
    return anchors[-1][1]


def _pools(cards: list[Card], values: Values, hired: Mapping[str, int]) -> dict[str, int]:
    teams: dict[tuple[str, str], list[Card]] = defaultdict(list)
    for card in sorted(cards, key=lambda card: hired[card.employee_id]):
        teams[card.unit, card.plan["name"]].append(card)
    found: dict[str, int] = {}
    for team in teams.values():
        found |= _shared(team, values)
    return found


def _shared(team: list[Card], values: Values) -> dict[str, int]:
    pool = team[0].plan["incentives"]["pool"]
    goals = {card.employee_id: card.line(pool["indicator"]).target or Fraction(0) for card in team}
    sold = sum((values(who, "won_amount", False) for who, goal in goals.items() if goal), Fraction(0))
    reached = sold / sum(goals.values()) if any(goals.values()) else Fraction(-1)
    factors = [Fraction(factor) for start, factor in pool["steps"] if Fraction(start) <= reached]
    whole = fen(Fraction(pool["amount"]) * len(team) * factors[-1]) if factors else 0
    weights = {
        card.employee_id: (card.score or Fraction(0)) if pool["by"] == "score" else Fraction(1)
        for card in team
    }
    return _dealt_out(whole, weights) if whole else {}


def _dealt_out(whole: int, weights: dict[str, Fraction]) -> dict[str, int]:
    """Whole fen; what is left goes, one by one, to those who lost most by rounding down."""
    exact = {who: whole * weight / sum(weights.values()) for who, weight in weights.items()}
    dealt = {who: int(share) for who, share in exact.items()}
    for who in sorted(exact, key=lambda one: dealt[one] - exact[one])[: whole - sum(dealt.values())]:
        dealt[who] += 1
    return dealt
