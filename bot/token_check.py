"""Whether Slack takes our token: what a bot over HTTP is ready by."""

import threading
import time
from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack_client import TOKEN_REFUSED, NotInstalledError, slack_client
from domain import installation
from domain.health import Check, InDoubt, NotReady
from domain.services import Services

TAKEN_FOR_S = 30.0
OTHERWISE_FOR_S = 5.0
"""A refusal or a silence is remembered for a shorter time: it may be over soon."""
TIMEOUT_S = 3
SILENT = "Slack does not answer"


class TokenCheck:
    """Asks Slack now and then, however often it is asked, and never makes two wait for one answer.

    Only Slack's refusal makes the process not ready. A Slack that cannot be reached is out of reach for all
    replicas alike: none would be better off without requests, and what Slack said last stays true.
    """

    def __init__(
        self,
        services: Services,
        client: WebClient | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._client = client or slack_client(services, timeout=TIMEOUT_S, retry_handlers=[])
        self._now_s = now_s
        self._being_asked = threading.Lock()
        """Held by the one who asks; nobody waits for it."""
        self._ask_again_at = now_s()
        self._refused: str | None = None
        self._silent = False

    def check(self) -> Check:
        return Check("slack", self.ask, otherwise="the token cannot be looked up")

    def ask(self) -> None:
        """Raises NotReady or InDoubt. A bot that waits to be installed is ready: to show the pages for it."""
        if self._services.settings.oauth is not None and not self._is_installed():
            return
        if self._now_s() >= self._ask_again_at and self._being_asked.acquire(blocking=False):
            try:
                self._ask_slack()
            finally:
                self._being_asked.release()
        if self._refused is not None:
            raise NotReady(self._refused)
        if self._silent:
            raise InDoubt(SILENT)

    def _ask_slack(self) -> None:
        kept_s = OTHERWISE_FOR_S
        try:
            self._client.auth_test()
        except NotInstalledError as problem:
            self._refused, self._silent = str(problem.refusal), False
        except SlackApiError as answer:
            code = answer.response["error"]
            if code in TOKEN_REFUSED:
                self._refused, self._silent = f"Slack refuses the token: {code}", False
            else:
                self._silent = True
        except (SlackClientError, OSError):
            self._silent = True
        else:
            self._refused, self._silent, kept_s = None, False, TAKEN_FOR_S
        self._ask_again_at = self._now_s() + kept_s

    def _is_installed(self) -> bool:
        with self._services.database.reading() as session:
            return installation.installed(session) is not None
