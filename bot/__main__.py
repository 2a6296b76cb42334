"""`python -m bot`: answers Slack, in Socket Mode or over HTTP, until it is told to stop."""

import threading
from contextlib import AbstractContextManager, nullcontext

import structlog
from slack_sdk.errors import SlackClientError

from bot.http.server import served
from bot.slack_users import SlackUsers
from bot.wiring import Bot, make_bot, reaching_slack, refusals
from domain import logs
from domain.settings import Settings
from domain.stopping import when_told_to_stop

log = structlog.get_logger()


def main() -> None:
    with refusals():
        settings = Settings.from_environment()
        logs.configure(settings.log_level, settings.log_format, settings.secrets)
        bot = make_bot(settings)
        try:
            run(bot)
        finally:
            bot.close()


def run(bot: Bot) -> None:
    """Be there for Slack; return after SIGTERM or SIGINT, when what was being answered has been answered."""
    stopping = threading.Event()
    when_told_to_stop(stopping.set)
    meet_everybody(bot.app.users)
    with _served(bot):
        if bot.connection is not None:
            with reaching_slack(bot.services.settings):
                bot.connection.open()
        log.info("the bot is ready", transport=bot.services.settings.transport)
        stopping.wait()
        bot.health.stop()
        if bot.connection is not None:
            bot.connection.finish()
        else:
            threading.Event().wait(bot.services.settings.http.drain_s)  # balancers look and turn away


def meet_everybody(users: SlackUsers) -> None:
    """So that nobody's first command waits for users.info. Not vital: who is missing is asked for later."""
    try:
        log.info("users are known", count=users.load_all())
    except (SlackClientError, OSError) as problem:
        log.warning("users.list failed", problem=str(problem))


def _served(bot: Bot) -> AbstractContextManager[None]:
    http = bot.services.settings.http
    return nullcontext() if http.bot_port is None else served(bot.site, http.host, http.bot_port)


if __name__ == "__main__":
    main()
