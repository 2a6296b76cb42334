"""Measuring: in a process of its own where memory counts, medians where a run is short."""

import gc
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHORT_RUN_S = 20.0
"""Runs up to here are repeated."""
REPEATS = 5


@dataclass(frozen=True)
class Comparison:
    """Ours beside the rival: `ours / rival` must not exceed `limit`."""

    part: str
    """`a, SQLite, p50`: the letter of the part first."""
    what: str
    """One sentence: what was measured, and who the rival is."""
    unit: str
    ours: float
    rival: float
    limit: float
    runs: int
    memory: "MemoryUse | None" = None

    @property
    def ratio(self) -> float:
        return self.ours / self.rival

    @property
    def holds(self) -> bool:
        return self.ratio <= self.limit and (self.memory is None or self.memory.holds)


@dataclass(frozen=True)
class MemoryUse:
    """Peak or growth in MB. `allowed_mb` is what ours may be: a share of the rival's, or a fixed amount."""

    ours_mb: float
    rival_mb: float | None
    allowed_mb: float

    @property
    def holds(self) -> bool:
        return self.ours_mb <= self.allowed_mb


@dataclass(frozen=True)
class Outcome:
    """What a process of its own came to."""

    seconds: float
    peak_mb: float
    value: Any


def in_a_process(work: Callable[..., Any], *args: object) -> Outcome:
    """Run `work(*args)` in a fresh process; `work` is a function at the top of a module.

    What it returns must be picklable. Where it returns a `Timed`, the seconds are that one's. Raises
    RuntimeError where the process fails.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_report, args=(theirs, work, args))
    process.start()
    theirs.close()
    try:
        outcome = ours.recv()
    except EOFError:
        raise RuntimeError(f"{work.__name__} ended without a result; see above") from None
    finally:
        process.join()
    if not isinstance(outcome, Outcome):
        raise TypeError(f"{work.__name__} reported {outcome!r}")
    return outcome


@dataclass(frozen=True)
class Timed:
    """Seconds that the work measured itself, without its preparation."""

    seconds: float
    value: Any = None


def medians(contenders: Iterable[Callable[[], Outcome]]) -> list[Outcome]:
    """Run the contenders in turns, so that a slow moment of the machine hits all; the median run of each.

    Each contender runs five times, or once where the first run was long.
    """
    waiting = list(contenders)
    outcomes = [[contender()] for contender in waiting]
    if max(each[0].seconds for each in outcomes) < SHORT_RUN_S:
        for _ in range(REPEATS - 1):
            for contender, found in zip(waiting, outcomes, strict=True):
                found.append(contender())
    return [sorted(found, key=lambda outcome: outcome.seconds)[len(found) // 2] for found in outcomes]


def percentile(values: Iterable[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def peak_mb() -> float:
    """The most memory this process had in use, in MB.

    Not `ru_maxrss` where there is better: on Linux it begins with the parent's.
    """
    return _from_proc("VmHWM") or _highest_mb()


def resident_mb() -> float:
    """The memory this process has in use now, in MB; where the system does not tell, the most it had."""
    return _from_proc("VmRSS") or _highest_mb()


def _from_proc(name: str) -> float | None:
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def _highest_mb() -> float:
    in_bytes = sys.platform == "darwin"
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if in_bytes else 1024)


def _report(pipe: Any, work: Callable[..., Any], args: tuple[object, ...]) -> None:
    gc.collect()
    started = time.perf_counter()
    value = work(*args)
    seconds = time.perf_counter() - started
    if isinstance(value, Timed):
        seconds, value = value.seconds, value.value
    pipe.send(Outcome(seconds, peak_mb(), value))
    pipe.close()
