"""The validator of blocks and views: Slack's limits, what its types miss, and both held side by side."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.block_kit.surfaces import problems_of_blocks, problems_of_view
from tests.sandbox.builders import actions, button, home, modal, option, plain, section, select, text_input
from tests.sandbox.contracts import Contracts

KNOWN_FILES = {"F0CHART"}

RICH_TEXT = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "link", "url": "https://example.com"},
                {"type": "user", "user_id": "U0ADA"},
                {"type": "emoji", "name": "tada"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "item"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quote"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
    ],
}
NO_DATE = {"type": "datepicker", "action_id": "a", "initial_date": "2026-02-30"}
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
CONFIRM = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}

FILM = {"video_url": "https://example.com/film", "thumbnail_url": "https://example.com/film.png"}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad"},
}
ICON = {"type": "icon_button", "action_id": "icon", "icon": "trash", "text": plain("Delete")}
WORKFLOW = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}
ON_ENTER = {"trigger_actions_on": ["on_enter_pressed"]}
ALERT = {"type": "alert", "level": "warning", "text": plain("Careful")}

# One of everything; all of it is fine with Slack.
GOOD_BLOCKS: list[dict[str, Any]] = [
    section("Hello", accessory=button(style="primary", value="v", confirm=CONFIRM)),
    {"type": "section", "fields": [plain("a"), {"type": "mrkdwn", "text": "*b*"}], "block_id": "fields"},
    section("Pick", accessory=select("pick", "a", "b", initial_option=option("b"), placeholder=plain("?"))),
    {"type": "header", "text": plain("Header")},
    {"type": "divider"},
    {"type": "context", "elements": [plain("a"), IMAGE]},
    {"type": "image", "slack_file": {"id": "F0CHART"}, "alt_text": "A chart", "title": plain("Chart")},
    {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A chart"},
    actions(
        button("one", url="https://example.com"),
        {"type": "overflow", "action_id": "more", "options": [option("x")]},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-02-28"},
        {"type": "timepicker", "action_id": "hour", "initial_time": "09:30", "timezone": "Asia/Shanghai"},
        {"type": "datetimepicker", "action_id": "when", "initial_date_time": 1_700_000_000},
        {"type": "users_select", "action_id": "who", "initial_user": "U0ADA"},
        {"type": "multi_users_select", "action_id": "whom", "max_selected_items": 3},
        {"type": "conversations_select", "action_id": "where", "filter": {"include": ["private"]}},
        {"type": "external_select", "action_id": "found", "min_query_length": 2},
        {"type": "checkboxes", "action_id": "c", "options": [option("a")], "initial_options": [option("a")]},
        {"type": "radio_buttons", "action_id": "radio", "options": [option("a"), option("b")]},
        {
            "type": "static_select",
            "action_id": "grouped",
            "option_groups": [{"label": plain("Group"), "options": [option("a")]}],
        },
    ),
    text_input("name", "entered", multiline=True, min_length=1, max_length=100, placeholder=plain("Name")),
    {
        "type": "input",
        "label": plain("Number"),
        "hint": plain("Hint"),
        "optional": True,
        "element": {"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "min_value": "0"},
    },
    RICH_TEXT,
    {"type": "markdown", "text": "**bold**"},
    {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]],
        "column_settings": [{"align": "right"}],
    },
    {
        "type": "data_table",
        "caption": "Deals",
        "rows": [
            [{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Value"}],
            [RICH_TEXT, {"type": "raw_number", "text": "1,000", "value": 1000}],
        ],
        "page_size": 10,
    },
    {"type": "video", "alt_text": "A film", "title": plain("Film"), **FILM},
    {"type": "file", "external_id": "F1", "source": "remote"},
    {"type": "context_actions", "elements": [FEEDBACK, ICON]},
    actions({"type": "workflow_button", "action_id": "flow", "text": plain("Run"), "workflow": WORKFLOW}),
    {"type": "input", "label": plain("Text"), "element": {"type": "rich_text_input", "action_id": "rich"}},
    {"type": "input", "label": plain("File"), "element": {"type": "file_input", "action_id": "file"}},
    {"type": "input", "label": plain("Mail"), "element": {"type": "email_text_input", "action_id": "mail"}},
    {
        "type": "input",
        "label": plain("Link"),
        "dispatch_action": True,
        "element": {"type": "url_text_input", "action_id": "url", "dispatch_action_config": ON_ENTER},
    },
    {"type": "card", "title": {"type": "mrkdwn", "text": "Card"}, "actions": [button("card")]},
    {"type": "container", "title": plain("More"), "child_blocks": [section("inside"), {"type": "divider"}]},
]


def shows(slack_file: dict[str, Any]) -> bool:
    return slack_file.get("id") in KNOWN_FILES


def problems(*blocks: Any) -> list[str]:
    return problems_of_blocks(list(blocks), shows)


def test_what_slack_takes_is_taken() -> None:
    assert problems(*GOOD_BLOCKS) == []


def test_at_the_limit_is_still_fine() -> None:
    assert problems(*[section("x" * 3000)] * 50) == []
    assert problems({"type": "header", "text": plain("x" * 150)}) == []
    assert problems(actions(*[button(f"a{n}", "x" * 75, value="v" * 2000) for n in range(25)])) == []
    assert problems({"type": "section", "fields": [plain("x" * 2000)] * 10}) == []


TOO_MUCH: list[tuple[str, list[Any], str]] = [
    ("blocks", [section()] * 51, "/blocks]"),
    ("section text", [section("x" * 3001)], "/blocks/0/text/text]"),
    ("empty text", [section("")], "/blocks/0/text/text]"),
    ("header", [{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text]"),
    ("fields", [{"type": "section", "fields": [plain("x")] * 11}], "/blocks/0/fields]"),
    ("field", [{"type": "section", "fields": [plain("x" * 2001)]}], "/blocks/0/fields/0/text]"),
    ("actions", [actions(*[button(f"a{n}") for n in range(26)])], "/blocks/0/elements]"),
    ("button text", [actions(button(text="x" * 76))], "/blocks/0/elements/0/text/text]"),
    ("button value", [actions(button(value="x" * 2001))], "/blocks/0/elements/0/value]"),
    ("action_id", [actions(button("x" * 256))], "/blocks/0/elements/0/action_id]"),
    ("block_id", [section(block_id="x" * 256)], "/blocks/0/block_id]"),
    ("option value", [actions(select("s", "x" * 151))], "/blocks/0/elements/0/options/0/value]"),
    ("options", [actions(select("s", *map(str, range(101))))], "/blocks/0/elements/0/options]"),
    ("context", [{"type": "context", "elements": [plain("x")] * 11}], "/blocks/0/elements]"),
    (
        "placeholder",
        [actions(select("s", "a", placeholder=plain("x" * 151)))],
        "/elements/0/placeholder/text]",
    ),
    (
        "alt text",
        [{"type": "image", "image_url": "https://x.io", "alt_text": "x" * 2001}],
        "/blocks/0/alt_text]",
    ),
]


@pytest.mark.parametrize(("what", "blocks", "pointer"), TOO_MUCH, ids=[one[0] for one in TOO_MUCH])
def test_too_much_of_it(what: str, blocks: list[Any], pointer: str) -> None:
    found = problems(*blocks)

    assert any(pointer in message for message in found), (what, found)


CELL = {"type": "raw_text", "text": "a"}


def a_table(*rows: list[Any], **more: Any) -> dict[str, Any]:
    return {"type": "data_table", "caption": "A table", "rows": list(rows), **more}


WRONG: list[tuple[str, Any, str]] = [
    ("unknown block", {"type": "shout"}, "/blocks/0/type]"),
    ("no type", {"text": plain("x")}, "/blocks/0/type]"),
    ("not an object", "x", "/blocks/0]"),
    ("unknown field", section(colour="red"), "invalid additional property: colour"),
    ("button without action_id", actions({"type": "button", "text": plain("x")}), "action_id"),
    ("same action_id twice", actions(button("a"), button("a")), "`action_id` is used twice"),
    ("section with nothing", {"type": "section"}, "text or fields"),
    ("image without alt_text", {"type": "image", "image_url": "https://x.io/a"}, "alt_text"),
    ("image without source", {"type": "image", "alt_text": "x"}, "image_url or slack_file"),
    ("image of an unknown file", {"type": "image", "alt_text": "x", "slack_file": {"id": "F"}}, "slack file"),
    ("mrkdwn header", {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "/blocks/0/text/type]"),
    ("input element in actions", actions({"type": "plain_text_input", "action_id": "a"}), "unsupported type"),
    ("button in an input", {**text_input("b", "a"), "element": button()}, "unsupported type"),
    ("no options", actions({"type": "static_select", "action_id": "a"}), "options or option_groups"),
    ("another initial option", actions(select("a", "x", initial_option=option("y"))), "initial option"),
    ("a date that is none", actions(NO_DATE), "a date"),
    ("a style that is none", actions(button(style="loud")), "must be one of"),
    ("a url that is none", actions(button(url="nowhere")), "a URL"),
    ("empty actions", actions(), "no fewer than 1"),
    ("an alert in a message", ALERT, "unsupported type for blocks: alert"),
    ("an empty card", {"type": "card", "subtitle": {"type": "mrkdwn", "text": "x"}}, "hero_image or title"),
    ("a container without title", {"type": "container", "child_blocks": [section()]}, "title or rich_text"),
    (
        "minimum above maximum",
        text_input("b", "a", min_length=5, max_length=4),
        "min_length must not be more than max_length",
    ),
    (
        "a number that is none",
        {
            "type": "input",
            "label": plain("n"),
            "element": {"type": "number_input", "action_id": "n", "is_decimal_allowed": False}
            | {"initial_value": "ten"},
        },
        "a number in a string",
    ),
    ("a table of one row", a_table([CELL]), "no fewer than 2 items"),
    ("a table with uneven rows", a_table([CELL], [CELL, CELL]), "the same number of cells"),
    ("rich text in the header", a_table([RICH_TEXT], [CELL]), "unsupported type for a header cell"),
    (
        "a header column that is not there",
        a_table([CELL], [CELL], row_header_column_index=1),
        "no such column",
    ),
]


@pytest.mark.parametrize(("what", "block", "message"), WRONG, ids=[one[0] for one in WRONG])
def test_what_slack_refuses(what: str, block: Any, message: str) -> None:
    found = problems(block)

    assert any(message in one for one in found), (what, found)


def test_a_repeated_block_id() -> None:
    assert "`block_id` is used twice: a" in problems(section(block_id="a"), section(block_id="a"))[0]


def test_one_table_in_a_message() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}

    assert problems(table) == []
    assert "only one table" in problems(table, table)[0]


def a_chart(**chart: Any) -> dict[str, Any]:
    return {"type": "data_visualization", "title": "Sales", "chart": chart}


def points(*labels: str) -> list[dict[str, Any]]:
    return [{"label": label, "value": number} for number, label in enumerate(labels, start=1)]


def plotted(*series: list[dict[str, Any]], categories: tuple[str, ...] = ("Mon", "Tue")) -> dict[str, Any]:
    named = [{"name": f"Series {number}", "data": data} for number, data in enumerate(series)]
    return {"series": named, "axis_config": {"categories": list(categories)}}


def test_charts_that_slack_takes() -> None:
    assert problems(a_chart(type="pie", segments=points("North", "South"))) == []
    for kind in ("bar", "line", "area"):
        assert problems(a_chart(type=kind, **plotted(points("Mon", "Tue"), points("Tue", "Mon")))) == []


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        (a_chart(type="donut", segments=points("a")), "unsupported type for a chart: donut"),
        (a_chart(type="pie", segments=points(*"abcdefg")), "no more than 6 items"),
        (a_chart(type="pie", segments=[{"label": "a", "value": 0}]), "must be more than 0"),
        (a_chart(type="pie", segments=points("x" * 21)), "must be less than 21 characters"),
        (a_chart(type="bar", **plotted(points("Mon"))), "one point for each of the categories"),
        (a_chart(type="bar", **plotted(points("Mon", "Sun"))), "one point for each of the categories"),
        (a_chart(type="bar", series=[]), "missing required field: axis_config"),
        (
            a_chart(
                type="line",
                series=[{"name": "a", "data": points("Mon")}] * 2,
                axis_config={"categories": ["Mon"]},
            ),
            "the names of series must differ",
        ),
        ({**a_chart(type="pie", segments=points("a")), "title": "x" * 51}, "/blocks/0/title]"),
    ],
)
def test_charts_that_slack_refuses(chart: dict[str, Any], message: str) -> None:
    found = problems(chart)

    assert any(message in one for one in found), found


def test_two_charts_in_a_message() -> None:
    pie = a_chart(type="pie", segments=points("a"))

    assert problems(pie, pie) == []
    assert "no more than 2 data_visualization" in problems(pie, pie, pie)[0]


WRONG_VIEWS: list[tuple[str, Any, str]] = [
    ("inputs without submit", {**modal(text_input("b", "a")), "submit": None}, "submit"),
    ("a long title", modal(section()) | {"title": plain("x" * 25)}, "/view/title/text]"),
    ("a long submit", modal(section()) | {"submit": plain("x" * 25)}, "/view/submit/text]"),
    ("much private_metadata", modal(section(), private_metadata="x" * 3001), "/view/private_metadata]"),
    ("too many blocks", modal(*[section()] * 101), "/view/blocks]"),
    ("a block_id twice", modal(section(block_id="a"), section(block_id="a")), "/view/blocks/1/block_id]"),
    (
        "a table",
        modal({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}),
        "/view/blocks/0/type]",
    ),
    ("home in place of a modal", home(section()), "must be a view of type modal"),
    (
        "two in focus",
        modal(text_input("a", "a", focus_on_load=True), text_input("b", "b", focus_on_load=True)),
        "only one element may have focus_on_load",
    ),
]


@pytest.mark.parametrize(("what", "view", "message"), WRONG_VIEWS, ids=[one[0] for one in WRONG_VIEWS])
def test_views_that_slack_refuses(what: str, view: dict[str, Any], message: str) -> None:
    given_view = {key: value for key, value in view.items() if value is not None}

    found = problems_of_view(given_view, ["modal"], shows)

    assert any(message in one for one in found), (what, found)


def test_views_that_slack_takes() -> None:
    assert problems_of_view(modal(text_input("b", "a"), notify_on_close=True), ["modal"], shows) == []
    assert problems_of_view(home(*[section()] * 100), ["home"], shows) == []
    assert problems_of_view(modal(ALERT, text_input("b", "a", focus_on_load=True)), ["modal"], shows) == []
    assert "unsupported type for blocks: alert" in problems_of_view(home(ALERT), ["home"], shows)[0]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place within a structure of dicts and lists."""
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    else:
        return [path] if path else []
    own = [path] if path else []
    return own + [place for key, one in inner for place in places(one, (*path, key))]


