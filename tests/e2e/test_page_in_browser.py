"""The sandbox's page in a real browser, with a real app behind it."""

import io
import re

import pytest
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Locator, Page, Route, expect

from sandbox.server import Sandbox
from tests.e2e.page_acts import (
    ADA,
    BEN,
    LIN,
    Visit,
    choose,
    elements,
    fill_in,
    last_message,
    open_form,
    say,
    wait_until_open,
)
from tests.e2e.tiny_app import TinyApp

pytestmark = pytest.mark.browser


# Commands


def test_a_slash_offers_the_commands_with_what_they_do(channel: str, visit: Visit) -> None:
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


def test_a_command_is_answered_to_the_one_who_typed_it(app: TinyApp, channel: str, visit: Visit) -> None:
    ada = visit(f"/?user={ADA}&channel={channel}")
    ben = visit(f"/?user={BEN}&channel={channel}")

    say(ada, "/elements all")

    expect(last_message(ada)).to_contain_text("Only visible to you")
    expect(ben.get_by_test_id("message")).to_have_count(0)


def test_an_unknown_command_is_refused_and_stays_to_be_corrected(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    say(page, "/elemnts")

    expect(page.get_by_role("alert")).to_contain_text("/elemnts is not a valid command")
    expect(page.get_by_test_id("composer").get_by_role("textbox")).to_have_value("/elemnts")


def test_escaped_text_is_shown_as_text(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    say(page, "/escape now")

    expect(last_message(page)).to_contain_text("<!channel> R&D 1 < 2 > 0 a link @林晓")


# Modals


def test_a_modal_sends_what_was_entered(app: TinyApp, channel: str, visit: Visit) -> None:
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
        ("done", "1.5", "Please enter a whole number in plain digits, such as 1500."),
        ("done", "0", "Please enter a number of at least 1."),
        ("done", "13", "Thirteen is taken."),
    ],
)
def test_a_wrong_value_is_said_at_its_field(
    what: str, number: str, sentence: str, app: TinyApp, channel: str, visit: Visit
) -> None:
    modal = open_form(visit(f"/?user={ADA}&channel={channel}"))

    fill_in(modal, what, number)

    field = modal.get_by_role("textbox", name="Number")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(sentence)
    assert not app.has_heard_more()


