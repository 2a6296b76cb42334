"""Who asks: the person behind a Slack user, the language to answer in, and whether we were asked before."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.blocks.primitives import Writer
from bot.locale import for_locale
from bot.slack_users import SlackUser, SlackUsers, teams_of
from domain.access import Viewer
from domain.clock import Clock
from domain.errors import N_, NotAllowed, NotFound
from domain.inbound import is_first_time
from domain.people.identity import link, note_time_zone, person_by_email
from domain.people.model import Company
from domain.people.reachability import zone_or_none, zone_or_utc
from domain.services import Services
from domain.settings import CommandNames
from domain.viewers import KnownPerson, known_person, linked_person


@dataclass(frozen=True)
class Asker:
    """Handed to every listener as `context["asker"]`."""

    services: Services
    slack: WebClient
    slack_id: str
    locale: str
    slack_locale: str
    """As `locale` is unless the person has chosen a language."""
    time_zone: str
    person: Viewer | None
    request_key: str | None
    """The same for a request that Slack, or somebody else, sends again."""
    correlation_id: str
    is_outsider: bool = False
    """Of another workspace, and here by way of a shared channel."""

    @property
    def writer(self) -> Writer:
        return Writer(for_locale(self.locale))

    @property
    def names(self) -> CommandNames:
        return self.services.settings.commands

    @property
    def zone(self) -> ZoneInfo:
        return zone_or_utc(self.time_zone)

    @property
    def viewer(self) -> Viewer:
        """Raises NotAllowed for an outsider, NotFound, with what to do, where the user is nobody we know."""
        if self.is_outsider:
            raise NotAllowed(N_("I answer people of the workspace that I belong to: you are of another one."))
        if self.person is None:
            raise NotFound(
                "I do not know you yet: nobody in our records has your e-mail address in Slack. Ask HR to "
                "enter it; your Slack member id is {slack_id}.",
                slack_id=self.slack_id,
            )
        return self.person

    def asks_for_the_first_time(self, session: Session) -> bool:
        """Call in the transaction that acts: the same request acts once. Reading may be answered again."""
        clock = self.services.clock
        return self.request_key is None or is_first_time(session, clock, self.request_key)


def identify(
    services: Services,
    slack: WebClient,
    users: SlackUsers,
    slack_id: str,
    body: dict[str, Any],
    correlation_id: str,
    ours: frozenset[str],
) -> Asker:
    """Find the person by Slack id, else by e-mail; who is found by e-mail is remembered.

    Nobody is looked for behind a user of another workspace than `ours`. Raises SlackClientError or OSError
    where Slack does not say who it is, and we do not know it either.
    """
    user = users.find(slack_id)
    clock = services.clock
    if _is_outsider(user, body, ours):
        return _outsider(services, slack, user, body, correlation_id)
    with services.database.reading() as session:
        linked = linked_person(session, clock, slack_id, user.locale, user.time_zone)
        known = linked or _by_email(session, clock, user)
        slack_locale = user.locale or (known.locale if known else _language_of_company(session))
    if known is None and user.silence is not None:
        raise user.silence
    if known is not None and (linked is None or _has_moved(known, user)):
        with services.database.writing() as session:
            link(session, known.viewer.person_id, slack_id)
            note_time_zone(session, known.viewer.person_id, user.time_zone)
    viewer = known.viewer if known else None
    return Asker(
        services=services,
        slack=slack,
        slack_id=slack_id,
        locale=viewer.locale if viewer else slack_locale,
        slack_locale=slack_locale,
        time_zone=user.time_zone or (viewer.time_zone if viewer else "UTC"),
        person=viewer,
        request_key=request_key(body),
        correlation_id=correlation_id,
    )


def _is_outsider(user: SlackUser, body: dict[str, Any], ours: frozenset[str]) -> bool:
    """What Slack says of the user counts; where it says nothing, what it says with the request."""
    teams = user.teams or _teams_of_asker(body)
    return bool(teams) and not teams & ours


def _teams_of_asker(body: dict[str, Any]) -> frozenset[str]:
    """An event's workspace is the one that the app is installed in, whoever it comes from."""
    if "command" in body:
        return teams_of(body)
    user = body.get("user")
    return teams_of(user) if isinstance(user, dict) else frozenset()


def _outsider(
    services: Services, slack: WebClient, user: SlackUser, body: dict[str, Any], correlation_id: str
) -> Asker:
    return Asker(
        services=services,
        slack=slack,
        slack_id=user.id,
        locale=user.locale or "en",
        slack_locale=user.locale or "en",
        time_zone=user.time_zone or "UTC",
        person=None,
        request_key=request_key(body),
        correlation_id=correlation_id,
        is_outsider=True,
    )


def _by_email(session: Session, clock: Clock, user: SlackUser) -> KnownPerson | None:
    person = person_by_email(session, user.email)
    return known_person(session, clock, person.id, user.locale, user.time_zone) if person else None


def _language_of_company(session: Session) -> str:
    company = session.get(Company, 1)
    return company.language if company else "en"


def _has_moved(known: KnownPerson, user: SlackUser) -> bool:
    """Whether Slack names another time zone than the one that messages wait by."""
    return user.time_zone != known.time_zone and zone_or_none(user.time_zone) is not None


def request_key(body: dict[str, Any]) -> str | None:
    """What names a request in all its copies: an event's id, else the trigger of a command or a click."""
    for kind in ("event_id", "trigger_id"):
        if body.get(kind):
            return f"{kind}:{body[kind]}"
    return None
