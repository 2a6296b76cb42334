"""Whether a process can do its work: what load balancers and supervisors ask."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

STOPPING = "the process is stopping"


class NotReady(Exception):  # noqa: N818 - an answer
    """What a check found, in words that anybody may read."""


class InDoubt(Exception):  # noqa: N818 - an answer
    """A check could not find out. The process stays ready, and whoever looks is told."""


@dataclass(frozen=True)
class Check:
    """`ask` returns where all is well. It raises NotReady or InDoubt; all else stands for `otherwise`."""

    name: str
    ask: Callable[[], object]
    otherwise: str


@dataclass(frozen=True)
class Findings:
    """By the names of the checks."""

    problems: dict[str, str]
    """None: ready."""
    warnings: dict[str, str]


class Health:
    """A process is alive when it answers at all, and ready when every check passes and it is not stopping."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = checks
        self._stopping = False

    def stop(self) -> None:
        """From now on the process is not ready: no new work should come its way."""
        self._stopping = True

    def look(self) -> Findings:
        """Make every check."""
        problems, warnings = {"process": STOPPING} if self._stopping else {}, {}
        for check in self._checks:
            try:
                check.ask()
            except NotReady as problem:
                problems[check.name] = str(problem)
            except InDoubt as doubt:
                warnings[check.name] = str(doubt)
            except Exception as error:  # noqa: BLE001 - whatever it is, the process is not ready
                log.warning("a check of readiness failed", check=check.name, problem=str(error))
                problems[check.name] = check.otherwise
        return Findings(problems, warnings)
