"""The page on a phone: one pane at a time, nothing too wide, everything large enough for a finger."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.page_acts import (
    ADA,
    LIN,
    PHONE,
    SMALL_PHONE,
    Visit,
    box_of,
    elements,
    last_message,
    open_all_inputs,
    say,
)
from tests.e2e.tiny_app import TinyApp

pytestmark = pytest.mark.browser

FINGER = 44

# What can be pressed and is smaller than a finger; links within a text and what a larger label covers may be.
TOO_SMALL = """finger => [...document.querySelectorAll('a, button, input, textarea, [role=option]')]
    .filter(one => one.checkVisibility({opacityProperty: true, visibilityProperty: true}))
    .filter(one => !one.matches('.hidden, .skip, .slack_blocks_to_jsx a, figcaption a'))
    .map(one => one.closest('label.choice, label.fault') ?? one)
    .map(one => [one, one.getBoundingClientRect()])
    .map(([one, {width, height}]) => [one, Math.round(width), Math.round(height)])
    .filter(([one, width, height]) => width > 0 && (height < finger || width < finger))
    .map(([one, width, height]) => `${one.outerHTML.slice(0, 90)} ${width} x ${height}`)"""

# What reaches beyond the right edge, but for what scrolls by itself.
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility() && !one.closest('.carousel, .scrolling, pre, .hidden, .skip'))
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(one => one.outerHTML.slice(0, 90))"""


def fits(page: Page, size: dict[str, int]) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(TOO_SMALL, FINGER) == []


def in_the_channel(act: Callable[[Page], Any]) -> Callable[[Page, str, TinyApp], None]:
    return lambda page, channel, app: act(page)


def show_everything(page: Page, channel: str, app: TinyApp) -> None:
    app.show_everything(channel)
    expect(last_message(page)).to_contain_text("Everything to see")


def open_thread(page: Page) -> None:
    say(page, "A question with averyveryverylongwordthatcannotbebrokenanywhereatallbyitself")
    last_message(page).get_by_role("combobox", name="More about this message").click()
    page.get_by_role("option", name="Reply").click()
    expect(page.get_by_test_id("thread").get_by_test_id("message")).to_have_count(1)


def suggestions(page: Page) -> None:
    box_of(page).press_sequentially("/")
    expect(page.get_by_role("listbox", name="Commands")).to_be_visible()


def details(page: Page) -> None:
    page.get_by_test_id("open-details").click()
    expect(page.get_by_role("dialog")).to_be_visible()


VIEWS: dict[str, Callable[[Page, str, TinyApp], None]] = {
    "empty": in_the_channel(lambda page: expect(page.get_by_test_id("beginning")).to_be_visible()),
    "elements": in_the_channel(elements),
    "blocks": show_everything,
    "thread": in_the_channel(open_thread),
    "modal": in_the_channel(open_all_inputs),
    "suggestions": in_the_channel(suggestions),
    "details": in_the_channel(details),
}


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE], ids=["390", "360"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_fits(view: str, size: dict[str, int], app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/#/{ADA}/{channel}", size)

    VIEWS[view](page, channel, app)

    fits(page, size)


@pytest.mark.parametrize(
    "opener", ["acting-as", "open-jump", "open-inspector", "open-faults", "app-status", "open-keys"]
)
def test_what_the_list_opens_fits(opener: str, app: TinyApp, visit: Visit) -> None:
    page = visit(f"/#/{LIN}", SMALL_PHONE)
    fits(page, SMALL_PHONE)

    page.get_by_test_id(opener).click()
    if opener == "open-inspector":
        page.get_by_test_id("traffic-entry").first.get_by_role("button").click()
        expect(page.get_by_test_id("inspector").get_by_role("region").first).to_be_visible()
    else:
        expect(page.get_by_role("dialog")).to_be_visible()

    fits(page, SMALL_PHONE)


def test_the_home_tab_fits(app: TinyApp, visit: Visit) -> None:
    page = visit(f"/#/{LIN}/app/home", SMALL_PHONE)
    expect(page.get_by_role("heading", name="Welcome home")).to_be_visible()

    fits(page, SMALL_PHONE)


def test_one_pane_is_shown_at_a_time(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/#/{ADA}", PHONE)
    sidebar, conversation = page.get_by_test_id("sidebar"), page.get_by_test_id("conversation")
    expect(sidebar).to_be_visible()
    expect(conversation).to_have_count(0)

    page.get_by_test_id(f"conversation-{channel}").click()
    expect(sidebar).to_be_hidden()
    open_thread(page)
    expect(conversation.get_by_role("log", name="Messages")).to_be_hidden()
    page.get_by_role("button", name="Close thread").click()
    expect(conversation.get_by_role("log", name="Messages")).to_be_visible()

    page.get_by_role("link", name="All conversations").click()
    expect(sidebar).to_be_visible()


def test_a_modal_takes_the_whole_screen(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/#/{ADA}/{channel}", PHONE)

    box = open_all_inputs(page).bounding_box()

    assert box == {"x": 0, "y": 0, **PHONE}
