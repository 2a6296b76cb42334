"""Disputes by the clock, and the alerts that wait for their end."""

from collections.abc import Mapping
from typing import Any

from bot.blocks.disputes import dispute_message
from bot.blocks.primitives import Writer
from bot.delivery import Drawing, NothingToSay
from bot.locale import for_locale
from domain.disputes import views
from domain.disputes.moves import ALERTS_JOB
from domain.disputes.posts import News
from domain.disputes.reminding import REMIND_JOB, remind
from domain.errors import NotAllowed, NotFound
from domain.people.model import Person
from domain.services import Services
from domain.viewers import viewer_of
from domain.watch.service import hold_disputed, release_disputed
from worker.runner import Handler, Task


def draw_dispute(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """As it stands when it is sent. Raises NothingToSay where the reader may not see it any more."""
    clock = services.clock
    with services.database.reading() as session:
        viewer = viewer_of(session, clock, session.get_one(Person, facts["reader_id"]), locale)
        try:
            view = views.view(session, clock, viewer, facts["dispute_id"])
        except (NotAllowed, NotFound):
            raise NothingToSay from None
    told = dispute_message(Writer(for_locale(locale)), view, News(facts["news"]))
    return Drawing(lambda _: told)


def remind_disputes(task: Task) -> None:
    """No args: what is due today."""
    remind(task.services.database, task.services.clock)
    with task.finishing():
        pass


def look_at_alerts(task: Task) -> None:
    """Args: `person_id`. What is disputed is held, what is disputed no more goes on."""
    with task.finishing() as session:
        hold_disputed(session, task.services.clock, task.args["person_id"])
        release_disputed(session, task.services.clock, task.args["person_id"])


HANDLERS: Mapping[str, Handler] = {REMIND_JOB: remind_disputes, ALERTS_JOB: look_at_alerts}
