"""The Home tab, and what keeps our knowledge of Slack's users fresh."""

from typing import Any

from slack_bolt import App, BoltContext
from sqlalchemy.orm import Session

from bot.blocks.home import home_for_unknown, home_with_card, home_with_nothing, home_with_ranking
from bot.blocks.primitives import Block
from bot.context import Asker
from bot.listeners.ranking import current_ranking
from bot.slack_users import SlackUsers
from domain.access import Viewer
from domain.errors import NotAllowed, NotFound, Refusal
from domain.people.model import Role
from domain.scoring import views
from domain.scoring.rankings import RankingView
from domain.scoring.views import ScoreView
from domain.watch.own_streak import own_streak

LOOKS_AFTER_OTHERS = frozenset({Role.MANAGER, Role.HR})


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
    with asker.services.database.reading() as session:
        if (card := _own_card(session, asker, viewer)) is not None:
            return home_with_card(writer, asker.names, viewer.name, card, own_streak(session, viewer))
        if (unit := _own_unit(session, asker, viewer)) is not None:
            return home_with_ranking(writer, asker.names, viewer.name, unit)
    return home_with_nothing(writer, asker.names, viewer.name)


def _own_card(session: Session, asker: Asker, viewer: Viewer) -> ScoreView | None:
    try:
        return views.my_score(session, viewer, asker.services.clock)
    except NotFound:
        return None


def _own_unit(session: Session, asker: Asker, viewer: Viewer) -> RankingView | None:
    if viewer.role not in LOOKS_AFTER_OTHERS:
        return None
    today = views.company_day(session, asker.services.clock)
    try:
        return current_ranking(session, viewer, None, today)
    except (NotFound, NotAllowed):
        return None
