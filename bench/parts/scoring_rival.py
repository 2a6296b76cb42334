"""The rival of (b): the same month by pandas, in floats, written by SQLAlchemy Core."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
import sqlalchemy as sa

from bench.company import CLOCK, MONTH
from bench.measuring import Timed
from domain.database import Database
from domain.periods import Period
from domain.plans.rules import Indicator, Plan
from domain.plans.rules_file import parse_plan

BATCH = 10_000
WRITTEN = ("cards", "card_lines", "card_ranks")
RUN_ID = 1
PLACES = {"actual": 4, "denominator": 4, "target": 2, "points": 4}
"""How many each column keeps; the others are text."""
FORMATS = {"reading": "{:.6f}", "weight": "{:g}", "contribution": "{:.2f}"}


def score_by_pandas(url: str) -> Timed:
    started = time.perf_counter()
    with rival(url) as by_pandas:
        by_pandas.score()
    return Timed(time.perf_counter() - started)


@contextmanager
def rival(url: str) -> Iterator["Rival"]:
    """In one transaction, which commits at the end."""
    with Database(url).engine.begin() as connection:
        tables = sa.MetaData()
        tables.reflect(connection, only=["periods", "score_runs", *WRITTEN])
        yield Rival(connection, tables, Period.parse(MONTH))


@dataclass(frozen=True)
class Computed:
    """By person, and a frame for each line."""

    people: pd.DataFrame
    values: pd.DataFrame
    lines: list[pd.DataFrame]
    score: pd.Series


class Rival:
    def __init__(
        self, connection: sa.Connection, tables: sa.MetaData, month: Period, draft: Plan | None = None
    ) -> None:
        self.connection = connection
        self.tables = tables.tables
        self.month = month
        text = connection.execute(sa.text("SELECT text FROM plan_versions")).scalar_one()
        self.plan = draft or parse_plan(text)

    def score(self) -> None:
        computed = self.computed()
        people, score = computed.people, computed.score
        self._write_run()
        self._write("cards", self.cards(computed))
        for line in computed.lines:
            self._write("card_lines", _as_kept(line))
        ranked = (people["ramp"] == 1.0) & (2 * people["eligible"] >= self.month.days)
        self._write_ranks(score[ranked], people["unit_id"][ranked])
        self.connection.execute(sa.update(self.tables["periods"]).values(published_run_id=RUN_ID))

    def differences(self) -> int:
        """Cards and lines that differ, once computed again, from what is stored."""
        computed = self.computed()
        cards = self._read("SELECT person_id, score, tier, miss FROM cards").set_index("person_id")
        again = self.cards(computed).set_index("person_id")[list(cards)]
        found = int((cards != again.reindex(cards.index)).any(axis=1).sum())
        lines = self._read("SELECT card_id, position, actual, target, points, contribution FROM card_lines")
        stored = lines.set_index(["card_id", "position"]).sort_index()
        kept = pd.concat([_as_kept(line) for line in computed.lines])
        expected = kept.set_index(["card_id", "position"]).sort_index()[list(stored)]
        same = (stored == expected) | (stored.isna() & expected.isna())
        return found + int((~same.all(axis=1)).sum())

    def computed(self) -> "Computed":
        people = self._people()
        values = self._values(people)
        targets = self._targets(people)
        lines = [
            self._line(position, indicator, values, targets)
            for position, indicator in enumerate(self.plan.indicators)
        ]
        nothing = pd.Series(0.0, index=people.index)
        weights = sum((line["weight"].where(line["points"].notna(), 0.0) for line in lines), nothing)
        for line in lines:
            line["contribution"] = (line["weight"] * line["points"] / weights).round(2)
        score = sum((line["contribution"].fillna(0.0) for line in lines), nothing).round(2)
        return Computed(people, values, lines, score)

    def _read(self, statement: str, **parameters: str) -> pd.DataFrame:
        return pd.read_sql(sa.text(statement), self.connection, params=parameters)

    def _people(self) -> pd.DataFrame:
        """By person: unit, factor of the ramp, eligible days."""
        people = self._read(
            "SELECT e.person_id, e.hired_on, e.left_on, a.unit_id FROM employments e "
            "JOIN assignments a ON a.person_id = e.person_id WHERE e.ended_in IS NULL AND a.ended_in IS NULL"
        ).set_index("person_id")
        first, last = pd.Timestamp(self.month.start), pd.Timestamp(self.month.last_day)
        hired, left = pd.to_datetime(people["hired_on"]), pd.to_datetime(people["left_on"]).fillna(last)
        days = (left.where(left < last, last) - hired.where(hired > first, first)).dt.days + 1
        months = (first.year - hired.dt.year) * 12 + first.month - hired.dt.month
        ramp = {month: float(factor) for month, factor in enumerate(self.plan.ramp)}
        people["eligible"] = days.clip(lower=0)
        people["ramp"] = months.map(ramp).fillna(1.0)
        return people[["unit_id", "ramp", "eligible"]]

    def _values(self, people: pd.DataFrame) -> pd.DataFrame:
        """By person and measure."""
        records = self._read(
            "SELECT person_id, measure, value FROM measure_records "
            "WHERE occurred_on >= :first AND occurred_on <= :last AND ended_in IS NULL",
            first=self.month.start.isoformat(),
            last=self.month.last_day.isoformat(),
        )
        sums = records.groupby(["person_id", "measure"])["value"].sum().unstack(fill_value=0)
        return sums.reindex(people.index, fill_value=0) / 1e4

    def _targets(self, people: pd.DataFrame) -> pd.DataFrame:
        """By person and indicator."""
        targets = self._read(
            "SELECT person_id, indicator, amount FROM targets WHERE period = :period AND ended_in IS NULL",
            period=self.month.key,
        )
        amounts = targets.groupby(["person_id", "indicator"])["amount"].sum().unstack() / 1e4
        share = people["ramp"] * people["eligible"] / self.month.days
        return amounts.reindex(people.index).mul(share, axis=0).round(2)

    def _line(
        self, position: int, indicator: Indicator, values: pd.DataFrame, targets: pd.DataFrame
    ) -> pd.DataFrame:
        line = pd.DataFrame({"card_id": values.index, "position": position}, index=values.index)
        line["kind"], line["name"] = "indicator", indicator.name
        line["actual"] = values[indicator.measures[0]]
        line["denominator"] = values[indicator.measures[1]] if indicator.ratio else np.nan
        line["target"] = np.nan if indicator.ratio else targets[indicator.name]
        below = line["denominator"] if indicator.ratio else line["target"]
        reading = line["actual"] / below.where(below != 0)
        anchors = indicator.curve.anchors
        points = np.interp(
            reading, [float(each.reading) for each in anchors], [float(each.points) for each in anchors]
        )
        line["reading"] = reading.round(6)
        line["points"] = pd.Series(points, index=line.index).where(reading.notna()).round(4)
        line["weight"], line["contribution"] = float(indicator.weight), np.nan
        line["status"] = np.where(reading.isna(), "not_assessed", "assessed")
        return line

    def cards(self, computed: "Computed") -> pd.DataFrame:
        people, score, values = computed.people, computed.score, computed.values
        readings = {line["name"].iloc[0]: line["reading"] for line in computed.lines}
        miss = readings[self.plan.miss.indicator] < float(self.plan.miss.bound.value)
        return pd.DataFrame(
            {
                "id": people.index,
                "run_id": RUN_ID,
                "person_id": people.index,
                "plan_version_id": 1,
                "unit_id": people["unit_id"],
                "status": "complete",
                "score": (score * 100).round().astype("int64"),
                "tier": _tiers(self.plan, score, values),
                "miss": np.where(miss, "miss", "hit"),
                "rankable": True,
                "unranked_because": None,
                "eligible_days": people["eligible"],
                "days": self.month.days,
                "as_of_day": None,
                "inputs_digest": None,
            }
        )

    def _write_ranks(self, score: pd.Series, unit: pd.Series) -> None:
        """Level by level, from the leaves to the root."""
        parents = self._read("SELECT id, parent_id FROM units").set_index("id")["parent_id"]
        while len(score):
            within = score.groupby(unit)
            ranks = pd.DataFrame(
                {
                    "card_id": score.index,
                    "unit_id": unit.astype("int64"),
                    "run_id": RUN_ID,
                    "rank": within.rank(method="min", ascending=False).astype("int64"),
                    "out_of": within.transform("size"),
                }
            )
            self._write("card_ranks", ranks)
            above = unit.map(parents)
            score, unit = score[above.notna()], above[above.notna()]

    def _write_run(self) -> None:
        now = CLOCK.now()
        period = {"key": self.month.key, "kind": "month", "start": self.month.start}
        run = {"id": RUN_ID, "period": self.month.key, "state": "published", "load_id": 1}
        run |= {"digest_version": 2, "today": now.date(), "created_at": now, "published_at": now}
        self.connection.execute(sa.insert(self.tables["periods"]), [period])
        self.connection.execute(sa.insert(self.tables["score_runs"]), [run])

    def _write(self, table: str, frame: pd.DataFrame) -> None:
        columns = [str(column) for column in frame]
        plain = frame.astype(object).where(frame.notna(), None)
        for start in range(0, len(plain), BATCH):
            batch = plain.iloc[start : start + BATCH].itertuples(index=False, name=None)
            rows = [dict(zip(columns, row, strict=True)) for row in batch]
            self.connection.execute(sa.insert(self.tables[table]), rows)


def _tiers(plan: Plan, score: pd.Series, values: pd.DataFrame) -> np.ndarray:
    """The names of the tiers reached, under the gates on ratios."""
    names = np.array([tier.name for tier in plan.tiers], dtype=object)
    levels = np.searchsorted([float(tier.from_score) for tier in plan.tiers], score, side="right") - 1
    for gate in plan.gates:
        numerator, denominator = gate.measures
        holds = values[numerator] / values[denominator] > float(gate.bound.value)
        levels = np.where(holds, np.minimum(levels, plan.tier_level(gate.cap)), levels)
    return names[levels]


def _as_kept(line: pd.DataFrame) -> pd.DataFrame:
    """Decimals as scaled integers or as text."""
    kept = line.copy()
    for column, places in PLACES.items():
        kept[column] = (line[column] * 10**places).round().astype("Int64")
    for column, form in FORMATS.items():
        kept[column] = line[column].map(form.format, na_action="ignore")
    return kept