def test_a_modal_is_updated_in_place(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    fill_in(open_form(page), "update")

    expect(page.get_by_role("dialog", name="After update")).to_be_visible()
    expect(page.get_by_test_id("modal")).to_have_count(1)


def test_a_modal_behind_another_keeps_what_was_typed(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    fill_in(open_form(page), "push")
    expect(page.get_by_role("dialog", name="After push")).to_be_visible()
    page.keyboard.press("Escape")

    form = page.get_by_role("dialog", name="Form")
    expect(form.get_by_role("textbox", name="What next")).to_have_value("push")


def test_the_cross_closes_all_modals_and_back_only_the_one_in_front(
    app: TinyApp, channel: str, visit: Visit
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    fill_in(open_form(page), "push")
    pushed = page.get_by_role("dialog", name="After push")

    pushed.get_by_role("button", name="Back").click()
    expect(pushed).to_have_count(0)
    page.get_by_role("dialog", name="Form").get_by_role("button", name="Send").click()
    pushed.get_by_role("button", name="Close all").click()

    expect(page.get_by_test_id("modal")).to_have_count(0)


def test_a_form_cannot_be_sent_twice_while_the_app_works(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    modal = open_form(page)
    app.may_answer.clear()

    fill_in(modal, "done")

    expect(modal.get_by_test_id("modal-submit")).to_be_disabled()
    expect(modal.get_by_test_id("modal-submit")).to_have_text("Working…")
    app.may_answer.set()
    expect(modal).to_have_count(0)
    assert app.next_heard()["what"]["value"] == "done"


def test_an_app_can_clear_all_modals(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")

    fill_in(open_form(page), "clear")

    expect(page.get_by_test_id("modal")).to_have_count(0)


def test_the_focus_stays_in_a_modal_until_escape(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    modal = open_form(page)

    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog, body').tagName") in ("DIALOG", "BODY")
        assert page.evaluate("document.activeElement.closest('.shell')") is None

    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)


def test_escape_closes_an_open_list_before_the_modal(app: TinyApp, channel: str, visit: Visit) -> None:
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


def test_the_home_tab_is_drawn_when_it_is_opened(app: TinyApp, visit: Visit) -> None:
    page = visit(f"/#/{BEN}/app/home")

    home = page.get_by_test_id("home")
    expect(home.get_by_role("heading", name="Welcome home")).to_be_visible()
    home.get_by_role("button", name="Press").click()

    assert app.next_heard()["value"] == "home"


# Conversations


def test_messages_arrive_by_themselves_and_mark_what_is_unread(channel: str, visit: Visit) -> None:
    ada = visit(f"/?user={ADA}&channel={channel}")
    ben = visit(f"/?user={BEN}&channel=C0GENERAL")

    say(ada, "5 < 6 & @lin knows")
    link = ben.get_by_test_id(f"conversation-{channel}")
    expect(link.get_by_label("1 unread")).to_be_visible()
    link.click()

    expect(last_message(ben)).to_contain_text("5 < 6 & @林晓 knows")
    expect(link.get_by_label("1 unread")).to_have_count(0)


def test_an_answer_from_before_the_stream_is_out_of_date(sandbox: Sandbox, visit: Visit) -> None:
    page = visit(f"/?user={ADA}")
    early: list[Route] = []
    page.route("**/page/conversations?*", lambda route: route.continue_() if early else early.append(route))

    page.reload()
    wait_until_open(page)
    early[0].fulfill(json={"conversations": []})
    page.evaluate("fetch('/page/workspace').then(answer => answer.json())")  # by then the other one is there

    expect(page.get_by_test_id("conversation-C0GENERAL")).to_be_visible()


def test_enter_that_takes_a_candidate_of_an_input_method_sends_nothing(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={LIN}&channel={channel}")
    box = page.get_by_test_id("composer").get_by_role("textbox")
    box.fill("nihao")

    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(box).to_have_value("nihao")
    box.fill("你好")
    box.press("Enter")

    expect(page.get_by_test_id("message")).to_have_count(1)
    expect(last_message(page)).to_contain_text("你好")


def test_replies_stay_in_their_thread(channel: str, visit: Visit) -> None:
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


def test_an_edited_message_is_shown_anew_and_marked(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    posted = app.client.chat_postMessage(channel=channel, text="Draft")
    expect(last_message(page)).to_contain_text("Draft")

    app.client.chat_update(channel=channel, ts=posted["ts"], text="Final")

    expect(last_message(page)).to_contain_text("Final")
    expect(last_message(page)).to_contain_text("(edited)")


def test_times_are_in_the_viewers_zone_and_language(channel: str, visit: Visit) -> None:
    lin = visit(f"/?user={LIN}&channel={channel}")
    ada = visit(f"/?user={ADA}&channel={channel}")

    say(lin, "几点了")

    def hour(page: Page) -> Locator:
        return last_message(page).locator("time")

    expect(hour(lin)).to_have_attribute("title", re.compile(r"中国标准时间|GMT\+8"))
    expect(hour(ada)).to_have_attribute("title", re.compile(r"E[DS]T"))


def test_an_image_has_its_text_and_can_be_enlarged(app: TinyApp, channel: str, visit: Visit) -> None:
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


def test_one_becomes_another_person(channel: str, visit: Visit) -> None:
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


# The page as a whole


def test_nothing_is_loaded_from_elsewhere(sandbox: Sandbox, app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{sandbox.url}/?user={ADA}&channel={channel}")
    wait_until_open(page)
    elements(page)

    assert asked
    assert [url for url in asked if not url.startswith(f"{sandbox.url}/")] == []


def test_the_page_reports_no_errors(sandbox: Sandbox, app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit("/")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)

    page.goto(f"{sandbox.url}/?user={ADA}&channel={channel}")
    wait_until_open(page)
    open_form(page)

    assert problems == []
