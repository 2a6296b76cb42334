"""Whether a channel may show what a post says: private, our own, and read only by people who may see it.

What a person shares by own choice, and the names of those who want to be named as best of a month, may be
read by all of the workspace, and by nobody else.
"""

import time
from collections.abc import Collection
from typing import Any

from slack_sdk import WebClient

from bot.delivery.addressing import Address, Reader
from bot.delivery.paging import pages
from bot.delivery.slack_errors import ConversationClosed, slack_errors
from bot.slack_users import SlackUsers
from domain.clock import today
from domain.people.identity import person_by_email, person_ids_by_slack_id
from domain.people.service import company
from domain.periods import Period, PeriodKind
from domain.services import Services
from domain.viewers import who_may_see_all

FOUND_FIT_FOR_S = 30.0
"""A message and its thread go out together: they need one look at the members."""


class NotPrivate(ConversationClosed):
    """People who may not see what the post says can read the channel."""


class SharedWithOthers(NotPrivate):
    """Another workspace reads the channel too."""


def channel_of_ours(client: WebClient, channel: str) -> dict[str, Any]:
    """What Slack says of a channel that is read within this workspace only.

    Raises SlackProblem: SharedWithOthers, or ConversationClosed for one that is archived or hidden from us.
    """
    with slack_errors():
        info: dict[str, Any] = client.conversations_info(channel=channel)["channel"]
    if info.get("is_archived"):
        raise ConversationClosed("is_archived")
    if info.get("is_shared") or info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
        raise SharedWithOthers("the channel is shared with others")
    return info


def channel_to_share_in(client: WebClient, channel: str) -> dict[str, Any]:
    """As `channel_of_ours`, for one that we can post to. Raises ConversationClosed where we are no member."""
    info = channel_of_ours(client, channel)
    if not info.get("is_member"):
        raise ConversationClosed("not_in_channel")
    return info


class Privacy:
    def __init__(self, client: WebClient, services: Services, users: SlackUsers) -> None:
        self._client = client
        self._services = services
        self._users = users
        self._fit_until: dict[tuple[str, frozenset[int], Period | None], float] = {}

    def require(self, channel: str, address: Address) -> None:
        """Raises SlackProblem: NotPrivate, or ConversationClosed where nobody can post."""
        is_own_choice = address.shared_by is not None and address.about == {address.shared_by}
        if is_own_choice or address.names_volunteers:
            channel_to_share_in(self._client, channel)
            return
        case = (channel, address.about, address.month)
        now = time.monotonic()
        self._fit_until = {one: until for one, until in self._fit_until.items() if until > now}
        if case in self._fit_until:
            return
        if not channel_of_ours(self._client, channel).get("is_private"):
            raise NotPrivate("the channel is public")
        if address.about:
            self._require_entitled(self._members(channel), address)
        self._fit_until[case] = now + FOUND_FIT_FOR_S

    def who_may_be_told(self, address: Address) -> list[Reader]:
        """Those of `address.instead` whose present role allows it, in their order; HR always may."""
        entitled = self._entitled({reader.person_id for reader in address.instead}, address)
        return [reader for reader in address.instead if reader.is_hr or reader.person_id in entitled]

    def _require_entitled(self, members: set[str], address: Address) -> None:
        present = self._people(members)
        if address.about & present:
            raise NotPrivate("somebody the message is about is in the channel")
        if present - self._entitled(present, address):
            raise NotPrivate("somebody is in the channel who may not see what the message says")

    def _entitled(self, person_ids: Collection[int], address: Address) -> set[int]:
        clock = self._services.clock
        with self._services.database.reading() as session:
            today_there = today(clock, company(session).time_zone)
            month = address.month or Period.containing(PeriodKind.MONTH, today_there)
            return who_may_see_all(session, clock, person_ids, address.about, month)

    def _people(self, members: set[str]) -> set[int]:
        """The members, bots left out, as person ids. Raises NotPrivate for a member we do not know."""
        with self._services.database.reading() as session:
            known = person_ids_by_slack_id(session, members)
        found = set(known.values())
        for slack_id in sorted(members - set(known)):
            with slack_errors():
                user = self._users.look_up(slack_id)
            if user.is_bot:
                continue
            with self._services.database.reading() as session:
                person = person_by_email(session, user.email)
            if person is None:
                raise NotPrivate("somebody is in the channel whom we do not know")
            found.add(person.id)
        return found

    def _members(self, channel: str) -> set[str]:
        listed = pages(self._client, "conversations.members", channel=channel)
        return {member for page in listed for member in page["members"]}
