"""The *http* connector, against a server on a real port that pages, limits, fails and lies."""

import gzip
import json
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.sources.model import RunState
from tests.worker.fake_shop import FakeShop, Fault, open_shop
from tests.worker.source_builders import SourcedCompany, toml
from worker.sources import service
from worker.sources.config_http import HttpQuery
from worker.sources.connector import Connector
from worker.sources.http import HttpConnector
from worker.sources.http_client import Patience

FIELDS = {
    "record_id": "id",
    "employee": "owner.email",
    "measure": "kind",
    "occurred_on": "closed_at",
    "value": "amount",
    "customer_id": "customer",
}
PAGINGS = {
    "/page": {"paging": "page", "size_parameter": "per_page", "page_size": 50},
    "/offset": {"paging": "offset"},
    "/cursor": {"paging": "cursor", "next": "next_cursor"},
    "/stream": {"paging": "cursor", "next": "next_cursor", "more": "has_more"},
    "/link": {"paging": "link"},
    "/next": {"paging": "link", "next": "@odata.nextLink"},
}


@pytest.fixture
def shop() -> Iterator[FakeShop]:
    with open_shop() as shop:
        yield shop


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does not wait long between two tries."""
    monkeypatch.setattr(service, "HttpConnector", hasty_connector)


def hasty_connector(name: str, reads: HttpQuery, environment: dict[str, str]) -> Connector:
    return HttpConnector(name, reads, environment, Patience(backoff_s=0.01))


def connector_without_patience(name: str, reads: HttpQuery, environment: dict[str, str]) -> Connector:
    return HttpConnector(name, reads, environment, Patience(backoff_s=0.01, read_s=1))


def a_deal(number: int, **fields: object) -> dict[str, object]:
    return {
        "id": number,
        "owner": {"email": "ada@example.com"},
        "kind": "won_amount",
        "closed_at": "2026-03-05",
        "amount": 100,
        "customer": "C1",
        "updated_at": f"2026-03-05T10:{number:02}:00Z",
        **fields,
    }


def configure(company: SourcedCompany, shop: FakeShop, path: str = "/all", **keys: object) -> None:
    given = {"kind": "http", "url": shop.url(path), "records": "data.deals", "fields": FIELDS, **keys}
    company.configure(toml(**given))


def problem(company: SourcedCompany) -> str:
    result = company.pull()
    assert result.state is RunState.FAILED
    return str(result.problem)


def test_records_are_mapped_by_simple_paths(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = [a_deal(1), a_deal(2, owner={"email": "E1"}, customer=None, amount=-7)]
    configure(company, shop)

    assert company.pull().problem is None

    assert company.records() == {
        "1": ("E2", "won_amount", date(2026, 3, 5), Decimal(100), "C1"),
        "2": ("E1", "won_amount", date(2026, 3, 5), Decimal(-7), None),
    }


@pytest.mark.parametrize("path", PAGINGS)
@pytest.mark.parametrize("count", [0, 2, 3, 8, 9])
def test_every_record_of_every_page_arrives_once(
    company: SourcedCompany, shop: FakeShop, path: str, count: int
) -> None:
    shop.deals = [a_deal(number) for number in range(count)]
    configure(company, shop, path, **PAGINGS[path])

    result = company.pull()

    assert (result.problem, result.rows) == (None, count)
    assert company.last_run().rows_read == count, "and none is read twice"


@pytest.mark.parametrize("path", ["/page", "/offset"])
def test_a_short_page_in_the_middle_is_not_the_last(
    company: SourcedCompany, shop: FakeShop, path: str
) -> None:
    configure(company, shop, path, **PAGINGS[path])
    pages = [[a_deal(1), a_deal(2)], [a_deal(3)], [a_deal(4), a_deal(5)], []]
    shop.faults += [Fault(body=json.dumps({"data": {"deals": page}}).encode()) for page in pages]

    result = company.pull()

    assert (result.problem, result.rows) == (None, 5)
    assert len(shop.asked) == 4, "one more, which is empty"


def test_numbers_are_exact(company: SourcedCompany, shop: FakeShop) -> None:
    configure(company, shop)
    written = json.dumps({"data": {"deals": [a_deal(1)]}}).replace(": 100", ": 0.1000")
    shop.faults.append(Fault(body=written.encode()))
    company.pull()
    assert company.records()["1"][3] == Decimal("0.1")

    shop.faults.append(Fault(body=written.replace("0.1000", "1.2345e3").encode()))
    company.pull()
    assert company.records()["1"][3] == Decimal("1234.5")


@pytest.mark.parametrize(
    ("fields", "column", "reason"),
    [
        ({"amount": None}, "value", "is blank"),
        ({"amount": "1.234,5"}, "value", "is not a plain number"),
        ({"amount": 0.00001}, "value", "at most 12 before the point and 4 after it"),
        ({"amount": True}, "value", "is true or false"),
        ({"amount": [1]}, "value", "is a list or an object"),
        ({"closed_at": "yesterday"}, "occurred_on", "is not a day"),
        ({"owner": {}}, "employee", 'is not there: the record has no "owner.email"'),
        ({"owner": "ada"}, "employee", 'is not there: the record has no "owner.email"'),
        ({"kind": "wins"}, "measure", "is not a measure of this source"),
        ({"id": "x" * 300}, "record_id", "is longer than 200 characters"),
        ({"id": "x\0"}, "record_id", "holds a NUL character"),
    ],
)
def test_bad_records_are_named(
    company: SourcedCompany, shop: FakeShop, fields: dict[str, object], column: str, reason: str
) -> None:
    shop.deals = [a_deal(1), a_deal(2, **fields)]
    configure(company, shop)

    result = company.pull()

    assert (result.state, company.records()) == (RunState.REFUSED, {})
    [refusal] = company.last_run().refusals or []
    assert (refusal["row"], refusal["column"]) == (2, column)
    assert reason in refusal["reason"]


def test_a_record_that_is_none_is_named(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = ["deal"]
    configure(company, shop)

    assert "line 1: is not an object with fields." in str(company.pull().problem)


def test_a_moment_is_a_day_of_the_companys(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = [a_deal(1, closed_at="2026-03-05T17:30:00Z"), a_deal(2, closed_at="2026-03-05T23:59:59")]
    configure(company, shop)

    company.pull()

    assert [record[2] for record in company.records().values()] == [date(2026, 3, 6), date(2026, 3, 5)]


def test_one_record_with_several_measures_becomes_several(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = [a_deal(1, won=1)]
    fields = {name: path for name, path in FIELDS.items() if name not in ("measure", "value")}
    values = {"won_amount": "amount", "wins": "won"}
    configure(company, shop, measures=["won_amount", "wins"], fields=fields, values=values)

    company.pull()

    assert {name: record[3] for name, record in company.records().items()} == {
        "1:won_amount": Decimal(100),
        "1:wins": Decimal(1),
    }


RESUME = {"parameter": "updated_after", "start": "2020-01-01T00:00:00Z", "field": "updated_at"}


def test_the_next_run_goes_on_where_the_last_one_ended(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = [a_deal(number) for number in range(8)]
    configure(company, shop, "/cursor", **PAGINGS["/cursor"], resume=RESUME)

    company.pull()
    assert company.last_run().cursor == "2026-03-05T10:07:00Z"
    shop.asked.clear()
    company.pull()

    assert shop.queries() == [{"updated_after": "2026-03-05T10:07:00Z"}]
    assert (company.last_run().rows_read, company.last_run().state) == (1, RunState.UNCHANGED)
    assert len(company.records()) == 8, "what is not read again is still there"


def test_a_servers_own_cursor_is_kept_too(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = [a_deal(number) for number in range(4)]
    resume = {"parameter": "cursor", "path": "next_cursor"}
    configure(company, shop, "/stream", **PAGINGS["/stream"], resume=resume)
    company.pull()
    shop.asked.clear()
    shop.deals.append(a_deal(4))

    company.pull()

    assert shop.queries() == [{"cursor": "4"}]
    assert (company.last_run().rows_read, company.last_run().cursor) == (1, "5")


def test_a_cursor_moves_only_with_its_records(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = [a_deal(1)]
    configure(company, shop, resume=RESUME)
    company.pull()
    shop.deals.append(a_deal(2, amount="a lot"))

    assert company.pull().state is RunState.REFUSED

    shop.deals[1] = a_deal(2)
    shop.asked.clear()
    assert company.pull().rows == 1
    assert shop.queries() == [{"updated_after": "2026-03-05T10:01:00Z"}]


def test_what_has_no_order_is_no_cursor(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = [a_deal(1, updated_at="soon")]
    configure(company, shop, resume={"parameter": "since", "field": "updated_at"})

    assert 'The field of "resume" says soon' in problem(company)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500),
        Fault(503),
        Fault(429, {"Retry-After": "0"}),
        Fault(429, {"Retry-After": "nonsense"}),
        Fault(cut_after=0),
        Fault(cut_after=5),
    ],
)
def test_a_server_that_fails_now_and_then_is_asked_again(
    company: SourcedCompany, shop: FakeShop, fault: Fault
) -> None:
    shop.deals = [a_deal(number) for number in range(8)]
    configure(company, shop, "/page", **PAGINGS["/page"])
    shop.faults += [fault, fault, fault]

    result = company.pull()

    assert (result.problem, result.rows) == (None, 8)
    assert company.last_run().rows_read == 8


def test_a_server_that_asks_to_wait_is_waited_for(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = [a_deal(1)]
    configure(company, shop)
    shop.faults.append(Fault(429, {"Retry-After": "1"}))
    before = time.monotonic()

    assert company.pull().problem is None

    assert time.monotonic() - before >= 1


def test_a_server_that_asks_to_wait_too_long_is_not(company: SourcedCompany, shop: FakeShop) -> None:
    configure(company, shop)
    shop.always = Fault(429, {"Retry-After": "3600"})

    assert "asks to wait 3600 s, which is longer than this run may take" in problem(company)
    assert len(shop.asked) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(500), "The last time: status 500"),
        (Fault(cut_after=3), "The last time: the connection failed or was cut"),
    ],
)
def test_a_server_that_keeps_failing_is_given_up(
    company: SourcedCompany, shop: FakeShop, fault: Fault, said: str
) -> None:
    configure(company, shop)
    shop.always = fault

    found = problem(company)

    assert "/all did not answer properly, 5 times over" in found
    assert said in found
    assert len(shop.asked) == 5


def test_a_server_that_is_not_there_is_said_so(company: SourcedCompany, shop: FakeShop) -> None:
    configure(company, shop)
    company.configure(company.file.read_text().replace(shop.address, "http://127.0.0.1:1"))

    assert "127.0.0.1:1/all did not answer properly, 5 times over" in problem(company)


def test_a_server_that_drips_does_not_hold_us(company: SourcedCompany, shop: FakeShop) -> None:
    configure(company, shop, timeout="1s")
    shop.always = Fault(drips=0.05)
    before = time.monotonic()

    assert "Reading took longer than 1 s" in problem(company)

    assert time.monotonic() - before < 10


def test_a_server_that_falls_silent_is_asked_again(
    company: SourcedCompany, shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "HttpConnector", connector_without_patience)
    shop.deals = [a_deal(1)]
    configure(company, shop)
    shop.faults.append(Fault(drips=5))

    assert company.pull().rows == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(body=b"<html>Log in</html>"), "answers with something that is not JSON"),
        (Fault(body=b""), "answers with something that is not JSON"),
        (Fault(body=b'{"data": NaN}'), "answers with something that is not JSON"),
        (Fault(body=b'{"data": 1e99999999999999999999}'), "answers with something that is not JSON"),
        (Fault(body=b"[" * 100_000), "answers with something that is not JSON"),
        (Fault(body=b"\xff\xfe\x00"), "answers with something that is not JSON"),
        (Fault(body=b'{"data": {"deals": [{"id": "\\ud83d"}]}}'), "answers with something that is not JSON"),
        (Fault(body=b'{"\\u0000": []}'), "It has ␀."),
        (Fault(body=b'{"deals": []}'), 'The answer has no "data.deals": correct "records" in sources.toml. '
            "It has deals."),
        (Fault(body=b'{"data": {"deals": {}}}'), "The answer's records are no list"),
        (Fault(404), 'answers with status 404: check "url"'),
        (Fault(302, {"Location": "https://elsewhere.example/x?token=1"}),
            'has moved to elsewhere.example/x: set "url" to the new address'),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_used_says_why(
    company: SourcedCompany, shop: FakeShop, fault: Fault, said: str
) -> None:
    configure(company, shop)
    shop.always = fault

    assert said in problem(company)
    assert len(shop.asked) == 1, "it would be the same the next time"


def test_an_answer_has_a_limit_however_small_it_is_packed(
    company: SourcedCompany, shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small_hands(name: str, reads: HttpQuery, environment: dict[str, str]) -> Connector:
        return HttpConnector(name, reads, environment, Patience(largest_answer=1024 * 1024))

    monkeypatch.setattr(service, "HttpConnector", small_hands)
    configure(company, shop)
    shop.always = Fault(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b" " * 3_000_000))

    assert "sends more than 1 MB at once" in problem(company)


@pytest.mark.parametrize("path", ["/page", "/offset"])
def test_a_server_that_sends_one_page_for_ever_is_stopped(
    company: SourcedCompany, shop: FakeShop, path: str
) -> None:
    configure(company, shop, path, **PAGINGS[path])
    shop.always = Fault(body=json.dumps({"data": {"deals": [a_deal(1)]}}).encode())

    assert "The server sends the same page again" in problem(company)
    assert len(shop.asked) == 2


def test_a_server_whose_cursors_lead_in_a_circle_is_stopped(company: SourcedCompany, shop: FakeShop) -> None:
    configure(company, shop, "/cursor", **PAGINGS["/cursor"])
    around = [
        Fault(body=json.dumps({"data": {"deals": [a_deal(at)]}, "next_cursor": following}).encode())
        for at, following in enumerate(["b", "c", "b"])
    ]
    shop.faults += around

    assert "leads in a circle" in problem(company)


def test_a_server_whose_links_lead_in_a_circle_is_stopped(company: SourcedCompany, shop: FakeShop) -> None:
    configure(company, shop, "/link", **PAGINGS["/link"])
    shop.always = Fault(
        headers={"Link": f'<{shop.url("/link")}?from=3>; rel="next"'}, body=b'{"data": {"deals": []}}'
    )

    assert "leads in a circle" in problem(company)


def test_a_token_is_sent_and_a_wrong_one_is_said_so(company: SourcedCompany, shop: FakeShop) -> None:
    shop.deals = [a_deal(1)]
    shop.token = "Bearer open sesame"
    configure(company, shop, secret_env="SHOP_TOKEN")

    assert "the variable SHOP_TOKEN is not set" in problem(company)
    assert shop.asked == []

    company.environment["SHOP_TOKEN"] = "closed sesame"
    assert "/all refuses the token (status 401)" in problem(company)

    company.environment["SHOP_TOKEN"] = "open sesame"
    assert company.pull().problem is None


def test_a_token_can_go_into_another_header(company: SourcedCompany, shop: FakeShop) -> None:
    configure(company, shop, secret_env="SHOP_TOKEN", token_header="X-Api-Key")
    company.environment["SHOP_TOKEN"] = "open sesame"

    company.pull()

    assert shop.asked[0].headers["X-Api-Key"] == "open sesame"
    assert "Authorization" not in shop.asked[0].headers


def test_the_token_goes_to_no_other_server(company: SourcedCompany, shop: FakeShop) -> None:
    with open_shop() as other:
        configure(company, shop, "/next", **PAGINGS["/next"], secret_env="SHOP_TOKEN")
        company.environment["SHOP_TOKEN"] = "open sesame"
        body = {"data": {"deals": [a_deal(1)]}, "@odata.nextLink": other.url("/next")}
        shop.always = Fault(body=json.dumps(body).encode())

        found = problem(company)

        assert "The next page is said to be at 127.0.0.1" in found
        assert other.asked == []

        shop.always = Fault(307, {"Location": other.url("/next")})
        assert "has moved to" in problem(company)
        assert other.asked == []


def test_a_password_in_netrc_is_not_sent(
    company: SourcedCompany, shop: FakeShop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    configure(company, shop)

    company.pull()

    assert "Authorization" not in shop.asked[0].headers
