"""The Events API: which events the app hears of, and sending them again until it acknowledges."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from sandbox.manifest import Manifest
from sandbox.socket_mode import SocketMode, UndeliveredError
from sandbox.workspace import Conversation, Workspace

MESSAGE_EVENTS = {
    "channel": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class EventSender:
    """Sends an event if the app subscribed to it; the same `event_id` comes again until acknowledged."""

    def __init__(
        self,
        workspace: Workspace,
        manifest: Manifest,
        socket_mode: SocketMode,
        retry_delays: Sequence[float],
        clock: Callable[[], float],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._workspace = workspace
        self._manifest = manifest
        self._socket_mode = socket_mode
        self._retry_delays = retry_delays
        self._clock = clock
        self._spawn = spawn

    def message(self, conversation: Conversation, event: dict[str, Any]) -> None:
        """Tell of a message in a conversation that the bot is in, and of a mention of the bot."""
        bot = self._workspace.app.bot_user_id
        if bot not in conversation.members:
            return
        if self._manifest.hears(MESSAGE_EVENTS[conversation.kind]):
            self._send(event)
        mentioned = f"<@{bot}" in event.get("text", "") and event.get("user") != bot
        if mentioned and conversation.kind != "im" and self._manifest.hears("app_mention"):
            self._send(_as_mention(event))

    def send(self, event: dict[str, Any]) -> None:
        """Tell of anything else, such as `app_home_opened`."""
        if self._manifest.hears(event["type"]):
            self._send(event)

    def _send(self, event: dict[str, Any]) -> None:
        self._spawn(self._send_until_acknowledged(self._callback(event)))

    async def _send_until_acknowledged(self, payload: dict[str, Any]) -> None:
        retry: dict[str, Any] = {"retry_attempt": 0, "retry_reason": ""}
        for delay in [*self._retry_delays, None]:
            try:
                await self._socket_mode.deliver("events_api", payload, retry=retry)
            except UndeliveredError as undelivered:
                if delay is None:
                    return
                reason = "timeout" if undelivered.code == "operation_timeout" else "connection_failed"
                retry = {"retry_attempt": retry["retry_attempt"] + 1, "retry_reason": reason}
                await asyncio.sleep(delay)
            else:
                return

    def _callback(self, event: dict[str, Any]) -> dict[str, Any]:
        app = self._workspace.app
        return {
            "token": "verification-token-of-the-sandbox",
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
            "is_ext_shared_channel": False,
            "event_context": secrets.token_hex(16),
        }


def _as_mention(event: dict[str, Any]) -> dict[str, Any]:
    unknown_to_mentions = {"channel_type", "parent_user_id", "metadata"}
    return {key: value for key, value in event.items() if key not in unknown_to_mentions} | {
        "type": "app_mention"
    }
