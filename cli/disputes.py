"""Disputes from the command line: which wait for an answer, and whose it is."""

from typing import Annotated

import typer

from cli.common import Format, installation, print_rows
from domain.disputes.views import everybodys_open

COLUMNS = ("id", "person", "about", "period", "judge", "due_on")


def disputes(output_format: Annotated[Format, typer.Option("--format")] = Format.TABLE) -> None:
    """Print the disputes that wait for an answer; they are answered in Slack, by whom they wait for."""
    with installation() as services, services.database.reading() as session:
        rows = [
            {
                "id": str(one.id),
                "person": one.owner_name,
                "about": f"{one.kind}: {one.name}",
                "period": one.period.key,
                "judge": one.judge_name or "HR",
                "due_on": one.due_on.isoformat(),
            }
            for one in everybodys_open(session)
        ]
        print_rows(COLUMNS, rows, output_format)
