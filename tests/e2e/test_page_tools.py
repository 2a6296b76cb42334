"""The tools for whoever tries out an app: its state, its traffic, bad days on demand."""

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.client import Operator
from sandbox.server import Sandbox
from tests.e2e.page_acts import ADA, Visit, last_message, say
from tests.e2e.tiny_app import TinyApp

pytestmark = pytest.mark.browser


def open_inspector(page: Page) -> Locator:
    """With what has gone over the wire so far, from the app's first call on."""
    page.get_by_test_id("open-inspector").click()
    inspector = page.get_by_test_id("inspector")
    expect(entries(inspector, "apps.connections.open")).not_to_have_count(0)
    return inspector


def entries(inspector: Locator, method: str) -> Locator:
    return inspector.get_by_test_id("traffic-entry").filter(has_text=method)


# The inspector


def test_the_inspector_shows_the_traffic_as_it_happens(app: TinyApp, channel: str, visit: Visit) -> None:
    inspector = open_inspector(visit(f"/?user={ADA}&channel={channel}"))

    app.client.chat_postMessage(channel=channel, text="Look at me")
    inspector.get_by_label("Find in the traffic").fill(channel)
    entry = entries(inspector, "chat.postMessage")
    entry.get_by_role("button").click()

    expect(entry.get_by_role("region", name="Request")).to_contain_text('"text": "Look at me"')
    expect(entry.get_by_role("region", name="Answer")).to_contain_text('"ok": true')
    expect(entry).to_contain_text("200")
    expect(entry).to_contain_text(" ms")
    expect(entry).not_to_contain_text("xoxb-sandbox")


def test_what_failed_is_found_among_the_rest(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    inspector = open_inspector(page)
    inspector.get_by_role("button", name="Clear").click()
    say(page, "/escape")
    with pytest.raises(Exception, match="channel_not_found"):
        app.client.chat_postMessage(channel="C0NOWHERE", text="Lost")
    expect(entries(inspector, "/escape")).to_have_count(1)

    inspector.get_by_role("button", name="Failed").click()

    expect(entries(inspector, "chat.postMessage")).to_have_count(1)
    expect(entries(inspector, "/escape")).to_have_count(0)


def test_the_traffic_can_be_seen_one_way(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    inspector = open_inspector(page)
    inspector.get_by_role("button", name="Clear").click()
    say(page, "/escape")
    app.client.auth_test()

    inspector.get_by_role("button", name="From the app", exact=True).click()
    expect(entries(inspector, "auth.test")).to_have_count(1)
    expect(entries(inspector, "/escape")).to_have_count(0)
    inspector.get_by_role("button", name="To the app", exact=True).click()

    expect(entries(inspector, "/escape")).to_have_count(1)
    expect(entries(inspector, "auth.test")).to_have_count(0)


def test_a_request_is_copied_as_json(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}", permissions=["clipboard-read", "clipboard-write"])
    inspector = open_inspector(page)
    app.client.chat_postMessage(channel=channel, text="Copy me")
    inspector.get_by_label("Find in the traffic").fill("Copy me")

    entry = entries(inspector, "chat.postMessage")
    entry.get_by_role("button").click()
    page.evaluate("window.setTimeout = () => 0")  # it says so for a moment only: here until it is seen
    entry.get_by_role("button", name="Copy: Request").click()

    expect(entry).to_contain_text("Copied")
    assert '"text": "Copy me"' in page.evaluate("navigator.clipboard.readText()")


def test_one_acts_and_watches_side_by_side(app: TinyApp, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    inspector = open_inspector(page)

    say(page, "/elements")
    last_message(page).get_by_role("button", name="Press").click()

    expect(entries(inspector, "block_actions")).not_to_have_count(0)
    assert app.next_heard()["action_id"] == "press"


# Faults


def test_faults_are_switched_on_and_off(sandbox: Sandbox, channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    faults = page.get_by_test_id("faults")
    page.get_by_test_id("open-faults").click()

    page.get_by_label("Replies that get lost").fill("0.05")
    page.get_by_label("Late deliveries").fill("20")
    page.get_by_label("Only these methods").fill("chat.postMessage, views.open")
    page.get_by_role("button", name="Apply").click()

    expect(faults).to_have_count(0)
    expect(page.get_by_test_id("open-faults")).to_have_text("Faultson")
    assert sandbox.slack.faults.lose_replies == 0.05
    assert sandbox.slack.faults.slow_deliveries_ms == 20
    assert sandbox.slack.faults.methods == ["chat.postMessage", "views.open"]

    page.get_by_test_id("open-faults").click()
    page.get_by_role("button", name="All off").click()

    expect(faults).to_have_count(0)
    expect(page.get_by_test_id("open-faults")).to_have_text("Faults")
    assert sandbox.slack.faults.lose_replies == 0
    assert sandbox.slack.faults.methods is None


def test_a_fault_that_makes_no_sense_is_refused_in_words(channel: str, visit: Visit) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    page.get_by_test_id("open-faults").click()

    page.get_by_label("Late answers").fill("-5")
    # The browser would not send it; a script might.
    page.get_by_test_id("faults").locator("form").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_role("alert").last).to_contain_text("slow_ms")
    expect(page.get_by_test_id("faults")).to_be_visible()


# The app's state


def test_without_an_app_the_page_says_how_one_comes_in(deserted: Sandbox, visit: Visit) -> None:
    page = visit(f"/#/{ADA}/app/home", at=deserted.url)
    home = page.get_by_test_id("home")
    expect(page.get_by_test_id("app-status")).to_contain_text("Tiny is not connected")
    expect(home).to_contain_text("Tiny has not drawn its Home tab yet")

    home.get_by_role("button", name="Tiny is not connected").click()

    about = page.get_by_test_id("about-app")
    expect(about).to_contain_text(f'base_url="{deserted.url}/api/"')
    expect(about).to_contain_text("/elements [what]")


def test_the_page_tells_when_the_app_comes(deserted: Sandbox, visit: Visit) -> None:
    page = visit(f"/?user={ADA}", at=deserted.url)
    beginning = page.get_by_test_id("beginning")
    expect(page.get_by_test_id("app-status")).to_contain_text("Tiny is not connected")
    expect(beginning).to_contain_text("Commands and clicks reach nobody")

    app = TinyApp(deserted)
    app.connect()

    expect(page.get_by_test_id("app-status")).to_contain_text("Tiny is connected")
    expect(beginning).not_to_contain_text("Commands and clicks reach nobody")
    app.close()


def test_the_app_is_uninstalled_and_installed_again(
    app: TinyApp, sandbox: Sandbox, channel: str, visit: Visit
) -> None:
    page = visit(f"/?user={ADA}&channel={channel}")
    page.get_by_test_id("app-status").click()
    about = page.get_by_test_id("about-app")

    about.get_by_role("button", name="Uninstall").click()
    expect(about).to_contain_text("Tiny is not installed")
    assert not Operator(sandbox.url).workspace()["app"]["installed"]
    about.get_by_role("button", name="Install", exact=True).click()

    expect(about).to_contain_text("Tiny is connected")
    about.get_by_role("button", name="Close").click()
    say(page, "/escape")
    expect(last_message(page)).to_contain_text("R&D")
