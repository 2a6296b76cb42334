"""Signed HTTP: what Slack POSTs to an app's request URLs, and what the app answers in the response."""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.delivery.signing import VERIFICATION_TOKEN, signed_headers
from sandbox.delivery.transport import Delivery, Parcel, TransportName, UndeliveredError
from sandbox.json_text import parse_json
from sandbox.manifest import RequestUrls

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
USER_AGENT = "Slackbot 1.0 (local workspace)"
# How often an app that is not there yet is asked whether the events URL is its own.
HANDSHAKE_SECONDS = 0.5


@dataclass(frozen=True)
class Post:
    url: str | None
    body: bytes
    headers: Mapping[str, str]


class SignedHttp:
    """The transport. No event is sent before the app has answered the challenge at its events URL."""

    name: TransportName = "http"

    def __init__(
        self,
        urls: RequestUrls,
        signing_secret: str,
        ack_seconds: float,
        announce: Callable[[int], None],
    ) -> None:
        self._urls = urls
        self._secret = signing_secret
        self._timeout = aiohttp.ClientTimeout(total=ack_seconds)
        self._announce = announce
        self._verified = urls.events is None
        self._session: aiohttp.ClientSession | None = None

    @property
    def connection_count(self) -> int:
        """1 as soon as the app has shown that the events URL is its own."""
        return int(self._verified)

    async def keep_knocking(self) -> None:
        """Repeat the handshake until the app answers it."""
        while not self._verified:
            try:
                await self._shake_hands()
            except UndeliveredError:
                await asyncio.sleep(HANDSHAKE_SECONDS)

    def pack(self, delivery: Delivery) -> Parcel:
        post = self._signed(self._url(delivery), *_body(delivery), _retry_headers(delivery))
        shown = {"url": post.url, "headers": dict(post.headers), "payload": delivery.payload}
        return Parcel(delivery, post, shown)

    async def send(self, parcel: Parcel) -> dict[str, Any]:
        """POST; fails where the app answers too late, not at all, or with another status than 200."""
        if parcel.delivery.kind == "event" and not self._verified:
            await self._shake_hands()
        content_type, text = await self._post(parcel.wire)
        return _answer(content_type, text) if parcel.delivery.answered else {}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _url(self, delivery: Delivery) -> str | None:
        match delivery.kind:
            case "command":
                return self._urls.commands.get(delivery.payload["command"])
            case "event":
                return self._urls.events
            case "options":
                return self._urls.options or self._urls.interactivity
        return self._urls.interactivity

    async def _shake_hands(self) -> None:
        challenge = secrets.token_urlsafe(30)
        asked = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        _, text = await self._post(self._signed(self._urls.events, json.dumps(asked).encode(), JSON, {}))
        if _challenge_in(text) != challenge:
            raise UndeliveredError("dispatch_failed", "unknown_error")
        self._verified = True
        self._announce(1)

    def _signed(self, url: str | None, body: bytes, content_type: str, more: dict[str, str]) -> Post:
        headers = {"Content-Type": content_type, "Accept": "application/json,*/*", "User-Agent": USER_AGENT}
        return Post(url, body, {**headers, **more, **signed_headers(self._secret, body)})

    async def _post(self, post: Post) -> tuple[str, str]:
        """The content type and text of the app's answer."""
        if post.url is None:
            raise UndeliveredError("dispatch_failed", "connection_failed")
        if self._session is None:
            # The app is on this machine or named by the manifest: no proxy stands between.
            self._session = aiohttp.ClientSession(timeout=self._timeout, trust_env=False)
        try:
            async with self._session.post(
                post.url, data=post.body, headers=post.headers, allow_redirects=False
            ) as response:
                text = await response.text()
        except TimeoutError as error:
            raise UndeliveredError("operation_timeout", "http_timeout") from error
        except aiohttp.ClientSSLError as error:
            raise UndeliveredError("dispatch_failed", "ssl_error") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise UndeliveredError("dispatch_failed", "connection_failed") from error
        if response.status != 200:
            unwanted = response.headers.get("X-Slack-No-Retry") == "1"
            raise UndeliveredError("http_service_error", "http_error", final=unwanted)
        return response.content_type, text


def _body(delivery: Delivery) -> tuple[bytes, str]:
    """The payload as Slack encodes it, and the content type."""
    if delivery.kind == "event":
        return json.dumps(delivery.payload).encode(), JSON
    if delivery.kind == "command":
        return urlencode(delivery.payload).encode(), FORM
    return urlencode({"payload": json.dumps(delivery.payload)}).encode(), FORM


def _retry_headers(delivery: Delivery) -> dict[str, str]:
    if delivery.retry is None:
        return {}
    return {
        "X-Slack-Retry-Num": str(delivery.retry.attempt),
        "X-Slack-Retry-Reason": delivery.retry.reason,
    }


def _answer(content_type: str, text: str) -> dict[str, Any]:
    """What the body of a 200 answers: JSON, or a plain text for the person who typed the command."""
    if not text.strip():
        return {}
    if content_type != JSON:
        return {"text": text}
    try:
        parsed = parse_json(text)
    except ValueError:
        return {"text": text}
    return parsed if isinstance(parsed, dict) else {}


def _challenge_in(text: str) -> Any:
    """The challenge as the app gave it back: as a field of JSON, or as the text itself."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return text.strip()
    return parsed.get("challenge") if isinstance(parsed, dict) else None
