"""Each line of a statement in words: sentences with places for its numbers, to be put into any language."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from domain.errors import N_
from domain.incentives.rules_law import Blocked
from domain.incentives.rules_money import digits_of, major
from domain.incentives.rules_pay import Part
from domain.incentives.statements import PayLine, Statement, Withheld
from domain.periods import Period
from domain.plain import plain
from domain.plans.rules_incentives import PoolShare
from domain.scoring.rules_cards import CardStatus, Reason

PERCENT_PLACES = 4


@dataclass(frozen=True)
class Label:
    """The name of a measure or an indicator, as plans write it."""

    name: str


@dataclass(frozen=True)
class Said:
    """A sentence of ours and what fills its places: exact decimals, labels, periods, texts."""

    sentence: str
    values: dict[str, Any]

    def plainly(self) -> str:
        """In English, for the command line and for files."""
        return self.sentence.format(**{name: _plainly(value) for name, value in self.values.items()})


def why(line: PayLine, booked: Period) -> list[Said]:
    """What the line was computed from."""
    said = [*_arithmetic(line)]
    if "term_id" in line.facts:
        said.append(Said(N_("A personal term holds in the place of the plan."), {}))
    if line.earned != booked and "before" in line.facts and line.part != Part.CARRIED:
        said.append(_settled(line))
    said += _law(line)
    return said


def name_of_part(line: PayLine) -> str:
    """What a line is called, in English; the bot translates it."""
    return _NAMES[Part(line.part)]


def why_withheld(withheld: Withheld) -> Said:
    """Why a card pays nothing. Unknown is not zero."""
    if withheld.status == CardStatus.INCOMPLETE:
        return Said(
            N_("Nothing is computed: {measures} not reported for every day, and unknown is not zero."),
            {"measures": [Label(measure) for measure in withheld.measures]},
        )
    if withheld.reason == Reason.NO_ELIGIBLE_DAY:
        return Said(N_("Nothing is computed: no day of the month counts."), {})
    return Said(N_("Nothing is computed: too little of the card could be assessed."), {})


def plain_lines(shown: Statement) -> list[str]:
    """Each line's arithmetic, in English."""
    return [" ".join(said.plainly() for said in why(line, shown.period)) for line in shown.lines]


_NAMES = {
    Part.BASE: N_("Base"),
    Part.RATE: N_("By measure"),
    Part.BAND: N_("Commission"),
    Part.OWN_RATE: N_("Commission"),
    Part.UNPAID: N_("Commission"),
    Part.QUALITY: N_("Quality"),
    Part.POOL: N_("Share of the team's pool"),
    Part.CAP: N_("Cap"),
    Part.DEDUCTION: N_("Deduction"),
    Part.CLAWBACK: N_("Taken back"),
    Part.CARRIED: N_("Held over"),
    Part.TAKEN: N_("Taken back by HR"),
}


def _arithmetic(line: PayLine) -> Iterator[Said]:
    """Nothing where a part has fallen away: what it was and is now is said all the same."""
    if _NEEDED[Part(line.part)] in line.facts:
        yield from _WORDS[Part(line.part)](line)


def _base(line: PayLine) -> Iterator[Said]:
    facts = line.facts
    numbers = {"base": facts["base"], "eligible": facts["eligible_days"], "days": facts["days"]}
    yield Said(
        N_("{base} × {eligible} of {days} days."), {name: _number(one) for name, one in numbers.items()}
    )


def _rate(line: PayLine) -> Iterator[Said]:
    numbers = {"value": _number(line.facts["value"]), "rate": _number(line.rate)}
    yield Said(N_("{measure} {value} × {rate}."), {"measure": Label(line.facts["measure"]), **numbers})


def _own_rate(line: PayLine) -> Iterator[Said]:
    numbers = {"amount": _number(line.facts["credited"]), "rate": _percent(line.rate)}
    yield Said(N_("{amount} × {rate}%."), numbers)


def _unpaid(line: PayLine) -> Iterator[Said]:
    yield Said(
        N_("Nothing is paid on {amount}: there is no target of {indicator} to read it against."),
        {"amount": _number(line.facts["credited"]), "indicator": Label(line.facts["indicator"])},
    )


def _cap(line: PayLine) -> Iterator[Said]:
    yield Said(
        N_("{reached} is more than the {cap} that a month pays at most."),
        {"reached": _money(line, line.facts["of"]), "cap": _number(line.facts["cap"])},
    )


def _deduction(line: PayLine) -> Iterator[Said]:
    facts = line.facts
    numbers = {"value": _number(facts["value"]), "rate": _number(line.rate)}
    yield Said(
        N_("{measure} {value} × {rate}: {wanted}."),
        {"measure": Label(facts["measure"]), "wanted": _money(line, facts["wanted"]), **numbers},
    )
    is_cut = facts["wanted"] != -_minor(line) and not {"limit", "blocked", "before"} & facts.keys()
    if is_cut:
        yield Said(N_("No more than the month's variable pay is taken."), {})


def _clawback(line: PayLine) -> Iterator[Said]:
    numbers = {"value": _number(line.facts["value"]), "rate": _percent(line.rate)}
    yield Said(
        N_("{value} of what {period} sold, by {measure}, × the {rate}% that was paid then."),
        {"period": line.earned, "measure": Label(line.facts["measure"]), **numbers},
    )
    if "still_paid" in line.facts:
        still_paid = _money(line, line.facts["still_paid"])
        yield Said(N_("No more is taken back than is still paid of it: {amount}."), {"amount": still_paid})


def _carried(line: PayLine) -> Iterator[Said]:
    yield Said(
        N_("More than what is not yet earned is never taken: {short} of {period} remain to be taken back."),
        {"short": _money(line, line.facts["short"]), "period": line.earned},
    )


