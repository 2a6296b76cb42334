"""Every element that a bot may use: a person acts on it in the browser, and the app hears exactly that."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.page_acts import (
    ADA,
    BEN,
    LIN,
    Visit,
    choose,
    elements,
    last_message,
    open_all_inputs,
    open_form,
)
from tests.e2e.tiny_app import TinyApp
from tests.e2e.tiny_blocks import MONTH, NORTH, SOUTH, option

pytestmark = pytest.mark.browser


# In a message


def search_deal(message: Locator) -> None:
    message.get_by_role("combobox", name="Deal").fill("ac")
    message.get_by_role("option", name="Deal ac 2").click()


ACTS: dict[str, tuple[Callable[[Locator], None], dict[str, Any]]] = {
    "button": (lambda m: m.get_by_role("button", name="Press").click(), {"action_id": "press", "value": "7"}),
    "overflow": (lambda m: choose(m, "More actions", "South"), {"selected_option": SOUTH}),
    "static_select": (lambda m: choose(m, "Area", "North"), {"selected_option": NORTH}),
    "users_select": (lambda m: choose(m, "Person", "林晓"), {"selected_user": LIN}),
    "channels_select": (lambda m: choose(m, "Channel", "#random"), {"selected_channel": "C0RANDOM"}),
    "conversations_select": (
        lambda m: choose(m, "Place", "#general"),
        {"selected_conversation": "C0GENERAL"},
    ),
    "external_select": (search_deal, {"action_id": "external", "selected_option": option("Deal ac 2", "2")}),
    "multi_static_select": (lambda m: choose(m, "Regions", "South"), {"selected_options": [SOUTH]}),
    "multi_users_select": (lambda m: choose(m, "People", "Ben Fischer"), {"selected_users": [BEN]}),
    "multi_channels_select": (
        lambda m: choose(m, "Rooms", "#general"),
        {"selected_channels": ["C0GENERAL"]},
    ),
    "multi_conversations_select": (
        lambda m: choose(m, "Spots", "#leads"),
        {"selected_conversations": ["C0LEADS"]},
    ),
    "multi_external_select": (
        lambda m: choose(m, "Offers", "Deal"),
        {"selected_options": [option("Deal  1", "1")]},
    ),
    "radio_buttons": (lambda m: m.get_by_role("radio", name="Month").check(), {"selected_option": MONTH}),
    "checkboxes": (lambda m: m.get_by_role("checkbox", name="South").check(), {"selected_options": [SOUTH]}),
    "datepicker": (lambda m: m.get_by_label("Day").fill("2017-11-30"), {"selected_date": "2017-11-30"}),
    "timepicker": (lambda m: m.get_by_label("Hour").fill("09:30"), {"selected_time": "09:30"}),
    # Nine o'clock in New York, where Ada is: the browser's own zone has no say.
    "datetimepicker": (
        lambda m: m.get_by_label("Date").fill("2026-07-31T09:00"),
        {"selected_date_time": 1_785_502_800},
    ),
    "feedback_buttons": (lambda m: m.get_by_role("button", name="Good").click(), {"value": "good"}),
    "icon_button": (lambda m: m.get_by_role("button", name="Remove").click(), {"action_id": "remove"}),
}


@pytest.mark.parametrize("kind", ACTS)
def test_an_element_tells_the_app_what_was_chosen(
    kind: str, app: TinyApp, channel: str, visit: Visit
) -> None:
    act, expected = ACTS[kind]
    message = elements(visit(f"/?user={ADA}&channel={channel}"))

    act(message)

    heard = app.next_heard()
    assert heard["type"] == kind
    assert {key: heard.get(key) for key in expected} == expected


def test_several_are_chosen_one_after_the_other(app: TinyApp, channel: str, visit: Visit) -> None:
    message = elements(visit(f"/?user={ADA}&channel={channel}"))

    message.get_by_role("combobox", name="Regions").click()
    message.get_by_role("option", name="South").click()
    assert app.next_heard()["selected_options"] == [SOUTH]
    message.get_by_role("option", name="North").click()
    assert app.next_heard()["selected_options"] == [SOUTH, NORTH]
    message.get_by_role("button", name="Remove South").click()
    assert app.next_heard()["selected_options"] == [NORTH]


def test_a_confirmation_can_be_refused(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    risky = elements(page).get_by_role("button", name="Risky")

    risky.click()
    expect(page.get_by_role("dialog", name="Sure?")).to_contain_text("It cannot be undone.")
    page.get_by_role("button", name="Leave it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not app.has_heard_more()

    risky.click()
    page.get_by_role("button", name="Do it").click()
    assert app.next_heard()["action_id"] == "risky"


def test_a_workflow_button_says_that_workflows_run_in_slack(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    elements(page).get_by_role("button", name="Start workflow").click()

    expect(page.get_by_role("alert")).to_contain_text("Workflows run in Slack alone")
    assert not app.has_heard_more()


def test_an_opinion_stays_marked(app: TinyApp, channel: str, visit: Visit) -> None:
    message = elements(visit(f"/?user={ADA}&channel={channel}"))
    bad = message.get_by_role("button", name="Bad")

    bad.click()

    expect(bad).to_have_attribute("aria-pressed", "true")
    assert app.next_heard()["value"] == "bad"


@pytest.mark.parametrize(
    ("button", "value"), [("Take card 1", "1"), ("Take card 3", "3"), ("Press inside", "in")]
)
def test_buttons_within_other_blocks_act_too(
    button: str, value: str, app: TinyApp, channel: str, visit: Visit
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    app.show_everything(channel)

    last_message(page).get_by_role("button", name=button).click()

    assert app.next_heard()["value"] == value


# What only shows something


def test_every_block_is_drawn(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    app.show_everything(channel)
    message = last_message(page)

    expect(message.get_by_role("heading", name="Everything to see")).to_be_visible()
    expect(message).to_contain_text("@林晓 #general @sales @here a link Jul 31, 2026 at 5:30 AM")
    expect(message.get_by_role("link", name="a link")).to_have_attribute("rel", "noopener noreferrer")
    expect(message.get_by_role("listitem").filter(has_text="second")).to_be_visible()
    expect(message.get_by_role("cell", name="87")).to_be_visible()
    expect(message.get_by_role("heading", name="Points by quarter")).to_be_visible()
    expect(message).to_contain_text("A plan")
    expect(message.get_by_role("link", name="Watch: A tour in two minutes")).to_be_visible()


def test_a_data_table_is_read_a_page_at_a_time(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    app.show_everything(channel)
    table = last_message(page).get_by_role("figure").filter(has_text="Points by month")
    expect(table.get_by_role("row")).to_have_count(4)
    expect(table).to_contain_text("1–3 of 7")

    table.get_by_role("button", name="Later rows").click()
    table.get_by_role("button", name="Later rows").click()

    expect(table.get_by_role("rowheader", name="Month 7")).to_be_visible()
    expect(table).to_contain_text("7–7 of 7")
    expect(table.get_by_role("button", name="Later rows")).to_be_disabled()


def test_a_picture_from_elsewhere_is_told_of_and_not_loaded(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    app.show_everything(channel)

    expect(last_message(page)).to_contain_text("A picture at pictures.example.com, which is not loaded")
    assert [url for url in asked if "example.com" in url] == []


def test_a_box_folds_up(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    app.show_everything(channel)
    inside = last_message(page).get_by_role("button", name="Press inside")
    expect(inside).to_be_visible()

    last_message(page).get_by_role("button", name="A box").click()

    expect(inside).to_have_count(0)


# In a modal


def add_file(modal: Locator, name: str, content: bytes) -> None:
    modal.get_by_label("Files").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def write_story(modal: Locator) -> None:
    """`Ada **won**`, then a numbered list."""
    story = modal.get_by_role("textbox", name="Story")
    story.press_sequentially("Ada ")
    modal.get_by_role("button", name="Bold").click()
    story.press_sequentially("won")
    modal.get_by_role("button", name="Bold").click()
    story.press("Enter")
    modal.get_by_role("button", name="Numbered list").click()
    story.press_sequentially("first")
    story.press("Enter")
    story.press_sequentially("then")


def text(value: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": value} | ({"style": style} if style else {})


STORY = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [text("Ada "), text("won", bold=True)]},
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [
                {"type": "rich_text_section", "elements": [text("first")]},
                {"type": "rich_text_section", "elements": [text("then")]},
            ],
        },
    ],
}


def test_a_modal_sends_the_value_of_every_input(app: TinyApp, channel: str, visit: Visit) -> None:
    modal = open_all_inputs(visit(f"/?user={ADA}&channel={channel}"))

    expect(modal).to_contain_text("Only two days left.")
    modal.get_by_role("textbox", name="Text").fill("你好")
    modal.get_by_role("textbox", name="Lines").fill("one\ntwo")
    modal.get_by_role("textbox", name="Address").fill("ada@example.com")
    modal.get_by_role("textbox", name="Link").fill("https://example.com/x")
    modal.get_by_role("textbox", name="Share").fill("0.5")
    write_story(modal)
    add_file(modal, "q3.csv", b"name,sales\nAda,12\n")
    modal.get_by_label("Hour").fill("09:30")
    modal.get_by_label("Moment").fill("2026-07-31T09:00")
    choose(modal, "Area", "North")
    choose(modal, "Regions", "South")
    search = modal.get_by_role("combobox", name="Deal")
    search.fill("ac")
    modal.get_by_role("option", name="Deal ac 1").click()
    choose(modal, "Person", "Ben Fischer")
    choose(modal, "Team", "林晓")
    choose(modal, "Channel", "#random")
    choose(modal, "Rooms", "#general")
    choose(modal, "Spots", "#leads")
    modal.get_by_role("radio", name="Month").check()
    modal.get_by_role("checkbox", name="North").check()
    expect(modal.get_by_role("button", name="Remove q3.csv")).to_be_visible()
    modal.get_by_role("button", name="Send").click()

    heard = app.next_heard()
    (file,) = heard.pop("files")["files"]
    assert (file["name"], file["mimetype"], file["size"]) == ("q3.csv", "text/csv", 18)
    assert {name: {k: v for k, v in value.items() if k != "type"} for name, value in heard.items()} == {
        "text": {"value": "你好"},
        "lines": {"value": "one\ntwo"},
        "email": {"value": "ada@example.com"},
        "url": {"value": "https://example.com/x"},
        "number": {"value": "0.5"},
        "rich": {"rich_text_value": STORY},
        "date": {"selected_date": "2026-07-31"},
        "time": {"selected_time": "09:30"},
        "moment": {"selected_date_time": 1_785_502_800},
        "static": {"selected_option": NORTH},
        "several": {"selected_options": [SOUTH]},
        "external": {"selected_option": option("Deal ac 1", "1")},
        "externals": {"selected_options": []},
        "user": {"selected_user": BEN},
        "users": {"selected_users": [LIN]},
        "channel": {"selected_channel": "C0RANDOM"},
        "channels": {"selected_channels": ["C0GENERAL"]},
        # Where the modal was opened, because the app asked for that.
        "place": {"selected_conversation": channel},
        "places": {"selected_conversations": ["C0LEADS"]},
        "radio": {"selected_option": MONTH},
        "boxes": {"selected_options": [NORTH]},
    }


def test_what_is_left_empty_is_sent_as_nothing(app: TinyApp, channel: str, visit: Visit) -> None:
    modal = open_all_inputs(visit(f"/?user={ADA}&channel={channel}"))

    modal.get_by_role("button", name="Send").click()

    heard = app.next_heard()
    assert heard["text"] == {"type": "plain_text_input", "value": None}
    assert heard["files"] == {"type": "file_input", "files": []}
    assert heard["rich"]["type"] == "rich_text_input"
    assert heard["rich"].get("rich_text_value") is None


def test_fast_fingers_lose_no_letter_in_a_select(channel: str, visit: Visit) -> None:
    field = open_form(visit(f"/?user={ADA}&channel={channel}")).get_by_role("combobox", name="Who")

    field.press_sequentially("ben fischer")

    expect(field).to_have_value("ben fischer")


@pytest.mark.parametrize(
    ("field", "entered", "sentence"),
    [
        ("Address", "ada", "Please enter a valid email address."),
        ("Link", "example", "Please enter a valid URL."),
        ("Share", "half", "Please enter a number in plain digits, such as 1500 or -2.5."),
        ("Share", "1.5", "Please enter a number of at most 1."),
        ("Lines", "x" * 21, "Please enter at most 20 characters."),
    ],
)
def test_what_slack_itself_refuses_is_said_at_the_field(
    field: str, entered: str, sentence: str, app: TinyApp, channel: str, visit: Visit
) -> None:
    modal = open_all_inputs(visit(f"/?user={ADA}&channel={channel}"))

    modal.get_by_role("textbox", name=field).fill(entered)
    modal.get_by_role("button", name="Send").click()

    expect(modal.get_by_role("textbox", name=field)).to_have_accessible_description(sentence)
    expect(modal).to_contain_text("1 field needs your attention.")
    assert not app.has_heard_more()


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["song.mp3"], "song.mp3 is not one of these: csv, txt."),
        (["a.csv", "b.csv", "c.csv"], "Only 2 files can be added."),
    ],
)
def test_files_that_the_app_does_not_take_are_refused(
    names: list[str], sentence: str, channel: str, visit: Visit
) -> None:
    modal = open_all_inputs(visit(f"/?user={ADA}&channel={channel}"))

    modal.get_by_label("Files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in names]
    )

    expect(modal.get_by_role("alert")).to_contain_text(sentence)
    expect(modal.get_by_role("button", name="Remove")).to_have_count(0)


def test_a_file_can_be_taken_away_again(app: TinyApp, channel: str, visit: Visit) -> None:
    modal = open_all_inputs(visit(f"/?user={ADA}&channel={channel}"))
    add_file(modal, "q3.csv", b"x")

    modal.get_by_role("button", name="Remove q3.csv").click()
    modal.get_by_role("button", name="Send").click()

    assert app.next_heard()["files"]["files"] == []


def test_a_label_leads_to_its_field(channel: str, visit: Visit) -> None:
    modal = open_all_inputs(visit(f"/?user={ADA}&channel={channel}"))

    modal.get_by_text("Address (optional)").click()

    expect(modal.get_by_role("textbox", name="Address")).to_be_focused()
