"""What Slack tells us of, a file a topic: parse, call one service, draw, answer."""

from slack_bolt import App

from bot.listeners import charts, home, ranking, score, stale
from bot.slack_users import SlackUsers
from domain.settings import CommandNames


def register(app: App, users: SlackUsers, names: CommandNames) -> None:
    score.register(app, names)
    ranking.register(app, names)
    charts.register(app)
    home.register(app, users)
    stale.register(app)
