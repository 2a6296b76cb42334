"""The answer to /hr: one section for each part of HR's work."""

from collections.abc import Sequence

from bot.blocks.primitives import Block, Message, Writer, bold, divider, message, section

Section = Sequence[Block]


def overview(writer: Writer, parts: Sequence[Section]) -> Message:
    """Each part brings its own heading, lines and buttons; one without anything to say is left out."""
    heading = writer.text("HR at a glance")
    said = [part for part in parts if part]
    blocks: list[Block] = [section(bold(heading))]
    for part in said:
        blocks += [divider(), *part]
    if not said:
        blocks.append(section(writer.text("Nothing waits for you.")))
    return message(writer, heading, blocks)
