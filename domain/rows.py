"""Rows of text that people and other systems hand us, and what to say of a bad one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from domain.errors import N_, BadInput

MOST_PROBLEMS = 20
LONGEST_SHOWN = 60


class Reason(str):
    """Why a cell is bad, in English. It remembers how it was made, to be said in other languages too."""

    sentence: str
    values: dict[str, str]

    def __new__(cls, sentence: str, **values: object) -> "Reason":
        reason = super().__new__(cls, sentence.format(**values))
        reason.sentence = sentence
        reason.values = {name: str(value) for name, value in values.items()}
        return reason


@dataclass(frozen=True)
class Row:
    """A row as it was written; `line` is where it starts, from 1 (of a query's result: the row's number)."""

    file: str
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class BadRow:
    """Why a row cannot be used. No line: the whole file; no column: the whole row."""

    file: str
    line: int | None
    column: str | None
    value: str
    reason: str

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", {self.column}"
        if not self.value:
            return f"{place}: {self.reason}"
        cut = self.value if len(self.value) <= LONGEST_SHOWN else self.value[:LONGEST_SHOWN] + "…"
        return f'{place}: "{cut}" {self.reason}'


class ImportRefused(BadInput):
    """Data with bad rows, of which nothing was loaded. Lists the first problems."""

    def __init__(self, problems: list[BadRow]) -> None:
        count = f"the first {len(problems)} problems" if len(problems) >= MOST_PROBLEMS else len(problems)
        super().__init__(
            N_("Nothing was loaded. Correct these and try again ({count}):\n{problems}"),
            count=count,
            problems="\n".join(map(str, problems)),
        )
        self.problems = problems


class CellError(ValueError):
    """Raised while a row is read; becomes a BadRow where file and line are known."""

    def __init__(self, column: str | None, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason


class Problems:
    """Collects bad rows and refuses them together: at the end, or as soon as there are enough."""

    def __init__(self) -> None:
        self._found: list[BadRow] = []

    def add(self, problem: BadRow) -> None:
        self._found.append(problem)
        if len(self._found) >= MOST_PROBLEMS:
            raise ImportRefused(self._found)

    @contextmanager
    def of_row(self, file: str, line: int) -> Iterator[None]:
        """Collect the bad cell that the block stumbles on."""
        try:
            yield
        except CellError as bad:
            self.add(BadRow(file, line, bad.column, bad.value, bad.reason))

    @contextmanager
    def of_file(self) -> Iterator[None]:
        """Collect what makes the block stop reading its file, so that others are still looked at."""
        try:
            yield
        except ImportRefused as refused:
            if refused.problems is self._found:
                raise
            for problem in refused.problems:
                self.add(problem)

    def refuse_any(self) -> None:
        """Raises ImportRefused where something was found."""
        if self._found:
            raise ImportRefused(self._found)
