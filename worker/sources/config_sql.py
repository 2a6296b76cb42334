"""A source of the kind *sql*, as `sources.toml` describes it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from domain.plans.rules_table import Table
from worker.sources.config_values import (
    LONGEST_PATH,
    Place,
    day,
    duration,
    flag,
    longest_try,
    one_sql,
    secret,
)
from worker.sources.fields import Fields, read_fields
from worker.sources.secret import Secret
from worker.sources.statement import NotOneQueryError, one_query

KEYS = (
    *("url", "secret_env", "query", "sql", "fields", "values"),
    *("window", "cursor", "cursor_start", "timeout"),
)
PARAMETERS = ("since", "until", "cursor")
PASSWORDS = ("password", "passwd", "sslpassword")
"""Options of an address that hold one."""
DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


@dataclass(frozen=True)
class SqlQuery:
    """What the *sql* connector asks a database."""

    url: sa.URL
    """Without a password."""
    password: Secret | None
    sql: str
    fields: Fields
    timeout: timedelta
    since: date | None
    """The first day that :since may name."""
    window: timedelta | None
    """:since goes back so far; None: to `since`."""
    cursor: str | None
    """The column whose greatest value is the next run's :cursor."""
    cursor_start: str
    """The first run's :cursor."""

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset(sa.text(self.sql).compile().params)

    @property
    def says_coverage(self) -> bool:
        return False

    @property
    def reads_whole(self) -> bool:
        return self.window is None and self.cursor is None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return (self.password,) if self.password else ()


def sql_query(table: Table, place: Place, measures: tuple[str, ...]) -> SqlQuery:
    query = SqlQuery(
        url=_url(table, place),
        password=secret(table, "secret_env", place),
        sql=_sql(table, place),
        fields=read_fields(table, measures),
        timeout=longest_try(table),
        since=day(table, "from"),
        window=duration(table, "window", "d") if table.has("window") else None,
        cursor=table.text("cursor") if table.has("cursor") else None,
        cursor_start=table.text("cursor_start") if table.has("cursor_start") else "",
    )
    _check_parameters(table, query)
    return query


def _url(table: Table, place: Place) -> sa.URL:
    text = place.expanded(table, table.text("url", LONGEST_PATH), "url")
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise table.error(
            '"url" is not the address of a database: write it like postgresql://user@host/name.', "url"
        ) from None
    if url.password or not url.query.keys().isdisjoint(PASSWORDS):
        raise table.error(
            '"url" holds a password, which does not belong in this file: put it into a variable of the '
            'environment, and the variable\'s name into "secret_env".',
            "url",
        )
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(place.folder / url.database))
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


def _sql(table: Table, place: Place) -> str:
    try:
        return one_query(one_sql(table, place))
    except NotOneQueryError as problem:
        raise table.error(str(problem), "query" if table.has("query") else "sql") from None


def _check_parameters(table: Table, query: SqlQuery) -> None:
    key = "query" if table.has("query") else "sql"
    for name in sorted(query.parameters):
        if name not in PARAMETERS:
            raise table.error(
                f"The query asks for :{name}; it can ask for {', '.join(f':{one}' for one in PARAMETERS)}. "
                f"Where no parameter is meant, write \\:{name}.",
                key,
            )
    if "since" in query.parameters and query.since is None and query.window is None:
        raise table.error('The query asks for :since: say from which day, with "from" or "window".', key)
    if ("cursor" in query.parameters) != (query.cursor is not None):
        raise table.error(
            'A query that goes on where the last run ended asks for :cursor, and "cursor" names the column '
            "that it comes from: one of the two is missing.",
            "cursor" if query.cursor else key,
        )
    if query.cursor is not None and not query.cursor_start:
        raise table.error('"cursor" needs "cursor_start", the :cursor of the first run.', "cursor")
    if query.window is not None and "since" not in query.parameters:
        raise table.error('"window" is for queries that ask for :since.', "window")
    if flag(table, "removes") and not query.reads_whole:
        raise table.error(
            '"removes" is for sources that are read whole: this one yields only what is new.', "removes"
        )


def since_day(query: SqlQuery, until: date) -> date:
    """The day that :since names."""
    first = query.since or date.min
    return first if query.window is None else max(first, until - query.window)


def describe(url: sa.URL) -> str:
    """A database as people may read of it: no user, no password, no options."""
    where = f"{url.host}{f':{url.port}' if url.port else ''}/" if url.host else ""
    return re.sub(r"\s+", " ", f"{url.get_backend_name()}://{where}{url.database or ''}")
