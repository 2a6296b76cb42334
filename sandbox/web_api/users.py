"""users.*"""

from typing import Any

from sandbox.rendering import user_object
from sandbox.web_api.cursors import page_of
from sandbox.web_api.registry import Call, method


@method("users.info", scope="users:read")
def users_info(call: Call) -> dict[str, Any]:
    user = call.slack.workspace.user(call.args.required("user"))
    return {"user": user_object(call.slack, user, with_locale=call.args.flag("include_locale"))}


@method("users.list", scope="users:read")
def users_list(call: Call) -> dict[str, Any]:
    users = list(call.slack.workspace.users.values())
    shown, metadata = page_of(call, users, default=1000, most=1000)
    with_locale = call.args.flag("include_locale")
    return {
        "members": [user_object(call.slack, user, with_locale=with_locale) for user in shown],
        "cache_ts": int(call.slack.clock()),
        "response_metadata": metadata,
    }


@method("users.lookupByEmail", scope="users:read.email")
def users_lookup_by_email(call: Call) -> dict[str, Any]:
    user = call.slack.workspace.user_by_email(call.args.required("email"))
    return {"user": user_object(call.slack, user, with_locale=False)}
