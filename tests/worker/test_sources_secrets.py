"""Secrets of sources: in no log, no table, no message, whatever goes wrong."""

import json
import logging
from collections.abc import Iterator
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.blocks import sources as blocks
from bot.blocks.notices import draw
from bot.blocks.primitives import Writer
from bot.locale import for_locale
from domain import logs
from domain.sources.configured import remember_configured
from domain.sources.health import all_sources, runs_of
from tests.worker.fake_shop import FakeShop, Fault, open_shop
from tests.worker.source_builders import SourcedCompany, toml
from worker.sources import http, service
from worker.sources.checking import check
from worker.sources.connector import SourceFailed
from worker.sources.fields import NAMES
from worker.sources.http import HttpConnector
from worker.sources.http_client import Patience
from worker.sources.secret import scrubbed

SECRET = "s3cr3t/with+signs&a%"
"""Written differently in an address, in a header and in quotes."""
SPELLINGS = {SECRET, quote(SECRET), quote(SECRET, safe="")}
TALKATIVE = ("urllib3", "requests", "psycopg")


@pytest.fixture(autouse=True)
def logging_as_in_a_process(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Ours as it is set up there, and the libraries as talkative as they can be."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure("DEBUG", "json")
    root.setLevel(logging.DEBUG)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    root.handlers[:], root.level = before
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeShop]:
    def hasty(name, reads, environment):
        return HttpConnector(name, reads, environment, Patience(tries=2, backoff_s=0.01))

    monkeypatch.setattr(service, "HttpConnector", hasty)
    with open_shop() as shop:
        yield shop


def assert_nowhere(company: SourcedCompany, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither logged, nor kept in a table, nor shown on the Home tab, in its window or in a message."""
    writer, zone = Writer(for_locale("en-US")), ZoneInfo("UTC")
    with company.database.writing() as session:
        remember_configured(session, [company.source().entry])
    with company.database.reading() as session:
        sources, runs = all_sources(session, company.clock), runs_of(session, "crm")
    shown = [
        blocks.source_blocks(writer, zone, sources),
        blocks.details(writer, zone, sources.health[0], runs),
        *(draw(post.kind, post.facts, writer.language).blocks for post in company.posts()),
    ]
    assert runs, "there is something to look at"
    everything = [*capsys.readouterr(), company.everything_kept(), json.dumps(shown), repr((sources, runs))]
    for text in everything:
        for spelling in SPELLINGS:
            assert spelling not in text, text


def a_page(**more: object) -> bytes:
    return json.dumps({"data": {"deals": []}, **more}).encode()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(401, body=b"no"),
        Fault(500),
        Fault(cut_after=3),
        Fault(302, {"Location": f"https://elsewhere.example/{quote(SECRET)}?token={quote(SECRET)}"}),
        Fault(302, {"Location": f"https://me:{quote(SECRET, safe='')}@elsewhere.example/"}),
        Fault(body=SECRET.encode()),
        Fault(body=json.dumps({SECRET: 1}).encode()),
        Fault(body=json.dumps({"data": {"deals": [dict.fromkeys(NAMES, SECRET)]}}).encode()),
        Fault(body=a_page(next=f"https://x.example/{quote(SECRET)}")),
    ],
)
def test_a_token_is_nowhere(
    company: SourcedCompany, shop: FakeShop, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    company.environment["TOKEN"] = SECRET
    asked = {"url": shop.url("/all"), "records": "data.deals", "paging": "link", "next": "next"}
    company.configure(toml(kind="http", secret_env="TOKEN", **asked))
    shop.always = fault

    assert company.pull().problem is not None

    assert shop.asked[0].headers["Authorization"] == f"Bearer {SECRET}", "it was really sent"
    assert_nowhere(company, capsys)


def test_a_token_is_nowhere_when_something_unforeseen_happens(
    company: SourcedCompany,
    shop: FakeShop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stumble(*_: object) -> None:
        raise RuntimeError(f"Authorization was {SECRET}")

    monkeypatch.setattr(http, "read_pages", stumble)
    company.environment["TOKEN"] = SECRET
    company.configure(toml(kind="http", secret_env="TOKEN", url=shop.url("/all")))

    result = company.pull()

    assert "in a way that nobody foresaw (RuntimeError: Authorization was [hidden])" in str(result.problem)
    assert "source failed" in capsys.readouterr().err, "with a traceback, for those who can mend it"
    assert_nowhere(company, capsys)


def test_a_token_that_cannot_be_sent_is_not_quoted(
    company: SourcedCompany, shop: FakeShop, capsys: pytest.CaptureFixture[str]
) -> None:
    company.environment["TOKEN"] = f"{SECRET}\n{SECRET}"
    company.configure(toml(kind="http", secret_env="TOKEN", url=shop.url("/all")))

    assert "holds a line break" in str(company.pull().problem)
    assert_nowhere(company, capsys)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "[::1]:1", "no such host"])
def test_a_password_is_nowhere_when_no_database_answers(
    company: SourcedCompany, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    company.environment["PASSWORD"] = SECRET
    url = f"postgresql://reader@{host.replace(' ', '-')}/crm"
    company.configure(toml(kind="sql", secret_env="PASSWORD", url=url, sql="SELECT 1"))

    assert "cannot be reached" in str(company.pull().problem)
    assert_nowhere(company, capsys)


def test_a_password_is_nowhere_when_the_database_refuses_it(
    company: SourcedCompany, postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sa.make_url(postgresql_url)._replace(username="reader", password=None)
    company.environment["PASSWORD"] = SECRET
    company.configure(toml(kind="sql", secret_env="PASSWORD", url=str(url), sql="SELECT 1"))

    assert company.pull().problem is not None
    assert_nowhere(company, capsys)


def test_trying_a_source_out_quotes_no_secret_either(company: SourcedCompany, shop: FakeShop) -> None:
    company.environment["TOKEN"] = SECRET
    company.configure(toml(kind="http", secret_env="TOKEN", url=shop.url("/all")))
    shop.always = Fault(body=json.dumps([dict.fromkeys(NAMES, SECRET)]).encode())

    checked = check(company.database, company.clock, company.source(), company.environment)
    assert SECRET not in repr(checked.refused)

    shop.always = Fault(302, {"Location": f"/{quote(SECRET)}"})
    with pytest.raises(SourceFailed) as failed:
        check(company.database, company.clock, company.source(), company.environment)
    assert quote(SECRET) not in str(failed.value)


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
def test_a_secret_is_found_however_it_is_written(spelling: str) -> None:
    assert scrubbed(f"before {spelling} after", [SECRET]) == "before [hidden] after"
