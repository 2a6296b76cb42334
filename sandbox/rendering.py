"""Messages and people as Slack words them: for the app, for events, and for the page."""

import copy
from typing import Any

from sandbox.messages import Message
from sandbox.slack import Slack
from sandbox.workspace import Conversation, User

AVATAR_SIZES = (24, 32, 48, 72, 192, 512)
CHANNEL_TYPES = {"channel": "channel", "private": "group", "im": "im", "mpim": "mpim"}


def bot_profile(slack: Slack) -> dict[str, Any]:
    app = slack.workspace.app
    return {
        "id": app.bot_id,
        "deleted": False,
        "name": app.name,
        "updated": 1,
        "app_id": app.id,
        "icons": {},
        "team_id": slack.workspace.team.id,
    }


def new_message(slack: Slack, message: Message, *, with_metadata: bool = True) -> dict[str, Any]:
    """The message object as chat.postMessage answers it."""
    shown: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": _team_of(slack, message.user),
    }
    if message.subtype:
        shown |= {"subtype": message.subtype, **message.details}
    if message.bot_id:
        shown |= {
            "bot_id": message.bot_id,
            "app_id": slack.workspace.app.id,
            "bot_profile": bot_profile(slack),
        }
    if message.username:
        shown["username"] = message.username
    if message.blocks:
        shown["blocks"] = copy.deepcopy(message.blocks)
    if message.attachments:
        shown["attachments"] = copy.deepcopy(message.attachments)
    if message.metadata and with_metadata:
        shown["metadata"] = message.metadata
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    return shown


def past_message(slack: Slack, message: Message, *, with_metadata: bool) -> dict[str, Any]:
    """The message object as conversations.history answers it."""
    shown = new_message(slack, message, with_metadata=with_metadata)
    if message.files:
        shown["files"] = _files(slack, message)
        shown["upload"] = False
    if message.edited_ts:
        shown["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.pinned_by:
        shown["pinned_to"] = [message.channel]
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    replies = [one for one in slack.messages.thread(message.channel, message.ts) if one.in_thread()]
    if replies:
        repliers = sorted({one.user for one in replies})
        shown |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(repliers),
            "reply_users": repliers,
            "latest_reply": replies[-1].ts,
        }
    return shown


def _files(slack: Slack, message: Message) -> list[dict[str, Any]]:
    return [slack.files.to_slack(slack.files.find(one)) for one in message.files]


def _team_of(slack: Slack, user_id: str) -> str:
    user = slack.workspace.users.get(user_id)
    return slack.workspace.team_of(user).id if user else slack.workspace.team.id


def message_event(slack: Slack, message: Message, conversation: Conversation) -> dict[str, Any]:
    """The `message` event that tells of a new message."""
    shown = new_message(slack, message, with_metadata=False)
    shown.pop("app_id", None)
    shown.pop("username", None)
    if message.files:
        shown |= {"subtype": "file_share", "files": _files(slack, message), "upload": True}
    elif message.broadcast and message.in_thread():
        shown["subtype"] = "thread_broadcast"
    return shown | {
        "channel": message.channel,
        "channel_type": CHANNEL_TYPES[conversation.kind],
        "event_ts": message.ts,
    }


def hidden_event(slack: Slack, conversation: Conversation, about: dict[str, Any]) -> dict[str, Any]:
    """The `message` event that tells of a change to another message."""
    ts = slack.timestamps.next()
    return {
        "type": "message",
        "hidden": True,
        "channel": conversation.id,
        "channel_type": CHANNEL_TYPES[conversation.kind],
        "ts": ts,
        "event_ts": ts,
        **about,
    }


