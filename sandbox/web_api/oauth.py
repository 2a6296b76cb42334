"""How an app gets its token, and gives it back: oauth.*, auth.revoke, apps.uninstall."""

from typing import Any

from sandbox.errors import SlackError
from sandbox.oauth import lifecycle
from sandbox.rate_limits import Tier
from sandbox.web_api.registry import Call, method


@method("oauth.v2.access", Tier.FOUR, caller="nobody")
def oauth_v2_access(call: Call) -> dict[str, Any]:
    _check_credentials(call)
    if call.args.text("grant_type") not in (None, "", "authorization_code"):
        raise SlackError("invalid_grant_type")
    slack = call.slack
    approval = slack.installations.redeem(
        call.args.text("code") or "", call.args.text("redirect_uri") or None
    )
    made = lifecycle.install(slack, approval.user, approval.scopes)
    app, team = slack.workspace.app, slack.workspace.team
    return {
        "app_id": app.id,
        "authed_user": {"id": approval.user},
        "scope": ",".join(sorted(made.scopes)),
        "token_type": "bot",
        "access_token": made.bot_token,
        "bot_user_id": app.bot_user_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


@method("auth.revoke", Tier.THREE)
def auth_revoke(call: Call) -> dict[str, Any]:
    """The bot's token is the last one of the app, so the app leaves with it."""
    if call.args.flag("test"):
        return {"revoked": False}
    lifecycle.leave(call.slack, lifecycle.REVOKED)
    return {"revoked": True}


@method("apps.uninstall", Tier.ONE)
def apps_uninstall(call: Call) -> dict[str, Any]:
    _check_credentials(call)
    lifecycle.leave(call.slack, lifecycle.UNINSTALLED)
    return {}


def _check_credentials(call: Call) -> None:
    app = call.slack.workspace.app
    if call.args.text("client_id") != app.client_id:
        raise SlackError("invalid_client_id")
    if call.args.text("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")
