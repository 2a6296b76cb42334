"""`sources.toml`: which sources are pulled, how and how often. Format and example: `examples/maven-crm/`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from domain.errors import N_, BadInput
from domain.plans.rules_table import PlanError, Table
from domain.plans.rules_toml import TomlError, read_toml

SOURCE_KEYS = (
    *("name", "kind", "measures", "every", "from", "removes"),
    *("query", "sql", "coverage", "files"),
)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
RESERVED_NAMES = ("import",)

Expand = Callable[[str], str]


@dataclass(frozen=True)
class FilesQuery:
    """What the *files* connector reads: tables of files, and SQL over them."""

    tables: Mapping[str, Path]
    sql: str
    """Yields record_id, employee, measure, occurred_on, value and, if it likes, customer_id."""
    coverage_sql: str | None = None
    """Yields measure, from, to, both days included; may read the first query's rows as `measures`."""

    @property
    def says_coverage(self) -> bool:
        return self.coverage_sql is not None


@dataclass(frozen=True)
class Source:
    name: str
    measures: tuple[str, ...]
    """All that it may yield; for these it also says which days are reported."""
    every: timedelta
    reads: FilesQuery
    covered_from: date | None = None
    """The first day that it reports; None: that of its first record."""
    removes: bool = False
    """Whether a record that it no longer yields is gone; otherwise it stays as it was last seen."""


def load_sources(path: Path, environment: Mapping[str, str]) -> tuple[Source, ...]:
    """The sources of a file; none where there is no file. Raises BadInput with file, line and a sentence."""
    if not path.exists():
        return ()
    try:
        document = read_toml(path.read_text(encoding="utf-8"))
        table = Table(document, (), document.data, path.name, ("sources",))
        sources = tuple(
            _source(each, path.parent, environment) for each in table.tables("sources", "source", SOURCE_KEYS)
        )
    except (PlanError, TomlError) as error:
        raise _refused(path, error.line, error.sentence) from None
    except UnicodeDecodeError:
        raise _refused(path, 1, "This is not UTF-8.") from None
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise _refused(path, 1, f'Two sources are called "{name}": rename one of them.')
    return sources


def _refused(path: Path, line: int, sentence: str) -> BadInput:
    return BadInput(N_("{file}, line {line}: {problem}"), file=path.name, line=line, problem=sentence)


def _source(table: Table, folder: Path, environment: Mapping[str, str]) -> Source:
    kind = table.text("kind")
    if kind not in KINDS:
        raise table.error(f'"{kind}" is no kind of source. There is {", ".join(KINDS)}.', "kind")
    return Source(
        name=_name(table),
        measures=_measures(table),
        every=_every(table),
        reads=KINDS[kind](table, folder, environment),
        covered_from=_day(table, "from"),
        removes=_flag(table, "removes"),
    )


def _name(table: Table) -> str:
    name = table.text("name")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name) or name in RESERVED_NAMES:
        raise table.error(
            f'"{name}" cannot be a source\'s name: use lower-case letters, digits, - and _, '
            f"and not {', '.join(RESERVED_NAMES)}.",
            "name",
        )
    return name


def _measures(table: Table) -> tuple[str, ...]:
    measures = table.texts("measures")
    if not measures:
        raise table.error('"measures" must name the measures that the source reports.', "measures")
    return tuple(dict.fromkeys(measures))


def _every(table: Table) -> timedelta:
    text = table.text("every")
    match = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", text)
    if not match:
        raise table.error(f'"every" is "{text}": write it like 15m, 1h or 1d.', "every")
    return int(match[1]) * UNITS[match[2]]


def _day(table: Table, key: str) -> date | None:
    if not table.has(key):
        return None
    value = table.values[key]
    try:
        return value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise table.error(f'"{key}" must be a day such as 2026-01-01.', key) from None


def _flag(table: Table, key: str) -> bool:
    value = table.values.get(key, False)
    if not isinstance(value, bool):
        raise table.error(f'"{key}" must be true or false.', key)
    return value


def _files_query(table: Table, folder: Path, environment: Mapping[str, str]) -> FilesQuery:
    if table.exactly_one(("query", "sql")) == "sql":
        sql = table.text("sql", longest=100_000)
    else:
        sql = _sql_file(table, "query", folder, environment)
    coverage = _sql_file(table, "coverage", folder, environment) if table.has("coverage") else None
    files = table.values.get("files")
    if not isinstance(files, dict) or not files:
        raise table.error(f"{table.title} needs [sources.files] with a table's name and its file.", "files")
    return FilesQuery(
        tables={name: _file(table, name, files[name], folder, environment) for name in files},
        sql=sql,
        coverage_sql=coverage,
    )


KINDS = {"files": _files_query}
"""How a source of each kind is read from its table. A new connector adds its kind here."""


def _sql_file(table: Table, key: str, folder: Path, environment: Mapping[str, str]) -> str:
    path = folder / _expanded(table, table.text(key, longest=1000), environment, key)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise table.error(f'"{key}" names {path}, which cannot be read: correct the path.', key) from None


def _file(table: Table, name: str, value: object, folder: Path, environment: Mapping[str, str]) -> Path:
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise table.error(f'"{name}" cannot name a table: use lower-case letters, digits and _.', "files")
    if not isinstance(value, str) or not value:
        raise table.error(f'"{name}" must name a file.', "files", name)
    path = folder / _expanded(table, value, environment, "files", name)
    if path.suffix.lower() not in FILE_TYPES:
        raise table.error(f'"{name}" names {path.name}: read are {", ".join(FILE_TYPES)}.', "files", name)
    return path


FILE_TYPES = (".csv", ".xlsx", ".parquet", ".json")


def _expanded(table: Table, text: str, environment: Mapping[str, str], *place: str) -> str:
    """The text with each ${NAME} replaced by that variable of the environment."""

    def value(match: re.Match[str]) -> str:
        if not environment.get(match[1]):
            raise table.error(
                f"{match[0]} stands for an environment variable that is not set: set {match[1]}.", *place
            )
        return environment[match[1]]

    return re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", value, text)
