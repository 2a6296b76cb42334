"""What the app may use once or for a while after a person acted: trigger ids and response URLs."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.errors import SlackError

RESPONSE_URL_SECONDS = 30 * 60
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """Leave to open one modal for `user`; `root_view_id` is set if the person acted inside a modal."""

    user: str
    expires_at: float
    root_view_id: str | None = None
    used: bool = False


class Triggers:
    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user: str, root_view_id: str | None = None) -> str:
        now = self._clock()
        trigger_id = f"{secrets.randbelow(10**13)}.{int(now)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, now + self._seconds, root_view_id)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger up. Raises the errors of views.open."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() > trigger.expires_at:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass
class ResponseUrl:
    """Leave to answer `user` in `channel`; `message_ts` is the message the person acted on, if any."""

    user: str
    channel: str
    expires_at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    command: str | None = None
    uses: int = 0


class ResponseUrls:
    """Paths below `/commands/`, `/actions/` and `/app/`, as hooks.slack.com has them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._urls: dict[str, ResponseUrl] = {}

    def issue(
        self,
        kind: str,
        *,
        team: str,
        user: str,
        channel: str,
        message_ts: str | None = None,
        thread_ts: str | None = None,
        command: str | None = None,
    ) -> str:
        """A new path; `kind` is `commands`, `actions` or `app` (from a modal)."""
        path = f"/{kind}/{team}/{secrets.randbelow(10**13)}/{secrets.token_urlsafe(18)}"
        expires_at = self._clock() + RESPONSE_URL_SECONDS
        self._urls[path] = ResponseUrl(user, channel, expires_at, message_ts, thread_ts, command)
        return path

    def use(self, path: str) -> ResponseUrl:
        """Count one use. Raises SlackError with the words hooks.slack.com answers."""
        url = self._urls.get(path)
        if url is None:
            raise SlackError("invalid_url")
        if self._clock() > url.expires_at:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url

    def peek(self, path: str) -> ResponseUrl:
        """The URL's circumstances, without using it: an acknowledgement answers for free."""
        return self._urls[path]
