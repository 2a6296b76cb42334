"""Messages: drawn from an outbox row when it is delivered, and drawn again when what they tell of changed."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
import structlog

from bot.blocks import notices
from bot.blocks.primitives import Message, Writer, bold, image, message, section
from bot.delivery import Delivery, Drawing
from bot.delivery.slack_errors import RateLimited, Refused, SlackProblem
from bot.locale import for_locale
from domain.disputes.posts import DISPUTE_POST
from domain.errors import N_, Refusal
from domain.outbox import UPDATE_JOB, Post, PostState, Upload
from domain.previews.drafts import PREVIEW_POST
from domain.recognition.file import FILE_POST
from domain.recognition.service import ASKED_POST, NAMED_POST
from domain.scoring.chart_requests import CHART_POST
from domain.services import Services
from domain.targets.posts import RESTATE_POST, TARGET_POST
from domain.weekly.service import CARD_POST, DIGEST_POST
from worker.actors.charts import chart_post
from worker.actors.disputes import draw_dispute
from worker.actors.plan_previews import draw_plan_preview
from worker.actors.recognition import draw_asked, draw_entry, draw_named
from worker.actors.targets import draw_restating, draw_target
from worker.actors.weekly import draw_card, draw_digest
from worker.runner import Handler, NotNow, Task

log = structlog.get_logger()

DELIVER_FOR_S = 20.0
ASK_AGAIN_S = 30
"""Where Slack was not reached, or does not take our token."""
"""A worker that is told to stop waits for what it does: what is left then, the relay tells again."""

NO_CHART = N_("The chart that you asked for cannot be drawn.")


class Drawer:
    """Draws any post: what names somebody from the tables, everything else from its facts alone."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, kind: str, facts: dict[str, Any], locale: str) -> Drawing:
        draw = _FROM_TABLES.get(kind)
        if draw is not None:
            return draw(self._services, facts, locale)
        return Drawing(lambda _: notices.draw(kind, facts, for_locale(locale)))


def _draw_chart(services: Services, facts: dict[str, Any], locale: str) -> Drawing:
    """A chart around its picture."""
    writer = Writer(for_locale(locale))
    try:
        chart = chart_post(services, facts, locale)
    except Refusal as refused:
        return _no_chart(writer, refused)

    def write(upload: Upload | None) -> Message:
        if upload is None:
            raise ValueError("a chart is written around its uploaded picture")
        picture = image(upload.file_id, upload.alt_text)
        return message(writer, chart.title, [section(bold(chart.title)), picture])

    return Drawing(write, chart.picture)


_FROM_TABLES: Mapping[str, Callable[[Services, dict[str, Any], str], Drawing]] = {
    CHART_POST: _draw_chart,
    PREVIEW_POST: draw_plan_preview,
    CARD_POST: draw_card,
    DIGEST_POST: draw_digest,
    TARGET_POST: draw_target,
    DISPUTE_POST: draw_dispute,
    NAMED_POST: draw_named,
    ASKED_POST: draw_asked,
    FILE_POST: draw_entry,
    RESTATE_POST: draw_restating,
}


def _no_chart(writer: Writer, refused: Refusal) -> Drawing:
    """Who waits for a chart hears why none comes."""
    heading = writer.text(NO_CHART)
    return Drawing(lambda _: message(writer, heading, [section(heading, writer.refusal(refused))]))


def deliver_all(delivery: Delivery, post_ids: Sequence[int]) -> None:
    """Deliver posts one after another; one that fails keeps none of the others back."""
    ends = time.monotonic() + DELIVER_FOR_S
    for post_id in post_ids:
        if time.monotonic() > ends:
            return
        try:
            delivery.deliver(post_id)
        except Exception:
            log.exception("a post could not be delivered", post=post_id)


def _is_on_its_way(services: Services, post_id: int) -> bool:
    with services.database.reading() as session:
        return session.scalar(sa.select(Post.state).where(Post.id == post_id)) == PostState.SENDING


def handlers(delivery: Delivery) -> Mapping[str, Handler]:
    def update_post(task: Task) -> None:
        """The message says what its row says now, in its place in Slack; one on its way is waited for.

        Slack is asked until it has changed it, or says that it never will: where it was deleted, for example.
        """
        try:
            shown = delivery.update(task.args["post_id"])
        except RateLimited as limited:
            raise NotNow(limited.retry_after_s) from None
        except Refused as refused:
            log.info("a message cannot be changed", post=task.args["post_id"], problem=refused.code)
            shown = True
        except SlackProblem:
            raise NotNow(ASK_AGAIN_S) from None
        if not shown and _is_on_its_way(task.services, task.args["post_id"]):
            raise NotNow
        with task.finishing():
            pass

    return {UPDATE_JOB: update_post}
