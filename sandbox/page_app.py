"""The app as the page knows it."""

from typing import Any

from sandbox.slack import Slack


def page_app(slack: Slack) -> dict[str, Any]:
    """`app` of /page/workspace, and of the event `app` that tells of a change."""
    app, manifest = slack.workspace.app, slack.manifest
    return {
        "id": app.id,
        "name": app.name,
        "bot_user_id": app.bot_user_id,
        "home_tab": manifest.home_tab,
        "messages_read_only": manifest.messages_read_only or not manifest.messages_tab,
        "connections": slack.to_app.transport.connection_count,
        "transport": slack.to_app.transport.name,
        "installed": slack.installations.installed,
        "scopes": sorted(slack.installations.scopes),
    }


def announce_app(slack: Slack) -> None:
    slack.page.to_everyone({"type": "app", "app": page_app(slack)})
