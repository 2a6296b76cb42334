"""What people hear of targets: drawn as it stands when it is sent."""

from collections.abc import Mapping
from typing import Any

from bot.blocks.primitives import Writer
from bot.blocks.targets import restating_message, target_message
from bot.delivery import Drawing, NothingToSay
from bot.locale import for_locale
from domain.errors import NotAllowed, NotFound
from domain.people.model import Person
from domain.periods import Period
from domain.services import Services
from domain.targets import agreement_views
from domain.targets.agreement_views import AgreementView
from domain.targets.posts import News
from domain.targets.reminding import REMIND_JOB, remind
from domain.viewers import viewer_of
from worker.runner import Handler, Task


def draw_target(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """Raises NothingToSay where the reader may not see it any more."""
    view = _view(services, facts, locale)
    told = target_message(Writer(for_locale(locale)), view, News(facts["news"]))
    return Drawing(lambda _: told)


def draw_restating(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """As `draw_target`."""
    view = _view(services, facts, locale)
    told = restating_message(Writer(for_locale(locale)), view, [Period.parse(key) for key in facts["months"]])
    return Drawing(lambda _: told)


def _view(services: Services, facts: dict[str, Any], locale: str) -> AgreementView:
    clock = services.clock
    with services.database.reading() as session:
        viewer = viewer_of(session, clock, session.get_one(Person, facts["reader_id"]), locale)
        try:
            return agreement_views.view(session, clock, viewer, facts["agreement_id"])
        except (NotAllowed, NotFound):
            raise NothingToSay from None


def remind_targets(task: Task) -> None:
    """No args: what is due today."""
    remind(task.services.database, task.services.clock)
    with task.finishing():
        pass


HANDLERS: Mapping[str, Handler] = {REMIND_JOB: remind_targets}
