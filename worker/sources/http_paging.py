"""Page after page, in the way a server likes to be asked. Whoever runs in circles is stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from domain.errors import N_
from worker.sources.config_http import HttpQuery, Paging
from worker.sources.connector import SourceFailed
from worker.sources.http_client import Answer
from worker.sources.paths import optional, records_in

Parameters = dict[str, str]
Ask = Callable[[str, Parameters], Answer]


@dataclass(frozen=True)
class Page:
    body: Any
    records: list[Any]


def read_pages(ask: Ask, query: HttpQuery, parameters: Parameters) -> Iterator[Page]:
    """Raises SourceFailed."""
    if query.size_parameter is not None:
        parameters = {**parameters, query.size_parameter: str(query.page_size)}
    match query.paging:
        case Paging.NONE:
            yield _page(ask(query.url, parameters), query)
        case Paging.PAGE | Paging.OFFSET:
            yield from _counted(ask, query, parameters)
        case Paging.CURSOR:
            yield from _by_cursor(ask, query, parameters)
        case Paging.LINK:
            yield from _by_link(ask, query, parameters)


def _page(answer: Answer, query: HttpQuery) -> Page:
    return Page(answer.body, records_in(answer.body, query.records))


def _counted(ask: Ask, query: HttpQuery, parameters: Parameters) -> Iterator[Page]:
    """To the first page that is empty.

    A short page is not the last one: servers give less than one asks for, and some filter what is on a page.
    """
    at = query.first_page if query.paging is Paging.PAGE else 0
    before: list[Any] = []
    while True:
        page = _page(ask(query.url, {**parameters, query.page_parameter: str(at)}), query)
        if page.records and page.records == before:
            raise SourceFailed(
                N_(
                    "The server sends the same page again: it does not understand the parameter {parameter}. "
                    'Correct "paging" in sources.toml.'
                ),
                parameter=query.page_parameter,
            )
        yield page
        if not page.records:
            return
        at += 1 if query.paging is Paging.PAGE else len(page.records)
        before = page.records


def _by_cursor(ask: Ask, query: HttpQuery, parameters: Parameters) -> Iterator[Page]:
    seen: set[str] = set()
    while True:
        page = _page(ask(query.url, parameters), query)
        yield page
        following = optional(page.body, query.next or "")
        there_is_more = query.more is None or bool(optional(page.body, query.more))
        if following in (None, "", False) or not there_is_more:
            return
        cursor = str(following)
        _remember(seen, cursor)
        parameters = {**parameters, query.page_parameter: cursor}


def _by_link(ask: Ask, query: HttpQuery, parameters: Parameters) -> Iterator[Page]:
    """The address of a next page says everything: no parameter is added to it."""
    answer = ask(query.url, parameters)
    seen: set[str] = set()
    while True:
        page = _page(answer, query)
        yield page
        said = answer.link if query.next is None else optional(page.body, query.next)
        if not said:
            return
        following = urljoin(query.url, str(said))
        _remember(seen, following)
        answer = ask(following, {})


def _remember(seen: set[str], following: str) -> None:
    if following in seen:
        raise SourceFailed(
            N_("The server leads in a circle: the next page is one that was read before. Tell its makers.")
        )
    seen.add(following)