def _taken(line: PayLine) -> Iterator[Said]:
    yield Said(N_("Reason: {reason}"), {"reason": str(line.facts["because"])})


def _band(line: PayLine) -> Iterator[Said]:
    facts = line.facts
    numbers = {
        "amount": _number(facts["amount"]),
        "credited": _number(facts["credited"]),
        "target": _number(facts["target"]),
        "reached": _percent(facts["attainment"]),
        "start": _percent(facts["from"]),
        "rate": _percent(line.rate),
        "indicator": Label(facts["indicator"]),
    }
    if facts["to"] is None:
        yield Said(
            N_(
                "{indicator} {credited} of {target} ({reached}%): {amount} of it from {start}% on, × {rate}%."
            ),
            numbers,
        )
    else:
        yield Said(
            N_(
                "{indicator} {credited} of {target} ({reached}%): {amount} of it from {start}% to {end}%, "
                "× {rate}%."
            ),
            {**numbers, "end": _percent(facts["to"])},
        )
    if "own" in facts:
        yield Said(
            N_("The card shows {own}; shared records make it {credited}."),
            {"own": _number(facts["own"]), "credited": _number(facts["credited"])},
        )


def _quality(line: PayLine) -> Iterator[Said]:
    facts = line.facts
    numbers = {"paid": _money(line, facts["of"]), "factor": _rounded(facts["factor"])}
    if "tier" in facts:
        yield Said(N_("{paid} × {factor} for tier {tier}."), {**numbers, "tier": str(facts["tier"])})
    else:
        yield Said(
            N_("{paid} × {factor}, as {indicator} is {reading}%."),
            {**numbers, "indicator": Label(facts["indicator"]), "reading": _percent(facts["reading"])},
        )


def _pool(line: PayLine) -> Iterator[Said]:
    facts = line.facts
    yield Said(
        N_(
            "The team reached {reached}% of {indicator}: {amount} × {factor} for each of {members} make a "
            "pool of {pool}."
        ),
        {
            "reached": _percent(facts["attainment"]),
            "indicator": Label(facts["indicator"]),
            "amount": _number(facts["amount"]),
            "factor": _rounded(facts["factor"]),
            "members": _number(facts["members"]),
            "pool": _money(line, facts["pool"]),
        },
    )
    weight = {"weight": _number(facts["weight"]), "of": _number(facts["of"])}
    match facts["by"]:
        case PoolShare.SCORE:
            yield Said(N_("Shared by score: {weight} of {of}."), weight)
        case PoolShare.ATTAINMENT:
            yield Said(N_("Shared by attainment: {weight} of {of}."), weight)
        case PoolShare.EQUALLY:
            yield Said(N_("Shared equally."), {})


def _settled(line: PayLine) -> Said:
    return Said(
        N_("For {period} this was {before} and is {now}."),
        {
            "period": line.earned,
            "before": _money(line, line.facts["before"]),
            "now": _money(line, line.facts["now"]),
        },
    )


def _law(line: PayLine) -> Iterator[Said]:
    match line.facts.get("blocked"):
        case Blocked.NO_WAGE:
            yield Said(N_("Not taken: the fixed wage is not known, and the law limits by it."), {})
        case Blocked.NO_MINIMUM_WAGE:
            yield Said(N_("Not taken: the minimum wage is not known, and the law limits by it."), {})
    if "limit" in line.facts:
        yield Said(
            N_("For a loss the law allows {limit} this month: a fifth of the wage, above the minimum wage."),
            {"limit": _rounded(line.facts["limit"])},
        )


def _number(text: object) -> Decimal:
    return Decimal(str(text))


def _rounded(text: object) -> Decimal:
    """An exact number that may be a fraction, to be read."""
    return _down(Fraction(str(text)))


def _percent(text: object) -> Decimal:
    """Cut off, never rounded onto an edge: 99.995 % is no 100 %."""
    return _down(Fraction(str(text)) * 100)


def _down(number: Fraction) -> Decimal:
    return Decimal(int(number * 10**PERCENT_PLACES)).scaleb(-PERCENT_PLACES)


def _money(line: PayLine, minor_units: int) -> Decimal:
    return major(minor_units, digits_of(line.currency))


def _minor(line: PayLine) -> int:
    return int(line.amount.scaleb(digits_of(line.currency)))


def _plainly(value: object) -> str:
    match value:
        case Decimal():
            return plain(value)
        case Label():
            return value.name
        case list():
            return ", ".join(map(_plainly, value))
    return str(value)


_WORDS: dict[Part, Callable[[PayLine], Iterator[Said]]] = {
    Part.BASE: _base,
    Part.RATE: _rate,
    Part.BAND: _band,
    Part.OWN_RATE: _own_rate,
    Part.UNPAID: _unpaid,
    Part.QUALITY: _quality,
    Part.POOL: _pool,
    Part.CAP: _cap,
    Part.DEDUCTION: _deduction,
    Part.CLAWBACK: _clawback,
    Part.CARRIED: _carried,
    Part.TAKEN: _taken,
}
_NEEDED: dict[Part, str] = {
    Part.BASE: "base",
    Part.RATE: "value",
    Part.BAND: "amount",
    Part.OWN_RATE: "credited",
    Part.UNPAID: "credited",
    Part.QUALITY: "of",
    Part.POOL: "pool",
    Part.CAP: "of",
    Part.DEDUCTION: "measure",
    Part.CLAWBACK: "measure",
    Part.CARRIED: "short",
    Part.TAKEN: "because",
}
"""A fact without which a part is no longer due."""
