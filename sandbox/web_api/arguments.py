"""The arguments of a call, whichever way they were sent: query, form, multipart or JSON."""

from typing import Any

from aiohttp import BasicAuth, web

from sandbox.errors import SlackError
from sandbox.json_text import parse_json


class Arguments:
    """Named arguments with the types that methods ask for. Raises invalid_arguments in Slack's words."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise SlackError("invalid_arguments", [f"[ERROR] must be a string [json-pointer:/{name}]"])

    def flag(self, name: str, default: bool = False) -> bool:
        """Slack takes true, "true" and "1" alike."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value is True or str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise SlackError(
                "invalid_arguments", [f"[ERROR] must be an integer [json-pointer:/{name}]"]
            ) from error

    def parsed(self, name: str) -> Any:
        """A structure: as it is in a JSON body, or as a JSON text within a form."""
        value = self.values.get(name)
        if not isinstance(value, str) or value == "":
            return value or None
        try:
            return parse_json(value)
        except ValueError as error:
            code = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
            raise SlackError(code, [f"[ERROR] must be valid JSON [json-pointer:/{name}]"]) from error


async def read_arguments(request: web.Request) -> dict[str, Any]:
    """All arguments of a request; the body wins over the query, and that over HTTP's Basic credentials."""
    values: dict[str, Any] = _client_credentials(request) | dict(request.query)
    if request.content_type == "application/json":
        try:
            # A call without arguments has no body, though its header may promise JSON.
            body = parse_json(await request.text() or "{}")
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return values | body
    form = await request.post()
    return values | {name: value for name, value in form.items() if isinstance(value, str)}


def _client_credentials(request: web.Request) -> dict[str, str]:
    """An app may prove itself by its id and secret as user name and password."""
    try:
        given = BasicAuth.decode(request.headers.get("Authorization", ""))
    except ValueError:
        return {}
    return {"client_id": given.login, "client_secret": given.password}
