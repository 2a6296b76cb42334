"""Disputes by the clock, and the alerts that wait for their end."""

from collections.abc import Mapping

from domain.disputes.reminding import REMIND_JOB, remind
from domain.disputes.service import ALERTS_JOB
from domain.watch.service import hold_disputed, release_disputed
from worker.runner import Handler, Task


def remind_disputes(task: Task) -> None:
    """No args: what is due today."""
    with task.finishing() as session:
        remind(session, task.services.clock)


def look_at_alerts(task: Task) -> None:
    """Args: `person_id`. What is disputed is held, what is disputed no more goes on."""
    with task.finishing() as session:
        hold_disputed(session, task.services.clock, task.args["person_id"])
        release_disputed(session, task.services.clock, task.args["person_id"])


HANDLERS: Mapping[str, Handler] = {REMIND_JOB: remind_disputes, ALERTS_JOB: look_at_alerts}
