"""Bolt's part of an installation by OAuth: where the flow goes, and whose token answers a request."""

import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from slack_bolt import App
from slack_bolt.authorization.authorize import InstallationStoreAuthorize
from slack_bolt.oauth.oauth_settings import OAuthSettings

from bot.locale import for_locale
from bot.oauth.flow import INSTALL_PATH, REDIRECT_PATH, InstallFlow, callbacks
from bot.oauth.stores import OneWorkspace, States
from bot.slack_client import SlackClient
from domain.encryption import Vault
from domain.errors import N_
from domain.services import Services
from domain.settings import Settings
from domain.settings_slack import OAuth

MANIFEST = Path(__file__).parent.parent / "manifest.json"
OAUTH_TIMEOUT_S = 10
NOT_HERE = N_("This app is not installed here, or not any more: ask an administrator to install it.")


def by_installation(services: Services, oauth: OAuth) -> dict[str, Any]:
    """What Bolt's App needs to find a request's token in our database; auth.test is asked once a token."""
    settings = services.settings
    client = SlackClient(base_url=settings.slack_api_url, timeout=OAUTH_TIMEOUT_S)
    store = OneWorkspace(services, Vault(oauth.encryption_keys), oauth.team_id)
    flow = InstallFlow(client=client, settings=_flow_settings(services, oauth, store))
    flow.settings.authorize = InstallationStoreAuthorize(
        logger=logging.getLogger(__name__),
        installation_store=store,
        bot_only=True,
        cache_enabled=True,
        client=client,
    )
    return {
        "client": client,
        "oauth_flow": flow,
        "user_facing_authorize_error_message": "\n".join(
            for_locale(tag).text(NOT_HERE) for tag in ("en", "zh")
        ),
    }


def forget_tokens(app: App) -> None:
    """What is remembered of tokens that may not be good any more."""
    if app.oauth_flow is not None and isinstance(
        app.oauth_flow.settings.authorize, InstallationStoreAuthorize
    ):
        app.oauth_flow.settings.authorize.authorize_result_cache.clear()


def authorize_url(slack_api_url: str) -> str:
    """The page where people agree; it is on the host of the Web API."""
    return urljoin(slack_api_url, "/oauth/v2/authorize")


def redirect_url(settings: Settings) -> str | None:
    """None where the bot does not know its own address: Slack then takes the first that the app names."""
    return settings.http.public_url and settings.http.public_url + REDIRECT_PATH


def _flow_settings(services: Services, oauth: OAuth, store: OneWorkspace) -> OAuthSettings:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return OAuthSettings(
        client_id=oauth.client_id,
        client_secret=oauth.client_secret,
        scopes=manifest["oauth_config"]["scopes"]["bot"],
        user_scopes=[],
        redirect_uri=redirect_url(services.settings),
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        authorization_url=authorize_url(services.settings.slack_api_url),
        installation_store=store,
        installation_store_bot_only=True,
        state_store=States(services),
        callback_options=callbacks(services.settings.commands),
    )
