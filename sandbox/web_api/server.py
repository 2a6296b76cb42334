"""The way of every call: arguments, faults, token, scope, method, answer, inspector."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.errors import RateLimitError, SlackError
from sandbox.slack import Slack
from sandbox.web_api.arguments import Arguments, read_arguments
from sandbox.web_api.registry import METHODS, Call, Caller, Method


@dataclass
class Reply:
    body: dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class WebApi:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/api/{method}", self.serve), web.get("/api/{method}", self.serve)]

    async def serve(self, request: web.Request) -> web.Response:
        started = time.perf_counter()
        name = request.match_info["method"]
        values: dict[str, Any] = {}
        headers: dict[str, str] = {}
        try:
            values = await read_arguments(request)
            method, caller = self._called(name, request, values)
            headers = self._scopes(method, caller)
            reply = self._answer(method, Call(self._slack, Arguments(values), caller))
        except SlackError as error:
            reply = _refusal(error)
        faults = self._slack.faults
        if faults.slow_ms and faults.touches(name):
            await asyncio.sleep(faults.slow_ms / 1000)
        lost = faults.touches(name) and self._slack.dice.falls_within(faults.lose_replies)
        self._slack.traffic.record(
            direction="in",
            kind="web_api",
            method=name,
            status="reply lost" if lost else reply.status,
            request=values,
            response=reply.body,
            seconds=time.perf_counter() - started,
            headers=reply.headers,
        )
        if lost and request.transport is not None:
            request.transport.abort()
        return web.json_response(
            reply.body,
            status=reply.status,
            headers={**headers, **reply.headers},
            dumps=lambda body: json.dumps(body, ensure_ascii=False),
        )

    def _called(self, name: str, request: web.Request, values: dict[str, Any]) -> tuple[Method, Caller]:
        if self._rate_limited_on_purpose(name):
            raise RateLimitError(self._slack.faults.retry_after)
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        caller: Caller = "nobody" if method.caller == "nobody" else self._caller(request, values, method)
        faults = self._slack.faults
        if faults.rate_limits and (
            seconds := self._slack.rate_limits.seconds_until_call(name, method.tier, faults.limits)
        ):
            raise RateLimitError(seconds)
        return method, caller

    def _answer(self, method: Method, call: Call) -> Reply:
        if method.scope is not None:
            call.require_scope(method.scope)
        return Reply({"ok": True, **method.run(call)})

    def _caller(self, request: web.Request, values: dict[str, Any], method: Method) -> Caller:
        """Whose token came with the call, in the header or as an argument."""
        token = values.get("token")
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            token = header.removeprefix("Bearer ").strip()
        if not token:
            raise SlackError("not_authed")
        caller: Caller = "app"
        if self._slack.installations.is_bot_token(str(token)):
            caller = "bot"
        elif token != self._slack.workspace.app.app_token:
            raise SlackError("invalid_auth")
        if method.caller not in (caller, "any"):
            raise SlackError("not_allowed_token_type")
        return caller

    def _scopes(self, method: Method, caller: Caller) -> dict[str, str]:
        """The headers that tell which scopes a token has, and which the method takes."""
        granted = {"bot": self._slack.installations.scopes, "app": {"connections:write"}, "nobody": set()}
        headers = {"x-oauth-scopes": ",".join(sorted(granted[caller]))}
        return headers | ({"x-accepted-oauth-scopes": method.scope} if method.scope else {})

    def _rate_limited_on_purpose(self, name: str) -> bool:
        faults = self._slack.faults
        if not faults.rate_limit_next or not faults.touches(name):
            return False
        faults.rate_limit_next -= 1
        return True


def _refusal(error: SlackError) -> Reply:
    if isinstance(error, RateLimitError):
        return Reply(error.body(), 429, {"Retry-After": str(error.retry_after)})
    return Reply(error.body())
