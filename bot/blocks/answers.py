"""Short answers: a refusal, with examples where they help, and an error of ours."""

from collections.abc import Iterable

from bot.blocks.primitives import Block, Message, Mrkdwn, Writer, context, message, modal, section


def refusal(writer: Writer, sentence: Mrkdwn, examples: Iterable[Mrkdwn] = ()) -> Message:
    shown = list(examples)
    return message(writer, sentence, [section(sentence), *([context(*shown)] if shown else [])])


def own_fault(writer: Writer, reference: str) -> Message:
    return refusal(
        writer,
        writer.text(
            "Something went wrong on our side. Try again; if it stays, tell your administrator the reference "
            "{reference}.",
            reference=reference,
        ),
    )


def slack_is_silent(writer: Writer) -> Message:
    return refusal(
        writer,
        writer.text("Slack did not answer me in time. If what you asked for is not there, try again."),
    )


def as_modal(writer: Writer, answer: Message) -> Block:
    """For a button on a page that has no conversation to answer in."""
    return modal(writer, writer.language.text("Pacesetter"), answer.blocks)


def handed_on(writer: Writer) -> Block:
    """After passing up what the reader saw only as the one who was to answer it."""
    done = writer.text("It is somebody else's to answer now, and you do not see it any more.")
    return modal(writer, writer.language.text("Passed up"), [section(done)])
