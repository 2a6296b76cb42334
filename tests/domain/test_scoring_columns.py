"""Scoring in columns, beside the rules: the same cards, or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.metrics.rules import Coverage
from domain.periods import Period
from domain.plans.model import PlanVersion
from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from domain.scoring.columns.rules_cards import People, Setting, score_people
from domain.scoring.columns.rules_days import FOREVER, Leaves
from domain.scoring.columns.rules_integers import divide
from domain.scoring.columns.rules_plan import scale
from domain.scoring.columns.rules_targets import TargetRows
from domain.scoring.columns.rules_values import Records, measure_values
from domain.scoring.columns.writing import CardsOfAPlan
from domain.scoring.inputs import PlanInForce, Scorable
from domain.scoring.model import Card, CardLine
from domain.scoring.rules import score_person
from domain.scoring.rules_digest import target_indicators
from domain.scoring.rules_inputs import (
    DaySpan,
    Employment,
    PersonInput,
    TargetAmount,
    Window,
    measure_value,
    scoring_window,
)
from domain.scoring.rules_targets import target_periods
from domain.scoring.storing import card_values, line_values
from tests.differential.plans import MEASURES, random_plans
from tests.domain.scoring_builders import ALL_COVERED, MARCH, line_plan, plan

PLANS_TO_COPY = Path(__file__).parents[2] / "plans"
RUN_ID = 7
SCALE = 10_000
WEEK, QUARTER = Period.parse("2026-W14"), Period.parse("2026-Q1")
"""The week has days of March and of April."""


@dataclass(frozen=True)
class Somebody:
    """Somebody with records as (measure, day, value); hired long ago, unless told otherwise."""

    records: Sequence[tuple[str, date, Decimal]] = ()
    targets: Mapping[str, Sequence[TargetAmount]] = field(default_factory=dict)
    hired_on: date = date(2020, 1, 1)
    left_on: date | None = None
    leaves: Sequence[DaySpan] = ()


def sold(amount: str | int, against: str | int) -> Somebody:
    """So much of the measure of `line_plan`, against a target."""
    return Somebody(
        records=[("won_amount", date(2026, 3, 5), Decimal(amount))],
        targets={"sales": [TargetAmount(MARCH, Decimal(against))]},
    )


def window_of(of: Plan, period: Period = MARCH, today: date = date(2030, 1, 1)) -> Window:
    return scoring_window(of, period, ALL_COVERED, today)


def in_columns(
    of: Plan, window: Window, everybody: Sequence[Somebody], so_far: bool = True
) -> dict[int, list[dict[str, Any]]]:
    """By person, from 1 on: the columns that are kept of the card and of its lines; nothing of the unsure."""
    scaled = scale(of)
    if scaled is None:
        return {}
    people = _people(of, window, everybody)
    setting = Setting(scaled, window, target_periods(window.period), so_far)
    cards = CardsOfAPlan(
        RUN_ID,
        1,
        setting,
        people.person,
        people.unit,
        score_people(setting, people),
        ["digest"] * len(everybody),
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for card, lines in cards.rows():
        for place, person_id in enumerate(card["person_id"]):
            found[person_id] = [_at(place, row) for row in (card, *lines)]
    return found


def by_the_rules(
    of: Plan, window: Window, everybody: Sequence[Somebody], so_far: bool = True
) -> dict[int, list[dict[str, Any]]]:
    """The same, of everybody."""
    return {
        person_id: _by_the_rules(of, window, person_id, somebody, so_far)
        for person_id, somebody in enumerate(everybody, start=1)
    }


def _by_the_rules(
    of: Plan, window: Window, person_id: int, somebody: Somebody, so_far: bool
) -> list[dict[str, Any]]:
    values = {}
    if window.last is not None:
        for measure in of.measures_needed:
            records = [(day, value) for name, day, value in somebody.records if name == measure]
            values[measure] = measure_value(records, measure in of.stocks, window.period.start, window.last)
    person = PersonInput(
        f"E{person_id}",
        Employment(somebody.hired_on, somebody.left_on),
        tuple(somebody.leaves),
        {name: tuple(amounts) for name, amounts in somebody.targets.items()},
        values,
    )
    scorable = Scorable(person_id, 1, PlanInForce(PlanVersion(id=1), of, window), person, "digest")
    card = score_person(of, window, person, so_far)
    kept = _kept(Card.__table__, card_values(RUN_ID, scorable, card))
    return [kept, *(_kept(CardLine.__table__, line) for line in line_values(RUN_ID, scorable, card))]


def _kept(table: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """As the columns' types keep them."""
    dialect = sa.create_engine("sqlite://").dialect
    kept = {}
    for name, value in values.items():
        kind = table.c[name].type
        kept[name] = (
            kind.process_bind_param(value, dialect) if isinstance(kind, sa.types.TypeDecorator) else value
        )
    return kept


def _at(place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[place] if isinstance(value, list) else value for name, value in row.items()}


