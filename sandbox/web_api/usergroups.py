"""usergroups.*"""

from typing import Any

from sandbox.errors import SlackError
from sandbox.rate_limits import Tier
from sandbox.web_api.registry import Call, method
from sandbox.workspace import UserGroup


@method("usergroups.list", Tier.TWO, scope="usergroups:read")
def usergroups_list(call: Call) -> dict[str, Any]:
    groups = call.slack.workspace.usergroups.values()
    return {"usergroups": [_described(call, group) for group in groups]}


def _described(call: Call, group: UserGroup) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": group.id,
        "team_id": call.slack.workspace.team.id,
        "is_usergroup": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 1,
        "date_update": 1,
        "date_delete": 0,
        "created_by": call.bot,
        "updated_by": call.bot,
        "prefs": {"channels": [], "groups": []},
    }
    if call.args.flag("include_users"):
        shown["users"] = list(group.users)
    if call.args.flag("include_count"):
        shown["user_count"] = len(group.users)
    return shown


@method("usergroups.users.list", Tier.TWO, scope="usergroups:read")
def usergroups_users_list(call: Call) -> dict[str, Any]:
    group = call.slack.workspace.usergroups.get(call.args.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}
