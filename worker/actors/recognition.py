"""After a month is locked: who was best of it; and what people and the channel read of it."""

from collections.abc import Mapping
from typing import Any

from bot.blocks.person_file import file_message
from bot.blocks.primitives import Writer
from bot.blocks.recognition import asked_message, named_message
from bot.delivery import Drawing, NothingToSay
from bot.locale import for_locale
from domain.clock import today
from domain.errors import NotAllowed, NotFound
from domain.people import service as people
from domain.people.model import Person
from domain.periods import Period
from domain.recognition import file, service
from domain.recognition.file import FileNews
from domain.scoring.service import RECOGNISE_JOB
from domain.services import Services
from domain.viewers import viewer_of
from worker.runner import Handler, Task


def recognise_month(task: Task) -> None:
    """Args: `month`."""
    with task.finishing() as session:
        service.recognise(session, task.services.clock, Period.parse(task.args["month"]))


def draw_named(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """Names those who want to be named now. Raises NothingToSay where there is nobody and never was."""
    month = Period.parse(facts["month_named"])
    with services.database.reading() as session:
        company = people.company(session)
        day = today(services.clock, company.time_zone)
        lines = service.named(session, month, day) if service.is_told(company) else []
        is_out = service.is_out(session, month)
    if not lines and not is_out:
        raise NothingToSay
    told = named_message(Writer(for_locale(locale)), month, lines)
    return Drawing(lambda _: told)


def draw_asked(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """Raises NothingToSay where the policy has changed, or the person has chosen meanwhile."""
    month = Period.parse(facts["month_named"])
    with services.database.reading() as session:
        company = people.company(session)
        won = service.awards_of(session, facts["person_id"], month)
        if not service.is_told(company) or service.wants_to_be_named(session, facts["person_id"]):
            raise NothingToSay
    channel = company.policies[service.CHANNEL]
    told = asked_message(Writer(for_locale(locale)), facts["person_id"], month, won, channel)
    return Drawing(lambda _: told)


def draw_entry(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """Raises NothingToSay where the entry may not be seen."""
    with services.database.reading() as session:
        viewer = viewer_of(session, services.clock, session.get_one(Person, facts["reader_id"]), locale)
        try:
            entry = file.entry_view(session, services.clock, viewer, facts["entry_id"])
        except (NotAllowed, NotFound):
            raise NothingToSay from None
    told = file_message(Writer(for_locale(locale)), entry, FileNews(facts["news"]))
    return Drawing(lambda _: told)


HANDLERS: Mapping[str, Handler] = {RECOGNISE_JOB: recognise_month}
