"""Variable pay: what a month that was locked earns. The lock itself adds the job."""

from collections.abc import Mapping

from domain.incentives.service import accrue
from domain.periods import Period
from domain.scoring.service import ACCRUE_JOB
from worker.runner import Handler, Task


def accrue_month(task: Task) -> None:
    """Args: `month`, a key such as 2026-06."""
    with task.finishing() as session:
        accrue(session, task.services.clock, Period.parse(task.args["month"]))


HANDLERS: Mapping[str, Handler] = {ACCRUE_JOB: accrue_month}
