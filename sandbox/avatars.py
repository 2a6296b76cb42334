"""Pictures of people, drawn from their initials: profiles have the address of one."""

import hashlib
from html import escape

from aiohttp import web

from sandbox.slack import Slack

# Dark enough for white letters to stand out from (WCAG AA).
COLOURS = ("#17594a", "#7a3e1d", "#2b4c7e", "#6b2d5c", "#4a5a1f", "#8a2b2b", "#33546d", "#5b4a8a")


class Avatars:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/avatars/{user_id}.svg", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        user = self._slack.workspace.users.get(request.match_info["user_id"])
        if user is None:
            return web.Response(status=404, text="There is no such person.")
        return web.Response(text=_drawn(user.id, user.real_name), content_type="image/svg+xml")


def _drawn(user_id: str, name: str) -> str:
    colour = COLOURS[hashlib.sha256(user_id.encode()).digest()[0] % len(COLOURS)]
    words = name.split()
    letters = (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="72" height="72" viewBox="0 0 72 72">'
        f'<rect width="72" height="72" rx="10" fill="{colour}"/>'
        '<text x="36" y="38" fill="#fff" font-family="sans-serif" font-size="30" font-weight="600"'
        f' text-anchor="middle" dominant-baseline="middle">{escape(letters)}</text></svg>'
    )
