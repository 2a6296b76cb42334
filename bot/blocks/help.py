"""What a command can do, with examples."""

from bot.blocks.primitives import Message, Mrkdwn, Writer, bold, message, section

MY_SCORE = "/myscore"
RANKING = "/ranking"


def commands(writer: Writer) -> list[Mrkdwn]:
    """One line a command."""
    return [
        writer.text("`/myscore` your score, line by line; `/myscore last month`, `/myscore 2026-03`"),
        writer.text("`/ranking` who leads in your unit; `/ranking West last month`"),
    ]


def help_message(writer: Writer, command: str) -> Message:
    heading = writer.text("How to use {command}", command=command)
    return message(writer, heading, [section(bold(heading), *examples(writer, command))])


def examples(writer: Writer, command: str) -> list[Mrkdwn]:
    if command == RANKING:
        return [
            writer.text("`/ranking` your own unit, this month, or the last one before there are places"),
            writer.text("`/ranking last month` your own unit, another period"),
            writer.text("`/ranking West` another unit, by its name or its path: `/ranking Acme/West`"),
            writer.text("`/ranking West q3` both"),
        ]
    return [
        writer.text("`/myscore` this month so far, and the last closed month"),
        writer.text("`/myscore last month`, `/myscore 2026-03`, `/myscore nov 2025`: a month"),
        writer.text("`/myscore q3`, `/myscore last week`: a quarter or a week"),
    ]
