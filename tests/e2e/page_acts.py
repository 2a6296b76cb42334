"""What a person does on the page, for its tests."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.sandbox.waiting import PATIENCE_S

# Opens the page at an address, in a window of its own; see `visit` in conftest.py.
Visit = Callable[..., Page]

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 360, "height": 740}
ADA, BEN, LIN = "U0ADA", "U0BEN", "U0LIN"
PATIENCE_MS = PATIENCE_S * 1000


def box_of(page: Page) -> Locator:
    """Where one writes."""
    return page.get_by_test_id("composer").get_by_role("textbox")


def wait_until_open(page: Page) -> None:
    """The page shows what there is, and hears of what happens from now on."""
    expect(page.get_by_test_id("sidebar").locator("[data-testid^=conversation-]").first).to_be_attached()
    expect(page.get_by_test_id("stream")).to_have_attribute("data-connected", "true")


def say(page: Page, text: str) -> None:
    """Say something, or type a command; when this is over, it has arrived or been refused."""
    begin_to_say(page, text)
    has_said(page)


def begin_to_say(page: Page, text: str) -> None:
    box_of(page).fill(text)
    box_of(page).press("Enter")


def has_said(page: Page) -> None:
    expect(page.get_by_test_id("composer").locator("[type=submit]")).to_have_attribute("aria-busy", "false")


def last_message(page: Page) -> Locator:
    return page.get_by_test_id("conversation").get_by_test_id("message").last


def elements(page: Page) -> Locator:
    """The message that offers every element."""
    say(page, "/elements all")
    expect(last_message(page)).to_contain_text("Everything to press")
    return last_message(page)


def open_form(page: Page) -> Locator:
    elements(page).get_by_role("button", name="Open form").click()
    modal = page.get_by_test_id("modal")
    expect(modal).to_be_visible()
    return modal


def open_all_inputs(page: Page) -> Locator:
    """The modal with every kind of input."""
    elements(page).get_by_role("button", name="Open all inputs").click()
    modal = page.get_by_role("dialog", name="All inputs")
    expect(modal).to_be_visible()
    return modal


def fill_in(modal: Locator, what: str, number: str = "5") -> None:
    modal.get_by_role("textbox", name="What next").fill(what)
    modal.get_by_role("textbox", name="Number").fill(number)
    modal.get_by_role("button", name="Send").click()


def choose(place: Locator, field: str, choice: str) -> None:
    """Take a choice from a select or a menu, and leave it."""
    place.get_by_role("combobox", name=field).click()
    place.get_by_role("option", name=choice).first.click()
    place.page.keyboard.press("Tab")
