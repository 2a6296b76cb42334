"""Blocks that show data: tables and charts."""

from collections.abc import Iterator
from typing import Any

from sandbox.block_kit.checks import (
    Check,
    Problems,
    boolean,
    by_type,
    items,
    number,
    one_of,
    record,
    string,
    typed,
)
from sandbox.block_kit.rich_text import RICH_TEXT
from sandbox.block_kit.texts import ID

LABEL = string(20, at_least=1)
MOST_SERIES = 6
MOST_POINTS = 20

CELLS: dict[str, Check] = {
    "raw_text": typed("raw_text", {"text": string(at_least=1)}),
    "raw_number": typed("raw_number", {"text": string(at_least=1), "value": number()}),
    "rich_text": RICH_TEXT,
}
CELL = by_type(CELLS, "a cell")
HEADER_CELL = by_type({name: CELLS[name] for name in ("raw_text", "raw_number")}, "a header cell")
COLUMN = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})

TABLE = typed(
    "table",
    {"rows": items(items(CELL, 20), 100)},
    {"block_id": ID, "column_settings": items(COLUMN, 20)},
)


def _header_and_even_rows(table: dict[str, Any], pointer: str, problems: Problems) -> None:
    rows = [row for row in _listed(table.get("rows")) if isinstance(row, list)]
    if not rows:
        return
    for column, cell in enumerate(rows[0]):
        HEADER_CELL(cell, f"{pointer}/rows/0/{column}", problems)
    for row_number, row in enumerate(rows):
        if len(row) != len(rows[0]):
            problems.add(f"{pointer}/rows/{row_number}", "all rows must have the same number of cells")
    header = table.get("row_header_column_index", 0)
    if isinstance(header, int) and header >= len(rows[0]):
        problems.add(f"{pointer}/row_header_column_index", "there is no such column")


# The first row is the header.
DATA_TABLE = typed(
    "data_table",
    {"caption": string(at_least=1), "rows": items(items(CELL, 20), 101, at_least=2)},
    {"block_id": ID, "page_size": number(1, 100), "row_header_column_index": number(0)},
    _header_and_even_rows,
)

SEGMENT = record({"label": LABEL, "value": number()})
POINT = record({"label": LABEL, "value": number()})
SERIES = record({"name": LABEL, "data": items(POINT, MOST_POINTS)})
AXIS = record({"categories": items(LABEL, MOST_POINTS)}, {"x_label": string(50), "y_label": string(50)})


def _segments_are_positive(chart: dict[str, Any], pointer: str, problems: Problems) -> None:
    for index, segment in enumerate(_listed(chart.get("segments"))):
        value = segment.get("value") if isinstance(segment, dict) else None
        if isinstance(value, int | float) and value <= 0:
            problems.add(f"{pointer}/segments/{index}/value", "must be more than 0")


def _series_fit_the_axis(chart: dict[str, Any], pointer: str, problems: Problems) -> None:
    series = [one for one in _listed(chart.get("series")) if isinstance(one, dict)]
    names = [one.get("name") for one in series]
    for index, name in enumerate(names):
        if name in names[:index]:
            problems.add(f"{pointer}/series/{index}/name", "the names of series must differ")
    axis = chart.get("axis_config")
    categories = _listed(axis.get("categories")) if isinstance(axis, dict) else []
    for index, one in enumerate(series):
        if sorted(_labels(one)) != sorted(str(category) for category in categories):
            problems.add(f"{pointer}/series/{index}/data", "must have one point for each of the categories")


def _labels(series: dict[str, Any]) -> Iterator[str]:
    yield from (str(point.get("label")) for point in _listed(series.get("data")) if isinstance(point, dict))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _plotted(kind: str) -> Check:
    fields: dict[str, Check] = {"series": items(SERIES, MOST_SERIES), "axis_config": AXIS}
    return typed(kind, fields, None, _series_fit_the_axis)


CHART = by_type(
    {
        "pie": typed("pie", {"segments": items(SEGMENT, MOST_SERIES)}, None, _segments_are_positive),
        **{kind: _plotted(kind) for kind in ("bar", "area", "line")},
    },
    "a chart",
)
DATA_VISUALIZATION = typed(
    "data_visualization", {"title": string(50, at_least=1), "chart": CHART}, {"block_id": ID}
)
