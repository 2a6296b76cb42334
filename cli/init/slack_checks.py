"""Checks against Slack: the tokens and their scopes, the channels that units name, the people."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RateLimitErrorRetryHandler, default_retry_handlers

from cli.init.findings import Finding, good, listed, missing, note
from cli.manifest import MANIFEST
from domain.overview import Overview

PAGE = 200
TIMEOUT_S = 30

COPY_AGAIN = "copy it again from the app's page, under OAuth & Permissions, after installing the app."
MAKE_ONE = (
    "make one on the app's page, under Basic Information, App-Level Tokens, with the scope connections:write;"
    " Socket Mode must be on."
)
LOOK_AGAIN = "wait a minute, then look again with `pacesetter init --check`."


def client(token: str, api_url: str) -> WebClient:
    patient = [*default_retry_handlers(), RateLimitErrorRetryHandler(max_retry_count=3)]
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT_S, retry_handlers=patient)


class _Refused(Exception):  # noqa: N818 - an answer
    """Slack does not do what it is asked; `finding` says so."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


@contextmanager
def _asking(slack: WebClient, asked: str, way_out: str) -> Iterator[None]:
    """Raises _Refused: `asked` is what Slack refuses, `way_out` what to do about it."""
    try:
        yield
    except SlackApiError as refused:
        raise _Refused(missing(f"Slack refuses {asked} ({refused.response['error']}): {way_out}")) from None
    except (URLError, OSError) as problem:
        raise _Refused(
            missing(f"Slack does not answer at {slack.base_url} ({problem}): check the network.")
        ) from None


def check_bot_token(bot: WebClient, name: str = "SLACK_BOT_TOKEN", way_out: str = COPY_AGAIN) -> Finding:
    """Whether it is valid, and may do all that the manifest asks for. `way_out`: what helps if it is not."""
    try:
        with _asking(bot, name, way_out):
            answer = bot.auth_test()
    except _Refused as refused:
        return refused.finding
    headers = {name.lower(): value for name, value in answer.headers.items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    wanted = set(json.loads(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"])
    if wanted - granted:
        return missing(
            f"{name} lacks the scopes {listed(sorted(wanted - granted), 30)}: update the app by "
            "`pacesetter manifest`, then install it again."
        )
    return good(f"The bot is {answer['user']} in the workspace {answer['team']}, with every scope it needs.")


def check_app_token(app: WebClient) -> Finding:
    """Whether Socket Mode works with it."""
    try:
        with _asking(app, "SLACK_APP_TOKEN", MAKE_ONE):
            app.apps_connections_open(app_token=str(app.token))
    except _Refused as refused:
        return refused.finding
    return good("Socket Mode works.")


def check_channels(bot: WebClient, company: Overview) -> Iterator[Finding]:
    """The managers' channels: private, ours alone, and the bot in them."""
    if not company.channels:
        yield note("No unit names a channel for its managers: alerts reach them as direct messages.")
        return
    try:
        with _asking(bot, "to list the bot's channels", LOOK_AGAIN):
            ours = _channels_of(bot)
    except _Refused as refused:
        yield refused.finding
        return
    by_name = {channel["name"]: channel for channel in ours} | {channel["id"]: channel for channel in ours}
    for name, units in sorted(company.channels.items()):
        yield _channel(name, units, by_name.get(name.lstrip("#")))


def _channels_of(bot: WebClient) -> list[dict[str, Any]]:
    pages = bot.users_conversations(types="public_channel,private_channel", exclude_archived=True, limit=PAGE)
    return [channel for page in pages for channel in page["channels"]]


def _channel(name: str, units: list[str], found: dict[str, Any] | None) -> Finding:
    of_whom = f"The channel {name} of {listed(units, 3)}"
    if found is None:
        return missing(
            f"{of_whom} is not among those that the bot is in: create it, invite the bot there, or correct "
            "units.csv."
        )
    if not found.get("is_private"):
        return missing(f"{of_whom} is public: make it private, alerts name people.")
    if found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
        return missing(f"{of_whom} is shared with another company: name one that is not.")
    return good(f"{of_whom} is private, and the bot is in it.")


def check_people(bot: WebClient, company: Overview) -> Finding:
    """Who will be known when they ask: by Slack id, or by e-mail address."""
    try:
        with _asking(bot, "to list the workspace's people", LOOK_AGAIN):
            users = [user for page in bot.users_list(limit=PAGE) for user in page["members"]]
    except _Refused as refused:
        return refused.finding
    here = [user for user in users if not user.get("deleted") and not user.get("is_bot")]
    ids = {user["id"] for user in here}
    emails = {str(user.get("profile", {}).get("email", "")).lower() for user in here}
    unknown = [
        one.employee_id
        for one in company.employees
        if one.slack_id not in ids and (one.email is None or one.email.lower() not in emails)
    ]
    if unknown:
        have = "has" if len(unknown) == 1 else "have"
        return note(
            f"{len(unknown)} of {len(company.employees)} people {have} no user in Slack by id or e-mail: "
            f"{listed(unknown)}. Correct email or slack_id in people.csv."
        )
    return good(f"All {len(company.employees)} people are found in Slack.")
