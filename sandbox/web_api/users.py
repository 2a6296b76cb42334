"""users.*"""

from typing import Any

from sandbox.errors import SlackError
from sandbox.rate_limits import Tier
from sandbox.rendering import profile, user_object
from sandbox.web_api.cursors import page_of
from sandbox.web_api.registry import Call, method
from sandbox.workspace import User


@method("users.info", Tier.FOUR, scope="users:read")
def users_info(call: Call) -> dict[str, Any]:
    user = _visible(call, call.args.required("user"))
    return {"user": user_object(call.slack, user, with_locale=call.args.flag("include_locale"))}


@method("users.list", Tier.TWO, scope="users:read")
def users_list(call: Call) -> dict[str, Any]:
    """The workspace's own people; strangers in shared channels are not among them."""
    workspace = call.slack.workspace
    users = [user for user in workspace.users.values() if not workspace.is_stranger(user)]
    shown, metadata = page_of(call, users, default=1000, most=1000)
    with_locale = call.args.flag("include_locale")
    return {
        "members": [user_object(call.slack, user, with_locale=with_locale) for user in shown],
        "cache_ts": int(call.slack.clock()),
        "response_metadata": metadata,
    }


@method("users.lookupByEmail", Tier.THREE, scope="users:read.email")
def users_lookup_by_email(call: Call) -> dict[str, Any]:
    user = call.slack.workspace.user_by_email(call.args.required("email"))
    return {"user": user_object(call.slack, user, with_locale=False)}


@method("users.profile.get", Tier.FOUR, scope="users.profile:read")
def users_profile_get(call: Call) -> dict[str, Any]:
    user = _visible(call, call.args.text("user") or call.bot)
    return {"profile": profile(call.slack, user)}


@method("users.getPresence", Tier.THREE, scope="users:read")
def users_get_presence(call: Call) -> dict[str, Any]:
    user = _visible(call, call.args.text("user") or call.bot)
    return {"presence": "active" if user.active and not user.deleted else "away"}


def _visible(call: Call, user_id: str) -> User:
    """Somebody of the workspace, or a stranger whom the bot meets in a shared channel."""
    workspace = call.slack.workspace
    user = workspace.user(user_id)
    meets = (one for one in workspace.conversations.values() if {user_id, call.bot} <= one.members)
    if workspace.is_stranger(user) and not any(meets):
        raise SlackError("user_not_visible")
    return user
