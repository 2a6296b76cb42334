"""Random companies as import folders, full of what tends to go wrong: a seed always makes the same one.

Each company has a quarter that has ended and a month after it that is running, two folders (the second is a
later import with corrections) and the moments at which they are imported and scored.
"""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tests.differential.days import (
    DAY,
    key_of,
    monday_of,
    months_between,
    next_month,
    quarter_of,
    week_of,
)
from tests.differential.plans import FAMILIES, MEASURES, PlanShape, random_plans

ZONES = ("Asia/Shanghai", "UTC", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata")
FACTORS = (
    "0",
    "0.5",
    "0.7",
    "0.8",
    "0.8",
    "1",
    "1",
    "1",
    "1.2",
    "1.5",
    "-0.1",
    "0.70005",
    "0.799999",
    "0.799999",
    "0.999999",
    "0.333335",
)
"""Readings on the anchors of curves, at the edges of bands, and a hair beside them."""
USUAL_FACTORS = ("0.8", "0.799999", "0.799999", "0.999999", "1", "1.2", "-0.1", "0.70005")
HUGE = "300000000000.1234"
"""As large as may be, with what is sold against it; larger than columns of integers compute with."""
AMOUNTS = ("100", "1000", "1000", "10000", "100.005", "310.155", "77.7775", "0.01", "80000", "3", HUGE)
CHINESE_CALENDAR_FROM = [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]
"""Quarters before a running month whose Chinese working days the reference knows."""
Table = list[dict[str, str]]


@dataclass(frozen=True)
class Moment:
    """A folder, when it was imported, and when its periods are scored; both in UTC."""

    seed: int
    folder: Path
    imported_at: datetime
    scored_at: datetime


@dataclass(frozen=True)
class Story:
    """A company and what a test does with it."""

    seed: int
    first: Moment
    second: Moment
    """After corrections."""
    locked: list[str]
    """Months to score and lock at the first moment: the first two of a quarter."""
    running: str
    """To be scored at the first moment."""
    later: list[str]
    """To be scored at the second moment, ended or running."""


@dataclass
class Maker:
    """The tables of a company while it is being made up."""

    random: random.Random
    quarter_start: date
    usual_factor: str
    """What many of this company's people come to, so that there are ties and many who just miss."""
    plans: list[PlanShape] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    units: list[str] = field(default_factory=list)

    @property
    def running_start(self) -> date:
        return next_month(next_month(next_month(self.quarter_start)))

    @property
    def end(self) -> date:
        """After the running month."""
        return next_month(self.running_start)

    @property
    def months(self) -> list[date]:
        return [*months_between(self.quarter_start, self.end)]

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def day_between(self, first: date, last: date) -> date:
        return first + self.random.randrange((last - first).days + 1) * DAY

    def add(self, table: str, **cells: object) -> None:
        self.tables.setdefault(table, []).append(
            {name.rstrip("_"): str(cell) for name, cell in cells.items()}
        )


def random_story(seed: int, root: Path) -> Story:
    """Write the company of this seed below `root`."""
    dice = random.Random(seed)
    quarter_start = date(dice.choice([2024, 2025, 2026]), dice.choice([1, 4, 7, 10]), 1)
    maker = Maker(dice, quarter_start, dice.choice(USUAL_FACTORS))
    maker.plans = random_plans(dice, maker.months[0], maker.months[-1])
    _make_units(maker)
    _make_people(maker)
    _make_targets(maker)
    _make_measures(maker)
    has_coverage = maker.chance(0.6)
    imported, scored = _moments(maker)
    company = _company_toml(maker)

    folders = [root / "first", root / "second"]
    if has_coverage:
        _make_coverage(maker, imported[0])
    _write(maker, folders[0], company)
    _correct(maker)
    if has_coverage:
        _make_coverage(maker, imported[1])
    _write(maker, folders[1], company)
    first, second = (Moment(seed, *moment) for moment in zip(folders, imported, scored, strict=True))
    locked = [key_of(month) for month in maker.months[:2]]
    return Story(seed, first, second, locked, _running_period(maker), _later_periods(maker))


def _moments(maker: Maker) -> tuple[list[datetime], list[datetime]]:
    """When the folders are imported, and when they are scored: in the running month, at any hour."""
    start, end = maker.running_start, maker.end
    first_scored = maker.random.choice(
        [start + DAY, start + 4 * DAY, maker.day_between(start + DAY, start + 12 * DAY)]
    )
    first_imported = maker.random.choice([first_scored, start + DAY, start, start - DAY])
    second_scored = maker.day_between(first_scored + DAY, end)
    second_imported = maker.random.choice([second_scored, maker.day_between(first_scored, second_scored)])
    hours = sorted(maker.random.choices(range(24), k=2))

    def at(day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour, 30), UTC)

    imported = [at(first_imported, hours[0]), at(second_imported, hours[0])]
    return imported, [at(first_scored, hours[1]), at(second_scored, hours[1])]