def _people(of: Plan, window: Window, everybody: Sequence[Somebody]) -> People:
    indicators, periods = target_indicators(of), target_periods(window.period)
    numbered = list(enumerate(everybody))
    return People(
        person=_column(number + 1 for number, _ in numbered),
        unit=_column(1 for _ in numbered),
        hired=_column(one.hired_on.toordinal() for one in everybody),
        left=_column(one.left_on.toordinal() if one.left_on else FOREVER for one in everybody),
        leaves=Leaves(
            *_columns(
                3, ((row, a.toordinal(), z.toordinal()) for row, one in numbered for a, z in one.leaves)
            )
        ),
        targets=TargetRows(
            *_columns(
                6,
                (
                    (
                        row,
                        0,
                        indicators.index(name),
                        periods.index(amount.period),
                        amount.from_day.toordinal() if amount.from_day else 0,
                        int(amount.amount * SCALE),
                    )
                    for row, one in numbered
                    for name, amounts in one.targets.items()
                    if name in indicators
                    for amount in amounts
                    if amount.period in periods
                ),
            )
        ),
        records=Records(
            *_columns(
                5,
                (
                    (row, 0, of.measures_needed.index(measure), day.toordinal(), int(value * SCALE))
                    for row, one in numbered
                    for measure, day, value in one.records
                    if measure in of.measures_needed and day in window.period
                ),
            )
        ),
    )


def _columns(count: int, rows: Iterable[tuple[int, ...]]) -> np.ndarray:
    return np.array(list(rows), dtype=np.int64).reshape(-1, count).T


def _column(numbers: Iterable[int]) -> np.ndarray:
    return np.array(list(numbers), dtype=np.int64)


@pytest.mark.parametrize(
    ("amount", "against", "points", "contribution"),
    [
        (800, 1000, 800_000, "80.00"),
        ("0.3333", "1", 333_300, "33.33"),
        ("1", "3", 333_333, "33.33"),
        ("2", "3", 666_667, "66.67"),
        ("0.6666", "800", 833, "0.08"),
        ("333.335", "1000", 333_335, "33.33"),
        ("333.35", "1000", 333_350, "33.34"),
        ("-5", "1000", 0, "0.00"),
        ("7000", "1000", 2_000_000, "200.00"),
    ],
)
def test_points_and_contributions_are_rounded_half_up(
    amount: str, against: str, points: int, contribution: str
) -> None:
    of = line_plan()

    _, line = in_columns(of, window_of(of), [sold(amount, against)])[1]

    assert (line["points"], line["contribution"]) == (points, contribution)


def test_half_a_unit_between_anchors_is_rounded_up() -> None:
    of = line_plan("[[0.333333, 0], [0.333334, 0.0001]]")

    _, line = in_columns(of, window_of(of), [sold("666.667", 2000)])[1]

    assert (line["reading"], line["points"]) == ("0.333334", 1)


def test_what_leaves_64_bits_is_left_to_the_rules() -> None:
    of = line_plan()
    largest = "999999999999.99"

    found = in_columns(of, window_of(of), [sold(800, 1000), sold(largest, "0.01"), sold("0.9998", largest)])

    assert set(found) == {1}


def test_a_sum_beyond_64_bits_is_noticed() -> None:
    many = np.full(1_845, 10**16, dtype=np.int64)
    nobodys = np.zeros_like(many)

    values = measure_values(Records(nobodys, nobodys, nobodys, nobodys, many), np.array([False]), people=2)

    assert values.unsure.tolist() == [True, False]


def test_gates_cap_the_tier() -> None:
    of = plan()
    good = sold(1200, 1000)
    balance = [("loan_balance", date(2026, 3, 31), Decimal(100))]
    everybody = [
        replace(good, records=[*good.records, *balance, (measure, date(2026, 3, 31), Decimal(value))])
        for measure, value in (("overdue_amount", 5), ("overdue_amount", 6), ("violations", 1))
    ]

    found = in_columns(of, window_of(of), everybody)

    assert [found[person][0]["tier"] for person in (1, 2, 3)] == ["A", "B", "A"]
    assert found == by_the_rules(of, window_of(of), everybody)


def test_a_hair_beside_an_edge_is_told_apart() -> None:
    of = line_plan("[[0.999999, 0], [1, 100]]")
    amounts = ("99999999.9999", "100000000", "100000000.0001")

    found = in_columns(of, window_of(of), [sold(amount, "100000000") for amount in amounts])

    assert [found[person][0]["miss"] for person in (1, 2, 3)] == ["miss", "hit", "hit"]
    assert [found[person][1]["reading"] for person in (1, 2, 3)] == ["1.000000"] * 3
    assert [found[person][1]["points"] for person in (1, 2, 3)] == [999_999, 1_000_000, 1_000_000]


def test_a_plan_with_very_fine_numbers_is_left_to_the_rules() -> None:
    of = line_plan("[[0, 0], [0.33333333, 40], [2, 200]]")

    assert in_columns(of, window_of(of), [sold(800, 1000)]) == {}


