"""Slack's error codes as exceptions by family: what a delivery must do differs by family, not by code."""

import http.client
import socket
from collections.abc import Iterator, Set
from contextlib import contextmanager
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.slack_client import TOKEN_REFUSED, NotInstalledError


class SlackProblem(Exception):  # noqa: N818 - some are Slack's ordinary answers
    """A call that did not succeed. `code` is Slack's word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RateLimited(SlackProblem):
    """Too many calls; nothing was done. Try again after `retry_after_s`."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("ratelimited")
        self.retry_after_s = retry_after_s


class NotReached(SlackProblem):
    """The request never left for Slack; nothing was done."""


class OutcomeUnknown(SlackProblem):
    """No reply, or one that says that it may or may not have been done."""


class TokenRefused(SlackProblem):
    """The app's token does not work; nothing was done. It will when an administrator has renewed it."""


class Refused(SlackProblem):
    """Slack will not do this however often it is asked; nothing was done."""


class ScopeMissing(Refused):
    """The app was installed without a right it needs."""


class ConversationClosed(Refused):
    """The channel does not exist, is archived, or the bot is not in it."""


class PersonUnknown(Refused):
    """Slack does not know this person, or the account is closed."""


_UNKNOWN = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}

_FAMILIES: dict[type[SlackProblem], Set[str]] = {
    TokenRefused: TOKEN_REFUSED,
    ScopeMissing: {"missing_scope", "no_permission", "not_allowed_token_type", "access_denied"},
    ConversationClosed: {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "channel_type_not_supported",
        "thread_not_found",
    },
    PersonUnknown: {
        "user_not_found",
        "users_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "messages_tab_disabled",
    },
}


@contextmanager
def slack_errors() -> Iterator[None]:
    """Raises a SlackProblem for whatever Slack's client raises within."""
    try:
        yield
    except NotInstalledError as error:
        raise TokenRefused(str(error)) from error
    except SlackApiError as error:
        raise _from_reply(error.response) from error
    except HTTPError as error:
        raise OutcomeUnknown(f"http {error.code}") from error
    except URLError as error:
        never_left = isinstance(error.reason, ConnectionRefusedError | socket.gaierror)
        family = NotReached if never_left else OutcomeUnknown
        raise family(str(error.reason)) from error
    except (OSError, http.client.HTTPException, SlackClientError) as error:
        raise OutcomeUnknown(f"{type(error).__name__}: {error}") from error


def _from_reply(response: SlackResponse) -> SlackProblem:
    code = str(response.get("error", "no error code"))
    if response.status_code == 429 or code in ("ratelimited", "rate_limited"):
        headers = {name.lower(): value for name, value in response.headers.items()}
        return RateLimited(int(headers.get("retry-after", 1)))
    if response.status_code >= 500 or code in _UNKNOWN:
        return OutcomeUnknown(code)
    for family, codes in _FAMILIES.items():
        if code in codes:
            return family(code)
    return Refused(code)
