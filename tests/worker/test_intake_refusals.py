"""What is no delivery, or too much of one, is refused with the reason."""

import http.client

import pytest
import requests

from tests.worker.intake_builders import Sender, a_record, records
from worker.intake import app as intake_app


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The body is not JSON."),
        (b"{", "The body is not JSON."),
        (b'{"records": [NaN]}', "The body is not JSON."),
        (b"\xff", "The body is not JSON."),
        (b"[" * 100_000, "The body is not JSON."),
        (b'{"records": [{"record_id": "\\ud800"}]}', "The body is not JSON."),
        (b'{"records": [{"\\uDFFF": 1}]}', "The body is not JSON."),
        (b"[]", 'The body must be an object with "records".'),
        (b"{}", '"records" must be a list'),
        (b'{"records": {}}', '"records" must be a list'),
        (b'{"records": [], "coverage": {}}', '"coverage" must be a list'),
        (b'{"records": [], "covrage": []}', 'The body has "covrage"'),
    ],
)
def test_a_body_that_is_no_delivery_is_refused(sender: Sender, body: bytes, message: str) -> None:
    answer = sender.send(body)

    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")
    assert answer.json()["message"].startswith(message)


@pytest.mark.parametrize("delivery", ["", "x" * 101, "a b", "a/b"])
def test_a_delivery_needs_an_id(sender: Sender, delivery: str) -> None:
    assert sender.send(records(), delivery).status_code == 400


def test_only_json_is_taken(sender: Sender) -> None:
    answer = sender.send(records(), Content_Type="text/plain")

    assert (answer.status_code, answer.json()["error"]) == (415, "not_json")
    assert sender.send(records(), Content_Type="application/json; charset=utf-8").status_code == 200


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ("won_amount", "coverage"),
        ({"measure": "won_amount", "from": "2026-07-01"}, "coverage"),
        ({"measure": "wins", "from": "2026-07-01", "to": "2026-07-02"}, "coverage.measure"),
        ({"measure": "won_amount", "from": "soon", "to": "2026-07-02"}, "coverage.from"),
        ({"measure": "won_amount", "from": "2026-07-03", "to": "2026-07-02"}, "coverage.to"),
    ],
)
def test_bad_coverage_is_listed_too(sender: Sender, entry: object, field: str) -> None:
    answer = sender.send({"records": [a_record()], "coverage": [entry]})

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["refused"]] == [field]


def test_a_delivery_has_a_limit(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_app, "LARGEST_BODY", 1000)

    assert sender.send(records(*(a_record(f"r{n}") for n in range(20)))).status_code == 413
    assert sender.send(b"{" + b" " * 1000).status_code == 413
    assert (
        requests.post(
            f"{sender.address}/sources/crm/records", data=iter([b" " * 600, b" " * 600]), timeout=30
        ).status_code
        == 413
    ), "though its length was not said beforehand"


def test_records_have_a_limit(sender: Sender) -> None:
    answer = sender.send(records(*({} for _ in range(10_001))))

    assert (answer.status_code, answer.json()["message"]) == (
        413,
        "The delivery has more than 10000 records: send it in parts.",
    )


def test_a_body_that_never_ends_is_given_up(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_app, "BODY_WITHIN_S", 0.2)
    connection = http.client.HTTPConnection(sender.address.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/sources/crm/records")
    connection.putheader("Content-Length", "100")
    connection.endheaders(b"{")

    assert connection.getresponse().status == 408
    connection.close()
