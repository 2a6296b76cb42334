"""What can go wrong in the sandbox, one exception for each listener: the app, the person, the operator."""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """A Web API call that Slack would refuse: the app reads `{"ok": false, "error": code, **details}`.

    `messages` become `response_metadata.messages`, where Slack says which part of the call was wrong.
    """

    def __init__(self, code: str, messages: Sequence[str] = (), **details: Any) -> None:
        super().__init__(": ".join([code, *messages]))
        self.code = code
        self.messages = list(messages)
        self.details = details

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.details}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


class RateLimitError(SlackError):
    """A call too many: answered by 429, and by the seconds to wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class PageError(Exception):
    """What a person tried in the page cannot be done; the text is shown to that person."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class SetupError(Exception):
    """The sandbox cannot start; the text tells the operator what to change, and where."""
