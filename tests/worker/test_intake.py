"""The intake over HTTP: what is signed is stored once, all of it or nothing; anything else hears why."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn

from domain.clock import FixedClock
from domain.database import Database
from domain.health import Health
from domain.jobs import Job
from domain.sources.model import RunState
from domain.status_site import StatusSite
from migrations import tables_check
from tests.worker.delivery_builders import services_for
from tests.worker.source_builders import SourcedCompany, import_company, toml
from worker.intake import app as intake_app
from worker.intake.app import Intake, create_app
from worker.intake.rate import Rate
from worker.intake.signing import sign
from worker.sources.config import Source, load_sources

SECRET, NEXT = "open sesame, and wide", "shut sesame, and tight"


@dataclass
class Sender:
    """Somebody else's system, which has read our documentation."""

    address: str
    secret: str = SECRET
    source: str = "crm"

    def send(
        self, body: object, delivery: str = "d1", secret: str | None = None, **headers: str | None
    ) -> requests.Response:
        """`headers` replace those that are right; None leaves one out."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        timestamp = str(int(time.time()))
        right = {
            "Content-Type": "application/json",
            "X-Pacesetter-Timestamp": timestamp,
            "X-Pacesetter-Delivery": delivery,
            "X-Pacesetter-Signature": sign(secret or self.secret, self.source, timestamp, delivery, sent),
        }
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.post(
            f"{self.address}/sources/{self.source}/records",
            data=sent,
            headers={name: value for name, value in {**right, **given}.items() if value is not None},
            timeout=30,
        )


def a_record(record_id: str = "r1", **fields: object) -> dict[str, object]:
    return {
        "record_id": record_id,
        "employee": "E1",
        "measure": "won_amount",
        "occurred_on": "2026-07-05",
        "value": "100.50",
        **fields,
    }


def records(*given: dict[str, object]) -> dict[str, object]:
    return {"records": list(given)}


@contextmanager
def served(company: SourcedCompany, **options: Any) -> Iterator[str]:
    services = services_for(company.database, company.clock, company.folder)
    intake = Intake(services, company.environment, **options)
    status = StatusSite(Health([tables_check(company.database)]))
    server = uvicorn.Server(uvicorn.Config(create_app(intake, status), log_config=None, ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def company(database: Database, clock: FixedClock, tmp_path: Path) -> SourcedCompany:
    """With a source that delivers by itself; on both databases."""
    import_company(database, clock, tmp_path)
    return delivering(SourcedCompany(database, clock, tmp_path))


def delivering(company: SourcedCompany) -> SourcedCompany:
    company.environment["CRM_SECRET"] = SECRET
    company.configure(toml(kind="push", secret_env="CRM_SECRET", next_secret_env="CRM_NEXT"))
    return company


@pytest.fixture
def sender(company: SourcedCompany) -> Iterator[Sender]:
    with served(company) as address:
        yield Sender(address)


def kinds_of_posts(company: SourcedCompany) -> list[str]:
    return [post.kind for post in company.posts()]


def test_a_delivery_is_stored(company: SourcedCompany, sender: Sender) -> None:
    answer = sender.send(records(a_record(), a_record("r2", employee="Ada@Example.com", customer_id="C1")))

    assert answer.status_code == 200
    receipt = answer.json()
    assert {name: receipt[name] for name in ("status", "read", "new", "corrected", "unchanged")} == {
        "status": "stored",
        "read": 2,
        "new": 2,
        "corrected": 0,
        "unchanged": 0,
    }
    assert company.records() == {
        "r1": ("E1", "won_amount", date(2026, 7, 5), Decimal("100.50"), None),
        "r2": ("E2", "won_amount", date(2026, 7, 5), Decimal("100.50"), "C1"),
    }
    assert company.last_run().correlation_id == receipt["reference"]


def test_numbers_are_exact(company: SourcedCompany, sender: Sender) -> None:
    body = json.dumps(records(a_record())).replace('"100.50"', "0.1000").encode()

    assert sender.send(body).status_code == 200
    assert company.records()["r1"][3] == Decimal("0.1")


def test_a_delivery_that_is_sent_five_times_acts_once(company: SourcedCompany, sender: Sender) -> None:
    answers = [sender.send(records(a_record())) for _ in range(5)]

    assert [answer.json()["status"] for answer in answers] == ["stored", *["repeated"] * 4]
    assert len({answer.json()["run"] for answer in answers}) == 1
    assert len(company.runs()) == 1
    assert company.latest_load() == company.last_run().load_id


def test_a_delivery_that_is_sent_five_times_at_once_acts_once(
    company: SourcedCompany, sender: Sender
) -> None:
    with ThreadPoolExecutor(5) as senders:
        answers = list(senders.map(lambda _: sender.send(records(a_record())), range(5)))

    assert sorted(answer.json()["status"] for answer in answers) == [*["repeated"] * 4, "stored"]
    assert len(company.runs()) == 1


def test_the_same_records_under_another_id_change_nothing(company: SourcedCompany, sender: Sender) -> None:
    sender.send(records(a_record()), "d1")

    answer = sender.send(records(a_record()), "d2")

    assert (answer.json()["status"], answer.json()["unchanged"]) == ("nothing new", 1)
    assert company.last_run().state == RunState.UNCHANGED


def test_a_record_that_comes_again_is_a_correction(company: SourcedCompany, sender: Sender) -> None:
    sender.send(records(a_record()), "d1")

    answer = sender.send(records(a_record(value=7)), "d2")

    assert answer.json()["corrected"] == 1
    assert company.records()["r1"][3] == Decimal(7)


def test_another_body_under_a_known_id_is_refused(company: SourcedCompany, sender: Sender) -> None:
    sender.send(records(a_record()), "d1")

    answer = sender.send(records(a_record("r2")), "d1")

    assert (answer.status_code, answer.json()["error"]) == (409, "other_body")
    assert set(company.records()) == {"r1"}


def test_bad_rows_refuse_the_delivery_and_are_listed(company: SourcedCompany, sender: Sender) -> None:
    body = records(
        a_record(),
        a_record("r2", employee="Nobody"),
        a_record("r3", value=1.23456),
        a_record("r4", measure="wins"),
        a_record("r5", colour="red"),
        {"record_id": "r6"},
        a_record("r7", occurred_on=None),
    )

    answer = sender.send(body)

    assert (answer.status_code, answer.json()["error"]) == (422, "rows_refused")
    assert answer.json()["message"] == "6 of 7 rows cannot be used, so none was stored."
    assert [(one["row"], one["field"], one["value"]) for one in answer.json()["refused"]] == [
        (2, "employee", "Nobody"),
        (3, "value", "1.23456"),
        (4, "measure", "wins"),
        (5, "colour", ""),
        (6, "employee", ""),
        (7, "occurred_on", ""),
    ]
    assert "is nobody who is known" in answer.json()["refused"][0]["reason"]
    assert company.records() == {}


def test_characters_that_no_database_keeps_are_refused_like_any_others(
    company: SourcedCompany, sender: Sender
) -> None:
    answer = sender.send(records(a_record(), a_record(customer_id="C\0"), a_record("r2", **{"\0": 1})))

    assert answer.status_code == 422
    assert [(one["row"], one["field"]) for one in answer.json()["refused"]] == [(2, "customer_id"), (3, "\0")]
    assert company.last_run().refusals[0]["value"] == "C␀"
    assert "C␀" in company.last_run().problem
    assert kinds_of_posts(company) == ["source_failed"]


def test_a_refused_delivery_is_on_the_administrators_list_until_the_next_is_fine(
    company: SourcedCompany, sender: Sender
) -> None:
    for _ in range(2):
        assert sender.send(records(a_record(employee="Nobody"))).status_code == 422
    assert company.last_run().state == RunState.REFUSED
    assert kinds_of_posts(company) == ["source_failed"], "told once"

    assert sender.send(records(a_record())).status_code == 200, "the same id, as nothing was stored under it"

    assert kinds_of_posts(company) == ["source_failed", "source_recovered"]
    with company.database.reading() as session:
        assert {job.kind for job in session.query(Job)} == {"refresh_sources"}


def test_without_coverage_everything_to_yesterday_is_reported(
    company: SourcedCompany, sender: Sender
) -> None:
    sender.send(records(a_record()))

    assert company.coverage() == [(date(2026, 7, 5), date(2026, 7, 6))]


def test_coverage_adds_to_what_was_said_before(company: SourcedCompany, sender: Sender) -> None:
    def deliver(delivery: str, first: str, last: str) -> None:
        days = {"measure": "won_amount", "from": first, "to": last}
        assert sender.send({"records": [], "coverage": [days]}, delivery).status_code == 200

    deliver("d1", "2026-07-01", "2026-07-02")
    deliver("d2", "2026-07-03", "2026-07-03")
    assert company.coverage() == [(date(2026, 7, 1), date(2026, 7, 3))]

    deliver("d3", "2026-07-06", "2026-07-06")
    assert sorted(company.coverage()) == [
        (date(2026, 7, 1), date(2026, 7, 3)),
        (date(2026, 7, 6), date(2026, 7, 6)),
    ]


def test_a_delivery_without_coverage_leaves_what_was_said_before(
    company: SourcedCompany, sender: Sender
) -> None:
    days = {"measure": "won_amount", "from": "2026-07-04", "to": "2026-07-05"}
    sender.send({"records": [], "coverage": [days]}, "d1")

    sender.send(records(a_record()), "d2")
    sender.send(records(a_record("r2", employee="Nobody")), "d3")
    sender.send(records(a_record("r2")), "d4")

    assert set(company.records()) == {"r1", "r2"}
    assert company.coverage() == [(date(2026, 7, 4), date(2026, 7, 5))]


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
def test_bad_coverage_is_listed_too(quick: Sender, entry: object, field: str) -> None:
    answer = quick.send({"records": [a_record()], "coverage": [entry]})

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["refused"]] == [field]


# What follows says nothing of storing: one database will do.


@pytest.fixture
def plain_company(imported_company: Path, clock: FixedClock, tmp_path: Path) -> Iterator[SourcedCompany]:
    (tmp_path / "pacesetter.db").write_bytes(imported_company.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'pacesetter.db'}")
    yield delivering(SourcedCompany(database, clock, tmp_path))
    database.close()


@pytest.fixture
def quick(plain_company: SourcedCompany) -> Iterator[Sender]:
    with served(plain_company) as address:
        yield Sender(address)


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Pacesetter_Signature": None},
        {"X_Pacesetter_Signature": "v1=" + "0" * 64},
        {"X_Pacesetter_Timestamp": None},
        {"X_Pacesetter_Timestamp": "yesterday"},
        {"X_Pacesetter_Timestamp": "1e10"},
        {"X_Pacesetter_Timestamp": str(int(time.time()) - 1000)},
        {"X_Pacesetter_Delivery": "another"},
    ],
)
def test_what_is_not_signed_is_not_looked_at(
    plain_company: SourcedCompany, quick: Sender, headers: dict[str, str | None]
) -> None:
    answer = quick.send(records(a_record("<a secret of ours>")), **headers)

    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed")
    assert "secret of ours" not in answer.text
    assert plain_company.runs() == []


def test_a_wrong_secret_is_refused_and_the_next_one_is_taken(
    plain_company: SourcedCompany, quick: Sender
) -> None:
    assert quick.send(records(), secret=NEXT).status_code == 401

    plain_company.environment["CRM_NEXT"] = NEXT
    assert quick.send(records(), "d1", secret=NEXT).status_code == 200
    assert quick.send(records(), "d2", secret=SECRET).status_code == 200, "both, while one is changed"

    del plain_company.environment["CRM_SECRET"]
    assert quick.send(records(), "d3", secret=SECRET).status_code == 401


def test_a_signature_is_for_one_source(plain_company: SourcedCompany, quick: Sender) -> None:
    both = plain_company.file.read_text()
    plain_company.configure(both + both.replace('"crm"', '"erp"'))
    timestamp = str(int(time.time()))
    body = json.dumps(records(a_record())).encode()

    answer = Sender(quick.address, source="erp").send(
        body,
        X_Pacesetter_Timestamp=timestamp,
        X_Pacesetter_Signature=sign(SECRET, "crm", timestamp, "d1", body),
    )

    assert answer.status_code == 401


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
def test_a_body_that_is_no_delivery_is_refused(quick: Sender, body: bytes, message: str) -> None:
    answer = quick.send(body)

    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")
    assert answer.json()["message"].startswith(message)


@pytest.mark.parametrize("delivery", ["", "x" * 101, "a b", "a/b"])
def test_a_delivery_needs_an_id(quick: Sender, delivery: str) -> None:
    assert quick.send(records(), delivery).status_code == 400


def test_only_json_is_taken(quick: Sender) -> None:
    answer = quick.send(records(), Content_Type="text/plain")

    assert (answer.status_code, answer.json()["error"]) == (415, "not_json")
    assert quick.send(records(), Content_Type="application/json; charset=utf-8").status_code == 200


def test_which_sources_there_are_is_told_to_nobody(plain_company: SourcedCompany, quick: Sender) -> None:
    def told(answer: requests.Response) -> tuple[int, str, str]:
        return answer.status_code, answer.json()["error"], answer.json()["message"]

    wrong = told(quick.send(records(), secret=NEXT))
    assert wrong[:2] == (401, "not_signed")
    assert told(Sender(quick.address, source="nope").send(records())) == wrong

    (plain_company.folder / "deals.csv").write_text("")
    plain_company.configure(toml(kind="files", sql="SELECT 1", files={"deals": "deals.csv"}))
    assert told(quick.send(records())) == wrong, "it delivers no more"
    assert requests.get(f"{quick.address}/", timeout=30).status_code == 404
    assert requests.get(f"{quick.address}/sources/crm/records", timeout=30).status_code == 405


def test_the_file_of_sources_is_read_again_only_when_it_has_changed(
    plain_company: SourcedCompany, quick: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def counting(path: Path, environment: Mapping[str, str]) -> tuple[Source, ...]:
        read.append(path)
        return load_sources(path, environment)

    monkeypatch.setattr("worker.intake.sources_file.load_sources", counting)
    for number in range(3):
        assert quick.send(records(), f"d{number}").status_code == 200
    assert len(read) == 1

    plain_company.configure(plain_company.file.read_text() + "\n")
    quick.send(records(), "d4")
    assert len(read) == 2


def test_a_delivery_has_a_limit(quick: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_app, "LARGEST_BODY", 1000)

    assert quick.send(records(*(a_record(f"r{n}") for n in range(20)))).status_code == 413
    assert quick.send(b"{" + b" " * 1000).status_code == 413
    assert (
        requests.post(
            f"{quick.address}/sources/crm/records", data=iter([b" " * 600, b" " * 600]), timeout=30
        ).status_code
        == 413
    ), "though its length was not said beforehand"


def test_records_have_a_limit(quick: Sender) -> None:
    answer = quick.send(records(*({} for _ in range(10_001))))

    assert (answer.status_code, answer.json()["message"]) == (
        413,
        "The delivery has more than 10000 records: send it in parts.",
    )


def test_a_body_that_never_ends_is_given_up(quick: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_app, "BODY_WITHIN_S", 0.2)
    connection = http.client.HTTPConnection(quick.address.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/sources/crm/records")
    connection.putheader("Content-Length", "100")
    connection.endheaders(b"{")

    assert connection.getresponse().status == 408
    connection.close()


def test_who_delivers_too_often_is_told_when_to_come_again(plain_company: SourcedCompany) -> None:
    with served(plain_company, rate=Rate(per_minute=6, at_once=2)) as address:
        sender = Sender(address)
        answers = [sender.send(records(), f"d{number}") for number in range(3)]
        stranger = sender.send(records(), secret="somebody else's secret")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 10
    assert stranger.status_code == 401, "who cannot sign uses up nothing"


@pytest.mark.parametrize("secret", [None, "", "too short"])
def test_a_source_without_a_secret_takes_nothing(
    plain_company: SourcedCompany, quick: Sender, secret: str | None
) -> None:
    del plain_company.environment["CRM_SECRET"]
    if secret is not None:
        plain_company.environment["CRM_SECRET"] = secret

    answer = quick.send(records(), secret=secret or "x")

    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
    assert "CRM_SECRET" not in answer.text


def test_a_wrong_file_or_a_database_that_is_away_is_to_be_tried_again(
    plain_company: SourcedCompany, quick: Sender
) -> None:
    right = plain_company.file.read_text()
    plain_company.configure("nonsense")
    answer = quick.send(records())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "nonsense" not in answer.text

    plain_company.configure(right)
    assert quick.send(records()).status_code == 200, "a corrected file counts at once"

    database = plain_company.folder / "pacesetter.db"
    plain_company.database.close()
    database.rename(database.with_suffix(".away"))
    database.mkdir()
    assert quick.send(records(), "d2").status_code == 503


def test_it_tells_whether_it_is_ready(plain_company: SourcedCompany, quick: Sender) -> None:
    assert requests.get(f"{quick.address}/health", timeout=30).json() == {"alive": True}
    assert requests.get(f"{quick.address}/ready", timeout=30).status_code == 200
    assert "python_info" in requests.get(f"{quick.address}/metrics", timeout=30).text


def test_the_process_answers_and_ends_cleanly(plain_company: SourcedCompany) -> None:
    port = free_port()
    environment = os.environ | {
        "PACESETTER_HOME": str(plain_company.folder),
        "PACESETTER_INTAKE_PORT": str(port),
        "CRM_SECRET": SECRET,
    }
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen([sys.executable, "-m", "worker.intake"], env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_it_answers(f"{address}/health", process)
        assert Sender(address).send(records(a_record(occurred_on="2026-07-01"))).status_code == 200
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    while True:
        assert process.poll() is None
        with suppress(requests.ConnectionError, requests.Timeout):
            requests.get(url, timeout=30)
            return
        time.sleep(0.05)
