"""Where a post should go, as the tables say: to a person, into a thread, or to a private channel."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.outbox import Post, PostState
from domain.people.model import Company, Person, Role
from domain.periods import Period


@dataclass(frozen=True)
class Reader:
    """A person as an addressee."""

    person_id: int
    email: str | None
    slack_id: str | None
    locale: str
    """As imported: what Slack says of the person counts more."""
    is_hr: bool


@dataclass(frozen=True)
class Address:
    """The wishes of a post; `AddressBook` finds the conversation."""

    locale: str
    """The company's: what a channel reads."""
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
    """… of this month."""


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
        reader=next(iter(_readers(session, person, locale)), None),
        thread=_thread(parent),
        channel=goes_with.channel,
        instead=_readers(session, goes_with.facts.get("recipients", ()), locale),
        about=frozenset(goes_with.facts.get("about", ())),
        month=Period.parse(goes_with.facts["month"]) if "month" in goes_with.facts else None,
    )


def _thread(parent: Post | None) -> tuple[str, str] | None:
    if parent is None or parent.state != PostState.SENT or not parent.sent_channel or not parent.sent_ts:
        return None
    return parent.sent_channel, parent.sent_ts


def _readers(session: Session, person_ids: Iterable[int], company_locale: str) -> tuple[Reader, ...]:
    found = [person for one in person_ids if (person := session.get(Person, one)) is not None]
    return tuple(
        Reader(
            person.id,
            person.email,
            person.slack_id,
            person.locale or company_locale,
            is_hr=person.role == Role.HR,
        )
        for person in found
    )
