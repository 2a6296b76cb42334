"""Variable pay from the command line: a statement, the payroll, personal terms, what HR takes back."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from cli.common import Format, counted, errors, installation, period_argument, print_rows, who
from domain.access import CommandLine
from domain.cells import decimal
from domain.clock import Clock
from domain.incentives import statements
from domain.incentives.payroll import payroll, write_payroll
from domain.incentives.rules_terms import TermKind, term_value
from domain.incentives.service import accrue, is_locked
from domain.incentives.statements import Statement, statement_rows, write_statement
from domain.incentives.taking_back import take_back as take_it_back
from domain.incentives.terms import set_term, terms_of
from domain.incentives.wording import plain_lines, why_withheld
from domain.people.service import person_by_employee_id
from domain.periods import Period
from domain.plain import plain
from domain.rows import CellError

SHORT_COLUMNS = ("earned", "part", "amount", "why")
TERM_COLUMNS = ("kind", "value", "from", "because", "by", "at")


def amount_argument(text: str) -> Decimal:
    try:
        return decimal({"amount": text}, "amount")
    except CellError as bad:
        raise typer.BadParameter(f'"{text}" {bad.reason}') from None


def _value(kind: TermKind, text: str) -> Decimal | None:
    """A number; `plan` for the plan's own. Raises BadField."""
    return None if text == "plan" else term_value(kind, text)


def day_argument(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f'"{text}" is no day: write it as YYYY-MM-DD.') from None


Employee = Annotated[str, typer.Argument(metavar="EMPLOYEE", help="An employee id.")]
Month = Annotated[Period, typer.Argument(parser=period_argument, metavar="PERIOD", help="A month: 2026-03")]
Because = Annotated[str, typer.Option("--because", help="Why: it is kept, and the person reads it.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the rows.")]

app = typer.Typer(no_args_is_help=True, help="Payrolls, personal terms, and what HR takes back.")


def pay(
    employee: Employee,
    period: Month,
    to: Annotated[Path | None, typer.Option("--to", help="A file, by its name .csv or .xlsx.")] = None,
    output_format: FormatOption = Format.TABLE,
) -> None:
    """Print a person's statement of a month: every line with its arithmetic."""
    with installation() as services:
        with services.database.writing() as session:
            _accrue_if_locked(session, services.clock, period)
            person = person_by_employee_id(session, employee)
            shown = statements.look(session, services.clock, CommandLine(who()), person.id, period)
        if to is not None:
            write_statement(shown, to, plain_lines(shown))
            errors.print(f"{to} is written.", markup=False)
            return
        rows = [
            {name: cell if isinstance(cell, str) else f"{cell:f}" for name, cell in row.items()}
            for row in statement_rows(shown, plain_lines(shown))
        ]
        if output_format is Format.TABLE:
            print_rows(SHORT_COLUMNS, map(_shortened, rows), output_format)
        else:
            print_rows(statements.COLUMNS, rows, output_format)
        _say_the_rest(shown)


def _shortened(row: dict[str, str]) -> dict[str, str]:
    """As wide as a terminal; the sum below names the currency."""
    return {**row, "part": f"{row['part']} {row['name']}".strip()}


@app.command()
def export(
    period: Month,
    to: Annotated[Path, typer.Option("--to", help="A file, by its name .csv or .xlsx.")],
) -> None:
    """Hand over a month's payroll, a row a person: from then on it is paid, and nothing is booked in it."""
    with installation() as services, services.database.writing() as session:
        found = payroll(session, services.clock, CommandLine(who()), period)
        write_payroll(found, to)
        again = ", as it was handed over before" if found.is_repeated else ""
        errors.print(f"{counted(len(found.rows), 'row')} of {period} written to {to}{again}.", markup=False)
        if found.added_since:
            errors.print(f"{counted(found.added_since, 'line')} booked since then: not in it.", style="red")


@app.command()
def term(
    employee: Employee,
    kind: Annotated[TermKind, typer.Argument(help="rate, base or wage")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="2.5%, 0.025 or 1500; plan: the plan's own")],
    since: Annotated[date, typer.Option("--from", parser=day_argument, metavar="DAY", help="2026-03-01")],
    because: Because,
) -> None:
    """Record what holds for one person in the place of the plan, from the month of the day on."""
    with installation() as services, services.database.writing() as session:
        person = person_by_employee_id(session, employee)
        actor = CommandLine(who())
        understood = _value(kind, value)
        set_term(session, services.clock, actor, person.id, kind, understood, since, because)
        errors.print(
            f"The {kind} of {employee} is {_in_words(kind, understood)}, from {since:%Y-%m} on.", markup=False
        )


def _in_words(kind: TermKind, value: Decimal | None) -> str:
    if value is None:
        return "the plan's own again"
    return f"{plain(value.scaleb(2))}% ({plain(value)})" if kind is TermKind.RATE else plain(value)


@app.command()
def terms(employee: Employee, output_format: FormatOption = Format.TABLE) -> None:
    """Print a person's personal terms, every version, the newest first."""
    with installation() as services, services.database.reading() as session:
        rows = [
            {
                "kind": one.kind,
                "value": "plan" if one.value is None else plain(one.value),
                "from": one.from_day.isoformat(),
                "because": one.because,
                "by": one.by,
                "at": one.at.isoformat(timespec="seconds"),
            }
            for one in terms_of(session, person_by_employee_id(session, employee).id)
        ]
        print_rows(TERM_COLUMNS, rows, output_format)


@app.command("take-back")
def take_back(
    employee: Employee,
    period: Month,
    amount: Annotated[Decimal, typer.Argument(parser=amount_argument, metavar="AMOUNT")],
    because: Because,
    loss: Annotated[bool, typer.Option("--loss", help="As compensation for a loss, within the law.")] = False,
) -> None:
    """Take back an amount out of a month that is not paid yet, and no more than it holds."""
    with installation() as services, services.database.writing() as session:
        _accrue_if_locked(session, services.clock, period)
        person = person_by_employee_id(session, employee)
        actor = CommandLine(who())
        take_it_back(session, services.clock, actor, person.id, period, amount, because, loss=loss)
        errors.print(f"{plain(amount)} taken back from {employee} in {period}.", markup=False)


def _accrue_if_locked(session: Session, clock: Clock, period: Period) -> None:
    """What the workers do after a lock, where none are running."""
    if is_locked(session, period):
        accrue(session, clock, period)


def _say_the_rest(shown: Statement) -> None:
    for currency, total in shown.totals:
        errors.print(f"Total: {total:f} {currency}", markup=False)
    if shown.withheld is not None:
        errors.print(why_withheld(shown.withheld).plainly(), markup=False)
    for earned, amount, currency in shown.carried:
        errors.print(f"Still to be taken back for {earned}: {amount:f} {currency}", markup=False)
    for one in shown.terms:
        value = plain(one.value)
        errors.print(f"Personal {one.kind} {value} from {one.from_day}: {one.because}", markup=False)
