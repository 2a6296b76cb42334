"""Blocks, forms and views of the tiny app: at least one of every kind that a bot may send."""

from typing import Any

Block = dict[str, Any]


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def button(action_id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text)} | more


WEEK, MONTH = option("Week", "w"), option("Month", "m")
NORTH, SOUTH = option("North", "n"), option("South", "s")
READ = option("Read", "r") | {"url": "https://example.com/read"}

CONFIRM = {
    "title": plain("Sure?"),
    "text": mrkdwn("It cannot be *undone*."),
    "confirm": plain("Do it"),
    "deny": plain("Leave it"),
}

ELEMENTS: list[Block] = [
    {"type": "section", "text": mrkdwn("*Everything to press*")},
    {
        "type": "section",
        "block_id": "row",
        "text": mrkdwn("A row"),
        "accessory": {"type": "overflow", "action_id": "overflow", "options": [NORTH, SOUTH, READ]},
    },
    {
        "type": "actions",
        "block_id": "press",
        "elements": [
            button("press", "Press", value="7"),
            button("risky", "Risky", style="danger", confirm=CONFIRM),
            button("form", "Open form", style="primary"),
            button("all_inputs", "Open all inputs"),
            {"type": "datepicker", "action_id": "date", "placeholder": plain("Day")},
            {"type": "timepicker", "action_id": "time", "placeholder": plain("Hour")},
            {"type": "datetimepicker", "action_id": "moment", "initial_date_time": 1_785_490_200},
            {
                "type": "workflow_button",
                "action_id": "workflow",
                "text": plain("Start workflow"),
                "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft0/1"}},
            },
        ],
    },
    {
        "type": "actions",
        "block_id": "choose",
        "elements": [
            {
                "type": "static_select",
                "action_id": "static",
                "placeholder": plain("Area"),
                "options": [NORTH, SOUTH],
            },
            {"type": "users_select", "action_id": "user", "placeholder": plain("Person")},
            {"type": "channels_select", "action_id": "channel", "placeholder": plain("Channel")},
            {"type": "conversations_select", "action_id": "place", "placeholder": plain("Place")},
            {
                "type": "external_select",
                "action_id": "external",
                "placeholder": plain("Deal"),
                "min_query_length": 2,
            },
            {"type": "radio_buttons", "action_id": "radio", "options": [WEEK, MONTH], "initial_option": WEEK},
            {"type": "checkboxes", "action_id": "boxes", "options": [NORTH, SOUTH]},
        ],
    },
    {
        "type": "actions",
        "block_id": "choose_several",
        "elements": [
            {
                "type": "multi_static_select",
                "action_id": "several",
                "placeholder": plain("Regions"),
                "option_groups": [{"label": plain("Halves"), "options": [NORTH, SOUTH]}],
            },
            {"type": "multi_users_select", "action_id": "users", "placeholder": plain("People")},
            {"type": "multi_channels_select", "action_id": "channels", "placeholder": plain("Rooms")},
            {"type": "multi_conversations_select", "action_id": "places", "placeholder": plain("Spots")},
            {
                "type": "multi_external_select",
                "action_id": "externals",
                "placeholder": plain("Offers"),
                "min_query_length": 0,
            },
        ],
    },
    {
        "type": "context_actions",
        "block_id": "opinion",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": plain("Good"), "value": "good"},
                "negative_button": {"text": plain("Bad"), "value": "bad"},
            },
            {"type": "icon_button", "action_id": "remove", "icon": "trash", "text": plain("Remove")},
        ],
    },
]


def words(*texts: str, **style: bool) -> dict[str, Any]:
    """A section of rich text."""
    pieces = [{"type": "text", "text": text, **({"style": style} if style else {})} for text in texts]
    return {"type": "rich_text_section", "elements": pieces}


def rich_text(*parts: dict[str, Any]) -> Block:
    return {"type": "rich_text", "elements": list(parts)}


def cells(*texts: str) -> list[dict[str, Any]]:
    return [{"type": "raw_text", "text": text} for text in texts]


def task(number: int, title: str, status: str) -> Block:
    return {"type": "task_card", "task_id": f"t{number}", "title": title, "status": status}


def card(number: int) -> Block:
    return {
        "type": "card",
        "block_id": f"card{number}",
        "title": mrkdwn(f"Card {number}"),
        "body": mrkdwn("With something to press"),
        "actions": [button(f"card{number}", f"Take card {number}", value=str(number))],
    }


