"""The Slack app: what every request passes through, and who listens."""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot import listeners
from bot.context import identify
from bot.errors import ErrorHandler
from bot.slack_users import SlackUsers
from domain.services import Services
from domain.settings import Settings

SLACK_TIMEOUT_S = 5
UNAUTHORIZED = 401
NOBODY_ASKS = frozenset({"user_change"})
"""Events about a user, not by one."""

log = structlog.get_logger()


class PacesetterApp(App):
    """Bolt's app with a correlation id for each request, and no way in for unsigned ones."""

    users: SlackUsers

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        correlation_id = secrets.token_hex(6)
        req.context["correlation_id"] = correlation_id
        with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
            started = time.perf_counter()
            response = self._dispatch_checked(req)
            log.info(
                "request",
                what=_name(req.body),
                status=response.status,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
            return response

    def _dispatch_checked(self, req: BoltRequest) -> BoltResponse:
        """Bolt answers a timestamp that is no number with a server error, and takes an empty secret."""
        if req.mode != "socket_mode":
            timestamp = req.headers.get("x-slack-request-timestamp", [""])[0]
            if not self._signing_secret or not timestamp.isascii() or not timestamp.isdigit():
                return BoltResponse(status=UNAUTHORIZED, body={"error": "invalid request"})
        return super().dispatch(req)


def create_app(services: Services, client: WebClient | None = None) -> PacesetterApp:
    """The app, ready to dispatch requests. Raises BoltError where Slack refuses the token."""
    slack = client or make_client(services.settings)
    logging.getLogger("slack_bolt.App").addFilter(_is_news)
    app = PacesetterApp(
        name="pacesetter",
        client=slack,
        signing_secret=services.settings.slack_signing_secret or "",
        process_before_response=True,
    )
    app.users = SlackUsers(slack)
    app.use(_identification(services, slack, app.users))
    app.error(ErrorHandler(slack))
    listeners.register(app, app.users, services.settings.commands)
    return app


def make_client(settings: Settings) -> WebClient:
    """Slack's client for calls that a person waits for."""
    return WebClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, timeout=SLACK_TIMEOUT_S)


def _identification(
    services: Services, slack: WebClient, users: SlackUsers
) -> Callable[..., BoltResponse | None]:
    def identify_asker(body: dict[str, Any], context: BoltContext, next: Callable[[], None]) -> None:  # noqa: A002 - Bolt injects by name
        if context.user_id is not None and body.get("event", {}).get("type") not in NOBODY_ASKS:
            context["asker"] = identify(
                services, slack, users, context.user_id, body, context["correlation_id"]
            )
        next()

    return identify_asker


def _is_news(record: logging.LogRecord) -> bool:
    """Bolt reads SLACK_BOT_TOKEN too, and warns that the client has one already."""
    return "`token` will be unused" not in record.getMessage()


def _name(body: dict[str, Any]) -> str:
    """What was asked for, without what was typed."""
    if "command" in body:
        return str(body["command"])
    if body.get("actions"):
        return str(body["actions"][0].get("action_id"))
    return str(body.get("event", {}).get("type") or body.get("type"))
