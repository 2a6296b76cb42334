"""An intake that listens, and somebody else's system that sends to it."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
import uvicorn

from domain.health import Health
from domain.status_site import StatusSite
from migrations import tables_check
from tests.worker.delivery_builders import services_for
from tests.worker.source_builders import SourcedCompany, toml
from worker.intake.app import Intake, create_app
from worker.intake.signing import sign

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


def delivering(company: SourcedCompany) -> SourcedCompany:
    """With a source that delivers by itself."""
    company.environment["CRM_SECRET"] = SECRET
    company.configure(toml(kind="push", secret_env="CRM_SECRET", next_secret_env="CRM_NEXT"))
    return company
