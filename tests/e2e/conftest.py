"""A whole installation; a browser, and a sandbox with the tiny app in it, for the tests of the page."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cli.demo.pictures import FLAGS, chromium
from domain.settings_slack import Transport
from sandbox.faults import Faults
from sandbox.server import Sandbox
from tests.bot.company import scored_company
from tests.e2e.page_acts import ADA, BEN, LIN, PATIENCE_MS, WIDE, wait_until_open
from tests.e2e.tiny_app import MANIFEST, TinyApp
from tests.e2e.whole_installation import Whole, a_whole_installation
from tests.sandbox.waiting import PATIENT


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = chromium()
    if found is None:
        pytest.skip("needs a Chromium: install one, or say where it is by CHROMIUM=/path/to/chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", *FLAGS])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    return scored_company(tmp_path_factory.mktemp("company"), migrated_sqlite)


@pytest.fixture(scope="module", params=Transport)
def running(
    request: pytest.FixtureRequest, scored: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Whole]:
    """A whole installation, by each of the two ways that Slack reaches it."""
    home = tmp_path_factory.mktemp(request.param) / "home"
    with a_whole_installation(request.param, scored, home) as whole:
        yield whole


@pytest.fixture(scope="module")
def sandbox_with_app() -> Iterator[tuple[Sandbox, TinyApp]]:
    """One for all tests of a module: the app takes seconds to hang up."""
    sandbox = Sandbox(None, MANIFEST, timing=PATIENT, clock_offset_s=until_no_midnight()).run_in_thread()
    app = TinyApp(sandbox)
    app.connect()
    yield sandbox, app
    app.close()
    end(sandbox)


def until_no_midnight() -> int:
    """Seconds until an hour far from midnight, both in New York and in Shanghai: "today" is to stay today."""
    day, half_past_ten = 86_400, 10.5 * 3600
    return int(half_past_ten - time.time() % day)


def end(sandbox: Sandbox) -> None:
    """Playwright has an event loop running in this thread, so the sandbox ends its own from another."""
    closing = threading.Thread(target=sandbox.close)
    closing.start()
    closing.join()


@pytest.fixture
def deserted() -> Iterator[Sandbox]:
    """A sandbox that no app has come to."""
    sandbox = Sandbox(None, MANIFEST, timing=PATIENT).run_in_thread()
    yield sandbox
    end(sandbox)


@pytest.fixture
def sandbox(sandbox_with_app: tuple[Sandbox, TinyApp]) -> Iterator[Sandbox]:
    sandbox, _ = sandbox_with_app
    yield sandbox
    for person in (ADA, BEN, LIN):
        sandbox.slack.views.clear(person)
    sandbox.slack.faults.change(vars(Faults()))


@pytest.fixture
def app(sandbox_with_app: tuple[Sandbox, TinyApp]) -> TinyApp:
    _, app = sandbox_with_app
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
    """Opens the page at an address such as `/?user=U0ADA`, each time in a window of its own.

    `at` is the URL of another sandbox; further options are those of a browser's context. Nothing
    moves, so that a place measured is the place where a thing stays.
    """
    contexts = []

    def open_window(address: str, size: Any = WIDE, *, at: str = "", **options: Any) -> Page:
        context = browser.new_context(viewport=size, **{"reduced_motion": "reduce"} | options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.goto((at or sandbox.url) + address)
        wait_until_open(page)
        return page

    yield open_window
    for context in contexts:
        context.close()