@pytest.mark.parametrize("file", sorted(PLANS_TO_COPY.glob("*.toml")), ids=lambda file: file.stem)
def test_ready_made_plans_are_for_columns(file: Path) -> None:
    assert scale(parse_plan(file.read_text(encoding="utf-8"))) is not None


def test_nobody_is_nothing() -> None:
    of = plan()

    assert in_columns(of, window_of(of), []) == {}


@given(st.integers(-(2**62), 2**62), st.one_of(st.integers(-(10**9), 10**9), st.integers(-(2**62), 2**62)))
@example(1, 3)
@example(-5, 10_000_000)
@example(10**18, 1)
def test_quotients_are_exact(numerator: int, denominator: int) -> None:
    quotient = divide(np.array([numerator]), np.array([denominator]), 2**51)

    assert bool(quotient.defined[0]) is (denominator != 0)
    if quotient.defined[0] and not quotient.unsure[0]:
        floor, rest, below = int(quotient.floor[0]), int(quotient.rest[0]), int(quotient.below[0])
        assert 0 <= rest < below
        assert (floor * below + rest) * denominator == numerator * 10**6 * below


PLANS = [
    one
    for seed in range(60)
    for one in (
        parse_plan(shape.text()) for shape in random_plans(Random(seed), date(2025, 10, 1), date(2026, 1, 1))
    )
]
days = st.dates(date(2025, 12, 20), date(2026, 4, 20))
amounts = st.one_of(
    st.sampled_from(["0", "1", "1000", "1000", "310.155", "0.01", "77.7775"]).map(Decimal),
    st.decimals(0, 100_000, places=4),
    st.decimals(0, 10**12 - 1, places=4),
)
values = st.one_of(
    st.sampled_from(["800", "799.999", "800.0005", "333.335", "0.0001", "1.0005", "-3"]).map(Decimal),
    st.decimals(-100, 2_000, places=4),
    amounts,
)
CHANGES: list[list[int | None]] = [[None], [None], [None], [None], [], [None, 7], [0, 3, 9]]
"""Days from a period's begin on which its amounts come into force; None for the whole period."""
TARGET_PERIODS = (MARCH, WEEK, QUARTER, *QUARTER.months()[:2], Period.parse("2026-04"))


@st.composite
def own_targets(draw: st.DrawFn) -> list[TargetAmount]:
    """For most periods one, for some several that follow each other."""
    found = []
    for period in TARGET_PERIODS:
        for day in draw(st.sampled_from(CHANGES)):
            from_day = None if day is None else period.start + timedelta(days=day)
            found.append(TargetAmount(period, draw(amounts), from_day))
    return found


@st.composite
def somebodies(draw: st.DrawFn) -> Somebody:
    """Mostly somebody who has long been here."""
    long_ago = st.just(date(2019, 2, 28))
    hired_on = draw(st.one_of(long_ago, long_ago, long_ago, days, days.map(lambda day: day.replace(day=1))))
    stays = draw(st.sampled_from([None] * 9 + [0, 1, 20, 90]))
    spans = st.tuples(days, st.integers(0, 40)).map(lambda of: (of[0], of[0] + timedelta(days=of[1])))
    return Somebody(
        records=[
            (measure, day, value)
            for measure in MEASURES
            for day, value in draw(st.lists(st.tuples(days, values), max_size=3))
        ],
        targets={"sales": draw(own_targets()), "customers": draw(own_targets())},
        hired_on=hired_on,
        left_on=None if stays is None else max(hired_on, date(2026, 1, 1)) + timedelta(days=stays),
        leaves=draw(st.one_of(st.just([]), st.lists(spans, max_size=3))),
    )


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    """Mostly of everything; at times a measure is not covered, or none to the end."""
    begin = date(2020, 1, 1)
    until = draw(st.sampled_from([date(2030, 1, 1)] * 9 + [date(2026, 3, 12)]))
    lacking = draw(st.sampled_from([None] * 30 + list(MEASURES)))
    own = [(lacking, begin, date(2026, 1, 10))] if lacking else []
    return Coverage.of([("*", begin, until), *own])


@settings(deadline=None)
@given(
    st.sampled_from(PLANS),
    st.sampled_from([MARCH, WEEK, QUARTER]),
    st.sampled_from([0] * 6 + [1, 5, 20, 80]),
    coverages(),
    st.lists(somebodies(), min_size=1, max_size=6),
    st.booleans(),
)
def test_columns_say_what_the_rules_say(
    of: Plan,
    period: Period,
    days_before_the_end: int,
    coverage: Coverage,
    everybody: list[Somebody],
    so_far: bool,
) -> None:
    today = max(period.end - timedelta(days=days_before_the_end), period.start)
    window = scoring_window(of, period, coverage, today)

    found = in_columns(of, window, everybody, so_far)

    expected = by_the_rules(of, window, everybody, so_far)
    assert found == {person_id: expected[person_id] for person_id in found}
