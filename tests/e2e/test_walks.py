"""A rep's morning, a manager's and an administrator's, on the page: in two languages, at two widths."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from domain.periods import Period
from domain.settings_slack import Transport
from tests.bot.company import a_company, scored_company
from tests.e2e.page_acts import last_message, say
from tests.e2e.walking import (
    GENERAL,
    HOME,
    MESSAGES,
    READERS,
    OpenAs,
    Picture,
    Reader,
    button,
    close,
    pictures_of,
    press,
    walking,
    window_of,
)
from tests.e2e.whole_installation import Whole, a_whole_installation

CHINESE = ("W1", "M2", "A2")
JUNE = Period.parse("2026-06")
ALERT = "Locked months up to {month}. The thread has a report for each person; the own report goes out first."
SOURCES = """
[[sources]]
name = "{name}"
kind = "files"
query = "measures.sql"
measures = ["calls"]
every = "1h"
[sources.files]
calls = "calls.csv"
"""
QUERY = """
SELECT call_id AS record_id, rep AS employee, 'calls' AS measure, day AS occurred_on, 1 AS value
FROM calls
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Whole]:
    """A company where E5, E6 and W2 have missed three months, and one administrator more."""
    folder = tmp_path_factory.mktemp("walks")
    company = a_company().company('alerts_from = "2026-04"\n')
    for rep in ("E3", "E4"):
        for month in ("2026-04", "2026-05", "2026-06"):
            company.measure(rep, "won_amount", f"{month}-20", 100)
    company.person("A2", name="安然", role="admin", job_family="it", unit="Acme")
    scored = scored_company(folder, migrated_sqlite, company)
    with a_whole_installation(Transport.SOCKET, scored, folder / "home", CHINESE) as whole:
        yield whole


@pytest.fixture(params=READERS, ids=lambda reader: f"{reader.language}-{reader.screen}")
def reader(request: pytest.FixtureRequest) -> Reader:
    return request.param


@pytest.fixture
def visit(browser: Browser, whole: Whole, reader: Reader) -> Iterator[OpenAs]:
    with walking(browser, whole, reader) as open_as:
        yield open_as


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Picture:
    return pictures_of(request.node.name)


def test_a_reps_morning(reader: Reader, visit, picture) -> None:
    page = visit(reader.rep, HOME)
    expect(button(page.get_by_test_id("home"), reader.text("Why?"))).to_be_visible()
    picture(page, "home")

    page = visit(reader.rep, GENERAL)
    say(page, "/myscore 2026-06")
    card = last_message(page)
    expect(button(card, reader.text("Why?"))).to_be_visible()
    picture(page, "card")

    press(card, reader.text("Why?"))
    expect(window_of(page)).to_contain_text("120")
    picture(page, "why")
    close(page)

    press(card, reader.text("What if?"))
    expect(window_of(page)).to_contain_text(reader.text("The cheapest mix"))
    picture(page, "what-if")
    close(page)

    press(card, reader.text("History"))
    expect(window_of(page)).to_contain_text("2026")
    picture(page, "history")
    close(page)
    page = visit(reader.rep, MESSAGES)
    chart = page.get_by_test_id("message").get_by_role("img").last
    expect(chart).to_be_visible()
    chart.scroll_into_view_if_needed()
    picture(page, "history-chart")


def test_a_managers_morning(reader: Reader, visit, picture) -> None:
    page = visit(reader.manager, MESSAGES)
    alert = page.get_by_test_id("message").filter(has_text=reader.text(ALERT, month=JUNE)).first
    # The line of replies, not the button beside it, which shows itself to a mouse alone.
    alert.locator("button.message__replies").click()
    thread = page.get_by_test_id("thread")
    expect(button(thread, reader.text("Why?"))).to_be_visible()
    thread.get_by_test_id("message").first.scroll_into_view_if_needed()
    picture(page, "alert")

    page = visit(reader.manager, GENERAL)
    say(page, "/team 2026-06")
    team = last_message(page)
    expect(team.get_by_role("button").first).to_be_visible()
    picture(page, "team")


def test_an_administrators_morning(whole: Whole, reader: Reader, visit, picture) -> None:
    home = Path(whole.scheduler.environment["PACESETTER_HOME"])
    break_a_source(home, f"crm-{reader.language.lower()}-{reader.screen}")
    page = visit(reader.administrator, HOME)
    tab = page.get_by_test_id("home")
    expect(tab).to_contain_text("✗")
    picture(page, "broken")

    press(tab, reader.text("Details"))
    expect(window_of(page)).to_contain_text("calls.csv")
    picture(page, "details")
    close(page)

    (home / "calls.csv").write_text("call_id,rep,day\n1,E1,2026-07-01\n")
    press(tab, reader.text("Run again"))
    expect(tab).to_contain_text("✓")
    picture(page, "well")


def break_a_source(home: Path, name: str) -> None:
    """A new one, whose file is not there."""
    (home / "calls.csv").unlink(missing_ok=True)
    (home / "measures.sql").write_text(QUERY)
    (home / "sources.toml").write_text(SOURCES.format(name=name))