def page_message(slack: Slack, message: Message) -> dict[str, Any]:
    """The message object of the page API: images carry an `image_url` that the page can load."""
    shown: dict[str, Any] = {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
    }
    optional = {
        "bot_id": message.bot_id,
        "username": message.username,
        "subtype": message.subtype,
        "broadcast": message.broadcast,
        "metadata": message.metadata,
        "thread_ts": message.thread_ts,
        "attachments": page_blocks(slack, message.attachments),
        "response_to": message.response_to,
        "blocks": page_blocks(slack, message.blocks),
        "files": [_page_file(slack, one) for one in message.files],
        "edited": {"ts": message.edited_ts} if message.edited_ts else None,
        "reactions": message.reactions,
        "pinned_by": message.pinned_by,
        "reply_count": slack.messages.reply_count(message),
        "ephemeral": message.only_for is not None,
    }
    return shown | {key: value for key, value in optional.items() if value}


def page_blocks(slack: Slack, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks (or what holds them) whose `slack_file` images also say where the page finds the picture."""
    return [_with_image_url(slack, block) for block in blocks]


def _with_image_url(slack: Slack, part: Any) -> Any:
    if isinstance(part, list):
        return [_with_image_url(slack, inner) for inner in part]
    if not isinstance(part, dict):
        return part
    copied = {key: _with_image_url(slack, inner) for key, inner in part.items()}
    if part.get("type") == "image" and "slack_file" in part:
        file = slack.files.resolve(part["slack_file"])
        if file is not None:
            copied["image_url"] = f"/files/{file.id}"
    return copied


def _page_file(slack: Slack, file_id: str) -> dict[str, Any]:
    file = slack.files.find(file_id)
    size = file.size_in_pixels()
    shown: dict[str, Any] = {
        "id": file.id,
        "title": file.title,
        "alt_txt": file.alt_txt,
        "url_private": f"/files/{file.id}",
        "mimetype": file.mimetype,
    }
    return shown | ({"width": size[0], "height": size[1]} if size else {})


def page_view(slack: Slack, view: dict[str, Any]) -> dict[str, Any]:
    return view | {"blocks": page_blocks(slack, view["blocks"])}


def page_user(slack: Slack, user: User) -> dict[str, Any]:
    """A person as the page lists them; `team` is there for those of another workspace."""
    shown = {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "email": user.email,
        "locale": user.locale,
        "tz": user.tz,
        "is_bot": user.is_bot,
        "is_admin": user.is_admin,
        "deleted": user.deleted,
        "active": user.active,
    }
    return shown | ({"team": slack.workspace.team_of(user).name} if slack.workspace.is_stranger(user) else {})


def user_in_event(slack: Slack, user: User) -> dict[str, Any]:
    """The user object of `user_change` and `team_join`, which tells more than users.info."""
    shown = user_object(slack, user, with_locale=True)
    shown["who_can_share_contact_card"] = "EVERYONE"
    shown["profile"] |= {"status_text_canonical": "", "status_emoji_display_info": [], "fields": {}}
    return shown


def profile(slack: Slack, user: User) -> dict[str, Any]:
    """The profile object; the e-mail is there only with the scope for it, a stranger's too."""
    first, _, last = user.real_name.partition(" ")
    shown = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "",
        "team": slack.workspace.team_of(user).id,
    }
    picture = f"{slack.base_url}/avatars/{user.id}.svg"
    shown |= {f"image_{size}": picture for size in AVATAR_SIZES}
    if user.is_bot:
        return shown | {"bot_id": slack.workspace.app.bot_id, "api_app_id": slack.workspace.app.id}
    may_see = "users:read.email" in slack.installations.scopes
    return shown | ({"email": user.email} if may_see else {})


def user_object(slack: Slack, user: User, *, with_locale: bool) -> dict[str, Any]:
    """The user object of users.info.

    By `is_stranger` Slack means those who share no channel with the app. Whoever meets it in one has another
    `team_id`, and that is all that tells them apart.
    """
    shown = {
        "id": user.id,
        "team_id": slack.workspace.team_of(user).id,
        "name": user.name,
        "deleted": user.deleted,
        "color": "9f69e7",
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz_label(),
        "tz_offset": user.tz_offset(),
        "profile": profile(slack, user),
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1,
    }
    if slack.workspace.is_stranger(user):
        shown["is_stranger"] = False
    if not user.is_bot:
        shown["is_email_confirmed"] = True
    return shown | ({"locale": user.locale} if with_locale else {})