def _later_periods(maker: Maker) -> list[str]:
    """The month left open, a week that often has days of two months, the quarter, and the running month."""
    week = maker.random.choice([week_of(month - DAY) for month in maker.months[1:3]])
    return [key_of(maker.months[2]), week, quarter_of(maker.quarter_start), key_of(maker.running_start)]


def _running_period(maker: Maker) -> str:
    """One that begins at the earliest in the week of the running month's first day; a week may have ended."""
    start = maker.running_start
    return maker.random.choice([key_of(start), key_of(start), week_of(start), quarter_of(start)])


def _company_toml(maker: Maker) -> str | None:
    if maker.chance(0.4):
        return None
    lines = ['name = "Acme"']
    if maker.chance(0.6):
        lines.append(f'time_zone = "{maker.random.choice(ZONES)}"')
    if maker.quarter_start in CHINESE_CALENDAR_FROM and maker.chance(0.5):
        lines.append('calendar = "cn"')
    return "\n".join(lines) + "\n"


def _make_units(maker: Maker) -> None:
    maker.units = ["Acme"]
    for region in maker.random.sample(["West", "华东", "Nord-Süd"], k=maker.random.randint(0, 3)):
        maker.units.append(f"Acme/{region}")
        for team in range(maker.random.randint(0, 2)):
            maker.units.append(f"Acme/{region}/Team {team}")
            if maker.chance(0.3):
                maker.units.append(f"Acme/{region}/Team {team}/Desk/Corner")
    if maker.chance(0.2):
        maker.units.append("Acme West")
    if maker.chance(0.4):
        maker.add("units", unit=maker.random.choice(maker.units), manager_id="", hr_id="", channel="")


def _make_people(maker: Maker) -> None:
    ids = maker.random.sample(
        [*(f"E{number}" for number in range(1, 22)), "e3", "ä1", "张-1", "0007", "Z 9"], k=25
    )
    for employee_id in ids[: maker.random.randint(3, maker.random.choice([6, 12, 25]))]:
        hired_on, left_on = _employment(maker)
        maker.add(
            "people",
            employee_id=employee_id,
            name=f"Name of {employee_id}",
            email="",
            role=maker.random.choice(["rep", "rep", "rep", "manager", "hr"]),
            title="",
            job_family=maker.random.choice([*FAMILIES, FAMILIES[0], FAMILIES[0], "", "no plan"]),
            manager_id="",
            unit=maker.random.choice(maker.units),
            hired_on=hired_on,
            left_on=left_on or "",
            locale=maker.random.choice(["en-US", "zh-CN", ""]),
            time_zone=maker.random.choice([*ZONES[:2], ""]),
        )
        _make_leaves(maker, employee_id)
        _make_transfers(maker, employee_id, hired_on)


def _employment(maker: Maker) -> tuple[date, date | None]:
    start, end = maker.quarter_start, maker.end
    hired_on = maker.random.choice(
        [
            date(2019, 2, 28),
            date(2019, 2, 28),
            maker.day_between(start - 150 * DAY, start),
            maker.day_between(start, end),
            maker.random.choice(maker.months),
            maker.random.choice(maker.months) - DAY,
        ]
    )
    if maker.chance(0.75):
        return hired_on, None
    left_on = maker.random.choice(
        [maker.day_between(start - 5 * DAY, end), maker.random.choice(maker.months), hired_on, end - DAY]
    )
    return hired_on, max(hired_on, left_on)


def _make_leaves(maker: Maker, employee_id: str) -> None:
    """Overlapping as they like; some take half of a month to the day."""
    for _ in range(maker.random.choice([0, 0, 0, 1, 1, 2, 3])):
        month = maker.random.choice(maker.months)
        half = (next_month(month) - month).days // 2
        first = maker.random.choice([month, maker.day_between(maker.quarter_start - 9 * DAY, maker.end)])
        length = maker.random.choice([1, 3, 7, half, half, half + 1, 30, 31, 95])
        last = first + (length - 1) * DAY
        maker.add("leaves", employee_id=employee_id, from_=first, to=last, kind="annual")


