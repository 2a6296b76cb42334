"""Where Bolt keeps an installation and the states of those under way: our database."""

import logging

from slack_bolt.error import BoltError
from slack_sdk.oauth import OAuthStateStore
from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore

from domain.encryption import Vault
from domain.errors import N_, BadInput, NotAllowed, Refusal
from domain.installation import Arrival, install, installed, issue_state, take_back_state
from domain.services import Services

ORGANISATION = N_(
    "The app was installed for a whole Enterprise organisation. Install it into one workspace instead: "
    "choose the workspace on Slack's page."
)
ANOTHER = N_("The app may be installed into one workspace only, and {team} is another one.")


class InstallationRefusedError(BoltError):
    """What Slack has installed is not to be kept."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class OneWorkspace(InstallationStore):
    """The one installation of this database, as Bolt asks for it (`find_bot` alone: `bot_only`)."""

    def __init__(self, services: Services, vault: Vault, team_id: str | None) -> None:
        self._database = services.database
        self._clock = services.clock
        self._vault = vault
        self._team_id = team_id

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    def save(self, installation: Installation) -> None:
        """Raises InstallationRefusedError."""
        try:
            arrival = _arrival(installation, self._team_id)
            self._keep(arrival)
        except Refusal as refusal:
            raise InstallationRefusedError(refusal) from refusal

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        with self._database.reading() as session:
            found = installed(session, team_id)
        if found is None or found.token is None:
            return None
        return Bot(
            app_id=found.app_id,
            team_id=found.team_id,
            team_name=found.team_name,
            bot_token=self._vault.decrypt(found.token),
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
            bot_scopes=found.scopes,
            installed_at=found.installed_at.timestamp(),
        )

    def _keep(self, arrival: Arrival) -> None:
        with self._database.writing() as session:
            install(session, self._clock, self._vault, arrival)


class States(OAuthStateStore):
    def __init__(self, services: Services) -> None:
        self._database = services.database
        self._clock = services.clock

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    def issue(self, *args: object, **kwargs: object) -> str:
        with self._database.writing() as session:
            return issue_state(session, self._clock)

    def consume(self, state: str) -> bool:
        with self._database.writing() as session:
            return take_back_state(session, self._clock, state)


def _arrival(arrived: Installation, only_team_id: str | None) -> Arrival:
    """Raises Refusal where the app was installed as it must not be."""
    if arrived.is_enterprise_install or arrived.team_id is None:
        raise NotAllowed(ORGANISATION)
    if only_team_id not in (None, arrived.team_id):
        raise NotAllowed(ANOTHER, team=arrived.team_name or arrived.team_id)
    if not arrived.bot_token or not arrived.bot_id or not arrived.bot_user_id:
        raise BadInput("Slack gave no token for the bot: install the app again.")
    return Arrival(
        team_id=arrived.team_id,
        team_name=arrived.team_name or arrived.team_id,
        enterprise_id=arrived.enterprise_id,
        app_id=arrived.app_id,
        bot_user_id=arrived.bot_user_id,
        bot_id=arrived.bot_id,
        scopes=",".join(arrived.bot_scopes or ()),
        token=arrived.bot_token,
        installed_by=arrived.user_id,
    )
