"""The Slack app: what every request passes through, and who listens."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot import listeners
from bot.context import identify
from bot.errors import ErrorHandler
from bot.listeners import installation
from bot.oauth.authorization import by_installation
from bot.repeats import KnownEvents, Standing
from bot.signatures import Signatures
from bot.slack_client import client_for_answers
from bot.slack_users import SlackUsers, teams_of
from domain import telemetry
from domain.logs import new_correlation_id
from domain.services import Services

OK, BAD_REQUEST, UNAUTHORIZED, NOT_FOUND, AT_WORK = 200, 400, 401, 404, 503
NOBODY_ASKS = frozenset({"user_change", "app_uninstalled", "tokens_revoked"})
"""Events about a user or the app, not by a person."""
GIVEN_ID = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
"""An id that a proxy has given the request, if it may stand in logs and rows."""
REQUEST_ID = "x-request-id"

log = structlog.get_logger()


class PacesetterApp(App):
    """Bolt's app with a correlation id for each request, and no way in for unsigned ones."""

    users: SlackUsers
    signatures: Signatures
    events: KnownEvents

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        correlation_id = _correlation_id(req)
        req.context["correlation_id"] = correlation_id
        with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
            started = time.perf_counter()
            response = self._answer(req)
            self._tell(req, response, time.perf_counter() - started)
        response.headers[REQUEST_ID] = [correlation_id]
        return response

    def _answer(self, req: BoltRequest) -> BoltResponse:
        if _is_ssl_check(req):
            return BoltResponse(status=OK)
        if req.mode != "socket_mode" and not self.signatures.fit(req):
            return BoltResponse(status=UNAUTHORIZED, body={"error": "invalid request"})
        match self.events.begin(req):
            case Standing.DONE:
                return BoltResponse(status=OK)
            case Standing.RUNNING:  # no acknowledgement: should it fail, Slack asks again
                return BoltResponse(status=AT_WORK, body={"error": "still at work on it"})
        response = self._work(req)
        self.events.end(req, well=response.status == OK)
        return response

    def _work(self, req: BoltRequest) -> BoltResponse:
        try:
            return super().dispatch(req)
        except Exception:  # our listeners' errors never come here: Bolt stumbled over the request itself
            log.exception("this request cannot be understood")
            return BoltResponse(status=BAD_REQUEST, body={"error": "bad request"})

    def _tell(self, req: BoltRequest, response: BoltResponse, seconds: float) -> None:
        status = response.status
        what = "ssl_check" if _is_ssl_check(req) else _name(req.body) if status == OK else "unknown"
        log.info("request", what=what, status=status, ms=round(seconds * 1000, 1))
        telemetry.request_answered(what, status, seconds)

    def _handle_unmatched_requests(self, req: BoltRequest, resp: BoltResponse) -> BoltResponse:
        """Bolt would log the request and a suggestion of code."""
        log.warning("nobody listens for this", what=_name(req.body))
        return BoltResponse(status=NOT_FOUND, body={"error": "unhandled request"})


def create_app(services: Services, client: WebClient | None = None) -> PacesetterApp:
    """The app, ready to dispatch requests. Raises BoltError where Slack refuses the token."""
    slack = client or client_for_answers(services)
    logging.getLogger("slack_bolt.App").addFilter(_is_news)
    settings = services.settings
    app = PacesetterApp(
        name="pacesetter",
        signing_secret=settings.slack_signing_secret or "",
        request_verification_enabled=False,  # ours comes first, and logs nothing of what was sent
        process_before_response=True,
        **({"client": slack} if settings.oauth is None else by_installation(services, settings.oauth)),
    )
    app.users = SlackUsers(slack)
    app.signatures = Signatures(settings.slack_signing_secret)
    app.events = KnownEvents()
    app.use(_identification(services, slack, app.users))
    app.error(ErrorHandler(slack))
    installation.register(app, services)
    listeners.register(app, services, app.users)
    return app


def _identification(
    services: Services, slack: WebClient, users: SlackUsers
) -> Callable[..., BoltResponse | None]:
    def identify_asker(body: dict[str, Any], context: BoltContext, next: Callable[[], None]) -> None:  # noqa: A002 - Bolt injects by name
        if context.user_id is not None and body.get("event", {}).get("type") not in NOBODY_ASKS:
            ours = teams_of(context.authorize_result or {})
            users.we_are(ours)
            context["asker"] = identify(
                services, slack, users, context.user_id, body, context["correlation_id"], ours
            )
        next()

    return identify_asker


def _correlation_id(req: BoltRequest) -> str:
    given = req.headers.get(REQUEST_ID, [""])[0]
    return given if GIVEN_ID.fullmatch(given) else new_correlation_id()


def _is_ssl_check(req: BoltRequest) -> bool:
    """Slack looks whether our certificate is in order, unsigned: nothing of it is read."""
    return req.body.get("ssl_check") == "1"


def _is_news(record: logging.LogRecord) -> bool:
    """Bolt reads SLACK_BOT_TOKEN too, and warns that the client has one already."""
    return "`token` will be unused" not in record.getMessage()


def _name(body: dict[str, Any]) -> str:
    """What was asked for, without what was typed."""
    event, actions = body.get("event"), body.get("actions")
    if "command" in body:
        return str(body["command"])
    if isinstance(actions, list) and actions and isinstance(actions[0], dict):
        return str(actions[0].get("action_id"))
    return str((event.get("type") if isinstance(event, dict) else None) or body.get("type"))
