"""Alerts from the command line: what there is, and what the circuit breaker holds."""

from typing import Annotated

import sqlalchemy as sa
import typer

from cli.common import Format, counted, errors, installation, period_argument, print_rows, who
from domain.people.model import Person
from domain.periods import Period
from domain.watch.model import Alert
from domain.watch.service import release_held

COLUMNS = ("employee_id", "name", "streak_start", "length", "month", "state", "reason")

app = typer.Typer(no_args_is_help=True, help="Alerts about months missed in a row.")


@app.command("list")
def list_(output_format: Annotated[Format, typer.Option("--format")] = Format.TABLE) -> None:
    """Print every alert with its state: queued, held, withdrawn or shadow."""
    with installation() as services, services.database.reading() as session:
        found = session.execute(
            sa.select(Alert, Person).join(Person, Person.id == Alert.person_id).order_by(Alert.id)
        )
        rows = [
            {
                "employee_id": person.employee_id,
                "name": person.name,
                "streak_start": alert.streak_start,
                "length": str(alert.length),
                "month": alert.month,
                "state": alert.state,
                "reason": alert.reason or "",
            }
            for alert, person in found
        ]
        print_rows(COLUMNS, rows, output_format)


@app.command()
def release(
    month: Annotated[Period, typer.Argument(parser=period_argument, metavar="MONTH", help="2026-03")],
) -> None:
    """Send what the circuit breaker holds for a month, after HR has looked at it."""
    with installation() as services, services.database.writing() as session:
        released = release_held(session, services.clock, month, who())
        errors.print(f"{counted(len(released), 'alert')} of {month} will be sent.")
