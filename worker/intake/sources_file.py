"""The file of sources, read again only when it has changed: anybody may send a request, signed or not."""

from collections.abc import Mapping
from pathlib import Path

from worker.sources.config import Source, load_sources

Stamp = tuple[int, int, int]


class SourcesFile:
    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self._path = path
        self._environment = environment
        self._read: tuple[Stamp | None, tuple[Source, ...]] | None = None

    def sources(self) -> tuple[Source, ...]:
        """Raises BadInput, each time, as long as the file is wrong."""
        stamp = self._stamp()
        if self._read is None or self._read[0] != stamp:
            self._read = (stamp, load_sources(self._path, self._environment))
        return self._read[1]

    def _stamp(self) -> Stamp | None:
        """None where there is no file."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ctime_ns, found.st_size
