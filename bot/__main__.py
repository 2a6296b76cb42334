"""`python -m bot`: answers Slack in Socket Mode until it is told to stop."""

import signal
import sys
import threading
from urllib.error import URLError

import structlog
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.app import create_app
from bot.locale.catalogues import LANGUAGES, translations
from bot.slack_users import SlackUsers
from domain import logs
from domain.errors import BadInput
from domain.services import Services, make_services
from domain.settings import Settings
from migrations import upgrade

log = structlog.get_logger()


def main() -> None:
    try:
        settings = Settings.from_environment()
        settings.require_slack()
    except BadInput as problem:
        sys.exit(str(problem))
    logs.configure(settings.log_level)
    services = make_services(settings)
    upgrade(services.database)
    try:
        run(services)
    except BoltError as problem:
        sys.exit(f"Slack refuses SLACK_BOT_TOKEN: {problem}")
    except SlackApiError as problem:
        sys.exit(f"Slack refuses SLACK_APP_TOKEN: {problem.response['error']}")
    except URLError as problem:
        sys.exit(
            f"Slack does not answer at {settings.slack_api_url} ({problem.reason}): "
            "check SLACK_API_URL and this machine's network."
        )
    finally:
        services.database.close()


def run(services: Services) -> None:
    """Connect, and return after SIGTERM or SIGINT, when what was being answered has been answered."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    app = create_app(services)
    meet_everybody(app.users)
    for language in LANGUAGES:
        translations(language)  # compiled now and not in somebody's first answer
    connection = SocketModeHandler(app, services.settings.slack_app_token).client
    connection.connect()
    log.info("the bot is connected")
    stopping.wait()
    connection.message_workers.shutdown(wait=True)  # close() alone cuts off answers that are on their way
    connection.close()
    log.info("the bot has stopped")


def meet_everybody(users: SlackUsers) -> None:
    """So that nobody's first command waits for users.info. Not vital: who is missing is asked for later."""
    try:
        log.info("users are known", count=users.load_all())
    except (SlackClientError, OSError) as problem:
        log.warning("users.list failed", problem=str(problem))


if __name__ == "__main__":
    main()
