"""What the bot answers over HTTP, whatever server stands in front: a request in, a response out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from slack_bolt import BoltRequest, BoltResponse
from slack_sdk.errors import SlackClientError

from bot.app import PacesetterApp
from bot.http.answers import Response, from_bolt, from_page, problem
from bot.oauth.flow import INSTALL_PATH, REDIRECT_PATH
from domain.status_site import StatusSite

EVENTS_PATH = "/slack/events"
STATUS_PATHS = ("/health", "/ready", "/metrics")
LARGEST_BODY = 1024 * 1024
"""Bytes. Slack sends at most a view with what was entered, some 250 kB."""
CONTENT_TYPES = frozenset({"application/json", "application/x-www-form-urlencoded"})
NOT_SLACKS = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What Bolt stumbles with over a body that Slack would never send."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""


Answer = Callable[[Request], Response]


class Site:
    """Slack's requests where `takes_requests`; the pages of an installation by OAuth; the status pages."""

    def __init__(self, app: PacesetterApp, status: StatusSite, *, takes_requests: bool) -> None:
        self._app = app
        self._status = status
        self._routes: dict[str, dict[str, Answer]] = {}
        if takes_requests:
            self._routes[EVENTS_PATH] = {"POST": self._slack_asks}
        if app.oauth_flow is not None:
            self._routes[INSTALL_PATH] = {"GET": self._install}
            self._routes[REDIRECT_PATH] = {"GET": self._installed}
        for path in STATUS_PATHS:
            self._routes[path] = {"GET": self._tell_status, "HEAD": self._tell_status}

    def answer(self, request: Request) -> Response:
        answers = self._routes.get(request.path)
        if answers is None:
            return problem(HTTPStatus.NOT_FOUND)
        answer = answers.get(request.method)
        if answer is None:
            return problem(HTTPStatus.METHOD_NOT_ALLOWED, allow=", ".join(answers))
        if len(request.body) > LARGEST_BODY:
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return answer(request)

    def _slack_asks(self, request: Request) -> Response:
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type not in CONTENT_TYPES:
            return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            asked = _for_bolt(request)
        except NOT_SLACKS:
            log.info("a body that is none of Slack's", bytes=len(request.body))
            return problem(HTTPStatus.BAD_REQUEST)
        return from_bolt(self._app.dispatch(asked))

    def _install(self, request: Request) -> Response:
        return self._browse(request, self._flow.handle_installation)

    def _installed(self, request: Request) -> Response:
        return self._browse(request, self._flow.handle_callback)

    def _browse(self, request: Request, handle: Callable[[BoltRequest], BoltResponse]) -> Response:
        asked = BoltRequest(body="", query=request.query, headers=dict(request.headers))
        try:
            return from_bolt(handle(asked))
        except (SlackClientError, OSError) as error:
            log.warning("Slack does not answer", problem=str(error))
            return problem(HTTPStatus.BAD_GATEWAY)

    def _tell_status(self, request: Request) -> Response:
        page = self._status.page(request.path)
        return problem(HTTPStatus.NOT_FOUND) if page is None else from_page(page)

    @property
    def _flow(self) -> Any:
        return self._app.oauth_flow


def _for_bolt(request: Request) -> BoltRequest:
    """Raises one of NOT_SLACKS."""
    asked = BoltRequest(body=request.body.decode("utf-8"), query=request.query, headers=dict(request.headers))
    if not isinstance(asked.body, dict):
        raise TypeError("the body is no object")
    return asked
