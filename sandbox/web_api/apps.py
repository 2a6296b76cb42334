"""The app itself: auth.*, apps.*, bots.*, team.*."""

from typing import Any

from sandbox.errors import SlackError
from sandbox.rate_limits import Tier
from sandbox.web_api.registry import Call, method


@method("auth.test", Tier.SPECIAL, caller="any")
def auth_test(call: Call) -> dict[str, Any]:
    workspace = call.slack.workspace
    if call.caller == "app":
        return {"app_name": workspace.app.name, "app_id": workspace.app.id}
    return {
        "url": call.slack.base_url + "/",
        "team": workspace.team.name,
        "user": workspace.user(call.bot).name,
        "team_id": workspace.team.id,
        "user_id": call.bot,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


@method("api.test", Tier.FOUR, caller="nobody")
def api_test(call: Call) -> dict[str, Any]:
    """Gives back what came; with an `error`, that error."""
    if error := call.args.text("error"):
        raise SlackError(error, args=call.args.values)
    return {"args": call.args.values}


@method("apps.connections.open", Tier.ONE, caller="app")
def apps_connections_open(call: Call) -> dict[str, Any]:
    base = call.slack.base_url.replace("http", "ws", 1)
    return {"url": base + call.slack.socket_mode.issue_path()}


@method("bots.info", Tier.THREE, scope="users:read")
def bots_info(call: Call) -> dict[str, Any]:
    app = call.slack.workspace.app
    if call.args.text("bot") not in (None, app.bot_id):
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": app.bot_id,
            "deleted": False,
            "name": app.name,
            "updated": 1,
            "app_id": app.id,
            "user_id": app.bot_user_id,
            "icons": {},
        }
    }


@method("team.info", Tier.THREE, scope="team:read")
def team_info(call: Call) -> dict[str, Any]:
    team = call.slack.workspace.team
    if call.args.text("team") not in (None, team.id):
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": call.slack.base_url + "/",
            "domain": team.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }
