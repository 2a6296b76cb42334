"""The intake as an ASGI application: `POST /sources/{name}/records`, and the three status pages.

It answers in threads: our services are synchronous. What it says to whoever cannot sign, it says without
having looked at the body.
"""

import asyncio
import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from secrets import token_hex
from typing import Any

import sqlalchemy as sa
import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from domain import logs
from domain.errors import BadInput
from domain.rows import LONGEST_SHOWN, BadRow
from domain.services import Services
from domain.sources.service import RowsRefused
from domain.status_site import StatusSite
from worker.intake.accepting import Accepted, Delivery, SameIdOtherBody, accept
from worker.intake.payload import MOST_RECORDS, BadPayload, TooManyRecords, parse
from worker.intake.rate import Rate
from worker.intake.signing import (
    DELIVERY,
    DELIVERY_ID,
    DOES_NOT_FIT,
    SIGNATURE,
    TIMESTAMP,
    Envelope,
    NotSigned,
    check,
)
from worker.intake.sources_file import SourcesFile
from worker.sources.config import Source
from worker.sources.secret import known_secrets

LARGEST_BODY = 8 * 1024 * 1024
BODY_WITHIN_S = 30
TRY_AGAIN_S = 30
SHORTEST_SECRET = 16
JSON = "application/json"

log = structlog.get_logger()


@dataclass
class Refused(Exception):  # noqa: N818 - an answer
    """What a sender is told instead of a receipt."""

    status: HTTPStatus
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


class Intake:
    def __init__(
        self,
        services: Services,
        environment: Mapping[str, str] | None = None,
        rate: Rate | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """`now_s` is the clock that signatures are held against: the world's, not the installation's."""
        self._services = services
        self._environment = os.environ if environment is None else environment
        self._file = SourcesFile(services.settings.sources_file, self._environment)
        self._rate = rate or Rate()
        self._now_s = now_s

    async def deliver(self, request: Request) -> Response:
        reference = logs.new_correlation_id()
        name = request.path_params["name"]
        with structlog.contextvars.bound_contextvars(correlation_id=reference, source=name):
            try:
                body = await _body(request)
                accepted = await run_in_threadpool(self._take, name, request.headers, body, reference)
                response = _receipt(accepted, reference)
            except Refused as refused:
                response = _problem(refused, reference)
            log.info("delivery", status=response.status_code)
        return response

    def _take(self, name: str, headers: Mapping[str, str], body: bytes, reference: str) -> Accepted:
        try:
            source, delivery_id = self._signed(name, headers, body)
            wait_s = self._rate.wait_s(name)
            if wait_s:
                raise _too_many(wait_s)
            if headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
                raise Refused(
                    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_json", f"Send it with Content-Type: {JSON}."
                )
            return accept(self._services, Delivery(source, delivery_id, body, parse(body), reference))
        except BadPayload as problem:
            raise Refused(HTTPStatus.BAD_REQUEST, "bad_request", str(problem)) from None
        except TooManyRecords:
            raise _too_large(f"more than {MOST_RECORDS} records") from None
        except RowsRefused as refused:
            raise _unusable(refused) from None
        except SameIdOtherBody:
            raise Refused(
                HTTPStatus.CONFLICT,
                "other_body",
                "A delivery of this id was stored, with another body: choose a new id for what is new.",
            ) from None
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as problem:
            log.warning("the database does not answer", problem=type(problem).__name__)
            raise _unavailable("The database does not answer just now: send the same again later.") from None

    def _source(self, name: str) -> Source | None:
        try:
            sources = self._file.sources()
        except BadInput as problem:
            log.error("the sources cannot be read", problem=str(problem))
            raise _unavailable("The sources are not configured rightly just now: send it later.") from None
        return next((source for source in sources if source.name == name and source.delivers), None)

    def _signed(self, name: str, headers: Mapping[str, str], body: bytes) -> tuple[Source, str]:
        """The source and the delivery's id. Raises Refused.

        Where there is no such source, the signature is checked all the same: nobody learns which there are.
        """
        source = self._source(name)
        envelope = Envelope(
            name, headers.get(TIMESTAMP, ""), headers.get(DELIVERY, ""), headers.get(SIGNATURE, "")
        )
        try:
            check(envelope, body, self._secrets(source) if source else [token_hex()], self._now_s())
            if source is None:
                raise NotSigned(DOES_NOT_FIT)
        except NotSigned as problem:
            raise Refused(HTTPStatus.UNAUTHORIZED, "not_signed", str(problem)) from None
        if not DELIVERY_ID.fullmatch(envelope.delivery_id):
            raise Refused(
                HTTPStatus.BAD_REQUEST,
                "bad_request",
                "X-Pacesetter-Delivery must be an id of up to 100 letters, digits, and . _ : -",
            )
        return source, envelope.delivery_id

    def _secrets(self, source: Source) -> list[str]:
        secrets = known_secrets(source.secrets, self._environment)
        logs.hide(*secrets)
        usable = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
        if not usable:
            variables = ", ".join(secret.variable for secret in source.secrets)
            log.error("no secret is set, or it is too short", variables=variables, shortest=SHORTEST_SECRET)
            raise _unavailable("The secret of this source is not set here: tell its administrators.")
        return usable


def create_app(intake: Intake, status: StatusSite) -> Starlette:
    """Ready for any ASGI server."""

    def status_page(request: Request) -> Response:
        page = status.page(request.url.path)
        if page is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return Response(page.body, page.status, media_type=page.content_type)

    routes = [
        Route("/sources/{name}/records", intake.deliver, methods=["POST"]),
        *(Route(path, status_page) for path in ("/health", "/ready", "/metrics")),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _plain_problem, Exception: _own_fault})


