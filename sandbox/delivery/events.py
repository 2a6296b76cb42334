"""The Events API: which events the app hears of, and sending them again until it acknowledges."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from sandbox.delivery.signing import VERIFICATION_TOKEN
from sandbox.delivery.to_app import ToApp
from sandbox.delivery.transport import Retry, UndeliveredError
from sandbox.manifest import Manifest
from sandbox.oauth.installations import Installations
from sandbox.workspace import Conversation, Workspace

MESSAGE_EVENTS = {
    "channel": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


FAREWELLS = {"app_uninstalled", "tokens_revoked"}


class EventSender:
    """Sends an event if the app subscribed to it; the same `event_id` comes again until acknowledged."""

    def __init__(
        self,
        workspace: Workspace,
        manifest: Manifest,
        installations: Installations,
        to_app: ToApp,
        retry_delays: Callable[[], Sequence[float]],
        clock: Callable[[], float],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`retry_delays` gives the seconds to wait before each time that an event is sent again."""
        self._workspace = workspace
        self._manifest = manifest
        self._installations = installations
        self._to_app = to_app
        self._retry_delays = retry_delays
        self._clock = clock
        self._spawn = spawn

    def message(self, conversation: Conversation, event: dict[str, Any]) -> None:
        """Tell of a message in a conversation that the bot is in, and of a mention of the bot."""
        bot = self._workspace.app.bot_user_id
        if bot not in conversation.members:
            return
        if self._hears(MESSAGE_EVENTS[conversation.kind]):
            self._send(event, conversation)
        is_new = "subtype" not in event and event.get("user") != bot
        if (
            is_new
            and f"<@{bot}" in event["text"]
            and conversation.kind != "im"
            and self._hears("app_mention")
        ):
            self._send(_as_mention(event), conversation)

    def in_channel(self, conversation: Conversation, event: dict[str, Any]) -> None:
        """Tell of something in a conversation, if the bot is in it."""
        private = conversation.kind != "channel"
        if self._workspace.app.bot_user_id in conversation.members and self._hears(event["type"], private):
            self._send(event, conversation)

    def send(self, event: dict[str, Any]) -> None:
        """Tell of anything else, such as `app_home_opened`."""
        if self._hears(event["type"]):
            self._send(event)

    def farewell(self, event: dict[str, Any]) -> None:
        """Tell an app that is leaving; it hears of that without any scope, and when it is gone."""
        if self._installations.installed and event["type"] in self._manifest.bot_events:
            self._send(event)

    def _hears(self, event: str, private: bool = False) -> bool:
        scopes = self._installations.scopes
        return self._installations.installed and self._manifest.hears(event, scopes, private=private)

    def _send(self, event: dict[str, Any], conversation: Conversation | None = None) -> None:
        shared = conversation is not None and conversation.shared
        self._spawn(self._send_until_acknowledged(self._callback(event, shared=shared)))

    async def _send_until_acknowledged(self, payload: dict[str, Any]) -> None:
        retry = None
        for attempt, delay in enumerate([*self._retry_delays(), None], start=1):
            try:
                await self._to_app.deliver("event", payload, retry)
            except UndeliveredError as undelivered:
                if delay is None or undelivered.final or self._is_for_nobody(payload["event"]):
                    return
                retry = Retry(attempt, undelivered.reason)
                await asyncio.sleep(delay)
            else:
                return

    def _is_for_nobody(self, event: dict[str, Any]) -> bool:
        """An app that has left hears of nothing but that."""
        return not self._installations.installed and event["type"] not in FAREWELLS

    def _callback(self, event: dict[str, Any], *, shared: bool) -> dict[str, Any]:
        app = self._workspace.app
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": self._workspace.team.id,
            "context_team_id": self._workspace.team.id,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(self._clock()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self._workspace.team.id,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": shared,
            "event_context": secrets.token_hex(16),
        }


def _as_mention(event: dict[str, Any]) -> dict[str, Any]:
    unknown_to_mentions = {"channel_type", "parent_user_id", "metadata"}
    return {key: value for key, value in event.items() if key not in unknown_to_mentions} | {
        "type": "app_mention"
    }
