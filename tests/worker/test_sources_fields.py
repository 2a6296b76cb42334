"""From anybody's values to exact texts, and paths into JSON."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.rows import BadRow, CellError, Row
from worker.sources.config_http import Resume
from worker.sources.fields import Fields, Reader, as_text
from worker.sources.http import Bookmark
from worker.sources.http_paging import Page
from worker.sources.paths import look_up

BUSY = settings(deadline=None)
"""Other tests may run beside it."""
SHANGHAI = ZoneInfo("Asia/Shanghai")


@BUSY
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_a_decimal_is_written_exactly_and_plainly(value: Decimal) -> None:
    text = as_text(value, "value", SHANGHAI)

    assert Decimal(text) == value
    assert "E" not in text.upper()
    assert not ("." in text and text.endswith("0"))


@BUSY
@given(st.integers())
def test_a_whole_number_is_written_as_it_is(value: int) -> None:
    assert as_text(value, "value", SHANGHAI) == str(value)


@BUSY
@given(st.floats())
def test_no_float_gets_through(value: float) -> None:
    with pytest.raises(CellError, match="binary floating-point"):
        as_text(value, "value", SHANGHAI)


@BUSY
@given(st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_a_moment_belongs_to_the_day_that_it_is_there_however_it_is_written(moment: datetime) -> None:
    there = (moment + timedelta(hours=8)).date()

    assert as_text(moment, "occurred_on", SHANGHAI) == str(there)
    assert as_text(moment.isoformat(), "occurred_on", SHANGHAI) == str(there)
    assert as_text(moment.isoformat(" ").replace("+00:00", "Z"), "occurred_on", SHANGHAI) == str(there)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (date(2026, 7, 6), "2026-07-06"),
        ("2026-07-06", "2026-07-06"),
        ("2026-07-06T25:00", "2026-07-06T25:00"),
        ("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59-14:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_what_is_no_moment_is_left_to_the_checks(value: object, text: str) -> None:
    assert as_text(value, "occurred_on", SHANGHAI) == text


@pytest.mark.parametrize(
    "value",
    [
        True,
        b"1",
        memoryview(b"1"),
        [1],
        {"a": 1},
        (1,),
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E999999"),
    ],
)
def test_what_has_no_exact_text_is_refused(value: object) -> None:
    with pytest.raises(CellError):
        as_text(value, "value", SHANGHAI)


def test_ids_of_any_kind_are_texts() -> None:
    number = UUID("12345678-1234-5678-1234-567812345678")
    assert [as_text(one, "record_id", SHANGHAI) for one in (7, Decimal(7), "7", number)] == [
        *("7", "7", "7"),
        str(number),
    ]


def test_a_wide_record_without_an_id_keeps_none() -> None:
    fields = Fields({"record_id": "id", "employee": "who", "occurred_on": "day"}, {"wins": "won"}, ())
    record = {"id": None, "who": "E1", "day": "2026-07-06", "won": 1}

    [row] = Reader("crm", fields, SHANGHAI).rows(1, record.__getitem__)

    assert isinstance(row, Row)
    assert row.cells["record_id"] == "", "which the checks refuse as blank"


def test_a_record_is_refused_once_whatever_is_wrong_with_it() -> None:
    fields = Fields({"record_id": "id", "employee": "who"}, {"wins": "won", "losses": "lost"}, ())

    found = list(Reader("crm", fields, SHANGHAI).rows(3, {"id": 1.5}.__getitem__))

    assert [(type(one), one.line) for one in found] == [(BadRow, 3)]


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@BUSY
@given(JSON, st.text(max_size=12))
def test_a_path_finds_something_or_nothing_and_never_stumbles(value: Any, path: str) -> None:
    try:
        look_up(value, path)
    except LookupError:
        return


@pytest.mark.parametrize(
    ("path", "found"),
    [("a", {"b": [10, {"c": 20}]}), ("a.b.0", 10), ("a.b.1.c", 20), ("d.e", 30), ("f.g.h", 40)],
)
def test_a_path_goes_through_objects_and_lists(path: str, found: object) -> None:
    value = {"a": {"b": [10, {"c": 20}]}, "d.e": 30, "f": {"g.h": 40}}

    assert look_up(value, path) == found


@BUSY
@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_a_bookmark_stands_at_the_greatest_number(numbers: list[int]) -> None:
    bookmark = Bookmark(Resume("after", None, "id", None), None)
    for number in numbers:
        bookmark.turn(Page({}, [{"id": number}]))

    assert bookmark.text == str(max(numbers))


@BUSY
@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1))
def test_a_bookmark_stands_at_the_latest_moment(moments: list[datetime]) -> None:
    bookmark = Bookmark(Resume("after", None, "at", None), None)
    bookmark.turn(Page({}, [{"at": moment.isoformat()} for moment in moments]))

    assert bookmark.text is not None
    assert datetime.fromisoformat(bookmark.text) == max(moments)
