"""Where a post should go, as the tables say: to a person, into a thread, or to a private channel."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.outbox import Post, PostState
from domain.people.model import Company, Person, Role
from domain.people.reachability import Habits, habits_of
from domain.periods import Period
from domain.quiet_hours import Hours
from domain.recognition.service import NAMED_POST
from domain.scoring.sharing import consent_to


@dataclass(frozen=True)
class Reader:
    """A person as an addressee."""

    person_id: int
    email: str | None
    slack_id: str | None
    locale: str
    """As imported: what Slack says of the person counts more."""
    is_hr: bool
    habits: Habits | None = None
    """None before there is a company."""


@dataclass(frozen=True)
class Address:
    """The wishes of a post; `AddressBook` finds the conversation."""

    locale: str
    """The company's: what a channel reads."""
    hours: Hours = Hours.ANY
    """What of the day it waits for …"""
    habits: Habits | None = None
    """… in a channel."""
    reader: Reader | None = None
    thread: tuple[str, str] | None = None
    """Channel and ts of the message it answers."""
    channel: str | None = None
    """An id, or a name."""
    instead: tuple[Reader, ...] = ()
    """Who gets it where the channel may not: the first that Slack knows."""
    about: frozenset[int] = frozenset()
    """Ids of people: none of them may be in the channel, and nobody who may not see their cards …"""
    month: Period | None = None
    """… of this month …"""
    shared_by: int | None = None
    """… unless it is this person's own card, and own choice to show it there."""
    channel_name: str | None = None
    """What people call the channel."""
    names_volunteers: bool = False
    """It names nobody but those who chose it: any channel of the own workspace may read it."""

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody has just asked for it, and waits."""
        return self.hours is Hours.ANY


def read_address(session: Session, post: Post) -> Address:
    """The facts of a post for a channel may name people by id (`recipients`, `about`) and a `month`.

    A post for a thread that was never begun goes where the thread should have been.
    """
    company = session.get(Company, 1)
    locale = company.language if company else "en"
    parent = session.get(Post, post.thread_of_id) if post.thread_of_id is not None else None
    goes_with = parent or post
    person = [goes_with.person_id] if goes_with.person_id is not None else []
    return Address(
        locale=locale,
        hours=Hours(post.hours),
        habits=habits_of(session, company, ())[None] if company else None,
        reader=next(iter(_readers(session, company, person)), None),
        thread=_thread(parent),
        channel=goes_with.channel,
        instead=_readers(session, company, goes_with.facts.get("recipients", ())),
        about=frozenset(goes_with.facts.get("about", ())),
        month=Period.parse(goes_with.facts["month"]) if "month" in goes_with.facts else None,
        shared_by=consent_to(session, goes_with),
        channel_name=goes_with.facts.get("channel_name"),
        names_volunteers=goes_with.kind == NAMED_POST,
    )


def address_of_person(session: Session, person_id: int) -> Address:
    """Somebody's direct messages, for what they asked for just now."""
    company = session.get(Company, 1)
    reader = next(iter(_readers(session, company, [person_id])), None)
    return Address(locale=company.language if company else "en", reader=reader)


def _thread(parent: Post | None) -> tuple[str, str] | None:
    if parent is None or parent.state != PostState.SENT or not parent.sent_channel or not parent.sent_ts:
        return None
    return parent.sent_channel, parent.sent_ts


def _readers(session: Session, company: Company | None, person_ids: Sequence[int]) -> tuple[Reader, ...]:
    found = [person for one in person_ids if (person := session.get(Person, one)) is not None]
    habits = habits_of(session, company, person_ids) if company else {}
    company_locale = company.language if company else "en"
    return tuple(
        Reader(
            person.id,
            person.email,
            person.slack_id,
            person.locale or company_locale,
            is_hr=person.role == Role.HR,
            habits=habits.get(person.id),
        )
        for person in found
    )
