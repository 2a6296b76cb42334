"""A source of the kind *http*, as `sources.toml` describes it."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from domain.plans.rules_table import Table
from worker.sources.config_values import (
    LONGEST_PATH,
    Place,
    flag,
    longest_try,
    one_of,
    secret,
    whole_number,
)
from worker.sources.fields import Fields, read_fields
from worker.sources.secret import Secret

KEYS = (
    *("url", "secret_env", "token_header", "records", "fields", "values", "timeout"),
    *("paging", "page_parameter", "first_page", "size_parameter", "page_size", "next", "more", "resume"),
)
RESUME_KEYS = ("parameter", "start", "field", "path")
LARGEST_PAGE = 10_000


class Paging(StrEnum):
    """How a server is asked for what did not fit into one answer."""

    NONE = "none"
    PAGE = "page"
    """By the number of the page."""
    OFFSET = "offset"
    """By how many records came before."""
    CURSOR = "cursor"
    """By what the answer says under `next`."""
    LINK = "link"
    """By an address: in the answer under `next`, else in its Link header."""


PAGE_PARAMETERS = {Paging.PAGE: "page", Paging.OFFSET: "offset", Paging.CURSOR: "cursor"}


@dataclass(frozen=True)
class Resume:
    """How a server is asked for what is new since the last run."""

    parameter: str
    start: str | None
    """For the first run; None: the parameter is left out."""
    field: str | None
    """The field whose greatest value goes into the parameter, else …"""
    path: str | None
    """… what the last answer says there."""


@dataclass(frozen=True)
class HttpQuery:
    """What the *http* connector asks a server."""

    url: str
    token: Secret | None
    token_header: str | None
    """None: as `Authorization: Bearer …`."""
    records: str | None
    """Where an answer holds its records; None: it is the list."""
    fields: Fields
    timeout: timedelta
    paging: Paging
    page_parameter: str
    first_page: int
    size_parameter: str | None
    page_size: int
    next: str | None
    more: str | None
    resume: Resume | None

    @property
    def says_coverage(self) -> bool:
        return False

    @property
    def reads_whole(self) -> bool:
        return self.resume is None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return (self.token,) if self.token else ()


def http_query(table: Table, place: Place, measures: tuple[str, ...]) -> HttpQuery:
    token = secret(table, "secret_env", place)
    paging = Paging(one_of(table, "paging", tuple(Paging), Paging.NONE))
    query = HttpQuery(
        url=_url(table, place, has_token=token is not None),
        token=token,
        token_header=table.text("token_header") if table.has("token_header") else None,
        records=_path(table, "records"),
        fields=read_fields(table, measures),
        timeout=longest_try(table),
        paging=paging,
        page_parameter=_path(table, "page_parameter") or PAGE_PARAMETERS.get(paging, ""),
        first_page=whole_number(table, "first_page", 0, 1, default=1),
        size_parameter=_path(table, "size_parameter"),
        page_size=whole_number(table, "page_size", 1, LARGEST_PAGE, default=100),
        next=_path(table, "next"),
        more=_path(table, "more"),
        resume=_resume(table),
    )
    _check(table, query)
    return query


def _url(table: Table, place: Place, *, has_token: bool) -> str:
    url = place.expanded(table, table.text("url", LONGEST_PATH), "url")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:  # how urllib says that a host or a port cannot be
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise table.error('"url" must begin with https://, like https://crm.example.com/api/deals.', "url")
    if parts.username is not None or parts.password is not None:
        raise table.error(
            '"url" holds a user or a password, which do not belong in this file: put a token into a variable '
            'of the environment, and the variable\'s name into "secret_env".',
            "url",
        )
    if has_token and parts.scheme == "http" and not _is_this_machine(host):
        raise table.error('"url" begins with http://, where others can read the token: use https://.', "url")
    return url


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _path(table: Table, key: str) -> str | None:
    return table.text(key, longest=200) if table.has(key) else None


def _resume(table: Table) -> Resume | None:
    if not table.has("resume"):
        return None
    inner = table.table("resume", RESUME_KEYS)
    source = inner.exactly_one(("field", "path"))
    named = inner.text(source, longest=200)
    return Resume(
        parameter=inner.text("parameter"),
        start=inner.text("start") if inner.has("start") else None,
        field=named if source == "field" else None,
        path=named if source == "path" else None,
    )


def _check(table: Table, query: HttpQuery) -> None:
    if query.paging is Paging.CURSOR and query.next is None:
        raise table.error('Paging by "cursor" needs "next", where an answer says the next cursor.', "paging")
    if query.next is not None and query.paging not in (Paging.CURSOR, Paging.LINK):
        raise table.error('"next" is for paging by "cursor" or "link".', "next")
    if query.more is not None and query.paging is not Paging.CURSOR:
        raise table.error('"more" is for paging by "cursor".', "more")
    if table.has("page_parameter") and query.paging not in PAGE_PARAMETERS:
        by = ", ".join(PAGE_PARAMETERS)
        raise table.error(f'"page_parameter" is for paging by {by}.', "page_parameter")
    if table.has("first_page") and query.paging is not Paging.PAGE:
        raise table.error('"first_page" is for paging by "page".', "first_page")
    if table.has("page_size") and query.size_parameter is None:
        raise table.error(
            '"page_size" needs "size_parameter", the parameter that it is sent in.', "page_size"
        )
    if query.token_header is not None and query.token is None:
        raise table.error('"token_header" needs "secret_env", the variable with the token.', "token_header")
    if flag(table, "removes") and not query.reads_whole:
        raise table.error(
            '"removes" is for sources that are read whole: this one yields only what is new.', "removes"
        )
