"""The loans company's payrolls as a clerk keeps them: each month's, with what came to light since."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from tests.examples.loans_cards import Card, cards_of
from tests.examples.loans_files import Entry, Files, Locked, Row, days_of, locked_months, toml
from tests.examples.loans_pay import Facts, Pay, fen, month_pay

Key = tuple[str, str, str, str]
"""Employee, the month it is for, part and name."""
WITHIN_MONTHS = 6
COLUMN_OF = {
    **dict.fromkeys(("rate", "band", "own_rate", "unpaid"), "commission"),
    "base": "base",
    "quality": "quality",
    "pool": "pool",
    "cap": "cap",
    "deduction": "deductions",
    **dict.fromkeys(("clawback", "carried"), "taken_back"),
}
SUMS = ("base", "commission", "quality", "pool", "cap", "deductions", "earlier_months", "taken_back")
NOT_OF_CARDS = ("clawback", "carried")


class PayLine(NamedTuple):
    booked: str
    employee_id: str
    earned: str
    part: str
    name: str
    amount: int


@dataclass
class Month:
    """A locked month: its cards, the files they stand on, and what it paid at first."""

    locked: Locked
    files: Files
    cards: list[Card]
    pays: dict[str, Pay] = field(default_factory=dict)


class Clerk:
    """Works through the months in their order; `lines` is the ledger."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._year = toml(folder / "year.toml")
        self.months: dict[str, Month] = {}
        self._anew: dict[tuple[date, str], list[Card]] = {}
        self._sums: dict[Key, int] = defaultdict(int)
        self._in_book: dict[tuple[str, str], int] = defaultdict(int)
        self.lines: list[PayLine] = []
        for locked in locked_months(folder):
            self._pay(locked)

    def payroll(self, month: str) -> Iterator[Row]:
        """The rows that are handed over: a person each, also those of whom nothing could be computed."""
        lines: dict[str, list[PayLine]] = defaultdict(list)
        for line in self.lines:
            if line.booked == month:
                lines[line.employee_id].append(line)
        cards, files = (
            {card.employee_id: card for card in self.months[month].cards},
            self.months[month].files,
        )
        for who in sorted({*lines, *cards}):
            card = cards.get(who)
            known = card is None or card.status == "complete"
            yield {
                "employee_id": who,
                "name": files.people[who]["name"],
                "booked": month,
                "currency": "CNY" if who in lines else "",
                **_summed(month, lines.get(who)),
                "note": "" if known else f"not computed: the card is {card.status.replace('_', ' ')}",
            }

    def _pay(self, locked: Locked) -> None:
        files = locked.files()
        month = Month(locked, files, cards_of(files, locked.month))
        month.pays = month_pay(month.cards, locked.month, self._facts(files, locked.month))
        self.months[locked.month] = month
        for key, amount in _by_key(locked.month, month.pays).items():
            self._write(locked.month, key, amount)
        changes = [*self._late(locked.month), *self._clawed_back(month)]
        by_account: dict[tuple[str, str], list[tuple[Key, int]]] = defaultdict(list)
        for key, amount in changes:
            by_account[key[0], key[1]].append((key, amount))
        for (who, earned, part, _), amount in list(self._sums.items()):
            if part == "carried" and amount:
                by_account.setdefault((who, earned), [])
        in_order = sorted(by_account, key=lambda one: (self._net(one, by_account[one]) < 0, one))
        for account in in_order:
            self._settle(locked.month, account, by_account[account])

    # --- what came to light ---------------------------------------------------------------------------------

    def _late(self, booked: str) -> Iterator[tuple[Key, int]]:
        """What earlier months should pay by all that had come by the end of this one, less what they did."""
        files = self._files_by_the_end_of(booked)
        for earned, month in list(self.months.items()):
            if earned == booked:
                continue
            cards = self._restated(month, booked)
            pays = month_pay(cards, earned, self._facts(files, earned))
            should = _by_key(earned, pays)
            has = {
                key: amount
                for key, amount in self._sums.items()
                if key[1] == earned and key[2] not in NOT_OF_CARDS
            }
            for key in {**should, **has}:
                if change := should.get(key, 0) - has.get(key, 0):
                    yield key, change

    def _restated(self, month: Month, booked: str) -> list[Card]:
        """The month's cards, those that HR has restated by then in their newest version."""
        cards = {card.employee_id: card for card in month.cards}
        for hand_in in self._year["hand_ins"]:
            for one in hand_in.get("restatements", []):
                if one["period"] == month.locked.month and f"{hand_in['on']:%Y-%m}" <= booked:
                    anew = self._cards_anew(hand_in["on"], one["period"])
                    cards |= {card.employee_id: card for card in anew if card.employee_id in one["people"]}
        return list(cards.values())

    def _cards_anew(self, day: date, month: str) -> list[Card]:
        if (day, month) not in self._anew:
            self._anew[day, month] = cards_of(self._files_until(day), month)
        return self._anew[day, month]

    def _clawed_back(self, month: Month) -> Iterator[tuple[Key, int]]:
        """Commission on loans whose customers do not pay at the month's end, at the rate that it was paid."""
        booked = month.locked.month
        taken: dict[Key, Fraction] = defaultdict(Fraction)
        for who, customer, overdue in self._overdue(month.files, booked):
            for sale, part in self._sales_under(month.files, who, customer, overdue, booked):
                taken[who, f"{sale.day:%Y-%m}", "clawback", "overdue loans"] += part
        before = [key for key in self._sums if key[2] == "clawback"]
        for key in sorted({*taken, *before}):
            who, earned, _, _ = key
            pay = self.months[earned].pays.get(who)
            if pay is None or months_apart(earned, booked) > WITHIN_MONTHS or not _sold_anything(pay):
                continue
            change = -fen(taken.get(key, Fraction(0)) * pay.paid_rate) - self._sums.get(key, 0)
            if change:
                yield key, change

    def _overdue(self, files: Files, month: str) -> Iterator[tuple[str, str, Fraction]]:
        """By employee and customer, on the latest day of the month on which any customer is named."""
        named: dict[str, list[Entry]] = defaultdict(list)
        for entry in files.records.values():
            if entry.measure == "overdue_amount" and entry.customer_id and f"{entry.day:%Y-%m}" == month:
                named[entry.employee_id].append(entry)
        for who, entries in named.items():
            latest = max(entry.day for entry in entries)
            for entry in entries:
                if entry.day == latest and entry.value > 0:
                    yield who, entry.customer_id, entry.value

    def _sales_under(
        self, files: Files, who: str, customer: str, overdue: Fraction, booked: str
    ) -> Iterator[tuple[Entry, Fraction]]:
        """The newest loans of the customer first, each as far as the overdue amount reaches."""
        loans = [
            (entry.day, source_and_id, entry)
            for source_and_id, entry in files.records.items()
            if (entry.employee_id, entry.customer_id, entry.measure) == (who, customer, "won_amount")
            and entry.value > 0
            and f"{entry.day:%Y-%m}" <= booked
            and months_apart(f"{entry.day:%Y-%m}", booked) <= WITHIN_MONTHS
            and who in self.months[f"{entry.day:%Y-%m}"].pays
        ]
        for _, _, loan in sorted(loans, key=lambda one: one[:2], reverse=True):
            part = min(overdue, loan.value)
            if part > 0:
                overdue -= part
                yield loan, part

    # --- writing --------------------------------------------------------------------------------------------

    def _net(self, account: tuple[str, str], changes: list[tuple[Key, int]]) -> int:
        return sum(amount for _, amount in changes) - self._sums[*account, "carried", ""]

    def _settle(self, booked: str, account: tuple[str, str], changes: list[tuple[Key, int]]) -> None:
        """Nobody gets less than nothing in a month: what cannot be taken is carried on."""
        who, _ = account
        carried = self._sums[*account, "carried", ""]
        short = max(-self._net(account, changes) - max(self._in_book[who, booked], 0), 0)
        for key, amount in changes:
            self._write(booked, key, amount)
        if short != carried:
            self._write(booked, (*account, "carried", ""), short - carried)

    def _write(self, booked: str, key: Key, amount: int) -> None:
        self.lines.append(PayLine(booked, *key, amount))
        self._sums[key] += amount
        self._in_book[key[0], booked] += amount

    # --- facts ----------------------------------------------------------------------------------------------

    def _facts(self, files: Files, month: str) -> Facts:
        return Facts(
            value=lambda who, measure, stock: files.value(who, measure, month, stock=stock),
            credited=lambda who: files.credited(who, month),
            terms=self._terms(month),
            order={who: number for number, who in enumerate(files.people)},
        )

    def _terms(self, month: str) -> dict[tuple[str, str], Fraction]:
        last_day = days_of(month)[-1]
        return {
            (one["employee"], one["kind"]): Fraction(one["value"])
            for hand_in in self._year["hand_ins"]
            for one in hand_in.get("terms", [])
            if one["from"] <= last_day
        }

    def _files_until(self, day: date) -> Files:
        files = Files()
        for hand_in in self._year["hand_ins"]:
            if hand_in["on"] <= day:
                files.take_in(self._folder / str(hand_in["on"]))
        return files

    def _files_by_the_end_of(self, month: str) -> Files:
        return self._files_until(days_of(month)[-1])


def _by_key(earned: str, pays: dict[str, Pay]) -> dict[Key, int]:
    return {
        (who, earned, part.part, part.name): part.amount for who, pay in pays.items() for part in pay.parts
    }


def _summed(month: str, lines: list[PayLine] | None) -> Row:
    if lines is None:
        return dict.fromkeys([*SUMS, "total"], "")
    sums = dict.fromkeys(SUMS, 0)
    for line in lines:
        column = COLUMN_OF[line.part]
        sums[column if line.earned == month or column == "taken_back" else "earlier_months"] += line.amount
    sums["total"] = sum(sums.values())
    return {column: f"{Decimal(amount).scaleb(-2):.2f}" for column, amount in sums.items()}


def _sold_anything(pay: Pay) -> bool:
    return any(part.part in ("band", "own_rate") for part in pay.parts)


def months_apart(first: str, last: str) -> int:
    return 12 * (int(last[:4]) - int(first[:4])) + int(last[5:]) - int(first[5:])
