"""Responses, made of what Bolt, the status pages or nobody has to say."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from slack_bolt import BoltResponse

from domain.status_site import JSON, Page

Headers = Sequence[tuple[str, str]]
BROWSERS_KEEP_TO: Headers = (
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
)


@dataclass(frozen=True)
class Response:
    """The length of the body is for the server to say."""

    status: int
    headers: Headers
    body: bytes


def from_bolt(response: BoltResponse) -> Response:
    headers = [(name, value) for name, values in response.headers.items() for value in values]
    is_page = any(name == "content-type" and value.startswith("text/html") for name, value in headers)
    return Response(
        response.status, [*headers, *(BROWSERS_KEEP_TO if is_page else ())], (response.body or "").encode()
    )


def from_page(page: Page) -> Response:
    return Response(page.status, [("content-type", page.content_type)], page.body)


def problem(status: HTTPStatus, **headers: str) -> Response:
    body = json.dumps({"error": status.phrase.lower()}).encode()
    return Response(status.value, [("content-type", JSON), *headers.items()], body)
