"""Slack's Web API as we call it: with the token of the moment, each call in the log and in the figures."""

import time
from typing import Any
from urllib.error import URLError

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import (
    ConnectionErrorRetryHandler,
    FixedValueRetryIntervalCalculator,
    HttpResponse,
    RateLimitErrorRetryHandler,
    RetryState,
)
from slack_sdk.web import SlackResponse

from domain import telemetry
from domain.encryption import Vault
from domain.errors import Refusal
from domain.installation import current_token
from domain.services import Services
from domain.settings_slack import OAuth

ANSWER_TIMEOUT_S = 5
CLICK_TIMEOUT_S = 1.2
"""A click opens a window within three seconds: then a second try is over as well."""
BOUND_TO_A_CLICK = frozenset(
    {"conversations.info", "users.info", "views.open", "views.publish", "views.push"}
)
"""What opens a window, what an answer needs to know first, and what draws the Home tab before it goes."""
PATIENCE_S = 1
TOO_MANY_REQUESTS = 429
TOKEN_REFUSED = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
)
PASSES = frozenset({"ratelimited", "internal_error", "service_unavailable", "request_timeout"})

log = structlog.get_logger()


class NotInstalledError(SlackClientError):
    """There is no token to call Slack with."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def is_away(error: Exception) -> bool:
    """Whether a call failed because Slack does not answer just now, and not because of what was asked."""
    if isinstance(error, SlackApiError):
        return error.response.get("error") in PASSES
    return isinstance(error, SlackClientError | OSError)


class BriefRateLimits(RateLimitErrorRetryHandler):
    """Tries once more where Slack asks for a second of patience: a person waits for the window to open."""

    def _can_retry(self, *, response: HttpResponse | None = None, **_: Any) -> bool:
        if response is None or response.status_code != TOO_MANY_REQUESTS:
            return False
        headers = {name.lower(): values for name, values in response.headers.items()}
        return int(headers.get("retry-after", ["1"])[0]) <= PATIENCE_S

    def prepare_for_next_attempt(self, *, state: RetryState, **_: Any) -> None:
        """After a second and no more; slack_sdk adds up to another one."""
        state.next_attempt_requested = True
        time.sleep(PATIENCE_S)
        state.increment_current_attempt()


class LostConnections(ConnectionErrorRetryHandler):
    """Tries once more, at once, where a connection broke; a silence has cost too much time already."""

    def __init__(self) -> None:
        super().__init__(interval_calculator=FixedValueRetryIntervalCalculator(0))

    def _can_retry(self, *, error: Exception | None = None, **rest: Any) -> bool:
        if isinstance(error, URLError) and isinstance(error.reason, TimeoutError):
            return False
        return super()._can_retry(error=error, **rest)


class SlackClient(WebClient):
    """Writes down which method was called and how it ended; never what was sent."""

    in_a_hurry: WebClient | None = None
    """Makes the calls that are bound to a click, if there is one."""

    def api_call(self, api_method: str, **options: Any) -> SlackResponse:
        if self.in_a_hurry is not None and api_method in BOUND_TO_A_CLICK:
            return self.in_a_hurry.api_call(api_method, **options)
        started = time.perf_counter()
        result = "unreached"
        try:
            response = super().api_call(api_method, **options)
            result = "ok"
        except SlackApiError as error:
            result = str(error.response.get("error", "no error code"))
            raise
        finally:
            seconds = time.perf_counter() - started
            telemetry.slack_answered(api_method, result, seconds)
            log.info("slack", method=api_method, result=result, ms=round(seconds * 1000, 1))
        return response


class InstalledClient(SlackClient):
    """Looks the token up before each call: somebody may have installed or removed the app meanwhile."""

    def __init__(self, services: Services, oauth: OAuth, **options: Any) -> None:
        super().__init__(base_url=services.settings.slack_api_url, **options)
        self._database = services.database
        self._vault = Vault(oauth.encryption_keys)

    def api_call(self, api_method: str, **options: Any) -> SlackResponse:
        """Raises NotInstalledError, too."""
        try:
            with self._database.reading() as session:
                self.token = current_token(session, self._vault)
        except Refusal as refusal:
            raise NotInstalledError(refusal) from refusal
        return super().api_call(api_method, **options)


def client_for_answers(services: Services) -> SlackClient:
    """For calls that a person waits for: it tries again, what is bound to a click as long as that lives."""
    client = slack_client(
        services,
        timeout=ANSWER_TIMEOUT_S,
        retry_handlers=[ConnectionErrorRetryHandler(), BriefRateLimits()],
    )
    client.in_a_hurry = slack_client(
        services, timeout=CLICK_TIMEOUT_S, retry_handlers=[LostConnections(), BriefRateLimits()]
    )
    return client


def slack_client(services: Services, **options: Any) -> SlackClient:
    """A client with the token of the settings, else of the installation; `options` are WebClient's."""
    settings = services.settings
    if settings.oauth is not None:
        return InstalledClient(services, settings.oauth, **options)
    return SlackClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, **options)
