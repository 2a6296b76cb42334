"""Scoring from the command line, in this process."""

from typing import Annotated

import typer

from cli.common import Format, counted, errors, installation, period_argument, print_rows, progress_bar
from domain.periods import Period
from domain.scoring.printing import LINE_COLUMNS, SCORE_COLUMNS, line_rows, published_cards, score_rows
from domain.scoring.service import score_now
from domain.scoring.verification import verify as differences_of

PeriodArgument = Annotated[
    Period,
    typer.Argument(parser=period_argument, metavar="PERIOD", help="2026-03, 2026-W11 or 2026-Q1"),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the rows.")]


def score(period: PeriodArgument) -> None:
    """Compute the period's cards and publish them."""
    with installation() as services:
        with progress_bar(f"Scoring {period}") as progress:
            score_now(services.database, services.clock, period, progress)
        with services.database.reading() as session:
            cards = published_cards(session, period)
        errors.print(f"{period}: {counted(cards, 'card')} published.")


def scores(period: PeriodArgument, output_format: FormatOption = Format.TABLE) -> None:
    """Print the period's scores, a row a person."""
    with installation() as services, services.database.reading() as session:
        print_rows(SCORE_COLUMNS, score_rows(session, period), output_format)


def lines(period: PeriodArgument, output_format: FormatOption = Format.TABLE) -> None:
    """Print the lines of the period's cards: every part of every score."""
    with installation() as services, services.database.reading() as session:
        print_rows(LINE_COLUMNS, line_rows(session, period), output_format)


def verify(period: PeriodArgument) -> None:
    """Compute a locked period again from its inputs and compare."""
    with installation() as services, services.database.reading() as session:
        with progress_bar(f"Verifying {period}") as progress:
            differences = differences_of(session, period, progress)
        for difference in differences:
            typer.echo(difference)
        if differences:
            errors.print(f"{period} does not come out the same: see above.", style="red")
            raise typer.Exit(1)
        errors.print(f"{period} comes out the same, to the last digit.")
