"""What Slack sends the app when a person acts: slash commands, clicks, modals. Values in, dicts out."""

from typing import Any

from sandbox import rendering
from sandbox.delivery.signing import VERIFICATION_TOKEN
from sandbox.messages import Message
from sandbox.slack import Slack
from sandbox.views import View
from sandbox.workspace import Conversation, User


def channel_name(conversation: Conversation) -> str:
    """What Slack tells the app of a conversation's name: none for private ones."""
    if conversation.kind == "im":
        return "directmessage"
    return conversation.name if conversation.kind == "channel" else "privategroup"


def slash_command(
    slack: Slack, user: User, conversation: Conversation, command: str, text: str, response_url: str
) -> dict[str, Any]:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": slack.workspace.team.id,
        "team_domain": slack.workspace.team.domain,
        "channel_id": conversation.id,
        "channel_name": channel_name(conversation),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": slack.workspace.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": slack.triggers.issue(user.id),
    }


def message_action(
    slack: Slack,
    user: User,
    conversation: Conversation,
    message: Message,
    action: dict[str, Any],
    state: dict[str, Any],
    response_url: str,
) -> dict[str, Any]:
    """`block_actions` from a message."""
    return (
        _interaction(slack, user, "block_actions")
        | in_message(slack, conversation, message)
        | {
            "trigger_id": slack.triggers.issue(user.id),
            "state": {"values": state},
            "response_url": response_url,
            "actions": [action],
        }
    )


def view_action(slack: Slack, user: User, view: View, action: dict[str, Any]) -> dict[str, Any]:
    """`block_actions` from a modal or the Home tab.

    The published type asks for a `response_url` here too; there is none to answer to, so it is empty.
    """
    root = None if view.is_home else view.root_id
    return (
        _interaction(slack, user, "block_actions")
        | in_view(slack, view)
        | {
            "trigger_id": slack.triggers.issue(user.id, root_view_id=root),
            "response_url": "",
            "actions": [action],
        }
    )


def view_submission(
    slack: Slack, user: User, view: View, response_urls: list[dict[str, Any]]
) -> dict[str, Any]:
    return _interaction(slack, user, "view_submission") | {
        "trigger_id": slack.triggers.issue(user.id, root_view_id=view.root_id),
        "view": slack.views.to_slack(view),
        "response_urls": response_urls,
    }


def view_closed(slack: Slack, user: User, view: View, *, is_cleared: bool) -> dict[str, Any]:
    return _interaction(slack, user, "view_closed") | {
        "view": slack.views.to_slack(view),
        "is_cleared": is_cleared,
    }


def home_in_event(view: View) -> dict[str, Any]:
    """The Home view as `app_home_opened` carries it: by the published type, only what the app sent."""
    told = ("type", "blocks", "private_metadata", "callback_id", "external_id")
    return {key: view.content[key] for key in told if key in view.content}


def in_message(slack: Slack, conversation: Conversation, message: Message) -> dict[str, Any]:
    """Where a person acts, in the words of an interaction in a message.

    Slack does not send the text of an ephemeral message along.
    """
    where: dict[str, Any] = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": conversation.id,
            "is_ephemeral": message.only_for is not None,
        },
        "channel": {"id": conversation.id, "name": channel_name(conversation)},
    }
    if message.thread_ts is not None:
        where["container"]["thread_ts"] = message.thread_ts
    if message.only_for is None:
        where["message"] = rendering.new_message(slack, message)
    return where


def in_view(slack: Slack, view: View) -> dict[str, Any]:
    """The same in a modal or the Home tab."""
    return {"container": {"type": "view", "view_id": view.id}, "view": slack.views.to_slack(view)}


def block_suggestion(
    slack: Slack, user: User, where: dict[str, Any], block_id: str, action_id: str, value: str
) -> dict[str, Any]:
    """What is asked for the choices of an external select; `where` is `in_message` or `in_view`."""
    asked = {"action_id": action_id, "block_id": block_id, "value": value}
    return _interaction(slack, user, "block_suggestion") | where | asked


def global_shortcut(slack: Slack, user: User, callback_id: str) -> dict[str, Any]:
    return _shortcut(slack, user, callback_id, "shortcut")


def message_shortcut(
    slack: Slack,
    user: User,
    callback_id: str,
    conversation: Conversation,
    message: Message,
    response_url: str,
) -> dict[str, Any]:
    return _shortcut(slack, user, callback_id, "message_action") | {
        "channel": {"id": conversation.id, "name": channel_name(conversation)},
        "message_ts": message.ts,
        "message": rendering.new_message(slack, message),
        "response_url": response_url,
    }


def _shortcut(slack: Slack, user: User, callback_id: str, kind: str) -> dict[str, Any]:
    """What both kinds have in common; the published types know no id of the app here."""
    shown = _interaction(slack, user, kind) | {
        "callback_id": callback_id,
        "trigger_id": slack.triggers.issue(user.id),
        "action_ts": slack.timestamps.next(),
    }
    name = "username" if kind == "shortcut" else "name"
    shown["user"] = {"id": user.id, name: user.name, "team_id": slack.workspace.team_of(user).id}
    del shown["api_app_id"]
    return shown


def _interaction(slack: Slack, user: User, kind: str) -> dict[str, Any]:
    team = slack.workspace.team
    who = {"id": user.id, "name": user.name, "team_id": slack.workspace.team_of(user).id}
    if kind == "block_actions":
        who["username"] = user.name
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": who,
        "api_app_id": slack.workspace.app.id,
        "token": VERIFICATION_TOKEN,
        "is_enterprise_install": False,
    }