async def _body(request: Request) -> bytes:
    """Raises Refused where it is too large, too slow, or breaks off; the rest of it is not even read."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LARGEST_BODY:
        raise _too_large(f"more than {LARGEST_BODY} bytes")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST_BODY:
                    raise _too_large(f"more than {LARGEST_BODY} bytes")
    except TimeoutError:
        too_slow = "The body took too long: send it again."
        raise Refused(HTTPStatus.REQUEST_TIMEOUT, "too_slow", too_slow) from None
    except ClientDisconnect:
        raise Refused(HTTPStatus.BAD_REQUEST, "broken_off", "The body broke off.") from None
    return bytes(body)


def _receipt(accepted: Accepted, reference: str) -> Response:
    status = "repeated" if accepted.is_repeat else "stored" if accepted.is_news else "nothing new"
    return JSONResponse({"status": status, "run": accepted.run_id, **accepted.counts, "reference": reference})


def _problem(refused: Refused, reference: str) -> Response:
    body = {"error": refused.code, "message": refused.message, **refused.more, "reference": reference}
    return JSONResponse(body, refused.status, refused.headers)


def _unusable(refused: RowsRefused) -> Refused:
    return Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "rows_refused",
        f"{refused.refused} of {refused.read} rows cannot be used, so none was stored.",
        more={"refused_count": refused.refused, "refused": [_row(problem) for problem in refused.problems]},
    )


def _row(problem: BadRow) -> dict[str, Any]:
    cut = problem.value[:LONGEST_SHOWN]
    return {"row": problem.line, "field": problem.column, "value": cut, "reason": problem.reason}


def _too_many(wait_s: float) -> Refused:
    return Refused(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many",
        "This source delivers too often: put more records into one delivery.",
        {"Retry-After": str(math.ceil(wait_s))},
    )


def _too_large(what: str) -> Refused:
    return Refused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"The delivery has {what}: send it in parts."
    )


def _unavailable(message: str) -> Refused:
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", message, {"Retry-After": str(TRY_AGAIN_S)})


async def _plain_problem(_request: Request, problem: Exception) -> Response:
    """Paths and methods that there are not."""
    status = HTTPStatus(getattr(problem, "status_code", HTTPStatus.NOT_FOUND))
    headers = getattr(problem, "headers", None)
    return JSONResponse({"error": status.phrase.lower().replace(" ", "_")}, status, headers)


async def _own_fault(_request: Request, _problem: Exception) -> Response:
    """Starlette raises it again after this answer, and uvicorn logs it."""
    return JSONResponse({"error": "internal"}, HTTPStatus.INTERNAL_SERVER_ERROR)
