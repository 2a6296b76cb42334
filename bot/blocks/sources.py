"""Sources, for those who run the system: on the Home tab, in detail, and when one begins to fail."""

from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks.paging import ROWS_OF_TEXT, page_buttons, page_of
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    divider,
    join,
    message,
    modal,
    section,
    sections,
)
from domain.sources.asking import DELIVERS
from domain.sources.health import RunView, SourceHealth, Sources, Verdict
from domain.sources.model import THE_FILE, RunState

RUN_AGAIN = "source.run_again"
DETAILS = "source.details"
DETAILS_PAGE = "source.page"

MOST_SHOWN = 15
"""On the Home tab, which has other things to show as well; those in trouble come first."""
LATEST_RUNS = 5
HOUR_S, DAY_S = 3_600, 86_400
SIGNS = {Verdict.WELL: "✓", Verdict.FAILING: "✗", Verdict.LATE: "!", Verdict.NEW: "–"}

Facts = dict[str, Any]


def source_blocks(writer: Writer, zone: ZoneInfo, sources: Sources) -> list[Block]:
    """A part of the Home tab."""
    blocks = [divider(), section(bold(writer.text("Sources")))]
    if sources.file_problem is not None:
        blocks.append(section(_sign("✗"), *_file_lines(writer, sources.file_problem)))
    elif not sources.health:
        blocks.append(
            section(writer.text("None is configured: measures come from imports alone. See docs/sources.md."))
        )
    for health in sources.health[:MOST_SHOWN]:
        blocks += [section(*_at_a_glance(writer, zone, health)), _buttons(writer, health)]
    left_out = len(sources.health) - MOST_SHOWN
    if left_out > 0:
        blocks.append(
            context(
                writer.plural(
                    "{n} more: `pacesetter sources` lists it.",
                    "{n} more: `pacesetter sources` lists them.",
                    left_out,
                )
            )
        )
    return blocks


def details(
    writer: Writer, zone: ZoneInfo, health: SourceHealth, runs: list[RunView], number: int = 1
) -> Block:
    """A window: what the last run did, the rows that it refused a page at a time, and the runs before."""
    source = health.source
    about = [writer.text("Kind: {kind}", kind=source.kind)]
    if source.every_s is not None:
        about.append(writer.text("Every {time}", time=_span(writer, source.every_s)))
    about.append(writer.text("Measures: {measures}", measures=", ".join(source.measures)))
    blocks = [section(*_at_a_glance(writer, zone, health)), context(join(about, " · "))]
    if health.last is not None:
        blocks += [*_last_run(writer, health.last), *_refusals(writer, health, number)]
    if len(runs) > 1:
        lines = [_one_line(writer, zone, run) for run in runs[:LATEST_RUNS]]
        blocks += [divider(), *sections([bold(writer.text("Latest runs")), *lines])]
    return modal(writer, writer.language.text("Source"), blocks)


def source_failed(writer: Writer, facts: Facts) -> Message:
    """Facts: `source`, `problem`; perhaps `said`, `rows_read`, `rows_refused`, `first_refusal`, and `now`.

    `now` is "being read" or "well" where the message is drawn again and that has happened since.
    """
    name = facts["source"]
    if name == THE_FILE:
        heading = writer.text("The sources cannot be read")
        return message(writer, heading, [section(bold(heading), *_file_lines(writer, facts["problem"]))])
    heading = _failure_heading(writer, facts)
    now = facts.get("now")
    blocks = [section(bold(heading), *_what_happened(writer, facts))]
    if now == "well":
        blocks.append(section(writer.text("✓ Meanwhile it is well again.")))
    elif now == "being read":
        blocks.append(section(writer.text("It is being read again …")))
    else:
        blocks.append(
            context(
                writer.text(
                    "Until it is read again its days stay unknown, which is not zero, and the cards that "
                    "need them stay incomplete. It is tried again on schedule. Correct what is wrong; "
                    "a corrected sources.toml counts at once."
                )
            )
        )
    can_run = now not in ("well", "being read")
    buttons = [_run_button(writer, name)] if can_run else []
    return message(writer, heading, [*blocks, actions(*buttons, _details_button(writer, name))])


