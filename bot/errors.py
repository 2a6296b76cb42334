"""The one error handler: what we refuse is said in the person's language, what we broke gets a reference."""

from typing import Any

import structlog
from slack_bolt import BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.blocks.answers import as_modal, own_fault, refusal, slack_is_silent
from bot.blocks.help import examples
from bot.blocks.primitives import Message, Writer
from bot.context import Asker
from bot.listeners.answering import answer_below, fill_window, how_to_go_on, open_window
from bot.locale import for_locale
from bot.slack_client import is_away
from domain.errors import BadInput, NotFound, Refusal

SLACK_IS_AWAY = 503
BELOW_WITHIN_S = 1

log = structlog.get_logger()


class ErrorHandler:
    """Answers where the person is looking: below the command, over the button, over a form or instead."""

    def __init__(self, slack: WebClient) -> None:
        self._slack = slack

    def __call__(self, error: Exception, body: dict[str, Any], context: BoltContext) -> BoltResponse:
        asker: Asker | None = context.get("asker")
        reference = str(context.get("correlation_id", "–"))
        answer = self._answer(error, asker, body, reference)
        if "command" in body:
            return BoltResponse(
                status=200,
                body={"response_type": "ephemeral", "text": answer.text, "blocks": answer.blocks},
            )
        if body.get("type") == "view_submission":
            window = as_modal(_writer(asker), answer)
            # What is refused has no form any more; after a fault it stays below, to try again with.
            how = "update" if isinstance(error, Refusal) else how_to_go_on(body)
            return BoltResponse(status=200, body={"response_action": how, "view": window})
        if not is_away(error) and self._told_in_window(body, _writer(asker), answer):
            return BoltResponse(status=200, body="")
        return BoltResponse(status=200 if self._told_below(body, answer) else SLACK_IS_AWAY, body="")

    def _answer(self, error: Exception, asker: Asker | None, body: dict[str, Any], reference: str) -> Message:
        writer = _writer(asker)
        if is_away(error):
            log.warning("Slack did not answer", problem=str(error), reference=reference)
            return slack_is_silent(writer)
        if not isinstance(error, Refusal):
            log.error("request failed", exc_info=error, reference=reference)
            return own_fault(writer, reference)
        log.info("refused", sentence=error.sentence)
        if "command" in body and isinstance(error, BadInput | NotFound) and asker and asker.person:
            return refusal(writer, writer.refusal(error), examples(writer, asker.names, body["command"]))
        return refusal(writer, writer.refusal(error))

    def _told_below(self, body: dict[str, Any], answer: Message) -> bool:
        """Below the message that was clicked in, which goes another way than the Web API.

        A click elsewhere is not acknowledged, so that Slack marks the button; an event comes again.
        """
        if not body.get("response_url"):
            return False
        try:
            answer_below(body, answer, within_s=BELOW_WITHIN_S)
        except (SlackClientError, OSError) as problem:
            log.warning("the answer could not be shown", problem=str(problem))
            return False
        return True

    def _told_in_window(self, body: dict[str, Any], writer: Writer, answer: Message) -> bool:
        """In one of its own, or in the one that the click has opened before it failed.

        An event opens none: nobody waits for its answer.
        """
        if "trigger_id" not in body:
            return True
        window = as_modal(writer, answer)
        try:
            if not open_window(self._slack, body, window):
                fill_window(self._slack, body, window)
        except (SlackClientError, OSError) as problem:
            log.warning("the answer could not be shown", problem=str(problem))
            return False
        return True


def _writer(asker: Asker | None) -> Writer:
    return asker.writer if asker else Writer(for_locale(None))
