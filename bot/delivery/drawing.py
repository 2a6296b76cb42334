"""What a post is to say. Who draws it is handed to the delivery, which knows no kind of message."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.blocks.primitives import Message
from domain.outbox import Upload


@dataclass(frozen=True)
class Image:
    """A drawn picture. `alt_text` holds its numbers."""

    png: bytes
    alt_text: str
    title: str


@dataclass(frozen=True)
class Picture:
    """A picture that is drawn only if no picture of the same `digest` is with Slack already."""

    digest: str
    render: Callable[[], Image]


@dataclass(frozen=True)
class Drawing:
    """A message; with a picture, it is written around the uploaded file."""

    write: Callable[[Upload | None], Message]
    picture: Picture | None = None


class NothingToSay(Exception):  # noqa: N818 - an answer, not a fault
    """What the post was to say is no news any more, or not wanted any more."""


class Draw(Protocol):
    """Draws a post of `kind` in the reader's `locale` (as Slack names it).

    Raises NothingToSay where the post should quietly not be sent, and Refusal where there is nothing to draw,
    or the reader may not see it any more.
    """

    def __call__(self, kind: str, facts: dict[str, Any], locale: str) -> Drawing: ...
