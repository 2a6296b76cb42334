"""The page's own API below /page: act as any person, watch the traffic, turn on faults."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox import interactions, page_conversations, rendering
from sandbox.errors import PageError, SlackError
from sandbox.slack import Slack
from sandbox.views import View
from sandbox.workspace import Conversation, Kind, User

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PageApi:
    """Every request names the acting person as `user`; there is no log-in."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        gets: dict[str, Handler] = {
            "workspace": self.workspace,
            "conversations": self.conversations,
            "messages": self.messages,
            "home": self.home,
            "views": self.views,
            "traffic": self.traffic,
            "faults": self.faults,
            "socket": self.socket,
        }
        posts: dict[str, Handler] = {
            "message": self.message,
            "command": self.command,
            "action": self.action,
            "submit": self.submit,
            "close": self.close,
            "home": self.open_home,
            "read": self.read,
            "options": self.options,
            "channels": self.create_channel,
            "faults": self.set_faults,
            "disconnect": self.disconnect,
        }
        return [
            *(web.get(f"/page/{name}", _guarded(handler)) for name, handler in gets.items()),
            *(web.post(f"/page/{name}", _guarded(handler)) for name, handler in posts.items()),
        ]

    async def workspace(self, request: web.Request) -> web.Response:
        workspace, manifest = self._slack.workspace, self._slack.manifest
        return web.json_response(
            {
                "team": {
                    "id": workspace.team.id,
                    "name": workspace.team.name,
                    "domain": workspace.team.domain,
                },
                "app": {
                    "id": workspace.app.id,
                    "name": workspace.app.name,
                    "bot_user_id": workspace.app.bot_user_id,
                    "home_tab": manifest.home_tab,
                    "messages_read_only": manifest.messages_read_only or not manifest.messages_tab,
                    "connections": self._slack.socket_mode.connection_count,
                },
                "users": [_user(one) for one in workspace.users.values()],
                "commands": [
                    {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
                    for one in manifest.commands.values()
                ],
            }
        )

    async def conversations(self, request: web.Request) -> web.Response:
        user = self._user(request.query)
        return web.json_response(
            {"conversations": page_conversations.page_conversations(self._slack, user.id)}
        )

    async def messages(self, request: web.Request) -> web.Response:
        user = self._user(request.query)
        conversation = self._conversation(request.query, user)
        shown = self._slack.messages.shown_to(conversation.id, user.id, request.query.get("thread_ts"))
        return web.json_response({"messages": [rendering.page_message(self._slack, one) for one in shown]})

    async def home(self, request: web.Request) -> web.Response:
        view = self._slack.views.home(self._user(request.query).id)
        shown = interactions.page_view(self._slack, view) if view else None
        return web.json_response({"view": shown, "hash": view.hash if view else ""})

    async def views(self, request: web.Request) -> web.Response:
        """The person's open modals, the top one last."""
        stack = self._slack.views.stack(self._user(request.query).id)
        return web.json_response({"views": [interactions.page_view(self._slack, one) for one in stack]})

    async def traffic(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        if not after.isdigit():
            raise PageError(f"after must be a number, not {after!r}.")
        return web.json_response({"traffic": self._slack.traffic.after(int(after))})

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response(vars(self._slack.faults))

    async def set_faults(self, request: web.Request) -> web.Response:
        self._slack.faults.change(await _body(request))
        return web.json_response(vars(self._slack.faults))

    async def disconnect(self, request: web.Request) -> web.Response:
        reason = (await _body(request)).get("reason")
        if reason not in (None, "warning", "refresh_requested", "link_disabled"):
            raise PageError("reason is warning, refresh_requested, link_disabled, or left out.")
        await self._slack.socket_mode.disconnect(reason)
        return web.json_response({})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        return await self._slack.page.serve(request, self._user(request.query).id)

    async def message(self, request: web.Request) -> web.Response:
        body = await _body(request)
        user = self._user(body)
        conversation = self._conversation(body, user)
        said = interactions.say(self._slack, user, conversation, _text(body, "text"), body.get("thread_ts"))
        return web.json_response({"ts": said.ts})

    async def command(self, request: web.Request) -> web.Response:
        body = await _body(request)
        user = self._user(body)
        await interactions.run_command(self._slack, user, self._conversation(body, user), _text(body, "text"))
        return web.json_response({})

    async def action(self, request: web.Request) -> web.Response:
        body = await _body(request)
        user, container = self._user(body), _part(body, "container")
        action, entered = _part(body, "action"), _values(body)
        if container.get("type") == "message":
            conversation = self._conversation(container, user)
            ts = _text(container, "ts")
            await interactions.press_in_message(self._slack, user, conversation, ts, action, entered)
        else:
            view = self._view_in(container, user)
            await interactions.press_in_view(self._slack, user, view, action, entered)
        return web.json_response({})

    async def submit(self, request: web.Request) -> web.Response:
        body = await _body(request)
        user = self._user(body)
        view = self._view(body, user)
        return web.json_response(await interactions.submit(self._slack, user, view, _values(body)))

    async def close(self, request: web.Request) -> web.Response:
        body = await _body(request)
        user = self._user(body)
        await interactions.close(self._slack, user, self._view(body, user))
        return web.json_response({})

    async def open_home(self, request: web.Request) -> web.Response:
        body = await _body(request)
        tab = body.get("tab", "home")
        if tab not in ("home", "messages"):
            raise PageError("tab is home or messages.")
        await interactions.open_home(self._slack, self._user(body), tab)
        return web.json_response({})

    async def read(self, request: web.Request) -> web.Response:
        body = await _body(request)
        user = self._user(body)
        conversation = self._conversation(body, user)
        conversation.read_up_to[user.id] = _text(body, "ts")
        return web.json_response({})

    async def options(self, request: web.Request) -> web.Response:
        body = await _body(request)
        user = self._user(body)
        found = await interactions.options(
            self._slack,
            user,
            _part(body, "container"),
            _text(body, "block_id"),
            _text(body, "action_id"),
            str(body.get("value", "")),
        )
        return web.json_response(found)

    async def create_channel(self, request: web.Request) -> web.Response:
        body = await _body(request)
        name, members = _text(body, "name"), [str(one) for one in body.get("members") or []]
        if self._slack.workspace.channel_named(name):
            raise PageError(f"There is a channel named {name} already; take another name.")
        strangers = sorted(set(members) - set(self._slack.workspace.users))
        if strangers:
            raise PageError(f"The workspace has no user {', '.join(strangers)}.")
        kind: Kind = "private" if body.get("private") else "channel"
        made = self._slack.workspace.add_conversation(
            kind, members, name=name, topic=str(body.get("topic", ""))
        )
        page_conversations.announce_conversation(self._slack, made)
        return web.json_response({"id": made.id, "name": made.name})

    def _user(self, source: Any) -> User:
        user_id = source.get("user")
        user = self._slack.workspace.users.get(str(user_id))
        if user is None or user.is_bot:
            raise PageError(f"There is no person {user_id!r} in the workspace.", 404)
        if user.deleted:
            raise PageError(f"The account of {user.real_name} is deactivated.", 403)
        return user

    def _conversation(self, source: Any, user: User) -> Conversation:
        channel = str(source.get("channel"))
        try:
            return self._slack.workspace.conversation(channel, seen_by=user.id)
        except SlackError as error:
            raise PageError(f"{user.real_name} sees no conversation {channel!r}.", 404) from error

    def _view(self, body: dict[str, Any], user: User) -> View:
        for view in self._slack.views.stack(user.id):
            if view.id == body.get("view_id"):
                return view
        raise PageError("This modal is no longer open.", 404)

    def _view_in(self, container: dict[str, Any], user: User) -> View:
        home = self._slack.views.home(user.id)
        if home and (container.get("type") == "home" or container.get("view_id") == home.id):
            return home
        return self._view(container, user)


def _guarded(handler: Handler) -> Handler:
    """Every refusal reaches the page as {"error": a sentence}; other sites may not act in our name."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and origin.split("://", 1)[-1] != request.host:
            return web.json_response({"error": "Only the sandbox's own page may do this."}, status=403)
        try:
            return await handler(request)
        except PageError as error:
            return web.json_response({"error": str(error)}, status=error.status)

    return guarded


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "email": user.email,
        "locale": user.locale,
        "tz": user.tz,
        "is_bot": user.is_bot,
        "is_admin": user.is_admin,
        "deleted": user.deleted,
    }


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as error:
        raise PageError("The request must be JSON.") from error
    if not isinstance(body, dict):
        raise PageError("The request must be a JSON object.")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise PageError(f"{name} must be a text.")
    return value


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise PageError(f"{name} must be an object.")
    return value


def _values(body: dict[str, Any]) -> dict[str, Any]:
    state = body.get("state") or {}
    values = state.get("values", {}) if isinstance(state, dict) else None
    if not isinstance(values, dict) or not all(isinstance(one, dict) for one in values.values()):
        raise PageError('state must be {"values": {...}}.')
    return values
