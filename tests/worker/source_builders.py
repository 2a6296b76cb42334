"""A company whose measures come from sources, and what became of them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from domain.clock import FixedClock
from domain.database import Base, Database
from domain.imports.service import import_folder
from domain.loads import latest_load_id
from domain.metrics.model import Coverage, MeasureRecord
from domain.outbox import Post
from domain.people.model import Person
from domain.sources.model import SourceRun
from tests.builders import CompanyFolder
from worker.sources.config import Source, load_sources
from worker.sources.service import PullResult, pull


class SourcedCompany:
    """Two people, E1 and E2 (ada@example.com); an admin, A1, and one who has left. No source yet."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        """The database holds the company already; see `import_company`."""
        self.database = database
        self.clock = clock
        self.folder = folder
        self.environment: dict[str, str] = {}

    @property
    def file(self) -> Path:
        return self.folder / "sources.toml"

    def configure(self, text: str) -> None:
        """The text of sources.toml."""
        self.file.write_text(text, encoding="utf-8")

    def source(self) -> Source:
        [source] = load_sources(self.file, self.environment)
        return source

    def pull(self) -> PullResult:
        return pull(self.database, self.clock, self.source(), environment=self.environment)

    def records(self, source: str = "crm") -> dict[str, tuple[object, ...]]:
        """By id: employee, measure, day, value, customer."""
        query = (
            sa.select(MeasureRecord, Person.employee_id)
            .join(Person, Person.id == MeasureRecord.person_id)
            .where(MeasureRecord.source == source, MeasureRecord.ended_in.is_(None))
        )
        with self.database.reading() as session:
            return {
                row.record_id: (employee_id, row.measure, row.occurred_on, row.value, row.customer_id)
                for row, employee_id in session.execute(query)
            }

    def coverage(self, source: str = "crm") -> list[tuple[date, date]]:
        with self.database.reading() as session:
            return [
                (row.first_day, row.last_day)
                for row in session.scalars(
                    sa.select(Coverage).where(Coverage.origin == source, Coverage.ended_in.is_(None))
                )
            ]

    def runs(self) -> list[SourceRun]:
        with self.database.reading() as session:
            return list(session.scalars(sa.select(SourceRun).order_by(SourceRun.id)))

    def last_run(self) -> SourceRun:
        return self.runs()[-1]

    def posts(self) -> list[Post]:
        with self.database.reading() as session:
            return list(session.scalars(sa.select(Post).order_by(Post.id)))

    def everything_kept(self) -> str:
        """Every cell of every table, as text: to look for what must not be there."""
        with self.database.reading() as session:
            return "\n".join(
                str(tuple(row))
                for table in Base.metadata.sorted_tables
                for row in session.execute(sa.select(table))
            )

    def latest_load(self) -> int:
        with self.database.reading() as session:
            return latest_load_id(session)


def import_company(database: Database, clock: FixedClock, folder: Path) -> None:
    company = (
        CompanyFolder()
        .person("E1")
        .person("E2", email="ada@example.com")
        .person("A1", role="admin", unit="")
        .person("A2", role="admin", unit="", left_on="2026-01-31")
        .plan()
    )
    with database.writing() as session:
        import_folder(session, clock, company.write(folder / "acme"), "cli:test")


def toml(**keys: object) -> str:
    """`[[sources]]` of the name crm with these keys; a mapping becomes a table of its own."""
    given: dict[str, object] = {"name": "crm", "every": "1h", "measures": ["won_amount"], **keys}
    plain = [f"{key} = {_value(value)}" for key, value in given.items() if not isinstance(value, Mapping)]
    tables = [
        f"[sources.{key}]\n" + "\n".join(f'"{name}" = {_value(one)}' for name, one in value.items())
        for key, value in given.items()
        if isinstance(value, Mapping)
    ]
    return "[[sources]]\n" + "\n".join([*plain, *tables]) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return (
            f'"""{value}"""' if "\n" in value else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)
