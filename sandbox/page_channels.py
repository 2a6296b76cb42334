"""The page's API for conversations: what one sees and has read, whom one talks to, who joins."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from sandbox import channels, interactions, page_conversations, posting, rendering
from sandbox.errors import PageError, SlackError
from sandbox.page_requests import (
    acting_person,
    body_of,
    conversation_of,
    known_users,
    routes,
    text_in,
)
from sandbox.slack import Slack

# What Slack's codes mean, for a person who sees them.
REFUSALS = {
    "already_archived": "{name} is archived already.",
    "cant_invite": "Nobody of another workspace can come into {name}: it is not shared with theirs.",
    "invalid_name_maxlength": "{name} is too long for a channel; take 80 characters at most.",
    "invalid_name_punctuation": "{name} is no name for a channel; use letters or figures.",
    "invalid_name_required": "Give the channel a name.",
    "invalid_name_specials": "{name} is no name for a channel; use small letters, figures, - and _.",
    "is_archived": "{name} is archived.",
    "name_taken": "There is a channel named {name} already; take another name.",
    "not_archived": "{name} is not archived.",
    "not_in_channel": "That person is not in {name}.",
    "too_long": "That is too long; take 250 characters at most.",
}


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """Turn a refusal in Slack's words into a sentence."""
    try:
        yield
    except SlackError as error:
        raise PageError(REFUSALS[error.code].format(name=name)) from error


class PageChannels:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._bot = slack.workspace.app.bot_user_id

    def routes(self) -> list[web.RouteDef]:
        return routes(
            {"conversations": self.conversations, "messages": self.messages},
            {
                "message": self.message,
                "dismiss": self.dismiss,
                "read": self.read,
                "channels": self.create_channel,
                "direct": self.open_direct,
                "members": self.add_members,
                "leave": self.leave,
                "channel": self.change,
            },
        )

    async def conversations(self, request: web.Request) -> web.Response:
        user = acting_person(self._slack, request.query)
        return web.json_response(
            {"conversations": page_conversations.page_conversations(self._slack, user.id)}
        )

    async def messages(self, request: web.Request) -> web.Response:
        user = acting_person(self._slack, request.query)
        conversation = conversation_of(self._slack, request.query, user)
        shown = self._slack.messages.shown_to(conversation.id, user.id, request.query.get("thread_ts"))
        return web.json_response({"messages": [rendering.page_message(self._slack, one) for one in shown]})

    async def message(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        user = acting_person(self._slack, body)
        conversation = conversation_of(self._slack, body, user)
        said = interactions.say(self._slack, user, conversation, text_in(body, "text"), body.get("thread_ts"))
        return web.json_response({"ts": said.ts})

    async def dismiss(self, request: web.Request) -> web.Response:
        """Put a message away that only this person sees."""
        body = await body_of(request)
        user = acting_person(self._slack, body)
        conversation = conversation_of(self._slack, body, user)
        try:
            message = self._slack.messages.find(conversation.id, text_in(body, "ts"), seen_by=user.id)
        except SlackError as error:
            raise PageError("This message is not there any more.", 404) from error
        if message.only_for != user.id:
            raise PageError("Only a message that is visible to you alone can be dismissed.", 403)
        posting.delete(self._slack, message)
        return web.json_response({})

    async def read(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        user = acting_person(self._slack, body)
        conversation = conversation_of(self._slack, body, user)
        conversation.read_up_to[user.id] = text_in(body, "ts")
        page_conversations.announce_to(self._slack, conversation, user.id)
        return web.json_response({})

    async def create_channel(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        name, members = text_in(body, "name"), known_users(self._slack, body.get("members"))
        creator = acting_person(self._slack, body).id if "user" in body else self._bot
        with _in_words(name):
            made = channels.create(
                self._slack,
                creator,
                name,
                private=bool(body.get("private")),
                members=members,
                topic=str(body.get("topic", "")),
            )
        return web.json_response({"id": made.id, "name": made.name})

    async def open_direct(self, request: web.Request) -> web.Response:
        """The direct message with `members`, one or several; it is made at its first use."""
        body = await body_of(request)
        user = acting_person(self._slack, body)
        others = set(known_users(self._slack, body.get("members"))) - {user.id}
        if not others:
            raise PageError("Name somebody else to write to.")
        direct = self._slack.workspace.direct_message([user.id, *others])
        page_conversations.announce_conversation(self._slack, direct)
        return web.json_response({"id": direct.id})

    async def add_members(self, request: web.Request) -> web.Response:
        """Take people or the app into a channel; whoever sees a public one may also join it."""
        body = await body_of(request)
        user = acting_person(self._slack, body)
        conversation = conversation_of(self._slack, body, user)
        if conversation.kind not in ("channel", "private"):
            raise PageError("Nobody can be added to a direct message.", 403)
        newcomers = [
            one for one in known_users(self._slack, body.get("add")) if one not in conversation.members
        ]
        with _in_words(conversation.name):
            for newcomer in newcomers:
                channels.join(self._slack, conversation, newcomer, inviter=user.id)
        return web.json_response({})

    async def leave(self, request: web.Request) -> web.Response:
        """Leave a channel, or take a `member` out of it."""
        body = await body_of(request)
        user = acting_person(self._slack, body)
        conversation = conversation_of(self._slack, body, user)
        if conversation.kind not in ("channel", "private"):
            raise PageError("Nobody leaves a direct message.", 403)
        member = str(body.get("member") or user.id)
        with _in_words(conversation.name):
            channels.leave(self._slack, conversation, member, removed_by=user.id)
        return web.json_response({})

    async def change(self, request: web.Request) -> web.Response:
        """Set a channel's `name`, `topic`, `purpose`, or whether it is `archived`."""
        body = await body_of(request)
        user = acting_person(self._slack, body)
        conversation = conversation_of(self._slack, body, user)
        with _in_words(str(body.get("name") or conversation.name)):
            if "name" in body:
                channels.rename(self._slack, conversation, text_in(body, "name"), user.id)
            if "topic" in body:
                channels.set_topic(self._slack, conversation, text_in(body, "topic"), user.id)
            if "purpose" in body:
                channels.set_purpose(self._slack, conversation, text_in(body, "purpose"), user.id)
            if "archived" in body:
                turn = channels.archive if body["archived"] else channels.unarchive
                turn(self._slack, conversation, user.id)
        return web.json_response({})
