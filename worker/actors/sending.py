"""Messages: drawn from an outbox row when it is delivered, and drawn again when what they tell of changed."""

from collections.abc import Mapping
from typing import Any

from bot.blocks import notices
from bot.blocks.primitives import Message, Writer, bold, image, message, section
from bot.delivery import Delivery, Drawing
from bot.locale import for_locale
from domain.errors import N_, Refusal
from domain.outbox import Upload
from domain.scoring.chart_requests import CHART_POST
from domain.services import Services
from worker.actors.charts import chart_post
from worker.runner import Handler, Task

UPDATE_JOB = "update_post"

NO_CHART = N_("The chart that you asked for cannot be drawn.")


class Drawer:
    """Draws any post: a chart around its picture, everything else from its facts."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, kind: str, facts: dict[str, Any], locale: str) -> Drawing:
        language = for_locale(locale)
        if kind != CHART_POST:
            return Drawing(lambda _: notices.draw(kind, facts, language))
        try:
            chart = chart_post(self._services, facts, locale)
        except Refusal as refused:
            return _no_chart(Writer(language), refused)

        def write(upload: Upload | None) -> Message:
            if upload is None:
                raise ValueError("a chart is written around its uploaded picture")
            picture = image(upload.file_id, upload.alt_text)
            return message(Writer(language), chart.title, [section(bold(chart.title)), picture])

        return Drawing(write, chart.picture)


def _no_chart(writer: Writer, refused: Refusal) -> Drawing:
    """Who waits for a chart hears why none comes."""
    heading = writer.text(NO_CHART)
    return Drawing(lambda _: message(writer, heading, [section(heading, writer.refusal(refused))]))


def handlers(delivery: Delivery) -> Mapping[str, Handler]:
    def update_post(task: Task) -> None:
        """Args: `post_id`. The message says what its row says now, in its place in Slack."""
        delivery.update(task.args["post_id"])
        with task.finishing():
            pass

    return {UPDATE_JOB: update_post}
