"""A person uses one of the app's shortcuts: from anywhere, or on a message."""

from typing import Any

from sandbox import payloads
from sandbox.delivery.transport import UndeliveredError
from sandbox.errors import PageError
from sandbox.manifest import Shortcut, ShortcutKind
from sandbox.messages import Message
from sandbox.slack import Slack
from sandbox.workspace import Conversation, User


async def use(slack: Slack, user: User, callback_id: str) -> None:
    """A global shortcut."""
    shortcut = _found(slack, user, callback_id, "global")
    await _deliver(slack, shortcut, payloads.global_shortcut(slack, user, callback_id))


async def use_on(
    slack: Slack, user: User, callback_id: str, conversation: Conversation, message: Message
) -> None:
    """A shortcut of a message."""
    shortcut = _found(slack, user, callback_id, "message")
    path = slack.response_urls.issue(
        "app", team=slack.workspace.team.id, user=user.id, channel=conversation.id, message_ts=message.ts
    )
    url = slack.base_url + path
    payload = payloads.message_shortcut(slack, user, callback_id, conversation, message, url)
    await _deliver(slack, shortcut, payload)


def _found(slack: Slack, user: User, callback_id: str, kind: ShortcutKind) -> Shortcut:
    shortcut = slack.manifest.shortcuts.get(callback_id)
    if shortcut is None or shortcut.kind != kind:
        raise PageError(f"The app has no {kind} shortcut {callback_id!r}.", 404)
    if not slack.installations.installed:
        raise PageError(f"{slack.workspace.app.name} is not installed in this workspace.", 403)
    if slack.workspace.is_stranger(user):
        raise PageError(f"{shortcut.name} is there for people of {slack.workspace.team.name} alone.", 403)
    return shortcut


async def _deliver(slack: Slack, shortcut: Shortcut, payload: dict[str, Any]) -> None:
    try:
        await slack.to_app.deliver("interaction", payload)
    except UndeliveredError as undelivered:
        raise PageError(f"{shortcut.name} failed with the error {undelivered.told}", 502) from undelivered
