"""Long lists, a page at a time. A button carries the page it turns to: nothing is remembered in between."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.blocks.actions import out_of_date
from bot.blocks.primitives import Block, Writer, actions, button, context

Item = TypeVar("Item")

ROWS_WITH_BUTTONS = 10
"""A row is a block of its own: a page of them stays readable on a phone."""
ROWS_OF_TEXT = 25
"""Some 100 characters each fit into a section."""

_PAGE_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Page(Generic[Item]):
    items: tuple[Item, ...]
    number: int
    """From 1."""
    of: int
    """Pages in all; an empty list has one."""
    first: int
    """The place of the first item in the whole list, from 1."""
    total: int
    """Items in the whole list."""


def page_of(items: Sequence[Item], number: int, size: int) -> Page[Item]:
    """The page of that number; the nearest one where the list has become shorter since."""
    pages = max(-(-len(items) // size), 1)
    number = min(max(number, 1), pages)
    start = (number - 1) * size
    return Page(tuple(items[start : start + size]), number, pages, start + 1, len(items))


@dataclass(frozen=True)
class PageRef:
    """A page of the list that `of` names; whoever turns to it is asked for the right to see the list."""

    number: int
    of: str

    def __str__(self) -> str:
        return f"{self.number}|{self.of}"

    @classmethod
    def parse(cls, value: str) -> "PageRef":
        number, _, of = value.partition("|")
        if not _PAGE_NUMBER.fullmatch(number):
            raise out_of_date()
        return cls(int(number), of)


def turning(action: str) -> re.Pattern[str]:
    """Matches the two buttons that turn the pages of a list."""
    return re.compile(rf"{re.escape(action)}\.(previous|next)")


def page_buttons(writer: Writer, page: Page[Item], action: str, of: str) -> list[Block]:
    """Which part of the list this is, and the buttons to turn; nothing for a list of one page."""
    if page.of == 1:
        return []
    numbers = writer.language.number
    where = writer.text(
        "{first} to {last} of {total}",
        first=numbers(page.first),
        last=numbers(page.first + len(page.items) - 1),
        total=numbers(page.total),
    )
    buttons = []
    if page.number > 1:
        previous = str(PageRef(page.number - 1, of))
        buttons.append(button(writer.language.text("Previous page"), f"{action}.previous", previous))
    if page.number < page.of:
        following = str(PageRef(page.number + 1, of))
        buttons.append(button(writer.language.text("Next page"), f"{action}.next", following))
    return [context(where), actions(*buttons)]
