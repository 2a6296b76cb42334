"""The way of a browser that installs the app: our page, Slack's, and ours again with how it ended."""

from collections.abc import Sequence

import structlog
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_flow import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Installation

from bot.locale import Language, for_locale
from bot.oauth import pages
from bot.oauth.stores import InstallationRefusedError
from domain.errors import N_
from domain.settings import CommandNames

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
FORBIDDEN = 403

CANCELLED = N_("Nothing has changed. You can begin again whenever you like.")
BEGIN_AGAIN = N_(
    "This page belongs to an installation that began in another browser, or more than 10 minutes ago. "
    "Begin again."
)
NOT_FINISHED = N_("Slack did not finish the installation. Begin again.")
_SENTENCES = {
    "access_denied": CANCELLED,
    "invalid_browser": BEGIN_AGAIN,
    "invalid_state": BEGIN_AGAIN,
}

log = structlog.get_logger()


class InstallFlow(OAuthFlow):
    """Bolt's flow with our pages; what is refused is taken out of that workspace again."""

    def build_install_page_html(self, url: str, request: BoltRequest) -> str:
        language = reader_of(request)
        return pages.page(
            language,
            language.text("Install Pacesetter"),
            language.text("Slack shows next what the app may see and do, and asks you to agree."),
            pages.Link(url, language.text("Add to Slack")),
        )

    def store_installation(self, request: BoltRequest, installation: Installation) -> None:
        """Raises InstallationRefusedError."""
        try:
            super().store_installation(request, installation)
        except InstallationRefusedError as refused:
            log.warning("an installation was refused", team=installation.team_id, why=str(refused))
            self._uninstall(installation)
            raise

    def _uninstall(self, installation: Installation) -> None:
        try:
            self.client.apps_uninstall(
                client_id=self.settings.client_id,
                client_secret=self.settings.client_secret,
                token=installation.bot_token,
            )
        except (SlackClientError, OSError) as problem:
            log.warning(
                "what was refused is still installed", team=installation.team_id, problem=str(problem)
            )


def callbacks(names: CommandNames) -> CallbackOptions:
    def installed(args: SuccessArgs) -> BoltResponse:
        language = reader_of(args.request)
        title = language.text("Pacesetter is installed in {team}", team=args.installation.team_name)
        text = language.text(
            "Open Slack and type {command}. This window can be closed.", command=names.my_score
        )
        log.info("the app was installed", team=args.installation.team_id)
        return _response(200, pages.page(language, title, text), args.settings)

    def failed(args: FailureArgs) -> BoltResponse:
        language = reader_of(args.request)
        title = language.text("Pacesetter was not installed")
        again = pages.Link(INSTALL_PATH, language.text("Begin again"))
        if isinstance(args.error, InstallationRefusedError):
            text = language.refusal(args.error.refusal)
            return _response(FORBIDDEN, pages.page(language, title, text), args.settings)
        log.warning("an installation failed", reason=args.reason)
        text = language.text(_SENTENCES.get(args.reason, NOT_FINISHED))
        return _response(args.suggested_status_code, pages.page(language, title, text, again), args.settings)

    return CallbackOptions(installed, failed)


def reader_of(request: BoltRequest) -> Language:
    """The first language of the browser's that we speak."""
    header = request.headers.get("accept-language", [""])[0]
    tags = [part.partition(";")[0].strip() for part in header.split(",")]
    return for_locale(next((tag for tag in tags if tag.lower().startswith(("en", "zh"))), None))


def _response(status: int, html: str, settings: OAuthSettings) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {
        "Content-Type": pages.CONTENT_TYPE,
        "Set-Cookie": settings.state_utils.build_set_cookie_for_deletion(),
    }
    return BoltResponse(status=status, body=html, headers=headers)