@st.composite
def damaged_blocks(draw: st.DrawFn) -> list[Any]:
    """Good blocks with a few things changed: dropped, doubled, lengthened, of another type, unheard of."""
    chosen = draw(st.lists(st.sampled_from(range(len(GOOD_BLOCKS))), min_size=1, max_size=4))
    blocks: list[Any] = copy.deepcopy([GOOD_BLOCKS[number] for number in chosen])
    for _ in range(draw(st.integers(0, 2))):
        *way, last = draw(st.sampled_from(places(blocks)))
        parent: Any = blocks
        for key in way:
            parent = parent[key]
        damage = draw(st.sampled_from(["drop", "double", "lengthen", "retype", "extend", "swap"]))
        match damage:
            case "drop":
                del parent[last]
            case "double" if isinstance(parent[last], list):
                parent[last] = parent[last] * draw(st.sampled_from([2, 11, 26, 60]))
            case "lengthen" if isinstance(parent[last], str):
                # Between 75 and 150 the published types are stricter on option values than Slack is.
                parent[last] = "x" * draw(st.sampled_from([0, 1, 151, 256, 2001, 3001, 12_001]))
            case "extend" if isinstance(parent[last], dict):
                parent[last]["unheard_of"] = 1
            case "swap":
                parent[last] = copy.deepcopy(draw(st.sampled_from(GOOD_BLOCKS)))
            case _:
                parent[last] = draw(st.sampled_from([None, 0, True, "", [], {}, "text"]))
        if not blocks:
            break
    return blocks


@settings(max_examples=200, deadline=None)
@given(blocks=damaged_blocks())
def test_what_the_published_types_refuse_is_refused(contracts: Contracts, blocks: list[Any]) -> None:
    refused_by_types = contracts.problems("SlackBlocks.schema", blocks)

    if refused_by_types:
        assert problems(*blocks), refused_by_types


def test_what_is_good_is_good_by_the_published_types_too(contracts: Contracts) -> None:
    assert contracts.problems("SlackBlocks.schema", GOOD_BLOCKS) == []
    assert contracts.problems("SlackModal.schema", modal(text_input("b", "a"))) == []
    assert contracts.problems("SlackHome.schema", home(section())) == []
