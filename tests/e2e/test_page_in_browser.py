"""The sandbox's page in a real browser, with a real app behind it."""

import io
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from sandbox.faults import Faults
from sandbox.server import Sandbox
from tests.e2e.tiny_app import MANIFEST, MONTH, NORTH, SOUTH, TinyApp

pytestmark = pytest.mark.browser

# Quiet: no calls home, nothing to set up at the first start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
ADA, BEN, LIN = "U0ADA", "U0BEN", "U0LIN"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        pytest.skip("needs a Chromium: install one, or say where it is by CHROMIUM=/path/to/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def workplace() -> Iterator[tuple[Sandbox, TinyApp]]:
    """A sandbox with an app in it, for all tests here: the app takes seconds to hang up."""
    sandbox = Sandbox(None, MANIFEST).run_in_thread()
    app = TinyApp(sandbox)
    app.connect()
    yield sandbox, app
    app.close()
    # Playwright has an event loop running in this thread, so the sandbox ends its own from another.
    closing = threading.Thread(target=sandbox.close)
    closing.start()
    closing.join()


@pytest.fixture
def sandbox(workplace: tuple[Sandbox, TinyApp]) -> Iterator[Sandbox]:
    sandbox, _ = workplace
    yield sandbox
    sandbox.slack.views.clear(ADA)
    sandbox.slack.faults.change(vars(Faults()))


@pytest.fixture
def app(workplace: tuple[Sandbox, TinyApp]) -> TinyApp:
    _, app = workplace
    app.forget()
    return app


@pytest.fixture
def channel(sandbox: Sandbox) -> str:
    """A channel where nothing has been said yet."""
    slack = sandbox.slack
    members = [ADA, BEN, LIN, slack.workspace.app.bot_user_id]
    number = len(slack.workspace.conversations)
    return slack.workspace.add_conversation("channel", members, name=f"room-{number}", topic="").id


@pytest.fixture
def visit(browser: Browser, sandbox: Sandbox) -> Iterator[Callable[..., Page]]:
    """Opens the page at an address such as `/?user=U0ADA`, each time in a window of its own."""
    contexts = []

    def open_window(address: str, size: Any = WIDE) -> Page:
        context = browser.new_context(viewport=size)
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.goto(sandbox.url + address)
        expect(page.get_by_test_id("sidebar")).to_be_attached()
        return page

    yield open_window
    for context in contexts:
        context.close()


def say(page: Page, text: str) -> None:
    box = page.get_by_test_id("composer").get_by_role("textbox")
    box.fill(text)
    box.press("Enter")


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


def fill_in(modal: Locator, what: str, number: str = "5") -> None:
    modal.get_by_role("textbox", name="What next").fill(what)
    modal.get_by_role("textbox", name="Number").fill(number)
    modal.get_by_role("button", name="Send").click()


# Commands


def test_a_slash_offers_the_commands_with_what_they_do(channel: str, visit: Callable[..., Page]) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    box = page.get_by_test_id("composer").get_by_role("textbox")

    box.fill("/")
    offered = page.get_by_role("listbox", name="Commands")
    expect(offered.get_by_role("option")).to_have_count(2)
    expect(offered).to_contain_text("Everything to press")
    expect(offered).to_contain_text("[what]")

    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("/escape ")


def test_a_command_is_answered_to_the_one_who_typed_it(
    app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    ada = visit(f"/?user={ADA}&channel={channel}")
    ben = visit(f"/?user={BEN}&channel={channel}")

    say(ada, "/elements all")

    expect(last_message(ada)).to_contain_text("Only visible to you")
    expect(ben.get_by_test_id("message")).to_have_count(0)


def test_an_unknown_command_is_refused_and_stays_to_be_corrected(
    channel: str, visit: Callable[..., Page]
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    say(page, "/elemnts")

    expect(page.get_by_role("alert")).to_contain_text("/elemnts is not a valid command")
    expect(page.get_by_test_id("composer").get_by_role("textbox")).to_have_value("/elemnts")


def test_escaped_text_is_shown_as_text(app: TinyApp, channel: str, visit: Callable[..., Page]) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    say(page, "/escape now")

    expect(last_message(page)).to_contain_text("<!channel> R&D 1 < 2 > 0 a link @林晓")


# Elements: each does something, and the app hears exactly that.


def choose(message: Locator, field: str, choice: str) -> None:
    message.get_by_role("combobox", name=field).click()
    message.get_by_role("option", name=choice).click()


def choose_two(message: Locator) -> None:
    choose(message, "Regions", "South")
    message.get_by_role("option", name="North").click()


def search_deal(message: Locator) -> None:
    message.get_by_role("combobox", name="Deal").fill("ac")
    message.get_by_role("option", name="Deal ac 2").click()


ACTS: dict[str, tuple[Callable[[Locator], None], dict[str, Any]]] = {
    "button": (lambda m: m.get_by_role("button", name="Press").click(), {"action_id": "press", "value": "7"}),
    "overflow": (lambda m: choose(m, "More actions", "South"), {"selected_option": SOUTH}),
    "static_select": (lambda m: choose(m, "Area", "North"), {"selected_option": NORTH}),
    "users_select": (lambda m: choose(m, "Person", "林晓"), {"selected_user": LIN}),
    "conversations_select": (
        lambda m: choose(m, "Place", "#general"),
        {"selected_conversation": "C0GENERAL"},
    ),
    "external_select": (search_deal, {"action_id": "external"}),
    "radio_buttons": (lambda m: m.get_by_role("radio", name="Month").check(), {"selected_option": MONTH}),
    "checkboxes": (lambda m: m.get_by_role("checkbox", name="South").check(), {"selected_options": [SOUTH]}),
    "datepicker": (lambda m: m.get_by_label("Day").fill("2017-11-30"), {"selected_date": "2017-11-30"}),
    "timepicker": (lambda m: m.get_by_label("Hour").fill("09:30"), {"selected_time": "09:30"}),
}


@pytest.mark.parametrize("kind", ACTS)
def test_an_element_tells_the_app_what_was_chosen(
    kind: str, app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    act, expected = ACTS[kind]
    message = elements(visit(f"/?user={ADA}&channel={channel}"))

    act(message)

    heard = app.next_heard()
    assert heard["type"] == kind
    assert {key: heard[key] for key in expected} == expected


def test_several_are_chosen_one_after_the_other(
    app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    message = elements(visit(f"/?user={ADA}&channel={channel}"))

    choose_two(message)

    assert app.next_heard()["selected_options"] == [SOUTH]
    assert app.next_heard()["selected_options"] == [SOUTH, NORTH]
    message.get_by_role("button", name="Remove South").click()
    assert app.next_heard()["selected_options"] == [NORTH]


def test_a_confirmation_can_be_refused(app: TinyApp, channel: str, visit: Callable[..., Page]) -> None:
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


# Modals


def test_a_modal_sends_what_was_entered(app: TinyApp, channel: str, visit: Callable[..., Page]) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    modal = open_form(page)

    choose(modal, "Who", "Ben Fischer")
    fill_in(modal, "完成", "12")

    heard = app.next_heard()
    assert heard["what"] == {"type": "plain_text_input", "value": "完成"}
    assert heard["number"] == {"type": "number_input", "value": "12"}
    assert heard["who"] == {"type": "users_select", "selected_user": BEN}
    expect(modal).to_have_count(0)


@pytest.mark.parametrize(
    ("what", "number", "sentence"),
    [
        ("done", "", "Please complete this required field."),
        ("done", "1.5", "Please enter a whole number."),
        ("done", "0", "Please enter a number of at least 1."),
        ("done", "13", "Thirteen is taken."),
    ],
)
def test_a_wrong_value_is_said_at_its_field(
    what: str, number: str, sentence: str, app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    modal = open_form(visit(f"/?user={ADA}&channel={channel}"))

    fill_in(modal, what, number)

    field = modal.get_by_role("textbox", name="Number")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(sentence)
    assert not app.has_heard_more()


def test_a_modal_is_updated_in_place(app: TinyApp, channel: str, visit: Callable[..., Page]) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    fill_in(open_form(page), "update")

    expect(page.get_by_role("dialog", name="After update")).to_be_visible()
    expect(page.get_by_test_id("modal")).to_have_count(1)


def test_a_modal_behind_another_keeps_what_was_typed(
    app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    fill_in(open_form(page), "push")
    expect(page.get_by_role("dialog", name="After push")).to_be_visible()
    page.keyboard.press("Escape")

    form = page.get_by_role("dialog", name="Form")
    expect(form.get_by_role("textbox", name="What next")).to_have_value("push")


def test_an_app_can_clear_all_modals(app: TinyApp, channel: str, visit: Callable[..., Page]) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    fill_in(open_form(page), "clear")

    expect(page.get_by_test_id("modal")).to_have_count(0)


def test_the_focus_stays_in_a_modal_until_escape(
    app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    modal = open_form(page)

    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog, body').tagName") in ("DIALOG", "BODY")
        assert page.evaluate("document.activeElement.closest('.shell')") is None

    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)


def test_escape_closes_an_open_list_before_the_modal(
    app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    modal = open_form(visit(f"/?user={ADA}&channel={channel}"))
    choose(modal, "Who", "Ben Fischer")
    modal.get_by_role("combobox", name="Who").click()
    expect(modal.get_by_role("option")).not_to_have_count(0)

    modal.page.keyboard.press("Escape")
    expect(modal.get_by_role("option")).to_have_count(0)
    expect(modal.get_by_role("combobox", name="Who")).to_have_value("Ben Fischer")

    modal.page.keyboard.press("Escape")
    expect(modal).to_have_count(0)


# The Home tab


def test_the_home_tab_is_drawn_when_it_is_opened(app: TinyApp, visit: Callable[..., Page]) -> None:
    page = visit(f"/#/{BEN}/app/home")

    home = page.get_by_test_id("home")
    expect(home.get_by_role("heading", name="Welcome home")).to_be_visible()
    home.get_by_role("button", name="Press").click()

    assert app.next_heard()["value"] == "home"


# Conversations


def test_messages_arrive_by_themselves_and_mark_what_is_unread(
    channel: str, visit: Callable[..., Page]
) -> None:
    ada = visit(f"/?user={ADA}&channel={channel}")
    ben = visit(f"/?user={BEN}&channel=C0GENERAL")

    say(ada, "5 < 6 & @lin knows")
    link = ben.get_by_test_id(f"conversation-{channel}")
    expect(link.get_by_label("1 unread")).to_be_visible()
    link.click()

    expect(last_message(ben)).to_contain_text("5 < 6 & @林晓 knows")
    expect(link.get_by_label("1 unread")).to_have_count(0)


def test_enter_that_takes_a_candidate_of_an_input_method_sends_nothing(
    channel: str, visit: Callable[..., Page]
) -> None:
    page = visit(f"/?user={LIN}&channel={channel}")
    box = page.get_by_test_id("composer").get_by_role("textbox")
    box.fill("nihao")

    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(box).to_have_value("nihao")
    box.fill("你好")
    box.press("Enter")

    expect(page.get_by_test_id("message")).to_have_count(1)
    expect(last_message(page)).to_contain_text("你好")


def test_replies_stay_in_their_thread(channel: str, visit: Callable[..., Page]) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    say(page, "A question")
    last_message(page).hover()
    last_message(page).get_by_role("button", name="Reply").click()

    thread = page.get_by_test_id("thread")
    reply = thread.get_by_role("textbox", name="Reply")
    reply.fill("An answer")
    reply.press("Enter")

    expect(thread.get_by_test_id("message")).to_have_count(2)
    expect(page.get_by_role("log", name="Messages").get_by_test_id("message")).to_have_count(1)
    expect(page.get_by_role("button", name="1 reply")).to_be_visible()


def test_an_edited_message_is_shown_anew_and_marked(
    app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    posted = app.client.chat_postMessage(channel=channel, text="Draft")
    expect(last_message(page)).to_contain_text("Draft")

    app.client.chat_update(channel=channel, ts=posted["ts"], text="Final")

    expect(last_message(page)).to_contain_text("Final")
    expect(last_message(page)).to_contain_text("(edited)")


def test_times_are_in_the_viewers_zone_and_language(channel: str, visit: Callable[..., Page]) -> None:
    lin = visit(f"/?user={LIN}&channel={channel}")
    ada = visit(f"/?user={ADA}&channel={channel}")

    say(lin, "几点了")

    def hour(page: Page) -> str:
        return last_message(page).locator("time").get_attribute("title") or ""

    expect(last_message(ada)).to_contain_text("几点了")
    assert "中国标准时间" in hour(lin) or "GMT+8" in hour(lin)
    assert "ED" in hour(ada) or "ES" in hour(ada)


def test_an_image_has_its_text_and_can_be_enlarged(
    app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    picture = io.BytesIO()
    Figure(figsize=(4, 2)).savefig(picture, format="png")

    app.client.files_upload_v2(
        channel=channel, content=picture.getvalue(), filename="c.png", title="Chart", alt_txt="Nov 87"
    )

    image = last_message(page).get_by_role("img", name="Nov 87")
    expect(image).to_be_visible()
    expect(image).to_have_js_property("naturalWidth", 400)
    image.click()
    expect(page.get_by_role("dialog", name="Chart").get_by_role("img", name="Nov 87")).to_be_visible()


def test_one_becomes_another_person(channel: str, visit: Callable[..., Page]) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    page.get_by_test_id("acting-as").click()

    page.get_by_role("combobox", name="Find a person").fill("account exec")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("acting-as")).to_contain_text("Ben Fischer")
    expect(page.get_by_test_id("conversation-C0LEADS")).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/?user=U0NOBODY", "There is no person U0NOBODY in this workspace."),
        (f"/#/{BEN}/C0LEADS", "Ben Fischer has no conversation C0LEADS."),
    ],
)
def test_a_wrong_address_says_what_is_wrong(
    address: str, sentence: str, sandbox: Sandbox, browser: Browser
) -> None:
    page = browser.new_page()

    page.goto(sandbox.url + address)

    expect(page.get_by_role("main").or_(page.get_by_role("alert")).first).to_contain_text(sentence)
    page.close()


# Tools


def test_the_inspector_shows_the_traffic_as_it_happens(
    app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    page.get_by_test_id("open-inspector").click()
    inspector = page.get_by_test_id("inspector")

    app.client.chat_postMessage(channel=channel, text="Look at me")
    inspector.get_by_label("Find in the traffic").fill(channel)
    entry = inspector.get_by_test_id("traffic-entry").filter(has_text="chat.postMessage")
    entry.get_by_role("button").click()

    expect(entry).to_contain_text('"text": "Look at me"')
    expect(entry).not_to_contain_text("xoxb-sandbox")


def test_faults_are_switched_on(sandbox: Sandbox, channel: str, visit: Callable[..., Page]) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    page.get_by_test_id("open-faults").click()

    page.get_by_label("Share of replies that get lost").fill("0.05")
    page.get_by_label("Only these methods").fill("chat.postMessage, views.open")
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_test_id("faults")).to_have_count(0)
    assert sandbox.slack.faults.lose_replies == 0.05
    assert sandbox.slack.faults.methods == ["chat.postMessage", "views.open"]


# The page as a whole


def test_nothing_is_loaded_from_elsewhere(
    sandbox: Sandbox, app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    page = visit("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{sandbox.url}/?user={ADA}&channel={channel}")
    elements(page)

    assert asked
    assert [url for url in asked if not url.startswith(f"{sandbox.url}/")] == []


def test_the_page_reports_no_errors(
    sandbox: Sandbox, app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    page = visit("/")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)

    page.goto(f"{sandbox.url}/?user={ADA}&channel={channel}")
    open_form(page)

    assert problems == []


def test_on_a_phone_one_pane_is_shown_at_a_time_and_nothing_is_cut(
    app: TinyApp, channel: str, visit: Callable[..., Page]
) -> None:
    page = visit(f"/#/{ADA}", PHONE)
    expect(page.get_by_test_id("sidebar")).to_be_visible()
    expect(page.get_by_test_id("conversation")).to_have_count(0)

    page.get_by_test_id(f"conversation-{channel}").click()
    expect(page.get_by_test_id("sidebar")).to_be_hidden()
    elements(page)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.get_by_test_id("messages").evaluate("list => list.scrollWidth") <= PHONE["width"]

    page.get_by_role("link", name="All conversations").click()
    expect(page.get_by_test_id("sidebar")).to_be_visible()
