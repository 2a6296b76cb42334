"""Putting the bot together: services, the app, how Slack reaches it, and what it answers over HTTP."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import URLError

import structlog
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError

from bot.app import PacesetterApp, create_app
from bot.http.site import Site
from bot.locale.catalogues import LANGUAGES, translations
from bot.socket_mode import Connection
from bot.token_check import TokenCheck
from domain import installation, logs
from domain.encryption import Vault
from domain.errors import BadInput
from domain.health import Health
from domain.services import Services, make_services
from domain.settings import Settings
from domain.settings_slack import Transport
from domain.status_site import StatusSite
from migrations import tables_check, upgrade

ANYBODY_MAY = (
    "SLACK_TEAM_ID is not set: the first workspace that installs the app is the one, whoever it is; "
    "set it to your workspace's id"
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Bot:
    services: Services
    app: PacesetterApp
    connection: Connection | None
    """In Socket Mode; not open yet."""
    health: Health
    site: Site

    def close(self) -> None:
        """At the very end, when nothing is being answered any more."""
        self.services.database.close()
        log.info("the bot has stopped")


def make_bot(settings: Settings) -> Bot:
    """A bot that is ready to be asked. Raises BadInput, or BoltError where Slack refuses the token."""
    settings.require_slack()
    services = make_services(settings)
    upgrade(services.database)
    if settings.oauth is not None:
        with services.database.writing() as session:
            installation.renew_encryption(session, Vault(settings.oauth.encryption_keys))
            if settings.oauth.team_id is None and installation.belongs_to(session) is None:
                log.warning(ANYBODY_MAY)
    with reaching_slack(settings):
        app = create_app(services)
    for language in LANGUAGES:
        translations(language)  # compiled now and not in somebody's first answer
    over_http = settings.transport is Transport.HTTP
    connection = None if over_http else Connection(app, settings.slack_app_token)
    slack = connection.check() if connection else TokenCheck(services).check()
    health = Health([tables_check(services.database), slack])
    return Bot(services, app, connection, health, Site(app, StatusSite(health), takes_requests=over_http))


def bot_of_the_environment() -> Bot:
    """For a server that is not ours. A bot that cannot work ends the process with a sentence."""
    with refusals():
        settings = Settings.from_environment()
        if settings.transport is not Transport.HTTP:
            raise BadInput(
                "PACESETTER_TRANSPORT must be http where a server calls the bot: set it, or leave out "
                "SLACK_APP_TOKEN."
            )
        logs.configure(settings.log_level, settings.log_format, settings.secrets)
        return make_bot(settings)


@contextmanager
def refusals() -> Iterator[None]:
    """End the process with the sentence of what keeps the bot from working."""
    try:
        yield
    except BadInput as problem:
        sys.exit(str(problem))
    except BoltError as problem:
        sys.exit(f"Slack refuses SLACK_BOT_TOKEN: {problem}")
    except SlackApiError as problem:
        sys.exit(f"Slack refuses SLACK_APP_TOKEN: {problem.response['error']}")


@contextmanager
def reaching_slack(settings: Settings) -> Iterator[None]:
    """Raises BadInput, with what to check, where Slack does not answer."""
    try:
        yield
    except (OSError, SlackClientNotConnectedError) as problem:
        raise BadInput(
            "Slack does not answer at {url} ({why}): check SLACK_API_URL and this machine's network.",
            url=settings.slack_api_url,
            why=problem.reason if isinstance(problem, URLError) else problem,
        ) from None
