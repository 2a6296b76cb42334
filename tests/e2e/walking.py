"""Walks through the page: who walks, in which language, on which screen, and what they press.

PACESETTER_LONG walks both widths in both languages, else each of them once. With PACESETTER_PICTURES=FOLDER
each step leaves a picture there.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from bot.locale import for_locale
from domain.periods import Period
from tests.e2e.page_acts import PATIENCE_MS, PHONE, WIDE, wait_until_open
from tests.e2e.whole_installation import Whole

HOME, MESSAGES, GENERAL = "channel=app&place=home", "channel=app&place=messages", "channel=C0GENERAL"

OpenAs = Callable[[str, str], Page]
Picture = Callable[[Page, str], None]


@dataclass(frozen=True)
class Reader:
    """Who walks, in which language, on which screen."""

    language: str
    screen: str
    rep: str
    manager: str
    administrator: str

    def text(self, sentence: str, **values: object) -> str:
        return for_locale(self.language).text(sentence, **values)

    def label(self, name: str) -> str:
        return for_locale(self.language).label(name)

    def period(self, period: Period) -> str:
        return for_locale(self.language).period(period)


READERS = [
    Reader(language, screen, *people)
    for language, people in (("en-US", ("E1", "M1", "A1")), ("zh-CN", ("W1", "M2", "A2")))
    for screen in ("desktop", "phone")
]
if not os.environ.get("PACESETTER_LONG"):
    READERS = [READERS[0], READERS[-1]]


@contextmanager
def walking(browser: Browser, whole: Whole, reader: Reader) -> Iterator[OpenAs]:
    """Opens the page as somebody, at a place."""
    size = PHONE if reader.screen == "phone" else WIDE
    window = browser.new_context(viewport=size, locale=reader.language, has_touch=reader.screen == "phone")
    window.set_default_timeout(PATIENCE_MS)

    def open_as(employee_id: str, place: str) -> Page:
        page = window.new_page()
        page.goto(f"{whole.workspace}/?user=U0{employee_id}&{place}")
        wait_until_open(page)
        return page

    yield open_as
    window.close()


def pictures_of(test: str) -> Picture:
    """Keeps what the page shows now, where somebody wants to look at it."""
    folder = os.environ.get("PACESETTER_PICTURES")
    walk = re.sub(r"\W+", "-", test.removeprefix("test_")).strip("-")
    numbers = count(1)

    def keep(page: Page, step: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{step} scrolls sideways"
        if folder is not None:
            Path(folder).mkdir(parents=True, exist_ok=True)
            shot = Path(folder) / f"{walk}-{next(numbers)}-{step}.png"
            page.screenshot(path=shot, animations="disabled")

    return keep


def press(place: Locator, name: str) -> None:
    button(place, name).click()


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True).first


def window_of(page: Page) -> Locator:
    return page.get_by_test_id("modal").last


def close(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("modal")).to_have_count(0)
