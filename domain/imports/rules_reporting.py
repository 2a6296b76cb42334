"""Who reports to whom, day by day, and the loops that must not be in it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby


@dataclass(frozen=True)
class Transfer:
    from_day: date
    manager_id: str | None
    """None: unchanged."""


@dataclass(frozen=True)
class Reporting:
    """One person's managers: at hire, then by transfers (one dated before the hire counts from the hire)."""

    hired_on: date
    left_on: date | None
    manager_id: str | None
    transfers: tuple[Transfer, ...] = ()

    def with_transfers(self, transfers: Iterable[Transfer]) -> "Reporting":
        return replace(self, transfers=tuple(sorted(transfers, key=lambda transfer: transfer.from_day)))


@dataclass(frozen=True)
class Step:
    """A person's manager from a day on; `from_day` is None for the state at hire."""

    employee_id: str
    manager_id: str
    from_day: date | None


@dataclass(frozen=True)
class Loop:
    day: date
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class _Change:
    day: date
    employee_id: str
    step: Step | None
    """None: has left, and reports to nobody."""


def first_loops(reporting: Mapping[str, Reporting]) -> Iterator[Loop]:
    """Each circle of managers once, on the first day it is closed."""
    now: dict[str, Step | None] = {}
    seen: set[frozenset[str]] = set()
    changes = sorted(_changes(reporting), key=lambda change: change.day)  # stable: in order within a person
    for day, of_day in groupby(changes, key=lambda change: change.day):
        changed = list(of_day)
        now.update((change.employee_id, change.step) for change in changed)
        for change in changed:
            steps = _loop_through(change.employee_id, now)
            members = frozenset(step.employee_id for step in steps)
            if steps and members not in seen:
                seen.add(members)
                yield Loop(day, steps)


def _changes(reporting: Mapping[str, Reporting]) -> Iterator[_Change]:
    for employee_id, history in reporting.items():
        at_hire = Step(employee_id, history.manager_id, None) if history.manager_id else None
        yield _Change(history.hired_on, employee_id, at_hire)
        for transfer in history.transfers:
            if transfer.manager_id and (history.left_on is None or transfer.from_day <= history.left_on):
                day = max(transfer.from_day, history.hired_on)
                step = Step(employee_id, transfer.manager_id, transfer.from_day)
                yield _Change(day, employee_id, step)
        if history.left_on is not None:
            yield _Change(history.left_on + timedelta(days=1), employee_id, None)


def _loop_through(employee_id: str, now: Mapping[str, Step | None]) -> tuple[Step, ...]:
    """The steps from a person back to the same person; empty where the way up ends or circles elsewhere."""
    steps: list[Step] = []
    passed: set[str] = set()
    at = employee_id
    while at not in passed:
        passed.add(at)
        step = now.get(at)
        if step is None:
            return ()
        steps.append(step)
        at = step.manager_id
    return tuple(steps) if at == employee_id else ()
