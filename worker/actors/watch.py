"""The watch: who must hear of a month that was locked. The lock itself adds the job."""

from collections.abc import Mapping

from domain.periods import Period
from domain.scoring.service import WATCH_JOB
from domain.watch.service import watch_month
from worker.runner import Handler, Task


def watch(task: Task) -> None:
    """Args: `month`, a key such as 2026-06."""
    with task.finishing() as session:
        watch_month(session, task.services.clock, Period.parse(task.args["month"]))


HANDLERS: Mapping[str, Handler] = {WATCH_JOB: watch}
