"""Targets from the command line: opening a round, splitting it down the tree, by file too, publishing it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from cli.common import Format, counted, errors, installation, print_rows, who
from domain.access import CommandLine
from domain.cells import decimal
from domain.errors import BadInput
from domain.people import service as people
from domain.plain import plain
from domain.rows import CellError
from domain.services import Services
from domain.targets import proposing as proposals
from domain.targets.board import Board, board
from domain.targets.model import How, TargetRound
from domain.targets.proposing import Terms
from domain.targets.rounds import drop as drop_round
from domain.targets.rounds import open_round, open_rounds, round_of, set_amounts
from domain.targets.rounds import publish as publish_round
from domain.targets.rounds import split as split_amount
from domain.targets.rules_span import Season, Span
from domain.targets.sheets import COLUMNS, read_sheet, sheet_rows, write_sheet

PROPOSAL_COLUMNS = ("owner", "name", "below", "amount", "due", "usual_month", "by", "reached")
"""`due`: what ramp and employment leave of the amount; `by`: whose usual month it stands on."""
ROUND_COLUMNS = ("indicator", "span", "unit", "step", "opened_by")


def span_argument(key: str) -> Span:
    try:
        return Span.parse(key)
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None


def amount_argument(text: str) -> Decimal:
    try:
        return decimal({"amount": text}, "amount")
    except CellError as bad:
        raise typer.BadParameter(f'"{text}" {bad.reason}') from None


def growth_option(text: str) -> Decimal:
    return amount_argument(text.removesuffix("%"))


Indicator = Annotated[str, typer.Argument(help="An indicator of a plan that is read against targets: sales")]
SpanArgument = Annotated[
    Span, typer.Argument(parser=span_argument, metavar="SPAN", help="2026, 2026-Q3 or 2026-07")
]
Amount = Annotated[
    Decimal, typer.Argument(parser=amount_argument, metavar="AMOUNT", help="For the whole span")
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="By its name .csv or .xlsx")]

app = typer.Typer(help="Rounds of targets: opened, split down the tree, published for their owners.")


@app.callback(invoke_without_command=True)
def targets(
    context: typer.Context, output_format: Annotated[Format, typer.Option("--format")] = Format.TABLE
) -> None:
    """Print the rounds that are being worked on."""
    if context.invoked_subcommand is not None:
        return
    with installation() as services, services.database.reading() as session:
        units = people.unit_tree(session)
        rows = [_round_row(one, units.by_id[one.unit_id].path) for one in open_rounds(session)]
        print_rows(ROUND_COLUMNS, rows, output_format)


@app.command("open")
def open_(
    indicator: Indicator,
    span: SpanArgument,
    amount: Amount,
    unit: Annotated[str | None, typer.Option(help="A unit's path; the whole company by default.")] = None,
    step: Annotated[
        Decimal | None,
        typer.Option(parser=amount_argument, help="In multiples of what; 1 by default."),
    ] = None,
    season: Annotated[
        str | None, typer.Option(help="A weight for each month, such as 1,1,2; level by default.")
    ] = None,
) -> None:
    """Open a round: an amount for the company, or a unit, to be split."""
    with installation() as services, services.database.writing() as session:
        unit_id = None if unit is None else _unit_id(session, unit)
        open_round(
            session,
            services.clock,
            CommandLine(who()),
            indicator,
            span,
            amount,
            unit_id=unit_id,
            season=None if season is None else _season(span, season),
            step=Decimal(1) if step is None else step,
        )
        errors.print(f"Targets of {indicator} for {span} are open: split them, then publish.", markup=False)


@app.command()
def show(
    indicator: Indicator,
    span: SpanArgument,
    output_format: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Print the tree: who has what, what is still to be split, what each did in the year before."""
    with installation() as services, services.database.reading() as session:
        shown = _board(session, services, indicator, span)
        rows = [_texts(row) for row in sheet_rows(shown)]
        if output_format is Format.CSV:
            print_rows(COLUMNS, rows, output_format)
        else:
            print_tree(rows, ("amount", "rest", "usual_month", "reached"))
        _say_what_is_left(shown)


