"""Reading Slack's lists page by page."""

from collections.abc import Iterator
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.delivery.slack_errors import slack_errors

PAGE = 200


def pages(client: WebClient, method: str, **arguments: Any) -> Iterator[SlackResponse]:
    """Every page of what `method` lists, asked for as it is needed. Raises SlackProblem."""
    wanted = {**arguments, "limit": PAGE}
    while True:
        with slack_errors():
            page = client.api_call(method, params=wanted)
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
        wanted["cursor"] = cursor
