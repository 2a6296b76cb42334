"""Checks of an installation by OAuth: who may install the app, and whether somebody has."""

from collections.abc import Iterator

from cli.init.findings import Finding, good, missing, note
from domain import installation
from domain.encryption import Vault
from domain.errors import Refusal
from domain.services import Services
from domain.settings_slack import OAuth

INSTALL_PATH = "/slack/install"
"""Where the bot serves the page; a test holds them together."""


def install_again(services: Services) -> str:
    """What to do about a token that does not work."""
    return f"install the app again, at {_install_page(services)}."


def check_oauth(services: Services, oauth: OAuth) -> Iterator[Finding]:
    if services.settings.http.public_url is None:
        yield missing(
            "PACESETTER_URL is not set: Slack's pages lead back to it. `pacesetter init` asks for it."
        )
    if oauth.team_id is not None:
        yield good(f"Only the workspace {oauth.team_id} may install the app.")
        return
    with services.database.reading() as session:
        belongs = installation.belongs_to(session)
    if belongs is None:
        yield note(
            "SLACK_TEAM_ID is not set: the first workspace that installs the app is the one, whoever it is. "
            "Set it to your workspace's id (it begins with T)."
        )


def installed_token(services: Services, oauth: OAuth) -> str | Finding:
    """The token that came with the installation, or what is missing for one."""
    with services.database.reading() as session:
        if installation.belongs_to(session) is None:
            return missing(
                "The app is not installed in a workspace yet: load the settings, start `python -m bot`, open "
                f"{_install_page(services)} as somebody who may install apps, then look again with "
                "`pacesetter init --check`."
            )
        try:
            return installation.current_token(session, Vault(oauth.encryption_keys))
        except Refusal as problem:
            return missing(str(problem))


def _install_page(services: Services) -> str:
    return f"{services.settings.http.public_url or 'the bot’s address'}{INSTALL_PATH}"
