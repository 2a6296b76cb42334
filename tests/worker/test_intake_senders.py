"""Who may deliver: whoever signs for the source, and not too often."""

import json
import time

import pytest
import requests

from tests.worker.intake_builders import NEXT, SECRET, Sender, a_record, delivering, records, served
from tests.worker.source_builders import SourcedCompany, toml
from worker.intake.rate import Rate
from worker.intake.signing import sign


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
    company: SourcedCompany, sender: Sender, headers: dict[str, str | None]
) -> None:
    answer = sender.send(records(a_record("<a secret of ours>")), **headers)

    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed")
    assert "secret of ours" not in answer.text
    assert company.runs() == []


def test_a_wrong_secret_is_refused_and_the_next_one_is_taken(company: SourcedCompany, sender: Sender) -> None:
    assert sender.send(records(), secret=NEXT).status_code == 401

    company.environment["CRM_NEXT"] = NEXT
    assert sender.send(records(), "d1", secret=NEXT).status_code == 200
    assert sender.send(records(), "d2", secret=SECRET).status_code == 200, "both, while one is changed"

    del company.environment["CRM_SECRET"]
    assert sender.send(records(), "d3", secret=SECRET).status_code == 401


def test_a_signature_is_for_one_source(company: SourcedCompany, sender: Sender) -> None:
    both = company.file.read_text()
    company.configure(both + both.replace('"crm"', '"erp"'))
    timestamp = str(int(time.time()))
    body = json.dumps(records(a_record())).encode()

    answer = Sender(sender.address, source="erp").send(
        body,
        X_Pacesetter_Timestamp=timestamp,
        X_Pacesetter_Signature=sign(SECRET, "crm", timestamp, "d1", body),
    )

    assert answer.status_code == 401


@pytest.mark.parametrize("secret", [None, "", "too short"])
def test_a_source_without_a_secret_takes_nothing(
    company: SourcedCompany, sender: Sender, secret: str | None
) -> None:
    del company.environment["CRM_SECRET"]
    if secret is not None:
        company.environment["CRM_SECRET"] = secret

    answer = sender.send(records(), secret=secret or "x")

    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
    assert "CRM_SECRET" not in answer.text


def test_which_sources_there_are_is_told_to_nobody(company: SourcedCompany, sender: Sender) -> None:
    def told(answer: requests.Response) -> tuple[int, str, str]:
        return answer.status_code, answer.json()["error"], answer.json()["message"]

    wrong = told(sender.send(records(), secret=NEXT))
    assert wrong[:2] == (401, "not_signed")
    assert told(Sender(sender.address, source="nope").send(records())) == wrong

    (company.folder / "deals.csv").write_text("")
    company.configure(toml(kind="files", sql="SELECT 1", files={"deals": "deals.csv"}))
    assert told(sender.send(records())) == wrong, "it delivers no more"
    assert requests.get(f"{sender.address}/", timeout=30).status_code == 404
    assert requests.get(f"{sender.address}/sources/crm/records", timeout=30).status_code == 405


def test_who_delivers_too_often_is_told_when_to_come_again(company: SourcedCompany) -> None:
    with served(delivering(company), rate=Rate(per_minute=6, at_once=2)) as address:
        sender = Sender(address)
        answers = [sender.send(records(), f"d{number}") for number in range(3)]
        stranger = sender.send(records(), secret="somebody else's secret")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 10
    assert stranger.status_code == 401, "who cannot sign uses up nothing"
