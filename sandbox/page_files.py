"""The page's API for files that a person adds to a file input."""

from aiohttp import web

from sandbox.errors import PageError
from sandbox.page_requests import acting_person, routes
from sandbox.slack import Slack


class PageFiles:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return routes({}, {"upload": self.upload})

    async def upload(self, request: web.Request) -> web.Response:
        """Keep the body as the file `name`; gives the file object that a submission carries."""
        user = acting_person(self._slack, request.query)
        name, content = request.query.get("name", ""), await request.read()
        if not name:
            raise PageError("The file needs a name.")
        if not content:
            raise PageError(f"{name} is empty.")
        files = self._slack.files
        file, ticket = files.reserve(name=name, length=len(content), alt_txt="", user=user.id)
        files.receive(ticket, content)
        files.complete(file.id, name)
        # Slack's own client lets nobody send a form off before it has looked at the files.
        file.ready_at = self._slack.clock()
        return web.json_response(files.to_slack(file))
