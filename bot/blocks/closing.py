"""Closing a period, as HR sees it: the calendar, what is open, the forms to lock it and to restate a card."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.blocks.inputs import form, labelled, long_text, short_text
from bot.blocks.paging import Page, page_buttons
from bot.blocks.primitives import (
    Block,
    Message,
    Mrkdwn,
    Writer,
    actions,
    bold,
    button,
    context,
    join,
    message,
    modal,
    section,
    sections,
)
from domain.closing.checklist import Item, ItemKind
from domain.closing.locking import LockProgress
from domain.closing.rules import PeriodState, Stage
from domain.closing.service import CloseView
from domain.errors import Refusal
from domain.periods import Period

LOOK, LOCK, AGAIN, RESTATE = "close.look", "close.lock", "close.again", "close.restate"
MONTHS, MONTHS_PAGE = "close.months", "close.months_page"
LOCK_FORM, RESTATE_FORM = "close.lock_form", "close.restate_form"
BECAUSE, EMPLOYEE, PERIOD = "because", "employee", "period"
NAMES_IN_A_LINE = 50
MONTHS_SHOWN = 6
"""In /hr itself, which has other parts; a window has all."""

Facts = dict[str, Any]


def close_part(writer: Writer, views: Sequence[CloseView], months: int) -> list[Block]:
    """A part of the answer to /hr: of the months that wait the oldest, and the one locked last."""
    blocks: list[Block] = [section(bold(writer.text("Closing")))]
    if not any(view.may_be_locked for view in views):
        blocks.append(section(writer.text("Every month that has ended and been scored is locked.")))
    blocks += _rows(writer, views)
    restate = button(writer.language.text("Restate a card"), RESTATE, "new")
    if months > MONTHS_SHOWN:
        every = writer.language.text("All {n} open months", n=months)
        blocks.append(actions(button(every, MONTHS, "all"), restate))
    else:
        blocks.append(actions(restate))
    return blocks


def months_window(writer: Writer, page: Page[CloseView]) -> Block:
    """All months that wait, the oldest first."""
    blocks = _rows(writer, page.items) or [section(writer.text("Nothing is open."))]
    return modal(
        writer, writer.language.text("Closing"), [*blocks, *page_buttons(writer, page, MONTHS_PAGE, "all")]
    )


def _rows(writer: Writer, views: Sequence[CloseView]) -> list[Block]:
    text = writer.language.text("Checklist")
    return [section(*_in_short(writer, view), button=button(text, LOOK, view.period.key)) for view in views]


def close_message(writer: Writer, view: CloseView, progress: LockProgress | None) -> Message:
    """The answer to `/hr 2026-06`."""
    heading = writer.text("Closing {period}", period=view.period)
    return message(writer, heading, close_blocks(writer, view, progress))


def close_window(writer: Writer, view: CloseView, progress: LockProgress | None) -> Block:
    return modal(writer, writer.language.text("Closing"), close_blocks(writer, view, progress))


def close_blocks(writer: Writer, view: CloseView, progress: LockProgress | None) -> list[Block]:
    blocks: list[Block] = [section(bold(writer.language.period(view.period)), *_in_detail(writer, view))]
    if view.exceptions is not None:
        because = writer.text("Locked all the same: “{note}”", note=view.exceptions.because)
        blocks += [section(bold(writer.text("Open when it was locked")), because)]
        blocks += sections(_items(writer, view.exceptions.items))
    elif view.may_be_locked:
        blocks += sections(_items(writer, view.items))
    if progress is not None:
        again = button(writer.language.text("Look again"), AGAIN, view.period.key)
        blocks += [section(_progress(writer, progress), button=again)]
    elif view.may_be_locked:
        lock = writer.language.text("Lock")
        blocks.append(actions(button(lock, LOCK, view.period.key, style="primary")))
    return blocks


def lock_form(writer: Writer, view: CloseView) -> Block:
    """A reason is asked for where something is open."""
    told = writer.text(
        "It is scored once more, then locked: its cards never change again, and alerts and pay follow."
    )
    blocks: list[Block] = [section(bold(writer.language.period(view.period)), told)]
    if view.open_items:
        kept = writer.language.text("It is kept with what is open, and shown later.")
        why = writer.language.text("Why it is locked all the same")
        blocks += [*sections(_items(writer, view.open_items)), labelled(BECAUSE, why, long_text(), hint=kept)]
    lock = writer.language.text("Lock")
    return form(writer, writer.language.text("Closing"), lock, LOCK_FORM, blocks, view.period.key)


@dataclass(frozen=True)
class Restating:
    """What the form is filled with beforehand."""

    employee_id: str = ""
    period: Period | None = None
    because: str = ""


def restate_form(writer: Writer, filled: Restating = Restating()) -> Block:
    """Of one locked card."""
    text = writer.language.text
    told = writer.text(
        "One locked card is scored once more on the newest data. Both versions stay, the owner is told, and "
        "places stay those of the lock. Who had no card then gets a first one."
    )
    blocks = [
        section(told),
        labelled(EMPLOYEE, text("Employee id"), short_text("E1042", filled.employee_id)),
        labelled(PERIOD, text("Period"), short_text("2026-06", filled.period.key if filled.period else "")),
        labelled(
            BECAUSE,
            text("Why"),
            long_text(initial=filled.because),
            hint=text("The owner reads it, and it is kept."),
        ),
    ]
    return form(writer, text("Restate a card"), text("Restate"), RESTATE_FORM, blocks)


def restated(writer: Writer, name: str, period: Period, version: int) -> Block:
    done = writer.text(
        "The card of {person} for {period} is restated: version {number} counts now.",
        person=name,
        period=period,
        number=version,
    )
    return {**modal(writer, writer.language.text("Restate a card"), [section(done)]), "clear_on_close": True}


def close_due(writer: Writer, facts: Facts) -> Message:
    """Facts: see DUE_POST."""
    period = Period.parse(facts["period"])
    heading = _due(writer, Stage(facts["stage"]), period)
    days = _days(writer, *(date.fromisoformat(facts[name]) for name in ("data_due", "review", "lock")))
    blocks = [section(bold(heading), days), *sections(_items(writer, map(Item.from_json, facts["items"])))]
    look = button(writer.language.text("Checklist"), LOOK, period.key)
    return message(writer, heading, [*blocks, actions(look)])


def period_locked(writer: Writer, facts: Facts) -> Message:
    """Facts: see LOCKED_POST."""
    heading = writer.text("{period} is locked", period=Period.parse(facts["period"]))
    blocks: list[Block] = [section(bold(heading))]
    if facts["because"] is not None:
        blocks.append(section(writer.text("Locked all the same: “{note}”", note=facts["because"])))
        blocks += sections(_items(writer, map(Item.from_json, facts["items"])))
    return message(writer, heading, blocks)


def period_not_locked(writer: Writer, facts: Facts) -> Message:
    """Facts: see NOT_LOCKED_POST."""
    period = Period.parse(facts["period"])
    heading = writer.text("{period} was not locked", period=period)
    sentence, values = facts["said"]["sentence"], facts["said"]["values"]
    reason = writer.refusal(Refusal(sentence, **values))
    look = button(writer.language.text("Checklist"), LOOK, period.key)
    return message(writer, heading, [section(bold(heading), reason), actions(look)])


def card_restated(writer: Writer, facts: Facts) -> Message:
    """To its owner. Facts: see RESTATED_POST."""
    period = Period.parse(facts["period"])
    before, after = facts["before"], facts["after"]
    told = writer.text(
        "{person} had it scored again on newer data: “{note}”", person=facts["by"], note=facts["because"]
    )
    now = writer.text("Now: {result}.", result=_result(writer, after))
    if before is None:
        heading = writer.text("You have a card for {period} now", period=period)
        lines = [writer.text("You had none when the period was locked."), now, told]
        kept = writer.text("It has no place: places stay those of the lock.")
    else:
        heading = writer.text("Your card for {period} is restated", period=period)
        lines = [writer.text("Before: {result}.", result=_result(writer, before)), now, told]
        kept = writer.text("Both versions are kept, and your card shows them. Places stay those of the lock.")
    return message(writer, heading, [section(bold(heading), *lines), context(kept)])


def _in_short(writer: Writer, view: CloseView) -> Iterator[Mrkdwn]:
    yield join([bold(writer.language.period(view.period)), _state(writer, view.state)], " · ")
    if view.may_be_locked:
        yield _days(writer, view.calendar.data_due, view.calendar.review, view.calendar.lock)
        yield writer.plural("{n} item is open.", "{n} items are open.", len(view.open_items))


def _in_detail(writer: Writer, view: CloseView) -> Iterator[Mrkdwn]:
    yield _state(writer, view.state)
    yield _days(writer, view.calendar.data_due, view.calendar.review, view.calendar.lock)
    if view.locked_at is not None:
        yield writer.text("Locked by {person}.", person=view.locked_by or "–")


def _state(writer: Writer, state: PeriodState) -> Mrkdwn:
    match state:
        case PeriodState.RUNNING:
            return writer.text("running")
        case PeriodState.AWAITING_DATA:
            return writer.text("awaiting data")
        case PeriodState.IN_REVIEW:
            return writer.text("in review")
        case PeriodState.DUE:
            return writer.text("due to be locked")
        case PeriodState.OVERDUE:
            return writer.text("overdue")
        case PeriodState.LOCKED:
            return writer.text("locked")


def _days(writer: Writer, data_due: date, review: date, lock: date) -> Mrkdwn:
    return writer.text(
        "Data due {data_due}, review to {review}, lock by {lock}.",
        data_due=data_due,
        review=review,
        lock=lock,
    )


def _items(writer: Writer, items: Iterable[Item]) -> Iterator[Mrkdwn]:
    found = list(items)
    for item in found:
        yield _item(writer, item)
    if not found:
        yield writer.text("Nothing is open.")


def _item(writer: Writer, item: Item) -> Mrkdwn:
    told = bold(_counted(writer, item))
    if not item.names:
        return told
    is_measures = item.kind is ItemKind.NOT_COVERED
    names = [writer.language.label(name) if is_measures else name for name in item.names[:NAMES_IN_A_LINE]]
    listed = join(names, "; ")
    more = item.count - len(names)
    if more > 0:
        listed = join([listed, writer.plural("and {n} more", "and {n} more", more)], "; ")
    return join([told, listed], " ")


def _counted(writer: Writer, item: Item) -> Mrkdwn:
    match item.kind:
        case ItemKind.NOT_SCORED:
            return writer.text("Not scored on the newest data: that is done before the lock.")
        case ItemKind.NOT_COVERED:
            return writer.plural(
                "{n} measure is not reported for every day:",
                "{n} measures are not reported for every day:",
                item.count,
            )
        case ItemKind.INCOMPLETE:
            return writer.plural("{n} card is incomplete:", "{n} cards are incomplete:", item.count)
        case ItemKind.NO_TARGET:
            return writer.plural("{n} person has no target:", "{n} people have no target:", item.count)
        case ItemKind.APPEALS:
            return writer.plural(
                "{n} appeal of a target is open:", "{n} appeals of targets are open:", item.count
            )
        case ItemKind.DISPUTES:
            return writer.plural("{n} dispute is open:", "{n} disputes are open:", item.count)
        case ItemKind.UNPAID_SHARES:
            return writer.plural(
                "{n} person shares in records and has no complete card that pays for them; nobody else is "
                "paid that share:",
                "{n} people share in records and have no complete card that pays for them; nobody else is "
                "paid these shares:",
                item.count,
            )


def _progress(writer: Writer, progress: LockProgress) -> Mrkdwn:
    if not progress.total:
        return writer.text("It is being locked. A message tells you when it is done.")
    return writer.text(
        "It is being locked: {done} of {total} parts are scored. A message tells you when it is done.",
        done=progress.done,
        total=progress.total,
    )


def _due(writer: Writer, stage: Stage, period: Period) -> Mrkdwn:
    match stage:
        case Stage.DATA_DUE:
            return writer.text("The data of {period} is due", period=period)
        case Stage.REVIEW_ENDS:
            return writer.text("The review of {period} ends", period=period)
        case Stage.LOCK_DUE:
            return writer.text("{period} is to be locked", period=period)
        case Stage.OVERDUE:
            return writer.text("{period} should be locked by now", period=period)


def _result(writer: Writer, result: dict[str, str | None]) -> Mrkdwn:
    if result["score"] is None:
        return writer.text("no score")
    return writer.text("score {score}, tier {tier}", score=result["score"], tier=result["tier"] or "–")
