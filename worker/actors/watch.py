"""The watch: who must hear of a month that was locked."""

from collections.abc import Mapping

from domain.periods import Period
from domain.watch.service import watch_month
from worker.runner import Handler, Task

WATCH_JOB = "watch_month"


def watch(task: Task) -> None:
    """Args: `month`, a key such as 2026-06."""
    with task.finishing() as session:
        watch_month(session, task.services.clock, Period.parse(task.args["month"]))


HANDLERS: Mapping[str, Handler] = {WATCH_JOB: watch}
