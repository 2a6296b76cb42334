"""The site as a WSGI application."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot.http.answers import Response, problem
from bot.http.site import LARGEST_BODY, Request, Site

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


class WsgiSite:
    """For a server with as many threads as it is to answer requests at once."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        response = self._answer(environ)
        status = HTTPStatus(response.status)
        headers = [*response.headers, ("content-length", str(len(response.body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.body]

    def _answer(self, environ: "WSGIEnvironment") -> Response:
        length = environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            return problem(HTTPStatus.BAD_REQUEST)
        if len(length) > len(str(LARGEST_BODY)) or int(length) > LARGEST_BODY:
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = environ["wsgi.input"].read(int(length))
        asked = Request(
            method=environ["REQUEST_METHOD"],
            path=environ.get("PATH_INFO", ""),
            query=environ.get("QUERY_STRING", ""),
            headers=_headers(environ),
            body=body,
        )
        return self._site.answer(asked)


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    """WSGI spells `X-Request-Id` HTTP_X_REQUEST_ID, and only these two without the beginning."""
    named = {name.removeprefix("HTTP_"): value for name, value in environ.items() if name.startswith("HTTP_")}
    named |= {name: environ[name] for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if name in environ}
    return {name.lower().replace("_", "-"): value for name, value in named.items()}
