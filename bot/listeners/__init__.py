"""What Slack tells us of, a file a topic: parse, call one service, draw, answer."""

from slack_bolt import App

from bot.listeners import charts, home, ranking, score
from bot.slack_users import SlackUsers


def register(app: App, users: SlackUsers) -> None:
    score.register(app)
    ranking.register(app)
    charts.register(app)
    home.register(app, users)
