"""The page by keyboard and by screen reader: no rule of axe is broken, everything is reached."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox.client import Person
from sandbox.server import Sandbox
from tests.e2e.page_acts import (
    ADA,
    BEN,
    LIN,
    PHONE,
    WIDE,
    Visit,
    begin_to_say,
    box_of,
    elements,
    has_said,
    last_message,
    open_all_inputs,
    open_form,
    say,
)
from tests.e2e.tiny_app import TinyApp

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


# axe


def open_thread(page: Page) -> None:
    say(page, "A question")
    last_message(page).hover()
    last_message(page).get_by_test_id("open-thread").click()
    expect(page.get_by_test_id("thread").get_by_test_id("message")).to_have_count(1)


def open_traffic(page: Page) -> None:
    say(page, "/escape")
    page.get_by_test_id("open-inspector").click()
    page.get_by_test_id("traffic-entry").first.get_by_role("button").click()
    expect(page.get_by_role("region", name="Request")).to_be_visible()


def suggestions(page: Page) -> None:
    box_of(page).press_sequentially("@")
    expect(page.get_by_role("listbox", name="People")).to_be_visible()


def emoji(page: Page) -> None:
    page.get_by_role("button", name="Insert an emoji").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def wrong_form(page: Page) -> None:
    open_form(page).get_by_role("button", name="Send").click()
    expect(page.get_by_test_id("modal").get_by_role("alert").first).to_be_visible()


def open_dialog(button: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_test_id(button).click()
        expect(page.get_by_role("dialog")).to_be_visible()

    return act


VIEWS: dict[str, Callable[[Page], Any]] = {
    "an empty channel": lambda page: expect(page.get_by_test_id("beginning")).to_be_visible(),
    "every element": elements,
    "a thread": open_thread,
    "a modal": open_all_inputs,
    "a modal with errors": wrong_form,
    "suggestions": suggestions,
    "emoji": emoji,
    "traffic": open_traffic,
    "faults": open_dialog("open-faults"),
    "the app": open_dialog("app-status"),
    "keys": open_dialog("open-keys"),
    "details": open_dialog("open-details"),
    "persons": open_dialog("acting-as"),
    "the finder": open_dialog("open-jump"),
}


def broken_rules(page: Page) -> list[str]:
    """What axe finds, a line for each."""
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert result["passes"], "axe looked at nothing"
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary']}"
        for one in result["violations"]
        for node in one["nodes"]
    ]


def has_no_broken_rules(page: Page) -> None:
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert broken_rules(page) == [], f"in {scheme}"


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_breaks_no_rule(view: str, app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}", bypass_csp=True)

    VIEWS[view](page)

    has_no_broken_rules(page)


def test_every_block_breaks_no_rule(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}", bypass_csp=True)

    app.show_everything(channel)
    expect(last_message(page)).to_contain_text("Everything to see")

    has_no_broken_rules(page)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_home_tab_breaks_no_rule(size: dict[str, int], app: TinyApp, visit: Visit) -> None:
    page = visit(f"/#/{LIN}/app/home", size, bypass_csp=True)
    expect(page.get_by_role("heading", name="Welcome home")).to_be_visible()

    has_no_broken_rules(page)


def test_the_list_on_a_phone_breaks_no_rule(visit: Visit) -> None:
    page = visit(f"/#/{LIN}", PHONE, bypass_csp=True)

    has_no_broken_rules(page)


# The keyboard


def has_focus(page: Page, test_id: str) -> None:
    """It has the focus itself, or is the nearest around what has it."""
    around = page.locator("[data-testid]:focus, [data-testid]:has(:focus)")
    expect(around.last).to_have_attribute("data-testid", test_id)


def test_the_first_thing_on_the_page_skips_the_list(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    first = page.locator("a, button, input, textarea").first
    expect(first).to_have_accessible_name("Skip to the conversation")
    expect(box_of(page)).to_be_focused()

    first.focus()
    expect(first).to_be_in_viewport()
    page.keyboard.press("Enter")

    has_focus(page, "conversation")
    assert page.url.endswith(f"channel={channel}")


def test_an_answer_that_comes_late_leaves_the_focus_where_it_is(
    app: TinyApp, channel: str, visit: Visit
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    app.may_answer.clear()

    begin_to_say(page, "/escape")
    page.get_by_test_id("acting-as").focus()
    app.may_answer.set()
    has_said(page)

    has_focus(page, "acting-as")


def test_f6_goes_from_part_to_part(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    expect(box_of(page)).to_be_focused()
    page.get_by_test_id("open-inspector").click()
    has_focus(page, "inspector")
    page.get_by_test_id("acting-as").focus()

    for part in ("conversation", "composer", "inspector", "acting-as"):
        page.keyboard.press("F6")
        has_focus(page, part)

    page.keyboard.press("Shift+F6")
    has_focus(page, "inspector")


def test_arrows_walk_through_conversations_and_enter_opens_one(visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel=C0GENERAL")
    expect(box_of(page)).to_be_focused()

    page.get_by_test_id("conversation-C0GENERAL").focus()
    page.keyboard.press("ArrowDown")
    has_focus(page, "conversation-C0RANDOM")
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("header")).to_contain_text("random")


def test_arrows_walk_through_messages(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    for text in ("One", "Two", "Three"):
        say(page, text)
    expect(page.get_by_test_id("message")).to_have_count(3)

    page.get_by_test_id("messages").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_test_id("message").nth(2)).to_be_focused()
    page.keyboard.press("Home")

    expect(page.get_by_test_id("message").nth(0)).to_be_focused()


def test_alt_and_an_arrow_go_to_the_neighbour(visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel=C0GENERAL")
    expect(box_of(page)).to_be_focused()

    page.keyboard.press("Alt+ArrowDown")

    expect(page.get_by_test_id("header")).to_contain_text("random")


@pytest.mark.parametrize(
    "opener", ["open-faults", "app-status", "open-keys", "acting-as", "open-jump", "open-details"]
)
def test_a_closed_dialog_gives_the_focus_back(opener: str, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    expect(box_of(page)).to_be_focused()

    page.get_by_test_id(opener).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id(opener)).to_be_focused()


def test_a_modal_begins_at_its_first_field_and_gives_the_focus_back(
    app: TinyApp, channel: str, visit: Visit
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    modal = open_form(page)
    expect(modal.get_by_role("textbox", name="What next")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Open form")).to_be_focused()


def test_escape_closes_a_thread_and_goes_back_to_its_message(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    open_thread(page)
    expect(page.get_by_test_id("thread").get_by_role("textbox", name="Reply")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.get_by_test_id("thread")).to_have_count(0)
    has_focus(page, "open-thread")


def test_every_control_of_a_message_is_reached_by_tab(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    message = elements(page)
    controls = message.locator("button, input:not([type=radio])").count()
    page.get_by_test_id("messages").focus()

    reached = set()
    for _ in range(controls + 10):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement.closest('article') && (document.activeElement.dataset.actionId "
            "|| document.activeElement.getAttribute('aria-label') || document.activeElement.textContent)"
        )
        reached.add(name)

    wanted = {"press", "risky", "form", "date", "moment", "static", "place", "several", "overflow", "remove"}
    assert wanted <= reached, wanted - reached


# The screen reader


def test_a_button_beside_a_text_is_described_by_its_first_line(
    app: TinyApp, channel: str, visit: Visit
) -> None:
    button = {"type": "button", "action_id": "card", "text": {"type": "plain_text", "text": "Card"}}
    text = {"type": "mrkdwn", "text": "*Ben* &amp; co\n_late_"}
    page = visit(f"/?user={ADA}&channel={channel}")

    app.client.chat_postMessage(
        channel=channel, text="Card", blocks=[{"type": "section", "text": text, "accessory": button}]
    )

    card = page.get_by_role("button", name="Card", exact=True)
    expect(card).to_have_accessible_description("Ben & co")


def test_fast_fingers_lose_no_letter_in_the_finder(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    page.keyboard.press("Control+k")
    field = page.get_by_test_id("quick-switcher").get_by_role("combobox")

    field.press_sequentially("general")

    expect(field).to_have_value("general")


def test_new_messages_are_read_out(sandbox: Sandbox, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    expect(page.get_by_test_id("messages")).to_be_visible()

    Person(sandbox.url, BEN).say("Lunch at one?", channel)

    status = page.get_by_test_id("announcer")
    expect(status).to_have_text("Ben Fischer: Lunch at one?")
    expect(status).to_have_attribute("aria-live", "polite")


def test_the_parts_of_the_page_have_names(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}", {"width": 1700, "height": 900})
    open_thread(page)
    page.get_by_test_id("open-inspector").click()

    for role, name in (
        ("navigation", "Conversations"),
        ("log", "Messages"),
        ("region", "Thread"),
        ("complementary", "Traffic"),
    ):
        expect(page.get_by_role(role, name=name)).to_be_visible()  # type: ignore[arg-type]
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sandbox")


def test_whoever_wants_less_motion_gets_none(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}", reduced_motion="reduce")

    page.get_by_test_id("open-keys").click()
    styles = page.get_by_role("dialog").evaluate(
        "dialog => [getComputedStyle(dialog).animationName, getComputedStyle(dialog).transitionProperty]"
    )

    assert styles == ["none", "none"]
