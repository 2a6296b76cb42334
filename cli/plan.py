"""Plans from the command line: read and said in words, held against the past, put into force."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.common import Format, counted, errors, installation, print_rows, progress_bar, refusals, who
from domain.access import CommandLine
from domain.clock import today
from domain.errors import BadInput
from domain.people import service as people
from domain.plain import plain
from domain.plans.rules import Plan
from domain.plans.rules_file import parse_plan
from domain.plans.rules_table import PlanError
from domain.plans.rules_words import in_words
from domain.previews.applying import Applied, apply_plan
from domain.previews.rules_spans import periods_of, spans_of
from domain.previews.service import Preview
from domain.previews.service import preview as preview_draft
from domain.previews.sheets import (
    CHANGE_COLUMNS,
    TOTAL_COLUMNS,
    change_rows,
    tiers_in_all,
    total_rows,
)
from domain.services import Services
from domain.tables import Cell, write_table

SHORT_COLUMNS = ("period", "employee_id", "name", "unit", "score", "tier", "place")
TOTALS = "totals"
"""Part of the name of the file beside the one with the changes."""

FileOrFolder = Annotated[
    Path, typer.Argument(exists=True, metavar="FILE|FOLDER", help="A plan, or a folder of plans (*.toml).")
]
PlanFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE", help="A plan.")]

app = typer.Typer(help="Plans: checked, previewed on past periods, put into force.", no_args_is_help=True)


@app.command()
def check(path: FileOrFolder) -> None:
    """Read plans and say in words what they mean; nothing is loaded."""
    with refusals():
        plans = list(_read_all(path))
        _refuse_clashes(plans)
        for file, plan in plans:
            typer.echo(f"{file}:")
            for saying in in_words(plan):
                typer.echo(f"  {saying}")


@app.command()
def preview(
    file: PlanFile,
    periods: Annotated[
        str | None,
        typer.Option(
            metavar="PERIODS",
            help="2026-01..2026-06, may..july, or 2026-01,q1; the last six ended months by default.",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write every change to .xlsx or .csv, totals beside it."),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the tiers before and after, as .png.")
    ] = None,
    output_format: Annotated[Format, typer.Option("--format")] = Format.TABLE,
    most: Annotated[int, typer.Option(help="How many changes to print; all of them with --to.")] = 20,
) -> None:
    """Score past periods under a draft, beside the plan in force: who would change, by how much."""
    with installation() as services:
        plan, asked = _read(file), periods_of(periods or "", _company_day(services))
        with progress_bar("Previewing") as progress:
            found = preview_draft(
                services.database, services.clock, CommandLine(who()), plan, asked, progress
            )
        with services.database.reading() as session:
            changes = list(change_rows(session, found))
            rows = [_texts(row) for row in changes[:most]]
            if output_format is Format.TABLE:
                print_rows(SHORT_COLUMNS, map(_shortened, rows), output_format)
            else:
                print_rows(CHANGE_COLUMNS, rows, output_format)
            if to is not None:
                write_table(to, CHANGE_COLUMNS, changes)
                write_table(_totals_file(to), TOTAL_COLUMNS, total_rows(session, found))
                errors.print(f"{to} and {_totals_file(to)} are written.", markup=False)
        if chart is not None:
            _draw(found, chart)
        _say_totals(found, len(changes), min(most, len(changes)))


@app.command()
def apply(file: PlanFile) -> None:
    """Put a plan into force from its first month on. What is locked keeps the plan it was scored by."""
    with installation() as services:
        text = _text(file)
        with services.database.writing() as session:
            applied = apply_plan(session, services.clock, CommandLine(who()), text)
        _say_applied(applied)


def _company_day(services: Services) -> date:
    with services.database.reading() as session:
        return today(services.clock, people.company(session).time_zone)


def _read_all(path: Path) -> Iterator[tuple[Path, Plan]]:
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise BadInput("{folder} holds no plan: there is no file that ends in .toml.", folder=str(path))
    for file in files:
        yield file, _read(file)


def _read(file: Path) -> Plan:
    try:
        return parse_plan(_text(file))
    except PlanError as error:
        raise BadInput(
            "{file}, line {line}: {problem}", file=str(file), line=error.line, problem=error.sentence
        ) from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput("{file} cannot be read as UTF-8: {problem}", file=str(file), problem=problem) from None


def _refuse_clashes(plans: list[tuple[Path, Plan]]) -> None:
    """Two plans of the same job family, or name, and first month."""
    first_of: dict[tuple[str, str, str], Path] = {}
    for file, plan in plans:
        for what, name in (("job family", plan.job_family), ("name", plan.name)):
            other = first_of.setdefault((what, name, plan.from_month.key), file)
            if other != file:
                raise BadInput(
                    '{file}, line {line}: the {what} "{name}" and the first month {month} are those of '
                    "{other}: keep one of them, or change its from.",
                    file=str(file),
                    line=plan.from_line,
                    what=what,
                    name=name,
                    month=plan.from_month.key,
                    other=str(other),
                )


def _totals_file(to: Path) -> Path:
    return to.with_stem(f"{to.stem}-{TOTALS}")


def _draw(found: Preview, file: Path) -> None:
    from worker.charts import PreviewedTiers, TierPeople, draw_previewed_tiers  # Matplotlib takes its time

    tiers = tuple(TierPeople(tier, after, before) for tier, before, after in tiers_in_all(found.periods))
    spans = tuple((first.key, last.key) for first, last in spans_of(one.period for one in found.periods))
    picture = draw_previewed_tiers(PreviewedTiers(found.draft.name, spans, tiers), str)
    try:
        file.write_bytes(picture.png)
    except OSError as problem:
        raise BadInput("{file} cannot be written: {problem}.", file=str(file), problem=problem) from None
    errors.print(f"{file} is drawn. {picture.alt_text}", markup=False)


def _say_totals(found: Preview, changes: int, printed: int) -> None:
    for tier, before, after in tiers_in_all(found.periods):
        errors.print(f"{tier}: {before} → {after} ({after - before:+})", markup=False)
    cards = sum(one.people for one in found.periods)
    periods = counted(len(found.periods), "period")
    errors.print(
        f"{counted(changes, 'change')} among {counted(cards, 'card')} of {periods}; {printed} printed."
    )


def _say_applied(applied: Applied) -> None:
    plan = applied.plan
    if not applied.changed:
        errors.print(f"{plan.name} from {plan.from_month} is in force like that already.", markup=False)
        return
    errors.print(
        f"{plan.name}, version {applied.version}, scores {plan.job_family} from {plan.from_month} on.",
        markup=False,
    )
    for replaced in applied.replaces:
        errors.print(f"Until then it is {replaced}; locked periods keep it.", markup=False)
    if applied.open_periods:
        errors.print(f"Not locked, to be scored anew: {', '.join(applied.open_periods)}.", markup=False)


def _shortened(row: dict[str, str]) -> dict[str, str]:
    """Before and after in one cell each."""
    return {
        **{name: row[name] for name in ("period", "employee_id", "name", "unit")},
        **{name: f"{row[name]} → {row[f'new_{name}']}" for name in ("score", "tier", "place")},
    }


def _texts(row: dict[str, Cell]) -> dict[str, str]:
    return {name: plain(cell) if not isinstance(cell, str) else cell for name, cell in row.items()}
