"""The Home tab, and what keeps our knowledge of Slack's users fresh."""

from typing import Any

from slack_bolt import App, BoltContext

from bot.blocks.home import home_for_unknown, home_with_card, home_without_card
from bot.blocks.primitives import Block
from bot.context import Asker
from bot.slack_users import SlackUsers
from domain.errors import Refusal
from domain.scoring import views


def register(app: App, users: SlackUsers) -> None:
    def remember_user(event: dict[str, Any]) -> None:
        users.remember(event["user"])

    app.event("app_home_opened")(show_home)
    app.event("user_change")(remember_user)


def show_home(event: dict[str, Any], context: BoltContext) -> None:
    """Slack also tells of the messages tab, which needs no drawing."""
    if event.get("tab") != "home":
        return
    asker: Asker = context["asker"]
    asker.slack.views_publish(user_id=asker.slack_id, view=_home(asker))


def _home(asker: Asker) -> Block:
    writer = asker.writer
    try:
        viewer = asker.viewer
    except Refusal as unknown:
        return home_for_unknown(writer, writer.refusal(unknown))
    try:
        with asker.services.database.reading() as session:
            view = views.my_score(session, viewer, asker.services.clock)
    except Refusal as no_card:
        return home_without_card(writer, viewer.name, writer.refusal(no_card))
    return home_with_card(writer, viewer.name, view)
