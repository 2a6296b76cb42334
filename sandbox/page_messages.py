"""The page's API for messages that are there: a person edits or deletes their own, or reacts to one."""

from aiohttp import web

from sandbox import interactions, posting, reactions
from sandbox.errors import PageError, SlackError
from sandbox.messages import Message
from sandbox.page_requests import acting_person, body_of, conversation_of, routes, text_in
from sandbox.slack import Slack
from sandbox.workspace import User


class PageMessages:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return routes({}, {"edit": self.edit, "delete": self.delete, "react": self.react})

    async def edit(self, request: web.Request) -> web.Response:
        message, text = await self._own(request)
        if not text.strip():
            raise PageError("Type a message first, or delete this one.")
        said = interactions.as_typed(self._slack, text)
        posting.edit(self._slack, message, text=said, edited_ts=self._slack.timestamps.next())
        return web.json_response({})

    async def delete(self, request: web.Request) -> web.Response:
        message, _ = await self._own(request)
        posting.delete(self._slack, message)
        return web.json_response({})

    async def react(self, request: web.Request) -> web.Response:
        """Add a reaction, or take one's own away: {"user", "channel", "ts", "name"}."""
        body = await body_of(request)
        user = acting_person(self._slack, body)
        message = self._message(body, user)
        if user.id not in self._slack.workspace.conversations[message.channel].members:
            raise PageError(f"{user.real_name} is not in this conversation.", 403)
        name = text_in(body, "name").strip(":")
        try:
            if user.id in message.reactions.get(name, []):
                reactions.remove(self._slack, message, user.id, name)
            else:
                reactions.add(self._slack, message, user.id, name)
        except SlackError as error:
            raise PageError(f"{name!r} is not the name of an emoji; write one such as thumbsup.") from error
        return web.json_response({})

    async def _own(self, request: web.Request) -> tuple[Message, str]:
        """The acting person's own message, and the text that came along."""
        body = await body_of(request)
        user = acting_person(self._slack, body)
        message = self._message(body, user)
        if message.user != user.id or message.subtype:
            raise PageError("Only one's own messages can be changed.", 403)
        return message, str(body.get("text", ""))

    def _message(self, body: dict[str, object], user: User) -> Message:
        conversation = conversation_of(self._slack, body, user)
        try:
            return self._slack.messages.find(conversation.id, str(body.get("ts")))
        except SlackError as error:
            raise PageError("This message is not there any more.", 404) from error
