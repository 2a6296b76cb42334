"""Blocks within blocks: a container's children, the cards of a carousel."""

from collections.abc import Iterator
from typing import Any


def all_blocks(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The blocks, each followed by those inside it."""
    for block in blocks:
        yield block
        yield from all_blocks(block.get("child_blocks", []))
        if block["type"] == "carousel":
            yield from all_blocks(block["elements"])
