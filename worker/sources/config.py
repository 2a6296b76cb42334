"""`sources.toml`: which sources there are, what they yield and how often. Described in docs/sources.md."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from domain.errors import N_, BadInput
from domain.plans.rules_table import PlanError, Table
from domain.plans.rules_toml import TomlError, read_toml
from domain.sources.configured import SourceEntry
from domain.sources.service import SourceTerms
from worker.sources import config_files, config_http, config_push, config_sql
from worker.sources.config_files import FilesQuery, files_query
from worker.sources.config_http import HttpQuery, http_query
from worker.sources.config_push import PushTerms, push_terms
from worker.sources.config_sql import SqlQuery, sql_query
from worker.sources.config_values import Place, day, duration, flag
from worker.sources.secret import Secret

KEYS_OF_ALL = ("name", "kind", "measures", "every", "from", "removes")
RESERVED_NAMES = ("import",)

Reads = FilesQuery | SqlQuery | HttpQuery | PushTerms


@dataclass(frozen=True)
class Kind:
    """A kind of source. A new one adds itself to KINDS."""

    keys: tuple[str, ...]
    """Besides those that every source has."""
    read: Callable[[Table, Place, tuple[str, ...]], Reads]
    delivers: bool = False
    """It comes by itself, and is never pulled."""


KINDS: Mapping[str, Kind] = {
    "files": Kind(config_files.KEYS, lambda table, place, _measures: files_query(table, place)),
    "sql": Kind(config_sql.KEYS, sql_query),
    "http": Kind(config_http.KEYS, http_query),
    "push": Kind(config_push.KEYS, lambda table, place, _measures: push_terms(table, place), delivers=True),
}


@dataclass(frozen=True)
class Source:
    name: str
    kind: str
    measures: tuple[str, ...]
    """All that it may yield; for these it also says which days are reported."""
    every: timedelta | None
    """None: it delivers by itself, and has not said how often."""
    reads: Reads
    covered_from: date | None = None
    """The first day that it reports; None: that of its first record."""
    removes: bool = False
    """Whether a record that it no longer yields is gone; otherwise it stays as it was last seen."""

    @property
    def delivers(self) -> bool:
        return KINDS[self.kind].delivers

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return self.reads.secrets

    @property
    def terms(self) -> SourceTerms:
        return SourceTerms(self.name, self.measures, self.covered_from, self.removes)

    @property
    def entry(self) -> SourceEntry:
        every_s = None if self.every is None else int(self.every.total_seconds())
        return SourceEntry(self.name, self.kind, every_s, self.measures)


def load_sources(path: Path, environment: Mapping[str, str]) -> tuple[Source, ...]:
    """The sources of a file; none where there is no file. Raises BadInput with file, line and a sentence."""
    place = Place(path, environment)
    keys = dict.fromkeys([*KEYS_OF_ALL, *(key for kind in KINDS.values() for key in kind.keys)])
    try:
        document = read_toml(path.read_text(encoding="utf-8"))
        table = Table(document, (), document.data, path.name, ("sources",))
        tables = table.tables("sources", "source", keys)
        sources = tuple(_source(each, place) for each in tables)
        _check_names(tables, sources)
    except (PlanError, TomlError) as error:
        raise _refused(path, error.line, error.sentence) from None
    except UnicodeDecodeError:
        raise _refused(path, 1, "This is not UTF-8.") from None
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise _refused(path, 1, f"The file cannot be read ({error.strerror}).") from None
    return sources


def _refused(path: Path, line: int, sentence: str) -> BadInput:
    return BadInput(N_("{file}, line {line}: {problem}"), file=path.name, line=line, problem=sentence)


def _check_names(tables: list[Table], sources: tuple[Source, ...]) -> None:
    seen: set[str] = set()
    for table, source in zip(tables, sources, strict=True):
        if source.name in seen:
            raise table.error(f'Two sources are called "{source.name}": rename one of them.', "name")
        seen.add(source.name)


def _source(table: Table, place: Place) -> Source:
    kind = _kind(table)
    measures = _measures(table)
    needs_every = not KINDS[kind].delivers or table.has("every")
    return Source(
        name=_name(table),
        kind=kind,
        measures=measures,
        every=duration(table, "every") if needs_every else None,
        reads=KINDS[kind].read(table, place, measures),
        covered_from=day(table, "from"),
        removes=_removes(table, kind),
    )


def _kind(table: Table) -> str:
    name = table.text("kind")
    if name not in KINDS:
        raise table.error(f'"{name}" is no kind of source. There is {", ".join(KINDS)}.', "kind")
    allowed = (*KEYS_OF_ALL, *KINDS[name].keys)
    for key in table.values:
        if key not in allowed:
            raise table.error(
                f'A source of the kind "{name}" has no key "{key}". It knows {", ".join(allowed)}.', key
            )
    return name


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


def _removes(table: Table, kind: str) -> bool:
    removes = flag(table, "removes")
    if removes and KINDS[kind].delivers:
        raise table.error('"removes" is for sources that are read whole.', "removes")
    return removes