def _failure_heading(writer: Writer, facts: Facts) -> Mrkdwn:
    if facts.get("first_refusal") is None:
        return writer.text("The source {source} could not be read", source=facts["source"])
    return writer.text("The source {source} has rows that cannot be used", source=facts["source"])


def source_recovered(writer: Writer, facts: Facts) -> Message:
    """Facts: `source`, `failures`."""
    if facts["source"] == THE_FILE:
        heading = writer.text("The sources can be read again")
        return message(writer, heading, [section(bold(heading))])
    heading = writer.text("The source {source} is well again", source=facts["source"])
    failed = writer.plural("It had failed once.", "It had failed {n} times in a row.", facts["failures"])
    return message(writer, heading, [section(bold(heading), failed)])


def _file_lines(writer: Writer, problem: str) -> list[Mrkdwn]:
    return [
        writer.text("What happened: {problem}", problem=problem),
        writer.text("Until it is corrected no source is read. A corrected file counts within seconds."),
    ]


def _at_a_glance(writer: Writer, zone: ZoneInfo, health: SourceHealth) -> list[Mrkdwn]:
    """The verdict in words, what happened, and when."""
    lines = [join([_sign(SIGNS[health.verdict]), bold(health.source.name), _verdict(writer, health)], " ")]
    last = health.last
    if last is not None:
        if health.verdict is Verdict.FAILING:
            lines += _what_happened(writer, _facts(last))
        else:
            lines.append(_rows(writer, last))
        lines.append(_when(writer, zone, health, last))
    if health.is_being_read:
        lines.append(writer.text("It is being read now …"))
    return lines


def _verdict(writer: Writer, health: SourceHealth) -> Mrkdwn:
    match health.verdict:
        case Verdict.FAILING:
            return writer.plural(
                "fails: the last run did not succeed",
                "fails: the last {n} runs did not succeed",
                health.failures,
            )
        case Verdict.LATE:
            return writer.text("is late: nothing was heard of it for too long")
        case Verdict.NEW if health.source.kind == DELIVERS:
            return writer.text("has not delivered yet")
        case Verdict.NEW:
            return writer.text("has not been read yet")
    return writer.text("is well")


def _when(writer: Writer, zone: ZoneInfo, health: SourceHealth, last: RunView) -> Mrkdwn:
    moment = writer.language.moment
    tried = writer.text("Last run: {moment}.", moment=moment(last.started_at, zone))
    if health.verdict is not Verdict.FAILING:
        return tried
    if health.last_well_at is None:
        return join([tried, writer.text("It has never been well.")], " ")
    return join(
        [tried, writer.text("Last well: {moment}.", moment=moment(health.last_well_at, zone))],
        " ",
    )


def _rows(writer: Writer, run: RunView) -> Mrkdwn:
    if run.state is RunState.UNCHANGED:
        return writer.text("There was nothing new.")
    number = writer.language.number
    return writer.text(
        "Rows: {read} read, {added} new, {corrected} corrected, {removed} removed, {unchanged} as before.",
        read=number(run.read),
        added=number(run.added),
        corrected=number(run.corrected),
        removed=number(run.removed),
        unchanged=number(run.unchanged),
    )


def _what_happened(writer: Writer, facts: Facts) -> list[Mrkdwn]:
    first = facts.get("first_refusal")
    if first is None:
        problem = _said(writer, facts.get("said"), facts["problem"] or "–")
        return [writer.text("What happened: {problem}", problem=problem)]
    number = writer.language.number
    counts = writer.text(
        "{refused} of {read} rows cannot be used, so none was stored. The first:",
        refused=number(facts["rows_refused"]),
        read=number(facts["rows_read"]),
    )
    return [counts, _refusal(writer, first)]


