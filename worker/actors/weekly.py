"""The week's messages: cards for those who sell, digests for those who lead them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.blocks import digest, weekly
from bot.blocks.primitives import Message, Writer, image
from bot.delivery import Drawing, NothingToSay
from bot.locale import for_locale
from domain.access import Viewer
from domain.errors import Refusal
from domain.outbox import Upload
from domain.people.model import Person
from domain.people.preferences import preferences_of
from domain.periods import Period
from domain.scoring.chart_requests import ChartKind, ChartRequest
from domain.services import Services
from domain.viewers import viewer_of
from domain.weekly import digests, service, views
from domain.weekly.views import WeeklyCard
from worker.actors.charts import ChartPost, chart_post
from worker.runner import Handler, Task


def weekly_cards(task: Task) -> None:
    """Args: `week`, a key such as 2026-W28."""
    week = Period.parse(task.args["week"])
    with task.finishing() as session:
        service.request_cards(session, task.services.clock, week, task.correlation_id)


def weekly_cards_chunk(task: Task) -> None:
    """Args: `week` and `person_ids`."""
    week, clock = Period.parse(task.args["week"]), task.services.clock
    with task.finishing() as session:
        service.write_cards(session, clock, week, task.args["person_ids"])
        service.chunk_finished(session, clock, week, task.correlation_id)


def weekly_digests(task: Task) -> None:
    """Args: `week`."""
    with task.finishing() as session:
        service.write_digests(session, task.services.clock, Period.parse(task.args["week"]))


def draw_card(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """Raises NothingToSay."""
    week, clock = Period.parse(facts["week"]), services.clock
    with services.database.reading() as session:
        viewer = viewer_of(session, clock, session.get_one(Person, facts["person_id"]), locale)
        view = views.weekly_card(session, clock, viewer, week)
        with_chart = preferences_of(session, viewer.person_id).weekly_chart
    if view is None:
        raise NothingToSay
    card = weekly.weekly_card(Writer(for_locale(locale)), view)
    chart = _chart(services, viewer, view, locale) if with_chart else None
    if chart is None:
        return Drawing(lambda _: card)

    def write(upload: Upload | None) -> Message:
        if upload is None:
            raise ValueError("a chart is shown once it is uploaded")
        return replace(card, blocks=[*card.blocks, image(upload.file_id, upload.alt_text)])

    return Drawing(write, chart.picture)


def draw_digest(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """Raises NothingToSay."""
    week, clock = Period.parse(facts["week"]), services.clock
    with services.database.reading() as session:
        viewer = viewer_of(session, clock, session.get_one(Person, facts["person_id"]), locale)
        view = digests.digest(session, clock, viewer, week)
    if view is None:
        raise NothingToSay
    told = digest.digest(Writer(for_locale(locale)), view)
    return Drawing(lambda _: told)


def _chart(services: Services, viewer: Viewer, view: WeeklyCard, locale: str) -> ChartPost | None:
    """None where there is nothing to draw: the card comes all the same."""
    month, person_id = view.month.card.period.key, viewer.person_id
    request = ChartRequest(ChartKind.LINES, person_id, month, person_id=person_id)
    try:
        return chart_post(services, request.to_json(), locale)
    except Refusal:
        return None


HANDLERS: Mapping[str, Handler] = {
    service.CARDS_JOB: weekly_cards,
    service.CHUNK_JOB: weekly_cards_chunk,
    service.DIGESTS_JOB: weekly_digests,
}
