"""The Slack workspace that an installation by OAuth belongs to, and its token.

One database is one company is one workspace: a second one is refused. Where the settings name a token of
their own (SLACK_BOT_TOKEN), nothing of this is used.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain import audit
from domain.clock import Clock
from domain.database import Base, UtcDateTime, one_at_a_time
from domain.encryption import Vault
from domain.errors import N_, NotAllowed, NotFound

THE_ONE = 1
TAKEN = N_(
    "This Pacesetter belongs to the workspace {team}. Each company has a Pacesetter of its own, with a "
    "database of its own."
)
NOT_YET = N_("The app is not installed in a workspace yet: open /slack/install on the bot's address.")
REMOVED = N_(
    "The app was removed from the workspace {team} on {at} ({told_by}): install it again, from "
    "/slack/install on the bot's address."
)
STATES_LAST = timedelta(minutes=10)


class Installation(Base):
    """The one workspace of this database (id 1). What was removed stays known by name, without its token."""

    __tablename__ = "installations"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(sa.String(32))
    team_name: Mapped[str] = mapped_column(sa.String(200))
    enterprise_id: Mapped[str | None] = mapped_column(sa.String(32))
    app_id: Mapped[str | None] = mapped_column(sa.String(32))
    bot_user_id: Mapped[str] = mapped_column(sa.String(32))
    bot_id: Mapped[str] = mapped_column(sa.String(32))
    scopes: Mapped[str] = mapped_column(sa.Text)
    """Separated by commas."""
    token: Mapped[str | None] = mapped_column(sa.Text)
    """Encrypted; None: removed."""
    installed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    installed_by: Mapped[str] = mapped_column(sa.String(32))
    """A Slack user."""
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by: Mapped[str | None] = mapped_column(sa.String(40))
    """The event that told of it: `app_uninstalled` or `tokens_revoked`."""


class OAuthState(Base):
    """Given to a browser that sets out to install the app, taken back when it returns: once."""

    __tablename__ = "oauth_states"

    state: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AnotherWorkspace(NotAllowed):
    """This database belongs to a workspace already, and it is not the one that asks."""


class NotInstalled(NotFound):
    """There is no token: the app was never installed, or it was removed."""


@dataclass(frozen=True)
class Arrival:
    """What Slack tells when somebody has installed the app."""

    team_id: str
    team_name: str
    enterprise_id: str | None
    app_id: str | None
    bot_user_id: str
    bot_id: str
    scopes: str
    token: str
    installed_by: str


def install(session: Session, clock: Clock, vault: Vault, arrival: Arrival) -> Installation:
    """Keep the workspace and its token; installing it again renews both. Raises AnotherWorkspace."""
    one_at_a_time(session, "installation")
    found = session.get(Installation, THE_ONE, populate_existing=True)
    if found is not None and found.team_id != arrival.team_id:
        raise AnotherWorkspace(TAKEN, team=found.team_name)
    installation = found or Installation(id=THE_ONE, team_id=arrival.team_id)
    installation.team_name = arrival.team_name
    installation.enterprise_id = arrival.enterprise_id
    installation.app_id = arrival.app_id
    installation.bot_user_id = arrival.bot_user_id
    installation.bot_id = arrival.bot_id
    installation.scopes = arrival.scopes
    installation.token = vault.encrypt(arrival.token)
    installation.installed_at = clock.now()
    installation.installed_by = arrival.installed_by
    installation.removed_at = installation.removed_by = None
    session.add(installation)
    detail = {"team": arrival.team_name, "scopes": arrival.scopes}
    audit.record(
        session, clock, f"slack:{arrival.installed_by}", "workspace.install", arrival.team_id, detail
    )
    return installation


def remove(session: Session, clock: Clock, team_id: str | None, told_by: str) -> bool:
    """Forget the token; the company's data stays. False where that workspace is not installed."""
    one_at_a_time(session, "installation")
    found = session.get(Installation, THE_ONE, populate_existing=True)
    if found is None or found.token is None or found.team_id != team_id:
        return False
    found.token = None
    found.removed_at = clock.now()
    found.removed_by = told_by
    audit.record(session, clock, "system", "workspace.remove", found.team_id, {"told_by": told_by})
    return True


def installed(session: Session, team_id: str | None = None) -> Installation | None:
    """The workspace while it has a token; with a `team_id`, only if it is that one."""
    found = session.get(Installation, THE_ONE)
    if found is None or found.token is None or team_id not in (None, found.team_id):
        return None
    return found


def belongs_to(session: Session) -> str | None:
    """The workspace that this database is of, even if the app was removed from it; None: whichever comes."""
    found = session.get(Installation, THE_ONE)
    return None if found is None else found.team_id


def current_token(session: Session, vault: Vault) -> str:
    """Raises NotInstalled, with what to do; BadInput where no key fits."""
    found = session.get(Installation, THE_ONE)
    if found is None:
        raise NotInstalled(NOT_YET)
    if found.token is None:
        at = f"{found.removed_at:%Y-%m-%d}"
        raise NotInstalled(REMOVED, team=found.team_name, at=at, told_by=found.removed_by)
    return vault.decrypt(found.token)


def renew_encryption(session: Session, vault: Vault) -> None:
    """Put the token under the newest key, so that older ones can go. Raises BadInput where no key fits."""
    one_at_a_time(session, "installation")
    found = session.get(Installation, THE_ONE, populate_existing=True)
    if found is not None and found.token is not None:
        found.token = vault.encrypt_anew(found.token)


def issue_state(session: Session, clock: Clock) -> str:
    """A new state for a browser; those that nobody brought back are forgotten."""
    session.execute(sa.delete(OAuthState).where(OAuthState.at < clock.now() - STATES_LAST))
    state = secrets.token_urlsafe(24)
    session.add(OAuthState(state=state, at=clock.now()))
    return state


def take_back_state(session: Session, clock: Clock, state: str) -> bool:
    """Whether it was issued, lately, and has not been taken back before."""
    taken = session.execute(
        sa.delete(OAuthState)
        .where(OAuthState.state == state, OAuthState.at >= clock.now() - STATES_LAST)
        .returning(OAuthState.state)
    )
    return taken.scalar() is not None
