"""Whether a process can do its work: what load balancers and supervisors ask."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

STOPPING = "the process is stopping"


class NotReady(Exception):  # noqa: N818 - an answer
    """What a check found, in words that anybody may read."""


@dataclass(frozen=True)
class Check:
    """`ask` returns where all is well. It raises NotReady; any other exception stands for `otherwise`."""

    name: str
    ask: Callable[[], object]
    otherwise: str


class Health:
    """A process is alive when it answers at all, and ready when every check passes and it is not stopping."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = checks
        self._stopping = False

    def stop(self) -> None:
        """From now on the process is not ready: no new work should come its way."""
        self._stopping = True

    def problems(self) -> dict[str, str]:
        """What is wrong, by the name of the check; empty: ready."""
        found = {"process": STOPPING} if self._stopping else {}
        for check in self._checks:
            try:
                check.ask()
            except NotReady as problem:
                found[check.name] = str(problem)
            except Exception as error:  # noqa: BLE001 - whatever it is, the process is not ready
                log.warning("a check of readiness failed", check=check.name, problem=str(error))
                found[check.name] = check.otherwise
        return found
