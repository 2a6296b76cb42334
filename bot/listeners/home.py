"""The Home tab, and what keeps our knowledge of Slack's users fresh."""

from typing import Any

import structlog
from slack_bolt import App, BoltContext

from bot.blocks.home import home_for_unknown
from bot.context import Asker
from bot.delivery import home_tab
from bot.slack_users import SlackUser, SlackUsers
from domain.errors import Refusal
from domain.people.identity import note_time_zone, person_by_slack_id
from domain.services import Services

log = structlog.get_logger()


def register(app: App, services: Services, users: SlackUsers) -> None:
    def remember_user(event: dict[str, Any]) -> None:
        _note_move(services, users.remember(event["user"]))

    app.event("app_home_opened")(show_home)
    app.event("user_change")(remember_user)


def _note_move(services: Services, user: SlackUser) -> None:
    """Messages wait by the new time zone at once. Slack tells of every change of everybody: most are none."""
    with services.database.reading() as session:
        person = person_by_slack_id(session, user.id)
    if person is not None and user.time_zone not in (None, person.slack_time_zone):
        with services.database.writing() as session:
            note_time_zone(session, person.id, user.time_zone)


def show_home(event: dict[str, Any], context: BoltContext) -> None:
    """Slack also tells of the messages tab, which needs no drawing."""
    if event.get("tab") != "home":
        return
    publish_home(context["asker"])


def publish_home(asker: Asker, page: int = 1) -> None:
    """`page`: of the longest list that stands there."""
    writer = asker.writer
    try:
        viewer = asker.viewer
    except Refusal as unknown:
        home = home_for_unknown(writer, writer.refusal(unknown))
        asker.slack.views_publish(user_id=asker.slack_id, view=home)
        return
    home_tab.publish_home(asker.services, asker.slack, asker.slack_id, viewer, writer, page)


def refresh_home(asker: Asker) -> None:
    """After something is done: that has not failed if this does, and the next opening shows it."""
    try:
        publish_home(asker)
    except Exception as problem:
        log.error("the Home tab could not be brought up to date", exc_info=problem)
