"""The intake as a process: its file of sources, what it tells of itself, and its end."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from cli.demo.processes import free_port
from tests.sandbox.waiting import until
from tests.worker.intake_builders import SECRET, Sender, a_record, delivering, records
from tests.worker.source_builders import SourcedCompany
from worker.sources.config import Source, load_sources


def test_the_file_of_sources_is_read_again_only_when_it_has_changed(
    company: SourcedCompany, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def counting(path: Path, environment: Mapping[str, str]) -> tuple[Source, ...]:
        read.append(path)
        return load_sources(path, environment)

    monkeypatch.setattr("worker.intake.sources_file.load_sources", counting)
    for number in range(3):
        assert sender.send(records(), f"d{number}").status_code == 200
    assert len(read) == 1

    company.configure(company.file.read_text() + "\n")
    sender.send(records(), "d4")
    assert len(read) == 2


def test_a_wrong_file_or_a_database_that_is_away_is_to_be_tried_again(
    company: SourcedCompany, sender: Sender
) -> None:
    right = company.file.read_text()
    company.configure("nonsense")
    answer = sender.send(records())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "nonsense" not in answer.text

    company.configure(right)
    assert sender.send(records()).status_code == 200, "a corrected file counts at once"

    database = company.folder / "pacesetter.db"
    company.database.close()
    database.rename(database.with_suffix(".away"))
    database.mkdir()
    assert sender.send(records(), "d2").status_code == 503


def test_it_tells_whether_it_is_ready(company: SourcedCompany, sender: Sender) -> None:
    assert requests.get(f"{sender.address}/health", timeout=30).json() == {"alive": True}
    assert requests.get(f"{sender.address}/ready", timeout=30).status_code == 200
    assert "python_info" in requests.get(f"{sender.address}/metrics", timeout=30).text


def test_the_process_answers_and_ends_cleanly(company: SourcedCompany) -> None:
    delivering(company)
    port = free_port(0)
    environment = os.environ | {
        "PACESETTER_HOME": str(company.folder),
        "PACESETTER_INTAKE_PORT": str(port),
        "CRM_SECRET": SECRET,
    }
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen([sys.executable, "-m", "worker.intake"], env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: answers(f"{address}/health", process), 240)
        assert Sender(address).send(records(a_record(occurred_on="2026-07-01"))).status_code == 200
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None
    with suppress(requests.ConnectionError, requests.Timeout):
        requests.get(url, timeout=30)
        return True
    return False
