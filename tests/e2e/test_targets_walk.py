"""A year's work with targets, on the page: split, publish, confirm, appeal, revise, lock, dispute."""

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from domain.periods import Period
from domain.settings_slack import Transport
from tests.bot.company import EAST, WEST, a_company, scored_company
from tests.e2e.page_acts import choose, last_message, say
from tests.e2e.walking import (
    GENERAL,
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
from tests.e2e.whole_installation import PEOPLE, Whole, a_whole_installation

HR, LOCKED = "H1", ("2026-04", "2026-05")
REVISED = "Target: *{amount}* for {span}, revised after an appeal."
AUGUST, JUNE = Period.parse("2026-08"), Period.parse("2026-06")


WALKERS = READERS if os.environ.get("PACESETTER_LONG") else READERS[:1]
"""Each walk is long, and has an installation of its own."""


@pytest.fixture(params=WALKERS, ids=lambda reader: f"{reader.language}-{reader.screen}")
def reader(request: pytest.FixtureRequest) -> Reader:
    return request.param


@pytest.fixture
def whole(tmp_path: Path, migrated_sqlite: Path, reader: Reader) -> Iterator[Whole]:
    """June is scored, and to be locked; everybody reads the walker's language."""
    scored = scored_company(tmp_path, migrated_sqlite, a_company(), LOCKED)
    chinese = PEOPLE if reader.language == "zh-CN" else ()
    with a_whole_installation(Transport.SOCKET, scored, tmp_path / "home", chinese) as whole:
        yield whole


@pytest.fixture
def visit(browser: Browser, whole: Whole, reader: Reader) -> Iterator[OpenAs]:
    with walking(browser, whole, reader) as open_as:
        yield open_as


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Picture:
    return pictures_of(request.node.name)


def test_from_a_split_to_a_dispute(reader: Reader, visit: OpenAs, picture: Picture) -> None:
    hr_sets_targets(reader, visit(HR, GENERAL), picture)
    manager = visit(reader.manager, GENERAL)
    the_manager_splits_the_own_unit(reader, manager, picture)
    hr_splits_the_rest_and_publishes(reader, visit(HR, GENERAL), picture)
    the_manager_confirms(reader, manager)
    messages = visit(reader.rep, MESSAGES)
    the_rep_appeals(reader, messages, picture)
    the_manager_revises(reader, manager, picture)
    the_rep_reads_what_it_came_to(reader, messages, picture)
    hr_locks_june(reader, visit(HR, GENERAL), picture)
    hr_is_told(reader, visit(HR, MESSAGES))
    the_rep_disputes_a_line(reader, visit(reader.rep, GENERAL), picture)


def hr_sets_targets(reader: Reader, page: Page, picture: Picture) -> None:
    """8000 for August, by headcount to the two units."""
    say(page, "/targets")
    press(last_message(page), reader.text("Set new targets"))
    form = window_of(page)
    choose(form, reader.text("What"), reader.label("sales"))
    fill(form, reader.text("For when"), AUGUST.key)
    fill(form, reader.text("How much in all"), "8000")
    picture(page, "set")
    press(form, reader.text("Begin"))
    says(window_of(page), reader, "*{amount} left* to split.", amount=Decimal(8000))
    press(window_of(page), reader.text("Split by headcount"))
    says(window_of(page), reader, "All of it is split.")
    picture(page, "split")
    close(page)


def the_manager_splits_the_own_unit(reader: Reader, page: Page, picture: Picture) -> None:
    """By hand: what a usual month brought stands below each field."""
    team = EAST if reader.manager == "M1" else WEST
    say(page, "/targets")
    press(last_message(page), reader.text("Open"))
    press(window_of(page), reader.text("Split by hand"))
    form = window_of(page)
    says(form, reader, "usual month {amount}", amount=Decimal(team[reader.rep]))
    for employee_id in team:
        fill(form, f"Name of {employee_id} ({employee_id})", "1000")
    picture(page, "by-hand")
    press(form, reader.text("Save"))
    says(window_of(page), reader, "All of it is split.")
    close(page)


def hr_splits_the_rest_and_publishes(reader: Reader, page: Page, picture: Picture) -> None:
    other = "Acme/West" if reader.manager == "M1" else "Acme/East"
    say(page, "/targets")
    press(last_message(page), reader.text("Open"))
    choose(window_of(page), reader.text("Another unit"), other)
    titled = {"owner": other, "indicator": reader.label("sales"), "span": reader.period(AUGUST)}
    says(window_of(page), reader, "{owner}: {indicator}, {span}", **titled)
    press(window_of(page), reader.text("Split by headcount"))
    says(window_of(page), reader, "All of it is split.")
    press(window_of(page), reader.text("Publish"))
    form = page.get_by_role("dialog", name=reader.text("Publish targets?"))
    says(form, reader, "The whole tree is split to the last step.")
    picture(page, "publish")
    press(form, reader.text("Publish"))
    expect(window_of(page)).to_contain_text("11")
    close(page)


def the_manager_confirms(reader: Reader, page: Page) -> None:
    """The amount of the own unit."""
    say(page, "/targets")
    press(last_message(page), reader.text("Look"))
    press(window_of(page), reader.text("Confirm"))
    of_the_unit = 1000 * len(EAST if reader.manager == "M1" else WEST)
    stands(window_of(page), reader, "Target: *{amount}* for {span}, confirmed.", of_the_unit)
    close(page)


def the_rep_appeals(reader: Reader, page: Page, picture: Picture) -> None:
    """From the message that asks; the form shows what the months before brought."""
    asked = page.get_by_test_id("message").filter(has_text=reader.text("Appeal")).last
    stands(asked, reader, "Target: *{amount}* for {span}, not confirmed yet.", 1000)
    picture(page, "asked")
    press(asked, reader.text("Appeal"))
    form = window_of(page)
    sold = Decimal((EAST | WEST)[reader.rep])
    says(form, reader, "{month} {amount}", month=JUNE, amount=sold)
    fill(form, reader.text("What you propose, for {span}", span=reader.period(AUGUST)), "900")
    fill(form, reader.text("Why"), "The district is new.")
    picture(page, "appeal")
    press(form, reader.text("Appeal"))
    expect(window_of(page)).to_contain_text("The district is new.")
    close(page)


def the_manager_revises(reader: Reader, page: Page, picture: Picture) -> None:
    say(page, "/targets")
    answer = last_message(page)
    says(answer, reader, "Appeals that wait for you")
    press(answer, reader.text("Look"))
    expect(window_of(page)).to_contain_text("The district is new.")
    press(window_of(page), reader.text("Revise"))
    form = window_of(page)
    fill(form, reader.text("New amount, for {span}", span=reader.period(AUGUST)), "950")
    fill(form, reader.text("Why"), "Half way.")
    picture(page, "revise")
    press(form, reader.text("Revise"))
    stands(window_of(page), reader, REVISED, 950)
    close(page)


def the_rep_reads_what_it_came_to(reader: Reader, page: Page, picture: Picture) -> None:
    """In a message of its own; the one that asked says the same by now."""
    told = page.get_by_test_id("message").filter(has_text="Half way.")
    expect(told).to_have_count(2)
    stands(told.first, reader, REVISED, 950)
    stands(told.last, reader, REVISED, 950)
    picture(page, "settled")


def hr_locks_june(reader: Reader, page: Page, picture: Picture) -> None:
    """With a reason where something is open."""
    say(page, "/hr 2026-06")
    picture(page, "checklist")
    press(last_message(page), reader.text("Lock"))
    form = window_of(page)
    expect(button(form, reader.text("Lock"))).to_be_visible()
    because = form.get_by_role("textbox", name=reader.text("Why it is locked all the same"))
    if because.count():
        because.fill("The year has to go on.")
    picture(page, "lock")
    press(form, reader.text("Lock"))
    expect(form.get_by_role("textbox")).to_have_count(0)
    close(page)


def hr_is_told(reader: Reader, page: Page) -> None:
    told = reader.text("{period} is locked", period=JUNE)
    expect(page.get_by_test_id("message").filter(has_text=told).first).to_be_visible()


def the_rep_disputes_a_line(reader: Reader, page: Page, picture: Picture) -> None:
    wrong = "The sale of the 2nd was 90 more."
    say(page, "/myscore 2026-06")
    press(last_message(page), reader.text("Dispute a line"))
    press(window_of(page), reader.text("Dispute"))
    form = window_of(page)
    fill(form, reader.text("What is wrong, and what would be right?"), wrong)
    picture(page, "dispute")
    press(form, reader.text("Send"))
    expect(window_of(page)).to_contain_text(wrong)
    expect(window_of(page).get_by_role("textbox")).to_have_count(0)
    picture(page, "disputed")


def fill(form: Locator, field: str, what: str) -> None:
    form.get_by_role("textbox", name=field).first.fill(what)


def stands(place: Locator, reader: Reader, sentence: str, amount: int) -> None:
    """A target, for August."""
    says(place, reader, sentence, amount=Decimal(amount), span=reader.period(AUGUST))


def says(place: Locator, reader: Reader, sentence: str, **values: object) -> None:
    """In the reader's language; what is written in bold has no marks on the page."""
    expect(place).to_contain_text(reader.text(sentence, **values).replace("*", ""))