def _refusal(writer: Writer, refusal: Facts) -> Mrkdwn:
    reason = _said(writer, refusal.get("said"), refusal["reason"])
    row, column, value = refusal["row"], refusal["column"], refusal["value"]
    if column is None:
        return writer.text("Row {row}: {reason}", row=row, reason=reason)
    if not value:
        return writer.text("Row {row}, {column}: {reason}", row=row, column=column, reason=reason)
    return writer.text(
        "Row {row}, {column}: “{value}” {reason}", row=row, column=column, value=value, reason=reason
    )


def _said(writer: Writer, said: Facts | None, in_english: str) -> str:
    """A stored sentence in the reader's language; in English where this version knows it no more."""
    if said is None:
        return in_english
    try:
        sentence, values = said["sentence"], said["values"]
        return writer.text(sentence, **values)
    except (KeyError, IndexError, ValueError):
        return in_english


def _last_run(writer: Writer, run: RunView) -> list[Block]:
    small = []
    if run.finished_at is not None:
        took = (run.finished_at - run.started_at).total_seconds()
        small.append(writer.text("It took {seconds} s", seconds=writer.language.number(round(took))))
    if run.cursor is not None:
        small.append(writer.text("The next run goes on at {cursor}", cursor=run.cursor))
    if run.correlation_id is not None:
        small.append(writer.text("Reference in the logs: {reference}", reference=run.correlation_id))
    return [context(join(small, " · "))] if small else []


def _refusals(writer: Writer, health: SourceHealth, number: int) -> list[Block]:
    run = health.last
    if run is None or not run.refusals:
        return []
    page = page_of(run.refusals, number, ROWS_OF_TEXT)
    heading = bold(writer.text("Refused rows"))
    blocks = [divider(), *sections([heading, *(_refusal(writer, refusal) for refusal in page.items)])]
    if run.refused > len(run.refusals):
        kept = writer.language.number(len(run.refusals))
        blocks.append(context(writer.text("Only the first {n} are kept.", n=kept)))
    return [*blocks, *page_buttons(writer, page, DETAILS_PAGE, health.source.name)]


def _one_line(writer: Writer, zone: ZoneInfo, run: RunView) -> Mrkdwn:
    moment = writer.language.moment(run.started_at, zone)
    match run.state:
        case RunState.FAILED:
            outcome = writer.text("✗ failed")
        case RunState.REFUSED:
            outcome = writer.plural("✗ {n} row refused", "✗ {n} rows refused", run.refused)
        case RunState.UNCHANGED:
            outcome = writer.text("✓ nothing new")
        case RunState.SUCCEEDED:
            changed = run.added + run.corrected + run.removed
            outcome = writer.plural("✓ {n} row changed", "✓ {n} rows changed", changed)
    return join([moment, outcome], "  ")


def _facts(run: RunView) -> Facts:
    return {
        "problem": run.problem,
        "said": run.problem_said,
        "rows_read": run.read,
        "rows_refused": run.refused,
        "first_refusal": run.refusals[0] if run.refusals else None,
    }


def _span(writer: Writer, seconds: int) -> Mrkdwn:
    if seconds % DAY_S == 0:
        return writer.plural("{n} day", "{n} days", seconds // DAY_S)
    if seconds % HOUR_S == 0:
        return writer.plural("{n} hour", "{n} hours", seconds // HOUR_S)
    return writer.plural("{n} minute", "{n} minutes", seconds // 60)


def _sign(sign: str) -> Mrkdwn:
    return Mrkdwn(sign)


def _buttons(writer: Writer, health: SourceHealth) -> Block:
    name = health.source.name
    can_run = health.source.kind != DELIVERS and not health.is_being_read
    return actions(*([_run_button(writer, name)] if can_run else []), _details_button(writer, name))


def _run_button(writer: Writer, name: str) -> Block:
    return button(writer.language.text("Run again"), RUN_AGAIN, name)


def _details_button(writer: Writer, name: str) -> Block:
    return button(writer.language.text("Details"), DETAILS, name)
