"""What is delivered is stored once, all of it or nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.clock import FixedClock
from domain.database import Database
from domain.jobs import Job
from domain.sources.model import RunState
from tests.worker.intake_builders import Sender, a_record, records
from tests.worker.source_builders import SourcedCompany, import_company


@pytest.fixture
def company(database: Database, clock: FixedClock, tmp_path: Path) -> SourcedCompany:
    """On both databases."""
    import_company(database, clock, tmp_path)
    return SourcedCompany(database, clock, tmp_path)


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
