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
        try:
            values = await read_arguments(request)
            reply = self._answer(name, request, values)
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
        )
        if lost and request.transport is not None:
            request.transport.abort()
        scopes = ",".join(sorted(self._slack.manifest.scopes))
        return web.json_response(
            reply.body,
            status=reply.status,
            headers={"x-oauth-scopes": scopes, **reply.headers},
            dumps=lambda body: json.dumps(body, ensure_ascii=False),
        )

    def _answer(self, name: str, request: web.Request, values: dict[str, Any]) -> Reply:
        if self._rate_limited_on_purpose(name):
            raise RateLimitError(self._slack.faults.retry_after)
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        caller = self._caller(request, values, method)
        call = Call(self._slack, Arguments(values), caller)
        if method.scope is not None:
            call.require_scope(method.scope)
        return Reply({"ok": True, **method.run(call)})

    def _caller(self, request: web.Request, values: dict[str, Any], method: Method) -> Caller:
        """Whose token came with the call, in the header or as an argument."""
        app = self._slack.workspace.app
        token = values.get("token")
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            token = header.removeprefix("Bearer ").strip()
        if not token:
            raise SlackError("not_authed")
        if token not in (app.bot_token, app.app_token):
            raise SlackError("invalid_auth")
        caller: Caller = "bot" if token == app.bot_token else "app"
        if method.caller not in (caller, "any"):
            raise SlackError("not_allowed_token_type")
        return caller

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
