"""What Slack tells when somebody removes the app, or takes its token back."""

from typing import Any

import structlog
from slack_bolt import App, BoltContext
from slack_sdk.errors import SlackApiError

from bot.context import request_key
from bot.oauth.authorization import forget_tokens
from bot.slack_client import TOKEN_REFUSED, NotInstalledError, slack_client
from domain import installation
from domain.inbound import is_first_time
from domain.services import Services

ASK_TIMEOUT_S = 2
UNINSTALLED, REVOKED = "app_uninstalled", "tokens_revoked"

log = structlog.get_logger()


def register(app: App, services: Services) -> None:
    def uninstalled(body: dict[str, Any], context: BoltContext) -> None:
        _removed(app, services, body, context, UNINSTALLED)

    def tokens_revoked(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        """Users' tokens are none of ours."""
        if event.get("tokens", {}).get("bot"):
            _removed(app, services, body, context, REVOKED)

    app.event(UNINSTALLED)(uninstalled)
    app.event(REVOKED)(tokens_revoked)


def _removed(app: App, services: Services, body: dict[str, Any], context: BoltContext, told_by: str) -> None:
    """Posts wait from now on."""
    if not _has_ended(services):
        log.info("told of the end of an installation that is not the present one", told_by=told_by)
        return
    key = request_key(body)
    with services.database.writing() as session:
        if key is not None and not is_first_time(session, services.clock, key):
            return
        was_ours = installation.remove(session, services.clock, context.team_id, told_by)
    forget_tokens(app)
    log.warning("the app was removed from its workspace", told_by=told_by, installed_by_oauth=was_ours)


def _has_ended(services: Services) -> bool:
    """Slack may tell late, or again. What counts is whether it refuses the token that we have now.

    Raises SlackClientError or OSError where it does not say: the event is not taken, and comes again.
    """
    if services.settings.oauth is None:
        return True
    try:
        slack_client(services, timeout=ASK_TIMEOUT_S, retry_handlers=[]).auth_test()
    except NotInstalledError:
        return False  # there is nothing to end
    except SlackApiError as answer:
        if answer.response["error"] in TOKEN_REFUSED:
            return True
        raise
    return False