@app.command()
def propose(
    indicator: Indicator,
    span: SpanArgument,
    unit: Annotated[str | None, typer.Option(help="A unit's path; all of the round by default.")] = None,
    growth: Annotated[
        Decimal | None,
        typer.Option(parser=growth_option, help="In percent, on top of what a usual month brought."),
    ] = None,
    months: Annotated[int, typer.Option(help="How many months back a usual month is taken from.")] = 6,
    takes: Annotated[bool, typer.Option("--take", help="Set these amounts, once you have looked.")] = False,
    output_format: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Print what history proposes, from the bottom up; with --take, set it."""
    actor, terms = CommandLine(who()), Terms(growth or Decimal(0), months)
    with installation() as services:
        with services.database.reading() as session:
            round_ = round_of(session, indicator, span)
            unit_id = round_.unit_id if unit is None else _unit_id(session, unit)
            proposal = proposals.propose(session, services.clock, actor, round_, unit_id, terms)
        rows = list(_proposed(proposal))
        if output_format is Format.CSV:
            print_rows(PROPOSAL_COLUMNS, rows, output_format)
        else:
            print_tree(rows, PROPOSAL_COLUMNS[3:])
        if takes:
            with services.database.writing() as session:
                round_ = round_of(session, indicator, span)
                count = proposals.take(session, services.clock, actor, round_, unit_id, terms)
            errors.print(f"{counted(count, 'amount')} set.")


@app.command()
def split(
    indicator: Indicator,
    span: SpanArgument,
    unit: Annotated[str, typer.Argument(help="The path of the unit whose amount is split.")],
    by: Annotated[How, typer.Option(help="headcount or history")] = How.HEADCOUNT,
    everything: Annotated[bool, typer.Option("--below", help="Split on, down to every person.")] = False,
) -> None:
    """Split a unit's amount among those right below it."""
    if by not in (How.HEADCOUNT, How.HISTORY):
        raise typer.BadParameter("An amount is split by headcount or by history; others come by file.")
    with installation() as services, services.database.writing() as session:
        shown = _board(session, services, indicator, span)
        pending, count = [_unit_id(session, unit)], 0
        while pending:
            given = split_amount(session, services.clock, CommandLine(who()), shown.round, pending.pop(), by)
            count += len(given)
            if everything:
                pending += [owner.id for owner in given if owner.is_unit]
        errors.print(f"{counted(count, 'amount')} set.")


@app.command()
def export(indicator: Indicator, span: SpanArgument, file: File) -> None:
    """Write the tree to a file: fill in amounts there, then import it."""
    with installation() as services, services.database.reading() as session:
        write_sheet(_board(session, services, indicator, span), file)
        errors.print(f"{file} is written.", markup=False)


@app.command("import")
def import_(indicator: Indicator, span: SpanArgument, file: File) -> None:
    """Take the amounts of a file, all of them or none."""
    with installation() as services, services.database.writing() as session:
        shown = _board(session, services, indicator, span)
        amounts = read_sheet(shown, file)
        set_amounts(session, services.clock, CommandLine(who()), shown.round, amounts, How.FILE)
        errors.print(f"{counted(len(amounts), 'amount')} set.")
        _say_what_is_left(_board(session, services, indicator, span))


@app.command()
def publish(
    indicator: Indicator,
    span: SpanArgument,
    reason: Annotated[
        str | None, typer.Option(help="Why, where parts do not sum to the whole or somebody has no amount.")
    ] = None,
) -> None:
    """Make the amounts targets, month by month."""
    with installation() as services, services.database.writing() as session:
        round_ = round_of(session, indicator, span)
        changed = publish_round(session, services.clock, CommandLine(who()), round_, reason)
        errors.print(f"{counted(changed, 'monthly target')} changed.")


@app.command()
def drop(indicator: Indicator, span: SpanArgument) -> None:
    """End a round without targets."""
    with installation() as services, services.database.writing() as session:
        drop_round(session, services.clock, CommandLine(who()), round_of(session, indicator, span))
        errors.print(f"The round of {indicator} for {span} is dropped.", markup=False)


def print_tree(rows: Sequence[dict[str, str]], columns: Sequence[str]) -> None:
    """To read: each below what it belongs to, further in; paths are not repeated."""
    depths: dict[str, int] = {}
    shown = []
    for row in rows:
        owner = row["owner"]
        depths[owner] = depths[row["below"]] + 1 if row["below"] in depths else 0
        name = owner.rpartition("/")[2] if row["name"] == owner else f"{row['name']} ({owner})"
        shown.append(row | {"owner": "  " * depths[owner] + name})
    print_rows(("owner", *columns), shown, Format.TABLE)


def _proposed(proposal: proposals.Proposal) -> Iterator[dict[str, str]]:
    """The rows of a proposal, named as those of a tree."""
    above: dict[int, str] = {}
    for row in proposal.rows:
        above[row.depth] = row.called
        found, reached = row.proposed, row.reached
        yield {
            "owner": row.called,
            "name": row.name,
            "below": above.get(row.depth - 1, ""),
            "amount": plain(found.amount),
            "due": plain(found.due),
            "usual_month": "" if found.usual is None else plain(found.usual),
            "by": "" if row.owner.is_unit else found.basis,
            "reached": f"{reached.reached}/{reached.of}" if reached else "",
        }


def _board(session: Session, services: Services, indicator: str, span: Span) -> Board:
    return board(session, services.clock, round_of(session, indicator, span))


def _unit_id(session: Session, path: str) -> int:
    found = people.unit_tree(session).find(path)
    if found is None:
        raise BadInput("There is no unit {unit}: write its whole path, such as Acme/West.", unit=path)
    return found.id


def _season(span: Span, text: str) -> Season:
    try:
        return Season.of(span, [amount_argument(weight.strip()) for weight in text.split(",")])
    except ValueError as problem:
        raise BadInput(str(problem)) from None


def _round_row(one: TargetRound, unit: str) -> dict[str, str]:
    cells = (one.indicator, one.span, unit, plain(one.step), one.opened_by)
    return dict(zip(ROUND_COLUMNS, cells, strict=True))


def _texts(row: dict[str, str | Decimal]) -> dict[str, str]:
    return {
        name: f"{cell.normalize():f}" if isinstance(cell, Decimal) else cell for name, cell in row.items()
    }


def _say_what_is_left(shown: Board) -> None:
    for unit, left in shown.tree.unbalanced().items():
        errors.print(f"{shown.names[unit]}: {plain(left)} left to split", markup=False)
