"""Who asks: the person behind a Slack user, the language to answer in, and whether we were asked before."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.blocks.primitives import Writer
from bot.locale import for_locale
from bot.slack_users import SlackUser, SlackUsers
from domain.access import Viewer, viewer_is_employed
from domain.clock import today
from domain.errors import NotFound
from domain.inbound import is_first_time
from domain.people import service as people
from domain.people.model import Company, Person, Role
from domain.services import Services
from domain.settings import CommandNames


@dataclass(frozen=True)
class Asker:
    """Handed to every listener as `context["asker"]`."""

    services: Services
    slack: WebClient
    slack_id: str
    locale: str
    time_zone: str
    person: Viewer | None
    request_key: str | None
    """The same for a request that Slack, or somebody else, sends again."""
    correlation_id: str

    @property
    def writer(self) -> Writer:
        return Writer(for_locale(self.locale))

    @property
    def names(self) -> CommandNames:
        return self.services.settings.commands

    @property
    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    @property
    def viewer(self) -> Viewer:
        """Raises NotFound, with what to do, where the Slack user is nobody we know."""
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
) -> Asker:
    """Find the person by Slack id, else by e-mail; who is found by e-mail is remembered."""
    user = users.find(slack_id)
    with services.database.reading() as session:
        company = session.get(Company, 1)
        person = _by_slack_id(session, slack_id)
        by_email = None if person else _by_email(session, user)
        found = person or by_email
        viewer = _viewer(session, services, company, found, user) if company and found else None
    if by_email is not None:
        _remember(services, by_email.id, slack_id)
    fallback = company.language if company else "en"
    return Asker(
        services=services,
        slack=slack,
        slack_id=slack_id,
        locale=user.locale or (found.locale if found else None) or fallback,
        time_zone=user.time_zone or (viewer.time_zone if viewer else "UTC"),
        person=viewer,
        request_key=request_key(body),
        correlation_id=correlation_id,
    )


def request_key(body: dict[str, Any]) -> str | None:
    """What names a request in all its copies: an event's id, else the trigger of a command or a click."""
    for kind in ("event_id", "trigger_id"):
        if body.get(kind):
            return f"{kind}:{body[kind]}"
    return None


def _by_slack_id(session: Session, slack_id: str) -> Person | None:
    return session.scalar(sa.select(Person).where(Person.slack_id == slack_id))


def _by_email(session: Session, user: SlackUser) -> Person | None:
    """Only where the address names one person, who is not linked to another Slack user."""
    if user.email is None:
        return None
    found = session.scalars(
        sa.select(Person).where(Person.email == user.email, Person.slack_id.is_(None)).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def _viewer(
    session: Session, services: Services, company: Company, person: Person, user: SlackUser
) -> Viewer:
    tenure = people.tenures(session, {person.id}).get(person.id)
    return Viewer(
        person_id=person.id,
        employee_id=person.employee_id,
        name=person.name,
        role=Role(person.role),
        employed=viewer_is_employed(tenure, today(services.clock, company.time_zone)),
        locale=user.locale or person.locale or company.language,
        time_zone=user.time_zone or person.time_zone or company.time_zone,
    )


def _remember(services: Services, person_id: int, slack_id: str) -> None:
    """Two processes may learn it at the same moment; the second finds it done."""
    with services.database.writing() as session:
        if _by_slack_id(session, slack_id) is None:
            session.execute(
                sa.update(Person)
                .where(Person.id == person_id, Person.slack_id.is_(None))
                .values(slack_id=slack_id)
            )
