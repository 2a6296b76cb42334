"""What Slack tells us of, a file a topic: parse, call one service, draw, answer."""

from slack_bolt import App

from bot.listeners import (
    alerts,
    charts,
    disputes,
    home,
    hr,
    hr_closing,
    hr_pay,
    hr_plan,
    pay,
    person_file,
    pickers,
    preferences,
    ranking,
    recognition,
    score,
    share,
    sources,
    stale,
    target_proposals,
    target_rounds,
    targets,
    team,
    what_if,
)
from bot.slack_users import SlackUsers
from domain.services import Services


def register(app: App, services: Services, users: SlackUsers) -> None:
    names = services.settings.commands
    score.register(app, names)
    what_if.register(app)
    share.register(app, users)
    ranking.register(app, names)
    team.register(app, names)
    charts.register(app)
    alerts.register(app)
    targets.register(app, names)
    target_rounds.register(app)
    target_proposals.register(app)
    hr.register(app, names)
    hr_plan.register(app)
    hr_closing.register(app)
    hr_pay.register(app)
    pay.register(app)
    disputes.register(app)
    pickers.register(app)
    person_file.register(app)
    recognition.register(app)
    home.register(app, services, users)
    preferences.register(app)
    sources.register(app)
    stale.register(app)
