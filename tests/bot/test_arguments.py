"""Units and periods as people type them."""

import time
from datetime import date

import pytest

from bot.listeners.arguments import parse_unit_and_period
from domain.errors import NotFound
from domain.people.model import Unit
from domain.people.service import UnitTree

TODAY = date(2026, 7, 7)


def tree(*paths: str) -> UnitTree:
    units = [Unit(id=number, path=path, name=path.split("/")[-1]) for number, path in enumerate(paths, 1)]
    return UnitTree(units)


TREE = tree(
    "Acme",
    "Acme/West",
    "Acme/West/Team A",
    "Acme/East",
    "Acme/East/Team A",
    "Acme/East/Q3 Heroes",
    "Acme/华东",
)


def read(text: str) -> tuple[str | None, str | None]:
    found = parse_unit_and_period(text, TREE, TODAY)
    return found.unit and found.unit.path, found.period and found.period.key


@pytest.mark.parametrize(
    ("typed", "unit", "period"),
    [
        ("", None, None),
        ("last month", None, "2026-06"),
        ("West", "Acme/West", None),
        ("west last month", "Acme/West", "2026-06"),
        ("2026-05 West", "Acme/West", "2026-05"),
        ("acme/west", "Acme/West", None),
        ("West/Team A q2", "Acme/West/Team A", "2026-Q2"),
        ("east/team a", "Acme/East/Team A", None),
        ("Q3 Heroes", "Acme/East/Q3 Heroes", None),
        ("Q3 Heroes may", "Acme/East/Q3 Heroes", "2026-05"),
        ("华东 上个月", "Acme/华东", "2026-06"),
        ("上个月", None, "2026-06"),
    ],
)
def test_a_unit_a_period_both_or_neither(typed, unit, period):
    assert read(typed) == (unit, period)


def test_a_name_that_fits_several_units_asks_for_the_path():
    with pytest.raises(NotFound) as refused:
        read("Team A")
    assert "Acme/West/Team A" in str(refused.value)
    assert "Acme/East/Team A" in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "suggested"), [("Wset", "West"), ("est last month", "East"), ("Acme/Wst", "Acme/West")]
)
def test_a_misspelt_unit_is_answered_with_what_is_close(typed, suggested):
    with pytest.raises(NotFound) as refused:
        read(typed)
    assert suggested in refused.value.values["suggestions"]


def test_what_is_close_to_nothing_is_called_neither():
    with pytest.raises(NotFound, match="neither a unit nor a period"):
        read("xyzzy")


def test_a_very_long_text_is_quoted_in_part():
    with pytest.raises(NotFound, match=r"called x{80}…"):
        read("x" * 600)


@pytest.mark.parametrize("typed", ["a " * 4000, "last " * 1600])
def test_a_very_long_text_is_answered_as_fast_as_a_short_one(typed):
    started = time.perf_counter()
    with pytest.raises(NotFound):
        read(typed)
    assert time.perf_counter() - started < 1
