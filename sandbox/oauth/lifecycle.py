"""The app comes into the workspace, and leaves it: kept, told to the app, shown in the open pages."""

from collections.abc import Iterable

from sandbox.oauth.installations import Installation
from sandbox.page_app import announce_app
from sandbox.slack import Slack

# What Slack answers to a token afterwards: of an app that was uninstalled, of a token that was revoked.
UNINSTALLED, REVOKED = "account_inactive", "token_revoked"


def install(slack: Slack, user: str, scopes: Iterable[str]) -> Installation:
    made = slack.installations.install(user, scopes)
    announce_app(slack)
    return made


def leave(slack: Slack, error: str) -> None:
    """End the installation. `error` is what the token is refused with from now on."""
    bot = slack.workspace.app.bot_user_id
    slack.events.farewell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}})
    slack.events.farewell({"type": "app_uninstalled"})
    slack.installations.end(error)
    slack.views.forget_all()
    announce_app(slack)
