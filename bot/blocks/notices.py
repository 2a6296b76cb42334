"""Messages that nobody asked for just now, drawn from an outbox row when it is delivered."""

from collections.abc import Callable
from typing import Any

from bot.blocks import alerts, closing, disputes, hr_pay, share, sources
from bot.blocks.primitives import Message, Writer, bold, message, section
from bot.locale import Language
from domain.closing import posts
from domain.disputes.posts import GIVEN_POST
from domain.incentives.files import REFUSED_POST as PAY_FILE_REFUSED_POST
from domain.scoring.sharing import SHARE_FAILED_POST, SHARE_POST
from domain.sources.telling import FAILED_POST, RECOVERED_POST
from domain.watch import facts as watch

Facts = dict[str, Any]


def draw(kind: str, facts: Facts, language: Language) -> Message:
    """The message of an outbox row, in its reader's language.

    Raises KeyError for a kind that nothing draws, or for facts that lack a field.
    """
    return _BUILDERS[kind](Writer(language), facts)


def job_quarantined(writer: Writer, facts: Facts) -> Message:
    """Facts: `job_id`, `kind`, `attempts`, `problem`."""
    heading = writer.text("Job {job_id} was set aside", job_id=facts["job_id"])
    tried = writer.plural(
        "It should do {kind}, was tried {n} time, and is not tried again.",
        "It should do {kind}, was tried {n} times, and is not tried again.",
        facts["attempts"],
        kind=writer.label(facts["kind"]),
    )
    return message(writer, heading, [section(bold(heading), tried, _what_happened(writer, facts))])


def post_failed(writer: Writer, facts: Facts) -> Message:
    """Facts: `post_id`, `kind`, `problem`, perhaps `channel`. Says nothing of what the message holds."""
    heading = writer.text("Message {post_id} could not be sent", post_id=facts["post_id"])
    lines = [writer.text("Its kind: {kind}", kind=writer.label(facts["kind"]))]
    if facts.get("channel"):
        lines.append(writer.text("It should go to the channel {channel}.", channel=facts["channel"]))
    return message(writer, heading, [section(bold(heading), *lines, _what_happened(writer, facts))])


def gone(writer: Writer) -> Message:
    """In the place of a message that is no news any more, or not for its reader."""
    told = writer.text("This message is out of date. What it told of is no longer as it was, or not for you.")
    return message(writer, told, [section(told)])


def _what_happened(writer: Writer, facts: Facts) -> str:
    return writer.text("What happened: {problem}", problem=facts["problem"] or "–")


_BUILDERS: dict[str, Callable[[Writer, Facts], Message]] = {
    watch.PERSON_POST: lambda w, facts: alerts.alert_person(w, watch.AlertFacts.from_json(facts)),
    watch.WITHDRAWN_POST: lambda w, facts: alerts.alert_withdrawn(w, watch.AlertFacts.from_json(facts)),
    watch.UNIT_POST: lambda w, facts: alerts.alert_unit(w, watch.UnitAlertFacts.from_json(facts)),
    watch.THREAD_POST: lambda w, facts: alerts.alert_thread(w, watch.AlertFacts.from_json(facts)),
    watch.SHADOW_POST: lambda w, facts: alerts.alert_shadow(w, watch.HrAlertFacts.from_json(facts)),
    watch.HELD_POST: lambda w, facts: alerts.alert_held(w, watch.HrAlertFacts.from_json(facts)),
    watch.UNREACHED_POST: lambda w, facts: alerts.alert_unreached(w, watch.HrAlertFacts.from_json(facts)),
    GIVEN_POST: disputes.given_message,
    FAILED_POST: sources.source_failed,
    RECOVERED_POST: sources.source_recovered,
    SHARE_POST: share.shared_card,
    SHARE_FAILED_POST: share.share_failed,
    posts.DUE_POST: closing.close_due,
    posts.LOCKED_POST: closing.period_locked,
    posts.NOT_LOCKED_POST: closing.period_not_locked,
    posts.RESTATED_POST: closing.card_restated,
    PAY_FILE_REFUSED_POST: hr_pay.file_refused,
    "job_quarantined": job_quarantined,
    "post_failed": post_failed,
}
