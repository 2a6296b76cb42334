"""What every request of the page has in common: JSON in, {"error": a sentence} out, and who acts where."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.errors import PageError, SlackError
from sandbox.json_text import parse_json
from sandbox.page_words import in_language
from sandbox.slack import Slack
from sandbox.workspace import Conversation, User

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(gets: Mapping[str, Handler], posts: Mapping[str, Handler]) -> list[web.RouteDef]:
    """Routes below /page, guarded, by name."""
    return [
        *(web.get(f"/page/{name}", guarded(handler)) for name, handler in gets.items()),
        *(web.post(f"/page/{name}", guarded(handler)) for name, handler in posts.items()),
    ]


def is_our_page(request: web.Request) -> bool:
    """Whether a request comes from here: from the page, or from no browser at all."""
    origin = request.headers.get("Origin")
    return origin is None or origin.split("://", 1)[-1] == request.host


def guarded(handler: Handler) -> Handler:
    """Every refusal reaches the page as {"error": a sentence}; other sites may not act in our name."""

    async def guarded_handler(request: web.Request) -> web.StreamResponse:
        try:
            if not is_our_page(request):
                raise PageError("Only the sandbox's own page may do this.", 403)
            return await handler(request)
        except PageError as error:
            said = in_language(str(error), request.headers.get("Accept-Language", ""))
            return web.json_response({"error": said}, status=error.status)

    return guarded_handler


def acting_person(slack: Slack, source: Any) -> User:
    """Who acts, named by `user`: the page has no log-in."""
    user_id = source.get("user")
    user = slack.workspace.users.get(str(user_id))
    if user is None or user.is_bot:
        raise PageError(f"There is no person {user_id!r} in the workspace.", 404)
    if user.deleted:
        raise PageError(f"The account of {user.real_name} is deactivated.", 403)
    return user


def conversation_of(slack: Slack, source: Any, user: User) -> Conversation:
    """The conversation named by `channel`, if the person may see it."""
    channel = str(source.get("channel"))
    try:
        return slack.workspace.conversation(channel, seen_by=user.id)
    except SlackError as error:
        raise PageError(f"{user.real_name} sees no conversation {channel!r}.", 404) from error


def known_users(slack: Slack, ids: Any) -> list[str]:
    """A list of user ids, all of them in the workspace, each once."""
    if not isinstance(ids or [], list):
        raise PageError("Name people in a list.")
    named = list(dict.fromkeys(str(one) for one in ids or []))
    strangers = sorted(set(named) - set(slack.workspace.users))
    if strangers:
        raise PageError(f"The workspace has no user {', '.join(strangers)}.")
    return named


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json(loads=parse_json)
    except ValueError as error:
        raise PageError("The request must be JSON.") from error
    if not isinstance(body, dict):
        raise PageError("The request must be a JSON object.")
    return body


def text_in(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise PageError(f"{name} must be a text.")
    return value


def part_of(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise PageError(f"{name} must be an object.")
    return value


def values_in(body: dict[str, Any]) -> dict[str, Any]:
    state = body.get("state") or {}
    values = state.get("values", {}) if isinstance(state, dict) else None
    if not isinstance(values, dict) or not all(isinstance(one, dict) for one in values.values()):
        raise PageError('state must be {"values": {...}}.')
    return values
