"""Slack, as far as the bot's listeners need it: answers from memory, and remembers what it was asked."""

from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

Check = Callable[[str, dict[str, Any]], None]


class FakeSlack(WebClient):
    """`check` sees every call before it is answered."""

    def __init__(self, check: Check = lambda method, arguments: None) -> None:
        super().__init__(token="xoxb-fake")
        self.users: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.failing: set[str] = set()
        self.channels: dict[str, dict[str, Any]] = {}
        self.errors: dict[str, str] = {}
        """Error codes by method; `failing` methods say fatal_error."""
        self.before: Check = lambda method, arguments: None
        """Called before each call is answered, which it may hold up."""
        self.identity = {"user_id": "UBOT", "bot_id": "BBOT", "team_id": "T1", "url": "https://t.slack.com/"}
        """What auth.test tells of the app."""
        self._check = check

    def add_user(self, user_id: str, email: str | None = None, locale: str = "en-US", **more: Any) -> None:
        user = {"id": user_id, "locale": locale, "tz": "Asia/Shanghai", "profile": {"email": email}}
        self.users[user_id] = user | more

    def called(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    def forget_calls(self) -> None:
        self.calls.clear()

    def api_call(self, api_method: str, **kwargs: Any) -> SlackResponse:  # type: ignore[override] # the keywords vary
        given = (kwargs.get("params") or {}) | (kwargs.get("json") or {}) | (kwargs.get("data") or {})
        arguments = {name: value for name, value in given.items() if value is not None}
        self.calls.append((api_method, arguments))
        self._check(api_method, arguments)
        self.before(api_method, arguments)
        code = self.errors.get(api_method, "fatal_error" if api_method in self.failing else None)
        if api_method == "conversations.info" and arguments["channel"] not in self.channels:
            code = code or "channel_not_found"
        if api_method == "users.info" and arguments["user"] not in self.users:
            code = code or "user_not_found"
        if code is not None:
            raise SlackApiError("it fails as told", self._response(api_method, {"ok": False, "error": code}))
        return self._response(api_method, {"ok": True} | self._answer(api_method, arguments))

    def _answer(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            return self.identity
        if method == "users.info":
            return {"user": self.users[arguments["user"]]}
        if method == "conversations.info":
            return {"channel": {"id": arguments["channel"], **self.channels[arguments["channel"]]}}
        if method in ("views.open", "views.push"):
            return {"view": {"id": f"V{len(self.calls)}", "hash": "1.a"}}
        if method == "users.list":
            return {"members": list(self.users.values()), "response_metadata": {"next_cursor": ""}}
        return {}

    def _response(self, method: str, data: dict[str, Any]) -> SlackResponse:
        return SlackResponse(
            client=self,
            http_verb="POST",
            api_url=f"https://slack.com/api/{method}",
            req_args={},
            data=data,
            headers={},
            status_code=200,
        )
