"""Finding the conversation in Slack that a post should go to.

Personal data is never posted to a public channel, to one shared with another company, or to one that a person
it is about can read. Such a post goes by direct message to those it names instead, with a word about why.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from slack_sdk import WebClient

from bot.delivery.addressing import Address, Reader
from bot.delivery.paging import pages
from bot.delivery.slack_errors import ConversationClosed, PersonUnknown, SlackProblem, slack_errors
from domain.database import Database
from domain.errors import N_
from domain.people.model import Person

CHANNEL_ID = re.compile(r"[CG][A-Z0-9]+")  # names are lower case
NAMES_KEPT_S = 300.0

NOT_PRIVATE = N_("This was meant for the channel {channel}, which others can read. It comes to you instead.")
NOT_OPEN = N_("This was meant for the channel {channel}, which I cannot post to. It comes to you instead.")


class NotPrivate(ConversationClosed):
    """People who may not see what the post says can read the channel."""


@dataclass(frozen=True)
class Place:
    """A conversation to post to, and the language it reads."""

    channel: str
    locale: str
    thread_ts: str | None = None
    note: str | None = None
    """Why it goes here and not where it was meant to go; a sentence of the catalogue …"""
    meant_for: str | None = None
    """… whose {channel} this is."""


class AddressBook:
    """Remembers for a while what it found."""

    def __init__(self, client: WebClient, database: Database) -> None:
        self._client = client
        self._database = database
        self._direct: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._named_until = 0.0

    def find(self, address: Address) -> Place:
        """Raises SlackProblem: ConversationClosed or PersonUnknown where there is no place for the post."""
        if address.thread is not None:
            channel, ts = address.thread
            return Place(channel, address.reader.locale if address.reader else address.locale, thread_ts=ts)
        if address.reader is not None:
            return self._direct_messages(address.reader)
        if address.channel is None:
            return self._instead(address, PersonUnknown("the post names nobody"), note=None)
        try:
            channel = self._channel_id(address.channel)
            self._require_privacy(channel, address.about)
        except NotPrivate as problem:
            return self._instead(address, problem, NOT_PRIVATE)
        except ConversationClosed as problem:
            return self._instead(address, problem, NOT_OPEN)
        return Place(channel, address.locale)

    def _instead(self, address: Address, problem: SlackProblem, note: str | None) -> Place:
        for reader in address.instead:
            try:
                place = self._direct_messages(reader)
            except PersonUnknown:
                continue
            return Place(place.channel, place.locale, note=note, meant_for=address.channel)
        raise problem

    def _direct_messages(self, reader: Reader) -> Place:
        slack_id = self._slack_id(reader)
        if slack_id not in self._direct:
            with slack_errors():
                self._direct[slack_id] = self._client.conversations_open(users=slack_id)["channel"]["id"]
        return Place(self._direct[slack_id], reader.locale)

    def _slack_id(self, reader: Reader) -> str:
        if reader.slack_id is not None:
            return reader.slack_id
        if reader.email is None:
            raise PersonUnknown("the person has neither a Slack id nor an e-mail address")
        with slack_errors():
            slack_id: str = self._client.users_lookupByEmail(email=reader.email)["user"]["id"]
        with self._database.writing() as session:
            if session.scalar(sa.select(Person.id).where(Person.slack_id == slack_id)) is None:
                session.execute(
                    sa.update(Person).where(Person.id == reader.person_id).values(slack_id=slack_id)
                )
        return slack_id

    def _require_privacy(self, channel: str, about: tuple[Reader, ...]) -> None:
        with slack_errors():
            info: dict[str, Any] = self._client.conversations_info(channel=channel)["channel"]
        if info.get("is_archived"):
            raise ConversationClosed("is_archived")
        if not info.get("is_private"):
            raise NotPrivate("the channel is public")
        if info.get("is_shared") or info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
            raise NotPrivate("the channel is shared with others")
        if about and self._known_ids(about) & self._members(channel):
            raise NotPrivate("somebody the message is about is in the channel")

    def _known_ids(self, readers: tuple[Reader, ...]) -> set[str]:
        found = set()
        for reader in readers:
            try:
                found.add(self._slack_id(reader))
            except PersonUnknown:  # who is not in Slack is in no channel
                continue
        return found

    def _members(self, channel: str) -> set[str]:
        listed = pages(self._client, "conversations.members", channel=channel)
        return {member for page in listed for member in page["members"]}

    def _channel_id(self, id_or_name: str) -> str:
        if CHANNEL_ID.fullmatch(id_or_name):
            return id_or_name
        name = id_or_name.removeprefix("#").lower()
        if name not in self._named or time.monotonic() > self._named_until:
            listed = pages(self._client, "conversations.list", types="private_channel", exclude_archived=True)
            self._named = {one["name"]: one["id"] for page in listed for one in page["channels"]}
            self._named_until = time.monotonic() + NAMES_KEPT_S
        if name not in self._named:
            raise ConversationClosed("there is no private channel of this name with the bot in it")
        return self._named[name]
