"""What the loans company's plans pay a card, as a payroll clerk works it out by hand. Amounts in fen.

From the plan files and their published meaning alone, with fractions.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from tests.examples.loans_cards import Card
from tests.examples.loans_files import days_of, half_up


@dataclass(frozen=True)
class Facts:
    """What a month's money is worked out from."""

    value: Callable[[str, str, bool], Fraction]
    """Of an employee, a measure, and whether it is a balance."""
    credited: Callable[[str], Fraction]
    """An employee's sales, shares in others' loans counted."""
    terms: Mapping[tuple[str, str], Fraction]
    """Personal ones in force, by employee and kind."""
    order: Mapping[str, int]
    """In which people came to be known."""


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


def month_pay(cards: list[Card], month: str, facts: Facts) -> dict[str, Pay]:
    """By employee, of complete cards."""
    complete = [card for card in cards if card.status == "complete"]
    pools = _pools(complete, facts)
    return {card.employee_id: _pay(card, month, facts, pools.get(card.employee_id, 0)) for card in complete}


def _pay(card: Card, month: str, facts: Facts, pool: int) -> Pay:
    plan, who = card.plan["incentives"], card.employee_id
    base = facts.terms.get((who, "base"), Fraction(plan["base"]))
    share = Fraction(card.eligible_days, len(days_of(month)))
    parts = [Part("base", "", fen(base * share))] if card.eligible_days else []
    rates, sold = _rates(plan, who, facts), facts.credited(who)
    on_sales = _on_sales(plan, card, sold, facts)
    parts += rates + on_sales
    of = total(rates) + total(on_sales)
    quality = _quality(card, plan, facts, of)
    parts += [Part("quality", "", quality)] if quality else []
    parts += [Part("pool", "", pool)] if pool else []
    above = max(total(parts) - fen(Fraction(plan["cap"])), 0) if "cap" in plan else 0
    parts += [Part("cap", "", -above)] if above else []
    rate = Fraction(total(on_sales)) * (1 + Fraction(quality, of) if quality else 1)
    rate = max(rate - above, Fraction(0)) / 100 / sold if sold > 0 else Fraction(0)
    for deduction in plan["deductions"]:
        wanted = fen(facts.value(who, deduction["measure"], False) * Fraction(deduction["amount"]))
        wanted = min(wanted, fen(Fraction(deduction["cap"]))) if "cap" in deduction else wanted
        if wanted > 0:
            parts.append(Part("deduction", deduction["name"], -min(wanted, total(parts))))
    return Pay(parts, rate)


def _rates(plan: dict[str, Any], who: str, facts: Facts) -> list[Part]:
    parts = []
    for rate in plan.get("rates", []):
        value = facts.value(who, rate["measure"], False)
        if value > 0:
            parts.append(Part("rate", rate["name"], fen(value * Fraction(rate["rate"]))))
    return parts


def _on_sales(plan: dict[str, Any], card: Card, sold: Fraction, facts: Facts) -> list[Part]:
    own = facts.terms.get((card.employee_id, "rate"))
    if own is None:
        return _bands(plan, card, sold)
    return [Part("own_rate", "", fen(sold * own))] if sold > 0 else []


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


def _quality(card: Card, plan: dict[str, Any], facts: Facts, of: int) -> int:
    quality = plan["quality"]
    if "tiers" in quality:
        factor = Fraction(quality["tiers"][card.tier])
    else:
        indicator = next(one for one in card.plan["indicators"] if one["name"] == quality["indicator"])
        above, below = (
            facts.value(card.employee_id, name, name in card.plan["stocks"]) for name in indicator["ratio"]
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


def _pools(cards: list[Card], facts: Facts) -> dict[str, int]:
    teams: dict[tuple[str, str], list[Card]] = defaultdict(list)
    for card in sorted(cards, key=lambda card: facts.order[card.employee_id]):
        teams[card.unit, card.plan["name"]].append(card)
    found: dict[str, int] = {}
    for team in teams.values():
        found |= _shared(team, facts)
    return found


def _shared(team: list[Card], facts: Facts) -> dict[str, int]:
    pool = team[0].plan["incentives"]["pool"]
    goals = {card.employee_id: card.line(pool["indicator"]).target or Fraction(0) for card in team}
    sold = sum((facts.value(who, "won_amount", False) for who, goal in goals.items() if goal), Fraction(0))
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
