"""The site as an ASGI application. It answers in threads: Bolt and our services are synchronous."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response as StarletteResponse
from starlette.routing import Route

from bot.http.answers import Response, problem
from bot.http.site import LARGEST_BODY, Request, Site

THREADS = 10
"""As many as Bolt has in Socket Mode; the database's pool holds as many connections without waiting."""
BODY_WITHIN_S = 10.0
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def as_asgi(
    site: Site,
    threads: int = THREADS,
    body_within_s: float = BODY_WITHIN_S,
    *,
    stops: Callable[[], object] = lambda: None,
    has_stopped: Callable[[], object] = lambda: None,
) -> Starlette:
    """One route: which paths and methods there are is the site's business.

    `stops` is called when the server says that it ends, `has_stopped` when all that had begun is answered.
    """
    pool = ThreadPoolExecutor(threads, thread_name_prefix="http")

    async def answer(request: StarletteRequest) -> StarletteResponse:
        try:
            async with asyncio.timeout(body_within_s):
                body = await _body(request)
        except TimeoutError:
            return _for_starlette(problem(HTTPStatus.REQUEST_TIMEOUT))
        except ClientDisconnect:
            return _for_starlette(problem(HTTPStatus.BAD_REQUEST))  # nobody reads it
        if body is None:
            return _for_starlette(problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
        asked = Request(request.method, request.url.path, request.url.query, dict(request.headers), body)
        return _for_starlette(await asyncio.get_running_loop().run_in_executor(pool, site.answer, asked))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        stops()
        # A server that has lost its patience has given up the request, and not the thread that works on it.
        await asyncio.to_thread(pool.shutdown)
        has_stopped()

    return Starlette(routes=[Route("/{path:path}", answer, methods=METHODS)], lifespan=lifespan)


async def _body(request: StarletteRequest) -> bytes | None:
    """None where it is too large: the rest of it is not even read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _for_starlette(response: Response) -> StarletteResponse:
    made = StarletteResponse(response.body, response.status)
    for name, value in response.headers:
        made.headers.append(name, value)
    return made
