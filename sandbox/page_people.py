"""The page's API for people: they come, change their profile, and are deactivated."""

from aiohttp import web

from sandbox import people, rendering
from sandbox.errors import PageError
from sandbox.page_requests import body_of, part_of, routes, text_in
from sandbox.slack import Slack


class PagePeople:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return routes({}, {"person": self.change, "people": self.add})

    async def change(self, request: web.Request) -> web.Response:
        """{"user": id, "changes": {…}}; see `people.CHANGEABLE`."""
        body = await body_of(request)
        user = self._slack.workspace.users.get(text_in(body, "user"))
        if user is None or user.is_bot:
            raise PageError(f"There is no person {body['user']!r} in the workspace.", 404)
        changed = people.change(self._slack, user, part_of(body, "changes"))
        return web.json_response({"user": rendering.page_user(self._slack, changed)})

    async def add(self, request: web.Request) -> web.Response:
        """{"id", "name", "real_name", …}"""
        body = await body_of(request)
        user_id = text_in(body, "id")
        added = people.add(self._slack, user_id, {key: one for key, one in body.items() if key != "id"})
        return web.json_response({"user": rendering.page_user(self._slack, added)})
