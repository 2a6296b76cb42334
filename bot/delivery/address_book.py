"""Finding the conversation in Slack that a post should go to.

Personal data goes to no channel that `Privacy` refuses. Such a post goes by direct message to those it names
instead, with a word about why.
"""

import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace

from slack_sdk import WebClient

from bot.delivery.addressing import Address, Reader
from bot.delivery.paging import pages
from bot.delivery.privacy import NotPrivate, Privacy
from bot.delivery.slack_errors import ConversationClosed, PersonUnknown, SlackProblem, slack_errors
from bot.slack_users import SlackUser, SlackUsers
from domain.errors import N_
from domain.people.identity import link, note_time_zone, person_by_email
from domain.people.reachability import Habits, zone_or_none
from domain.services import Services

CHANNEL_ID = re.compile(r"[CG][A-Z0-9]+")  # names are lower case
DIRECT = "D"
NAMES_KEPT_S = 300.0
PRIVATE, PUBLIC_TOO = "private_channel", "public_channel,private_channel"

NOT_PRIVATE = N_("This was meant for the channel {channel}, which others can read. It comes to you instead.")
NOT_OPEN = N_("This was meant for the channel {channel}, which I cannot post to. It comes to you instead.")


@dataclass(frozen=True)
class Place:
    """A conversation to post to, and the language it reads."""

    channel: str
    locale: str
    habits: Habits | None = None
    """Of whoever reads it; None before there is a company."""
    thread_ts: str | None = None
    note: str | None = None
    """Why it goes here and not where it was meant to go; a sentence of the catalogue …"""
    meant_for: str | None = None
    """… whose {channel} this is."""


class AddressBook:
    """Remembers for a while what it found."""

    def __init__(self, client: WebClient, services: Services, users: SlackUsers) -> None:
        self._client = client
        self._database = services.database
        self._users = users
        self._privacy = Privacy(client, services, users)
        self._direct: dict[str, str] = {}
        self._named: dict[str, dict[str, str]] = {}
        """By the kinds of channels that were listed."""
        self._named_until: dict[str, float] = {}

    def find(self, address: Address) -> Place:
        """Raises SlackProblem: ConversationClosed or PersonUnknown where there is no place for the post."""
        if address.thread is None and address.reader is not None:
            return self._direct_messages(address.reader)
        if address.thread is None and address.channel is None:
            return self._instead(address, PersonUnknown("the post names nobody"), note=None)
        try:
            # A channel may have new members since the thread was begun: it is looked at again.
            channel, thread_ts = address.thread or (self._channel_id(address), None)
            if not channel.startswith(DIRECT):
                self._privacy.require(channel, address)
        except NotPrivate as problem:
            return self._instead(address, problem, NOT_PRIVATE)
        except ConversationClosed as problem:
            return self._instead(address, problem, NOT_OPEN)
        return replace(self.where_it_stands(address, channel), thread_ts=thread_ts)

    def where_it_stands(self, address: Address, channel: str) -> Place:
        """The conversation that a post of this address went to. Raises SlackProblem."""
        if channel.startswith(DIRECT):
            for reader in filter(None, (address.reader, *address.instead)):
                with suppress(PersonUnknown):
                    place = self._direct_messages(reader)
                    if place.channel == channel:
                        return place
        return Place(channel, address.locale, address.habits)

    def _instead(self, address: Address, problem: SlackProblem, note: str | None) -> Place:
        for reader in self._privacy.who_may_be_told(address):
            try:
                place = self._direct_messages(reader)
            except PersonUnknown:
                continue
            return replace(place, note=note, meant_for=address.channel_name or address.channel)
        raise problem

    def _direct_messages(self, reader: Reader) -> Place:
        slack_id = self._slack_id(reader)
        if slack_id not in self._direct:
            with slack_errors():
                self._direct[slack_id] = self._client.conversations_open(users=slack_id)["channel"]["id"]
        return self._read_by(reader, self._users.find(slack_id), self._direct[slack_id])

    def _read_by(self, reader: Reader, user: SlackUser, channel: str) -> Place:
        """In the language and the time zone that Slack knows, unless the reader chose another language."""
        locale, habits = user.locale or reader.locale, reader.habits
        if habits is None:
            return Place(channel, locale)
        zone = zone_or_none(user.time_zone)
        if zone is not None and zone.key != habits.time_zone:
            with self._database.writing() as session:
                note_time_zone(session, reader.person_id, zone.key)
            habits = replace(habits, time_zone=zone.key)
        return Place(channel, habits.preferences.locale(locale), habits)

    def _slack_id(self, reader: Reader) -> str:
        """By e-mail only where the bot would know the person by it too: nobody reads what is another's."""
        if reader.slack_id is not None:
            return reader.slack_id
        with self._database.reading() as session:
            named = person_by_email(session, reader.email)
        if named is None or named.id != reader.person_id:
            raise PersonUnknown("the person has neither a Slack id nor an e-mail address of their own")
        with slack_errors():
            user = self._users.read(self._client.users_lookupByEmail(email=named.email or "")["user"])
        if user.email is None:
            raise PersonUnknown("Slack does not vouch for the person's e-mail address")
        with self._database.writing() as session:
            if not link(session, reader.person_id, user.id):
                raise PersonUnknown("the person's e-mail address in Slack is somebody else's")
        return user.id

    def _channel_id(self, address: Address) -> str:
        id_or_name = address.channel or ""
        if CHANNEL_ID.fullmatch(id_or_name):
            return id_or_name
        kinds = PUBLIC_TOO if address.names_volunteers else PRIVATE
        name, named = id_or_name.removeprefix("#").lower(), self._named.get(kinds, {})
        if name not in named or time.monotonic() > self._named_until[kinds]:
            listed = pages(self._client, "conversations.list", types=kinds, exclude_archived=True)
            named = {one["name"]: one["id"] for page in listed for one in page["channels"]}
            self._named[kinds], self._named_until[kinds] = named, time.monotonic() + NAMES_KEPT_S
        if name not in named:
            raise ConversationClosed("there is no channel of this name with the bot in it")
        return named[name]
