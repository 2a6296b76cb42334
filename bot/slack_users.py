"""What Slack knows of its users: language, time zone, e-mail. Asked once, kept fresh by Slack's events."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack_client import is_away

KEPT_S = 24 * 3600.0
"""Where Slack tells us of changes; who does not listen to its events keeps less long."""
PAGE = 500

log = structlog.get_logger()


@dataclass(frozen=True)
class SlackUser:
    """`email` is None where it cannot prove who the user is: not confirmed, or from another workspace."""

    id: str
    teams: frozenset[str] = frozenset()
    """The workspace and the organisation that the user belongs to, as far as Slack says so."""
    locale: str | None = None
    time_zone: str | None = None
    email: str | None = None
    is_bot: bool = False
    silence: Exception | None = field(default=None, compare=False)
    """Why nothing is known: Slack did not answer."""


class SlackUsers:
    """Answers from memory, so that a command needs no second call; asks Slack about users it has not met."""

    def __init__(
        self, client: WebClient, now_s: Callable[[], float] = time.monotonic, kept_s: float = KEPT_S
    ) -> None:
        self._client = client
        self._kept_s = kept_s
        self._now_s = now_s
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, SlackUser]] = {}
        self._ours: frozenset[str] | None = None

    def find(self, user_id: str) -> SlackUser:
        """A user of whom nothing can be learnt now is known by id alone, and asked for again next time."""
        try:
            return self.look_up(user_id)
        except (SlackClientError, OSError) as problem:
            log.warning("users.info failed", user=user_id, problem=str(problem))
            nobody = SlackUser(user_id, silence=problem if is_away(problem) else None)
        with self._lock:
            return self._known.get(user_id, (0.0, nobody))[1]

    def look_up(self, user_id: str) -> SlackUser:
        """As `find`, but raises SlackClientError or OSError where Slack does not answer."""
        with self._lock:
            at, user = self._known.get(user_id, (0.0, None))
        if user is not None and self._now_s() - at < self._kept_s:
            return user
        return self.remember(self._client.users_info(user=user_id, include_locale=True)["user"])

    def load_all(self) -> int:
        """Meet everybody at once, so that the first command is fast too; how many there are."""
        count = 0
        for page in self._client.users_list(include_locale=True, limit=PAGE):
            for user in page["members"]:
                self.remember(user)
                count += 1
        return count

    def remember(self, user: Mapping[str, Any]) -> SlackUser:
        """Keep what a reply or a `user_change` event says."""
        read = self.read(user)
        with self._lock:
            self._known[read.id] = (self._now_s(), read)
        return read

    def read(self, user: Mapping[str, Any]) -> SlackUser:
        """What a reply says. Raises SlackClientError or OSError where Slack does not say who we are."""
        read = read_user(user)
        if read.email is None or not read.teams or read.teams & self._our_teams():
            return read
        return replace(read, email=None)

    def we_are(self, teams: frozenset[str]) -> None:
        """What a request's authorization says anyway need not be asked for."""
        self._ours = teams or self._ours

    def _our_teams(self) -> frozenset[str]:
        """Asked for once: a token stays in its workspace, and so does an installation."""
        if self._ours is None:
            self._ours = teams_of(self._client.auth_test().data)
        return self._ours


def teams_of(told: Any) -> frozenset[str]:
    """The workspace and the organisation that an answer or an authorization names."""
    named = (told.get("team_id"), told.get("enterprise_id"))
    return frozenset(one for one in named if isinstance(one, str) and one)


def read_user(user: Mapping[str, Any]) -> SlackUser:
    """A user as Slack's replies and events describe it, of whatever workspace.

    People of other workspaces who share a channel with us are no strangers to Slack: it tells them apart by
    their `team_id` alone. https://docs.slack.dev/reference/objects/user-object/
    """
    outsider = user.get("is_stranger") or user.get("is_bot") or user.get("deleted")
    unconfirmed = user.get("is_email_confirmed") is False
    email = None if outsider or unconfirmed else user.get("profile", {}).get("email")
    return SlackUser(
        id=user["id"],
        teams=teams_of(user) | teams_of(user.get("enterprise_user") or {}),
        locale=user.get("locale") or None,
        time_zone=user.get("tz") or None,
        email=email.lower() if email else None,
        is_bot=bool(user.get("is_bot")),
    )
