"""The page's own API below /page: act as any person, watch the traffic, turn on faults."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from sandbox import interactions, rendering, shortcuts
from sandbox.errors import PageError
from sandbox.oauth import lifecycle
from sandbox.page_app import page_app
from sandbox.page_requests import (
    acting_person,
    body_of,
    conversation_of,
    part_of,
    routes,
    text_in,
    values_in,
)
from sandbox.slack import Slack
from sandbox.views import View
from sandbox.web_api.registry import METHODS
from sandbox.workspace import User


class PageApi:
    """Every request names the acting person as `user`; there is no log-in."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return routes(
            {
                "workspace": self.workspace,
                "home": self.home,
                "views": self.views,
                "traffic": self.traffic,
                "faults": self.faults,
                "socket": self.socket,
            },
            {
                "command": self.command,
                "shortcut": self.shortcut,
                "action": self.action,
                "submit": self.submit,
                "close": self.close,
                "home": self.open_home,
                "options": self.options,
                "faults": self.set_faults,
                "disconnect": self.disconnect,
                "install": self.install,
                "uninstall": self.uninstall,
            },
        )

    async def workspace(self, request: web.Request) -> web.Response:
        workspace, manifest = self._slack.workspace, self._slack.manifest
        return web.json_response(
            {
                "team": {
                    "id": workspace.team.id,
                    "name": workspace.team.name,
                    "domain": workspace.team.domain,
                },
                "app": page_app(self._slack),
                "clock_offset_s": self._slack.clock_offset_s,
                "users": [rendering.page_user(self._slack, one) for one in workspace.users.values()],
                "usergroups": [
                    {"id": one.id, "handle": one.handle, "name": one.name}
                    for one in workspace.usergroups.values()
                ],
                "shortcuts": [
                    {
                        "callback_id": one.callback_id,
                        "name": one.name,
                        "description": one.description,
                        "type": one.kind,
                    }
                    for one in manifest.shortcuts.values()
                ],
                "commands": [
                    {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
                    for one in manifest.commands.values()
                ],
            }
        )

    async def home(self, request: web.Request) -> web.Response:
        view = self._slack.views.home(acting_person(self._slack, request.query).id)
        shown = interactions.page_view(self._slack, view) if view else None
        return web.json_response({"view": shown, "hash": view.hash if view else ""})

    async def views(self, request: web.Request) -> web.Response:
        """The person's open modals, the top one last."""
        stack = self._slack.views.stack(acting_person(self._slack, request.query).id)
        return web.json_response({"views": [interactions.page_view(self._slack, one) for one in stack]})

    async def traffic(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        if not after.isdecimal():
            raise PageError(f"after must be a number, not {after!r}.")
        return web.json_response({"traffic": self._slack.traffic.after(int(after))})

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response(vars(self._slack.faults))

    async def set_faults(self, request: web.Request) -> web.Response:
        switches = await body_of(request)
        for named in (switches.get("methods"), switches.get("limits")):
            if isinstance(named, list | dict):
                _must_be_methods(named)
        self._slack.faults.change(switches)
        self._slack.page.to_everyone({"type": "faults", "faults": vars(self._slack.faults)})
        return web.json_response(vars(self._slack.faults))

    async def disconnect(self, request: web.Request) -> web.Response:
        reason = (await body_of(request)).get("reason")
        if reason not in (None, "warning", "refresh_requested", "link_disabled"):
            raise PageError("reason is warning, refresh_requested, link_disabled, or left out.")
        await self._slack.socket_mode.disconnect(reason)
        return web.json_response({})

    async def install(self, request: web.Request) -> web.Response:
        """Install the app with all of the manifest's scopes, as its settings on Slack's site do."""
        user = acting_person(self._slack, await body_of(request))
        made = lifecycle.install(self._slack, user.id, self._slack.manifest.scopes)
        return web.json_response({"bot_token": made.bot_token})

    async def uninstall(self, request: web.Request) -> web.Response:
        if not self._slack.installations.installed:
            raise PageError(f"{self._slack.workspace.app.name} is not installed.", 409)
        lifecycle.leave(self._slack, lifecycle.UNINSTALLED)
        return web.json_response({})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        return await self._slack.page.serve(request, acting_person(self._slack, request.query).id)

    async def command(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        user = acting_person(self._slack, body)
        await interactions.run_command(
            self._slack, user, conversation_of(self._slack, body, user), text_in(body, "text")
        )
        return web.json_response({})

    async def shortcut(self, request: web.Request) -> web.Response:
        """A global one, or with `channel` and `ts` one of a message."""
        body = await body_of(request)
        user, callback_id = acting_person(self._slack, body), text_in(body, "callback_id")
        if "ts" not in body:
            await shortcuts.use(self._slack, user, callback_id)
            return web.json_response({})
        conversation = conversation_of(self._slack, body, user)
        message = interactions.message_of(self._slack, user, conversation, text_in(body, "ts"))
        await shortcuts.use_on(self._slack, user, callback_id, conversation, message)
        return web.json_response({})

    async def action(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        user, container = acting_person(self._slack, body), part_of(body, "container")
        action, entered = part_of(body, "action"), values_in(body)
        if container.get("type") == "message":
            conversation = conversation_of(self._slack, container, user)
            ts = text_in(container, "ts")
            await interactions.press_in_message(self._slack, user, conversation, ts, action, entered)
        else:
            view = self._view_in(container, user)
            await interactions.press_in_view(self._slack, user, view, action, entered)
        return web.json_response({})

    async def submit(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        user = acting_person(self._slack, body)
        view = self._view(body, user)
        return web.json_response(await interactions.submit(self._slack, user, view, values_in(body)))

    async def close(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        user = acting_person(self._slack, body)
        view = self._view(body, user)
        await interactions.close(self._slack, user, view, whole_stack=bool(body.get("all")))
        return web.json_response({})

    async def open_home(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        tab = body.get("tab", "home")
        if tab not in ("home", "messages"):
            raise PageError("tab is home or messages.")
        await interactions.open_home(self._slack, acting_person(self._slack, body), tab)
        return web.json_response({})

    async def options(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        user = acting_person(self._slack, body)
        container = part_of(body, "container")
        asked = interactions.OptionsAsked(
            user, text_in(body, "block_id"), text_in(body, "action_id"), str(body.get("value", ""))
        )
        if container.get("type") == "message":
            conversation = conversation_of(self._slack, container, user)
            ts = text_in(container, "ts")
            found = await interactions.options_in_message(self._slack, user, conversation, ts, asked)
        else:
            view = self._view_in(container, user)
            found = await interactions.options_in_view(self._slack, user, view, asked)
        return web.json_response(found)

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


def _must_be_methods(names: Iterable[Any]) -> None:
    """A switch for a method that is misspelt would do nothing, and say nothing."""
    unknown = [str(name) for name in names if str(name) not in METHODS]
    if unknown:
        raise PageError(f"There is no method {', '.join(unknown)} here; chat.postMessage is one.")
