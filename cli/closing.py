"""Closing periods from the command line: the calendar, what is open, locking, restating."""

from typing import Annotated

import typer

from cli.common import errors, installation, period_argument, progress_bar, who
from cli.scores import PeriodArgument
from domain.access import CommandLine
from domain.closing import service
from domain.closing.checklist import Item, ItemKind
from domain.closing.restating import restate_card
from domain.closing.rules import PeriodState
from domain.closing.service import WITHOUT_A_REASON, CloseView, close_view
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.scoring.published import current_card

Because = Annotated[str | None, typer.Option("--because", help="Why, where something is still open.")]
OptionalPeriod = Annotated[
    Period | None,
    typer.Argument(parser=period_argument, metavar="[PERIOD]", help="2026-03, 2026-W11 or 2026-Q1"),
]
STATES = {
    PeriodState.RUNNING: "still running",
    PeriodState.AWAITING_DATA: "awaiting data",
    PeriodState.IN_REVIEW: "in review",
    PeriodState.DUE: "due to be locked",
    PeriodState.OVERDUE: "overdue",
    PeriodState.LOCKED: "locked",
}
ITEMS = {
    ItemKind.NOT_SCORED: "not scored on the newest data",
    ItemKind.NOT_COVERED: "measures not reported for every day",
    ItemKind.INCOMPLETE: "incomplete cards",
    ItemKind.NO_TARGET: "people without a target",
    ItemKind.APPEALS: "open appeals of targets",
    ItemKind.DISPUTES: "open disputes",
    ItemKind.UNPAID_SHARES: "people whose shares of records nobody is paid",
}


def close(
    period: OptionalPeriod = None,
    names: Annotated[bool, typer.Option("--names", help="Say who and what is meant.")] = False,
) -> None:
    """Print when a period is to be closed and what is still open; without one: all that wait."""
    with installation() as services, services.database.reading() as session:
        actor = CommandLine(who())
        asked = [period] if period else service.months_to_close(session, services.clock)
        if not asked:
            typer.echo("Every month that has ended and been scored is locked.")
        for one in asked:
            _print(close_view(session, services.clock, actor, one), names)


def lock(period: PeriodArgument, because: Because = None) -> None:
    """Score an ended period once more and lock it: its cards never change again."""
    with installation() as services:
        actor = CommandLine(who())
        with progress_bar(f"Locking {period}") as progress:
            reason = because or WITHOUT_A_REASON
            service.score_and_lock(services.database, services.clock, actor, period, reason, progress)
        with services.database.reading() as session:
            exceptions = close_view(session, services.clock, actor, period).exceptions
        errors.print(f"{period} is locked.")
        if exceptions is not None:
            errors.print(f"Still open then ({exceptions.because}):", style="yellow", markup=False)
            for item in exceptions.items:
                errors.print(_told(item, names=False), style="yellow", markup=False)


def restate(
    employee_id: Annotated[str, typer.Argument(metavar="EMPLOYEE", help="Whose card.")],
    period: PeriodArgument,
    because: Annotated[str, typer.Option("--because", help="Why; the owner reads it.")],
) -> None:
    """Score one locked card again on the newest inputs, as a further version beside the first."""
    with installation() as services:
        with services.database.writing() as session:
            person = person_by_employee_id(session, employee_id)
            actor = CommandLine(who())
            made = restate_card(session, services.clock, actor, person.id, period, because)
            card = current_card(session, person.id, period)
        score = card.score if card is not None and card.score is not None else "no score"
        errors.print(f"{employee_id}, {period}: version {made.version} stands now, {score}.", markup=False)


def _print(view: CloseView, names: bool) -> None:
    typer.echo(f"{view.period}: {STATES[view.state]}")
    calendar = view.calendar
    typer.echo(f"  data due {calendar.data_due}, review to {calendar.review}, lock by {calendar.lock}")
    if view.locked_at is not None:
        typer.echo(f"  locked by {view.locked_by} on {view.locked_at:%Y-%m-%d}")
    if view.exceptions is not None:
        typer.echo(f"  open then, {view.exceptions.because}:")
    for item in view.exceptions.items if view.exceptions else view.items:
        typer.echo(_told(item, names))
    if view.may_be_locked and not view.items:
        typer.echo("  nothing is open")


def _told(item: Item, names: bool) -> str:
    counted = "" if item.kind is ItemKind.NOT_SCORED else f": {item.count}"
    listed = f" ({'; '.join(item.names)}{'; …' if item.count > len(item.names) else ''})"
    return f"  {ITEMS[item.kind]}{counted}{listed if names and item.names else ''}"
