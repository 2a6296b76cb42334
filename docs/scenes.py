"""What the docs' pictures show: who does what in the local workspace's page before each is taken."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

SAMPLE, LENDER = "sample-company", "consumer-loans"  # of examples/
MONTH = "2026-06"  # the sample company's last
YEAR_END = "2025-12"  # the lender's
WINDOW, COLUMN, TALL, FLAT, PHONE = (1120, 780), (860, 1000), (860, 1500), (860, 640), (390, 844)
WIDE = (1360, 860)
READ_WITHIN_MS = 5_000
GENERAL, APP, HOME = "channel=C0GENERAL", "channel=app&place=messages", "channel=app&place=home"


@dataclass(frozen=True)
class Shot:
    """A picture: whose window, how large, at which place, and what is done there before it is taken."""

    name: str
    person: str
    size: tuple[int, int]
    place: str
    act: Callable[[Page], Locator]
    """Gives the part of the page to show."""
    company: str = SAMPLE


def card(page: Page) -> Locator:
    _type(page, f"/myscore {MONTH}")
    return _last_message(page)


def why(page: Page) -> Locator:
    _press(card(page), "Why?", "为什么？")
    return page.get_by_test_id("modal")


def history(page: Page) -> Locator:
    _press(card(page), "History")
    return _chart(page, "Score history")


def ranking(page: Page) -> Locator:
    _type(page, f"/ranking East {MONTH}")
    return _last_message(page)


def distribution(page: Page) -> Locator:
    _type(page, f"/ranking North {MONTH}")
    _press(_last_message(page), "Distribution")
    return _chart(page, "Distribution of scores: North")


def team(page: Page) -> Locator:
    _type(page, "/team")
    return _last_message(page)


def at_risk(page: Page) -> Locator:
    _press(team(page), "At risk", "需关注")
    return page.get_by_test_id("modal")


def team_trend(page: Page) -> Locator:
    _type(page, f"/team {MONTH}")
    _press(_last_message(page), "Charts")
    return _chart(page, "Attainment of the team")


def alert(page: Page) -> Locator:
    """The managers' channel, with the thread of the first alert."""
    page.get_by_role("link", name=re.compile("managers-")).first.click()
    page.get_by_test_id("open-thread").first.click()
    page.get_by_test_id("thread").get_by_test_id("message").nth(1).wait_for()
    return page.locator("body")


def own_report(page: Page) -> Locator:
    return page.get_by_test_id("message").first


def what_if(page: Page) -> Locator:
    _press(card(page), "What if?")
    return _window(page, "The cheapest mix")


def share(page: Page) -> Locator:
    """The preview: who will read it, and what."""
    _press(card(page), "Share")
    form = page.get_by_test_id("modal")
    form.get_by_role("combobox", name="To a channel").click()
    form.get_by_role("option", name="general").first.click()
    form.get_by_role("checkbox").nth(1).check()
    page.get_by_test_id("modal-submit").click()
    return _window(page, "in your name")


def preferences(page: Page) -> Locator:
    _press(page.get_by_test_id("home"), "Preferences")
    return _window(page, "Quiet")


def weekly(page: Page) -> Locator:
    return page.get_by_test_id("message").filter(has_text="Your card for").last


def digest(page: Page) -> Locator:
    return page.get_by_test_id("message").filter(has_text="Your digest for").last


def sources(page: Page) -> Locator:
    tab = page.get_by_test_id("home")
    tab.get_by_text("✗").wait_for()
    page.wait_for_timeout(READ_WITHIN_MS)  # a source that is well draws nothing anew
    page.reload(wait_until="networkidle")
    tab.get_by_text("✓").wait_for()
    return tab


def inspector(page: Page) -> Locator:
    """The traffic of a command, one request of it open."""
    page.get_by_test_id("open-inspector").click()
    page.get_by_role("button", name="Clear").click()
    _press(card(page), "Why?")
    page.get_by_test_id("modal-close").click()
    entry = page.get_by_test_id("traffic-entry").filter(has_text="/myscore").first
    entry.get_by_role("button").first.click()
    return page.locator("body")


def faults(page: Page) -> Locator:
    page.get_by_test_id("open-faults").click()
    return page.get_by_test_id("faults")


def whole_page(page: Page) -> Locator:
    card(page)
    return page.locator("body")


def pay(page: Page) -> Locator:
    _type(page, f"/myscore {YEAR_END}")
    _press(_last_message(page), "Pay")
    return _window(page, "Pay")


