"""What a process tells of itself: alive, ready, and its figures."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from domain import telemetry
from domain.clock import FixedClock
from domain.database import Database
from domain.errors import BadInput
from domain.health import Check, Health, InDoubt, NotReady
from domain.status_site import StatusSite, served

SETTING = "PACESETTER_WORKER_PORT"


def nothing_wrong() -> None:
    """A check that passes."""


def no_answer() -> None:
    raise ConnectionError("no route to postgresql://ann:tiger@db/pace")


def token_refused() -> None:
    raise NotReady("Slack refuses the token")


def cannot_tell() -> None:
    raise InDoubt("Slack does not answer")


FINE = Check("redis", nothing_wrong, otherwise="Redis does not answer")
BROKEN = Check("database", no_answer, otherwise="the database does not answer")
REFUSED = Check("slack", token_refused, otherwise="Slack does not answer")
UNKNOWN = Check("slack", cannot_tell, otherwise="?")


@pytest.fixture
def health() -> Health:
    return Health([FINE])


@pytest.fixture
def site_url(health: Health) -> Iterator[str]:
    with served(StatusSite(health), "127.0.0.1", 0, SETTING) as port:
        yield f"http://127.0.0.1:{port}"


def test_a_process_that_answers_is_alive_whatever_its_checks_say() -> None:
    page = StatusSite(Health([BROKEN])).page("/health")

    assert page is not None
    assert (page.status, json.loads(page.body)) == (200, {"alive": True})


def test_a_process_is_ready_when_every_check_passes(site_url: str) -> None:
    answer = requests.get(f"{site_url}/ready", timeout=30)

    assert (answer.status_code, answer.json()) == (200, {"ready": True, "problems": {}, "warnings": {}})


def test_what_keeps_it_from_being_ready_is_named_without_secrets() -> None:
    page = StatusSite(Health([FINE, BROKEN, REFUSED])).page("/ready")

    assert page is not None
    assert page.status == 503
    assert json.loads(page.body)["problems"] == {
        "database": "the database does not answer",
        "slack": "Slack refuses the token",
    }


def test_a_check_that_cannot_find_out_is_told_of_and_keeps_nobody_out() -> None:
    page = StatusSite(Health([FINE, UNKNOWN])).page("/ready")

    assert page is not None
    assert page.status == 200
    assert json.loads(page.body) == {
        "ready": True,
        "problems": {},
        "warnings": {"slack": "Slack does not answer"},
    }


def test_a_stopping_process_is_alive_and_not_ready(health: Health, site_url: str) -> None:
    health.stop()

    assert requests.get(f"{site_url}/health", timeout=30).status_code == 200
    assert requests.get(f"{site_url}/ready", timeout=30).status_code == 503


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 404), ("POST", "/ready", 405)])
def test_there_is_nothing_else(site_url: str, method: str, path: str, status: int) -> None:
    assert requests.request(method, site_url + path, timeout=30).status_code == status


def test_the_figures_are_in_prometheus_format(site_url: str) -> None:
    telemetry.post_tried("alert", "sent")

    answer = requests.get(f"{site_url}/metrics", timeout=30)

    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert 'pacesetter_posts_total{kind="alert",outcome="sent"}' in answer.text


def test_a_port_that_is_taken_is_named_with_its_setting(health: Health) -> None:
    with served(StatusSite(health), "127.0.0.1", 0, SETTING) as port:
        second = served(StatusSite(health), "127.0.0.1", port, SETTING)
        with pytest.raises(BadInput, match=f"{SETTING} is {port}, where this process cannot listen"):
            second.__enter__()


def test_processes_that_share_a_port_put_their_figures_together(tmp_path: Path) -> None:
    script = "from domain import telemetry; telemetry.job_ended('score', 'done')"
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], env=environment, check=True)

    shown = subprocess.run(
        [sys.executable, "-c", "from domain import telemetry; print(telemetry.exposition().decode())"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert 'pacesetter_jobs_total{kind="score",outcome="done"} 2.0' in shown


def test_a_database_that_is_gone_does_not_keep_a_site_from_starting(
    sqlite_database: Database, clock: FixedClock
) -> None:
    from domain.backlog import BacklogFigures

    StatusSite(Health([]), [BacklogFigures(Database("sqlite:////nowhere/at/all.db"), clock)])
