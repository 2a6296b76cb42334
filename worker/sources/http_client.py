"""Asking a server of somebody else's: patiently, within limits, and with a token that goes nowhere else."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.auth import AuthBase
from urllib3.exceptions import MaxRetryError
from urllib3.util.retry import Retry

from domain.errors import N_
from worker.sources.connector import SourceFailed
from worker.sources.deadline import Deadline
from worker.sources.exact_json import read_json

TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
CONNECT_S, READ_S = 10, 30
"""To connect, and between two pieces of an answer."""
LARGEST_ANSWER = 64 * 1024 * 1024
PIECE = 64 * 1024
CUT = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    urllib3.exceptions.HTTPError,
)


@dataclass(frozen=True)
class Patience:
    """How often a request is tried, and how long is waited in between where the server does not say."""

    tries: int = 5
    backoff_s: float = 0.5
    """Doubles from the third try on."""
    read_s: float = READ_S
    largest_answer: int = LARGEST_ANSWER


@dataclass(frozen=True)
class Answer:
    body: Any
    """JSON, its numbers exact."""
    link: str | None
    """The address of the next page, as the Link header says it."""


class _Token(AuthBase):
    """Puts the token into its header; without one nothing, so that no other password is sent either."""

    def __init__(self, token: str | None, header: str | None) -> None:
        self._header = header or "Authorization"
        self._value = token if header or token is None else f"Bearer {token}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._value is not None:
            request.headers[self._header] = self._value
        return request


class _TryAgain(Exception):  # noqa: N818 - what to do, not a fault
    def __init__(self, why: str, retry_after_s: float | None = None) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


class Client:
    """Asks one server. Use it as a context."""

    def __init__(
        self, base: str, token: str | None, header: str | None, deadline: Deadline, patience: Patience
    ) -> None:
        self._origin = _origin(base)
        self._deadline = deadline
        self._patience = patience
        self._session = requests.Session()
        self._session.auth = _Token(token, header)
        self._session.headers["Accept"] = "application/json"

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, url: str, parameters: dict[str, str]) -> Answer:
        """Raises SourceFailed."""
        if _origin(url) != self._origin:
            raise SourceFailed(
                N_(
                    "The next page is said to be at {other}, which is another server: nothing was sent there."
                ),
                other=_where(url),
            )
        waits = Retry(total=self._patience.tries - 1, backoff_factor=self._patience.backoff_s)
        while True:
            self._deadline.check()
            try:
                return self._ask(url, parameters)
            except _TryAgain as problem:
                waits = self._next_try(waits, url, problem)
                asked_s = problem.retry_after_s
            self._wait(waits.get_backoff_time() if asked_s is None else asked_s, url)

    def _next_try(self, waits: Retry, url: str, problem: _TryAgain) -> Retry:
        try:
            return waits.increment("GET")
        except MaxRetryError:
            raise SourceFailed(
                N_("{where} did not answer properly, {tries} times over. The last time: {problem}"),
                where=_where(url),
                tries=self._patience.tries,
                problem=problem,
            ) from None

    def _wait(self, seconds: float, url: str) -> None:
        if seconds >= self._deadline.left_s:
            raise SourceFailed(
                N_("{where} asks to wait {seconds} s, which is longer than this run may take."),
                where=_where(url),
                seconds=round(seconds),
            )
        time.sleep(seconds)

    def _ask(self, url: str, parameters: dict[str, str]) -> Answer:
        try:
            with self._session.get(
                url,
                params=parameters,
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_S, self._patience.read_s),
            ) as response:
                _judge(response)
                body = self._read(response)
                link = response.links.get("next", {}).get("url")
        except requests.exceptions.SSLError:
            raise SourceFailed(
                N_("The certificate of {where} cannot be trusted, so nothing was sent."), where=_where(url)
            ) from None
        except CUT as error:
            raise _TryAgain(f"the connection failed or was cut ({type(error).__name__})") from None
        except requests.RequestException as error:
            raise SourceFailed(
                N_("{where} cannot be asked: {problem}"), where=_where(url), problem=type(error).__name__
            ) from None
        return Answer(_json(body, url), None if link is None else urljoin(url, link))

    def _read(self, response: requests.Response) -> bytes:
        """Piece by piece: a server may neither send without end nor drip without end."""
        pieces: list[bytes] = []
        size = 0
        while piece := response.raw.read1(PIECE, decode_content=True):
            self._deadline.check()
            size += len(piece)
            if size > self._patience.largest_answer:
                raise SourceFailed(
                    N_("{where} sends more than {megabytes} MB at once: ask for smaller pages."),
                    where=_where(response.url),
                    megabytes=self._patience.largest_answer // (1024 * 1024),
                )
            pieces.append(piece)
        return b"".join(pieces)


def _judge(response: requests.Response) -> None:
    """Raises SourceFailed for a status that will not change, _TryAgain for one that may."""
    status, where = response.status_code, _where(response.url)
    if status in TRY_AGAIN:
        raise _TryAgain(f"status {status}", _retry_after_s(response))
    if status in (401, 403):
        raise SourceFailed(
            N_("{where} refuses the token (status {status}): set its variable to one that may read there."),
            where=where,
            status=status,
        )
    if 300 <= status < 400:
        target = urljoin(response.url or "", response.headers.get("Location", ""))
        raise SourceFailed(
            N_('{where} has moved to {target}: set "url" to the new address, if you trust it.'),
            where=where,
            target=_where(target),
        )
    if status != requests.codes.ok:
        raise SourceFailed(
            N_('{where} answers with status {status}: check "url" and what it needs.'),
            where=where,
            status=status,
        )


def _retry_after_s(response: requests.Response) -> float | None:
    try:
        return Retry().get_retry_after(response.raw)
    except urllib3.exceptions.InvalidHeader:
        return None


def _json(body: bytes, url: str) -> Any:
    try:
        return read_json(body)
    except ValueError:
        raise SourceFailed(
            N_("{where} answers with something that is not JSON: look at it with a browser or curl."),
            where=_where(url),
        ) from None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual


def _where(url: str | None) -> str:
    """An address as people may read of it: no user, no query."""
    parts = urlsplit(url or "")
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname}{port}{parts.path}"