def dispute(page: Page) -> Locator:
    """A line, with the records behind it."""
    _type(page, f"/myscore {YEAR_END}")
    _press(_last_message(page), "Dispute a line")
    _window(page, "Which line")
    _press(page.get_by_test_id("modal").last, "Dispute")
    return _window(page, "What is wrong")


def closing(page: Page) -> Locator:
    """What HR has to see to."""
    _type(page, "/hr")
    return _last_message(page)


def targets(page: Page) -> Locator:
    """A quarter of the whole company, split among its regions."""
    _type(page, "/targets")
    _press(_last_message(page), "Set new targets")
    form = _window(page, "How much in all")
    form.get_by_role("combobox", name="What").click()
    page.get_by_role("option", name="sales", exact=True).click()
    form.get_by_role("textbox", name="For when").fill("2026-Q2")
    form.get_by_role("textbox", name="How much in all").fill("105000000")
    page.get_by_test_id("modal-submit").click()
    _press(_window(page, "left to split"), "Split by history")
    return _window(page, "All of it is split")


def home(page: Page) -> Locator:
    page.get_by_test_id("home").get_by_role("button").first.wait_for()
    return page.locator("body")


def _type(page: Page, text: str) -> None:
    box = page.get_by_test_id("composer").get_by_role("textbox")
    box.fill(text)
    box.press("Enter")


def _last_message(page: Page) -> Locator:
    """What answers the command that was typed last."""
    message = page.get_by_test_id("message").last
    message.get_by_role("button").first.wait_for()
    return message


def _press(within: Locator, *names: str) -> None:
    """A button, by its name in any of the languages."""
    within.get_by_role("button", name=re.compile("|".join(map(re.escape, names)))).first.click()


def _window(page: Page, text: str) -> Locator:
    """The window that is open, once it says that."""
    window = page.get_by_test_id("modal").last
    window.get_by_text(text).first.wait_for()
    return window


def _chart(page: Page, title: str) -> Locator:
    """The chart that a worker has sent to the person's direct messages."""
    page.get_by_test_id("modal-close").click()
    page.get_by_test_id("sidebar").get_by_role("link", name="Pacesetter").click()
    page.get_by_test_id("tab-messages").click()
    chart = page.get_by_test_id("message").filter(has_text=title).last
    chart.locator("img").wait_for()
    return chart


SHOTS = (
    Shot("card", "Kevin Zhou", COLUMN, GENERAL, card),
    Shot("why", "Kevin Zhou", COLUMN, GENERAL, why),
    Shot("history", "Sophie Turner", COLUMN, GENERAL, history),
    Shot("ranking", "Priya Nair", COLUMN, GENERAL, ranking),
    Shot("distribution", "Helen Fraser", COLUMN, GENERAL, distribution),
    Shot("team", "Helen Fraser", TALL, GENERAL, team),
    Shot("team-trend", "Helen Fraser", COLUMN, GENERAL, team_trend),
    Shot("team-zh", "黄志强", PHONE, GENERAL, at_risk),
    Shot("alert", "林美玲", WINDOW, APP, alert),
    Shot("report", "Thomas Reed", COLUMN, APP, own_report),
    Shot("card-zh", "冯婷婷", PHONE, GENERAL, card),
    Shot("why-zh", "冯婷婷", PHONE, GENERAL, why),
    Shot("home-zh", "冯婷婷", WINDOW, HOME, home),
    Shot("what-if", "Kevin Zhou", TALL, GENERAL, what_if),
    Shot("share", "Priya Nair", COLUMN, GENERAL, share),
    Shot("preferences", "Thomas Reed", COLUMN, HOME, preferences),
    Shot("weekly", "Kevin Zhou", TALL, APP, weekly),
    Shot("digest", "Helen Fraser", TALL, APP, digest),
    Shot("workspace-inspector", "Priya Nair", WIDE, GENERAL, inspector),
    Shot("workspace-faults", "Priya Nair", COLUMN, GENERAL, faults),
    Shot("workspace-phone", "Priya Nair", PHONE, GENERAL, whole_page),
    Shot("sources", "Victor Petrov", FLAT, HOME, sources),  # the last: what it reads changes July
    Shot("pay", "Daniel Petrov", COLUMN, GENERAL, pay, LENDER),
    Shot("dispute", "Daniel Petrov", COLUMN, GENERAL, dispute, LENDER),
    Shot("closing", "Victor Nguyen", COLUMN, GENERAL, closing, LENDER),
    Shot("targets", "Victor Nguyen", COLUMN, GENERAL, targets, LENDER),
)