def _make_transfers(maker: Maker, employee_id: str, hired_on: date) -> None:
    days = {
        maker.random.choice(
            [
                maker.day_between(maker.quarter_start, maker.end),
                maker.random.choice(maker.months),
                maker.random.choice(maker.months) - DAY,
                hired_on - maker.random.randint(0, 40) * DAY,
            ]
        )
        for _ in range(maker.random.choice([0, 0, 0, 1, 2, 3]))
    }
    for day in sorted(days):
        maker.add(
            "assignments",
            employee_id=employee_id,
            from_=day,
            unit=maker.random.choice([*maker.units, ""]),
            manager_id="",
            job_family=maker.random.choice(["", "", *FAMILIES, "no plan"]),
        )


def _make_targets(maker: Maker) -> None:
    indicators = sorted({name for plan in maker.plans for name in plan.target_indicators})
    for person in maker.tables["people"]:
        for indicator in indicators:
            usual = maker.random.choice(AMOUNTS)
            for month in maker.months:
                if maker.chance(0.9):
                    _add_target(maker, person["employee_id"], indicator, key_of(month), month, usual)
            for start, key in [(monday_of(day), week_of(day)) for day in _ends_of_months(maker)]:
                if maker.chance(0.3):
                    _add_target(maker, person["employee_id"], indicator, key, start, usual)
            for start in (maker.quarter_start, maker.running_start):
                if maker.chance(0.3):
                    _add_target(maker, person["employee_id"], indicator, quarter_of(start), start, usual)
    maker.add(
        "targets", owner="Acme", indicator="sales", period=key_of(maker.quarter_start), amount="5", from_=""
    )
    maker.tables["targets"] = unique(maker.tables["targets"], "owner", "indicator", "period", "from")


def _ends_of_months(maker: Maker) -> list[date]:
    return [maker.months[1] - DAY, maker.months[2] - DAY, maker.running_start]


def _add_target(maker: Maker, owner: str, indicator: str, period: str, start: date, usual: str) -> None:
    amount = maker.random.choice([usual] * 8 + ["0", maker.random.choice(AMOUNTS)])
    maker.add("targets", owner=owner, indicator=indicator, period=period, amount=amount, from_="")
    while maker.chance(0.12):
        since = start + maker.random.choice([0, 1, 2, 3, 6]) * DAY
        other = maker.random.choice([*AMOUNTS, "0"])
        maker.add("targets", owner=owner, indicator=indicator, period=period, amount=other, from_=since)


def _make_measures(maker: Maker) -> None:
    amounts = {
        (row["owner"], row["indicator"], row["period"]): Decimal(row["amount"])
        for row in maker.tables["targets"]
    }
    measured_by = {measure: name for plan in maker.plans for name, measure in plan.target_indicators.items()}
    for person in maker.tables["people"]:
        for measure in MEASURES:
            for month in maker.months:
                if maker.chance(0.15):
                    continue
                indicator = measured_by.get(measure, "")
                target = amounts.get((person["employee_id"], indicator, key_of(month)), Decimal(100))
                _add_records(maker, person["employee_id"], measure, month, target)
    maker.random.shuffle(maker.tables["measures"])


def _add_records(maker: Maker, employee_id: str, measure: str, month: date, target: Decimal) -> None:
    """Records that come to a telling share of the target, refunds among them."""
    if measure in ("violations", "wins", "closed_deals"):
        total = Decimal(
            maker.random.choice(["0", "0", "0", "0", "1", "1", "2", "0.5", "1.0005", "-1", "0.7", "9"])
        )
    else:
        total = target * Decimal(maker.usual_factor if maker.chance(0.4) else maker.random.choice(FACTORS))
    total = total.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    refund = maker.random.choice([Decimal(0), Decimal(0), Decimal("12.3456"), total])
    values = [total + refund, -refund] if refund else [total]
    if maker.chance(0.15):
        values.append(Decimal(maker.random.choice(["0.0001", "-0.0001", "0.0005", "-0.0005", "0.0050"])))
    same_day = maker.day_between(month, next_month(month) - DAY)
    for value in values:
        day = same_day if maker.chance(0.5) else maker.day_between(month, next_month(month) - DAY)
        if maker.chance(0.05):
            day = maker.random.choice([month, next_month(month) - DAY])
        maker.add(
            "measures",
            record_id=f"r{len(maker.tables.get('measures', []))}",
            employee_id=employee_id,
            measure=measure,
            occurred_on=day,
            value=f"{value:f}",
            customer_id=maker.random.choice(["", "c1", "c1", "c2", "客"]),
            source=maker.random.choice(["", "crm"]),
        )


