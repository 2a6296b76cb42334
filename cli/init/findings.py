"""What a check found, and how it is printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import typer


class Verdict(StrEnum):
    GOOD = "ok"
    NOTE = "note"
    """It works, but somebody may miss something."""
    MISSING = "missing"
    """It does not work like this."""


@dataclass(frozen=True)
class Finding:
    verdict: Verdict
    what: str
    """One sentence; where something is missing, with what to do."""

    @property
    def is_good(self) -> bool:
        return self.verdict is Verdict.GOOD


def good(what: str) -> Finding:
    return Finding(Verdict.GOOD, what)


def note(what: str) -> Finding:
    return Finding(Verdict.NOTE, what)


def missing(what: str) -> Finding:
    return Finding(Verdict.MISSING, what)


def print_findings(findings: Iterable[Finding]) -> bool:
    """To standard output; whether nothing is missing."""
    complete = True
    for finding in findings:
        typer.echo(f"{finding.verdict.upper():8}{finding.what}")
        complete &= finding.verdict is not Verdict.MISSING
    return complete


def listed(items: Iterable[str], most: int = 10) -> str:
    """`a, b and 3 more`."""
    everything = list(items)
    rest = len(everything) - most
    return ", ".join(everything[:most]) + (f" and {rest} more" if rest > 0 else "")