SHOWN: list[Block] = [
    {"type": "header", "text": plain("Everything to see")},
    {
        "type": "section",
        "text": mrkdwn(
            "*bold* _italic_ ~struck~ `code` :tada: <@U0LIN> <#C0GENERAL> <!subteam^S0SALES> <!here> "
            "<https://example.com|a link> <!date^1785490200^{date_short} at {time}|then>\n"
            "> quoted\n• one\n• two"
        ),
        "fields": [mrkdwn("*Target*\n120 000"), mrkdwn("*Done*\n98 500")],
    },
    {"type": "context", "elements": [mrkdwn("As of yesterday"), plain("small print")]},
    {"type": "divider"},
    rich_text(
        words("Plain, "),
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [words("first"), words("second", bold=True)],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Said before"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
    ),
    {"type": "markdown", "text": "## A heading\n\n1. **strong**\n2. [there](https://example.com)"},
    {"type": "table", "rows": [cells("Name", "Points"), cells("Ada", "87"), cells("Ben", "64")]},
    {
        "type": "data_table",
        "caption": "Points by month",
        "page_size": 3,
        "rows": [
            cells("Month", "Points"),
            *(
                [
                    {"type": "raw_text", "text": f"Month {n}"},
                    {"type": "raw_number", "text": str(n), "value": n},
                ]
                for n in range(1, 8)
            ),
        ],
    },
    {
        "type": "data_visualization",
        "title": "Points by quarter",
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": name,
                    "data": [{"label": f"Q{quarter}", "value": quarter * step} for quarter in (1, 2, 3, 4)],
                }
                for name, step in (("Ada", 21), ("Ben", 17))
            ],
            "axis_config": {"categories": ["Q1", "Q2", "Q3", "Q4"], "y_label": "Points"},
        },
    },
    {
        "type": "image",
        "image_url": "https://pictures.example.com/far.png",
        "alt_text": "A far picture",
    },
    card(1),
    {"type": "carousel", "elements": [card(2), card(3), card(4)]},
    {
        "type": "container",
        "title": plain("A box"),
        "is_collapsible": True,
        "child_blocks": [
            {
                "type": "actions",
                "block_id": "inside",
                "elements": [button("inside", "Press inside", value="in")],
            }
        ],
    },
    {
        "type": "plan",
        "title": "A plan",
        "tasks": [task(1, "Collect", "complete"), task(2, "Draw", "pending")],
    },
    {
        "type": "video",
        "title": plain("How it works"),
        "video_url": "https://videos.example.com/embed/1",
        "thumbnail_url": "https://videos.example.com/1.png",
        "alt_text": "A tour in two minutes",
    },
]


def input_block(block_id: str, label: str, element: dict[str, Any], **more: Any) -> Block:
    element = element | {"action_id": "value"}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element} | more


FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Form"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "blocks": [
        input_block(
            "what", "What next", {"type": "plain_text_input"}, hint=plain("update, push, clear or done")
        ),
        input_block(
            "number", "Number", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}
        ),
        input_block("who", "Who", {"type": "users_select"}, optional=True),
    ],
}

INPUTS: list[tuple[str, str, dict[str, Any]]] = [
    ("text", "Text", {"type": "plain_text_input", "placeholder": plain("A line")}),
    ("lines", "Lines", {"type": "plain_text_input", "multiline": True, "max_length": 20}),
    ("email", "Address", {"type": "email_text_input"}),
    ("url", "Link", {"type": "url_text_input"}),
    ("number", "Share", {"type": "number_input", "is_decimal_allowed": True, "max_value": "1"}),
    ("rich", "Story", {"type": "rich_text_input", "placeholder": plain("Tell it")}),
    ("files", "Files", {"type": "file_input", "filetypes": ["csv", "txt"], "max_files": 2}),
    ("date", "Day", {"type": "datepicker", "initial_date": "2026-07-31"}),
    ("time", "Hour", {"type": "timepicker", "timezone": "Asia/Shanghai"}),
    ("moment", "Moment", {"type": "datetimepicker"}),
    ("static", "Area", {"type": "static_select", "options": [NORTH, SOUTH]}),
    ("several", "Regions", {"type": "multi_static_select", "options": [NORTH, SOUTH]}),
    ("external", "Deal", {"type": "external_select", "min_query_length": 2}),
    ("externals", "Offers", {"type": "multi_external_select", "min_query_length": 2}),
    ("user", "Person", {"type": "users_select"}),
    ("users", "Team", {"type": "multi_users_select", "max_selected_items": 1}),
    ("channel", "Channel", {"type": "channels_select"}),
    ("channels", "Rooms", {"type": "multi_channels_select"}),
    (
        "place",
        "Place",
        {"type": "conversations_select", "default_to_current_conversation": True},
    ),
    (
        "places",
        "Spots",
        {"type": "multi_conversations_select", "filter": {"include": ["private"]}},
    ),
    ("radio", "Every", {"type": "radio_buttons", "options": [WEEK, MONTH]}),
    ("boxes", "Halves", {"type": "checkboxes", "options": [NORTH, SOUTH]}),
]

ALL_INPUTS: dict[str, Any] = {
    "type": "modal",
    "callback_id": "all_inputs",
    "title": plain("All inputs"),
    "submit": plain("Send"),
    "blocks": [
        {"type": "alert", "level": "warning", "text": mrkdwn("Only two days left.")},
        *(input_block(block_id, label, element, optional=True) for block_id, label, element in INPUTS),
    ],
}


def note(title: str) -> dict[str, Any]:
    """A modal that only says something."""
    return {"type": "modal", "title": plain(title), "blocks": [{"type": "section", "text": mrkdwn(title)}]}


HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Welcome home")},
        {
            "type": "actions",
            "block_id": "home",
            "elements": [button("press", "Press", value="home")],
        },
    ],
}