def _make_coverage(maker: Maker, imported_at: datetime) -> None:
    """Most measures are reported throughout; some have holes, begin late, end early or are not named."""
    maker.tables["coverage"] = []
    begin = maker.quarter_start - maker.random.choice([8, 8, 40, 100, 200]) * DAY
    until = imported_at.date() + maker.random.choice([-3, -1, 0, 1, 200]) * DAY
    for measure in MEASURES:
        kind = maker.random.choice(
            ["whole"] * 30 + ["halves"] * 4 + ["hole", "hole", "late", "early", "absent"]
        )
        last = until - 2 * DAY if maker.chance(0.1) else until
        middle = maker.day_between(maker.quarter_start, until)
        if kind in ("whole", "early", "late"):
            spans = [(middle if kind == "late" else begin, middle if kind == "early" else last)]
        elif kind == "absent":
            spans = []
        else:
            spans = [(begin, middle), (middle + (2 if kind == "hole" else 1) * DAY, last)]
        for first_day, last_day in spans:
            if first_day <= last_day:
                maker.add("coverage", measure=measure, from_=first_day, to=last_day)


def _correct(maker: Maker) -> None:
    """What a second import brings: changed, moved and new records, targets, leaves, exits and plans."""
    people = maker.tables["people"]
    for row in maker.tables["measures"]:
        _correct_record(maker, row)
    for person in people:
        _add_records(
            maker, person["employee_id"], "won_amount", maker.random.choice(maker.months), Decimal(50)
        )
    for person in _some(maker, people, 0.05):
        last = maker.day_between(maker.quarter_start, maker.end)
        person["left_on"] = max(person["hired_on"], str(last))
    for row in _some(maker, maker.tables["targets"], 0.05):
        row["amount"] = maker.random.choice(AMOUNTS)
    for row in _some(maker, maker.tables.get("assignments", []), 0.2):
        row["unit"] = maker.random.choice(maker.units)
    if "leaves" in maker.tables:
        maker.tables["leaves"] = _some(maker, maker.tables["leaves"], 0.8)
    for plan in maker.plans:
        if maker.chance(0.3):
            plan.change(maker.random)


def _correct_record(maker: Maker, row: dict[str, str]) -> None:
    if maker.chance(0.05):
        row["value"] = maker.random.choice(["0", "1", "-3.5", "1000", "699.9995"])
    if maker.chance(0.02):
        row["employee_id"] = maker.random.choice(maker.tables["people"])["employee_id"]
    if maker.chance(0.02):
        row["occurred_on"] = str(maker.day_between(maker.quarter_start, maker.end))


def _some(maker: Maker, rows: Table, probability: float) -> Table:
    return [row for row in rows if maker.chance(probability)]


def _write(maker: Maker, folder: Path, company: str | None) -> None:
    folder.mkdir(parents=True)
    for table, table_rows in maker.tables.items():
        _write_shuffled(maker, folder / f"{table}.csv", table_rows)
    if company is not None:
        (folder / "company.toml").write_text(company, encoding="utf-8")
    if len(maker.plans) == 1:
        (folder / "plan.toml").write_text(maker.plans[0].text(), encoding="utf-8")
        return
    (folder / "plans").mkdir()
    for number, plan in enumerate(maker.plans):
        (folder / "plans" / f"{number}.toml").write_text(plan.text(), encoding="utf-8")


def _write_shuffled(maker: Maker, path: Path, table_rows: Table) -> None:
    columns = list(table_rows[0]) if table_rows else ["measure", "from", "to"]
    if path.name == "leaves.csv" and not table_rows:
        columns = ["employee_id", "from", "to", "kind"]
    maker.random.shuffle(columns)
    encoding = maker.random.choice(["utf-8", "utf-8-sig"])
    with path.open("w", encoding=encoding, newline="") as file:
        line_end = maker.random.choice(["\n", "\r\n"])
        writer = csv.DictWriter(file, columns, lineterminator=line_end)
        writer.writeheader()
        writer.writerows(maker.random.sample(table_rows, k=len(table_rows)))


def unique(table: Table, *names: str) -> Table:
    """The rows without those whose key came before."""
    found: dict[Sequence[str], dict[str, str]] = {}
    for row in table:
        found.setdefault(tuple(row[name] for name in names), row)
    return list(found.values())
