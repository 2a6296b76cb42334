"""The file of all sources, read anew each time, so that a corrected one counts without a restart."""

import os
from collections.abc import Sequence
from pathlib import Path

import structlog

from domain.clock import Clock
from domain.database import Database
from domain.errors import BadInput, NotFound
from domain.sources.configured import note_file, remember_configured
from worker.sources.config import Source, load_sources

log = structlog.get_logger()


def configured(database: Database, clock: Clock, path: Path) -> tuple[Source, ...]:
    """What the file says; noted in the tables, where others see it. Raises BadInput after noting that too."""
    try:
        sources = load_sources(path, os.environ)
    except BadInput as problem:
        with database.writing() as session:
            note_file(session, clock, str(problem))
        raise
    with database.writing() as session:
        remember_configured(session, [source.entry for source in sources])
        note_file(session, clock, None)
    return sources


def one_of(sources: Sequence[Source], name: str, path: Path) -> Source:
    """Raises NotFound with the names that there are."""
    for source in sources:
        if source.name == name:
            return source
    raise NotFound(
        "There is no source {source} in {file}: it names {known}.",
        source=name,
        file=path.name,
        known=", ".join(source.name for source in sources) or "none",
    )


class Watched:
    """The file as the scheduler looks at it every few seconds: the tables are touched when it has changed."""

    def __init__(self, database: Database, clock: Clock, path: Path) -> None:
        self._database = database
        self._clock = clock
        self._path = path
        self._noted: object = None

    def sources(self) -> tuple[Source, ...]:
        """Those that can be read now: none while the file is wrong."""
        try:
            found = load_sources(self._path, os.environ)
            seen: object = [source.entry for source in found]
        except BadInput as problem:
            found, seen = (), str(problem)
        if seen != self._noted:
            self._note()
            self._noted = seen
        return found

    def _note(self) -> None:
        try:
            configured(self._database, self._clock, self._path)
        except BadInput as problem:
            log.warning("the sources cannot be read", problem=str(problem))
