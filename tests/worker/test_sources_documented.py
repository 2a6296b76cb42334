"""The examples of docs/sources.md do what is said of them."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from domain.sources.model import RunState
from tests.worker.fake_shop import Fault, open_shop
from tests.worker.intake_builders import served
from tests.worker.source_builders import SourcedCompany
from worker.sources.config import KEYS_OF_ALL, KINDS

DOCS = Path("docs/sources.md").read_text(encoding="utf-8")


def example(kind: str, language: str, number: int = 1) -> str:
    """The block of that language in the section of a kind; the first, second, …"""
    section = DOCS.split(f"\n## {kind}\n")[1].split("\n## ")[0]
    found = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return str(found[number - 1])


def test_files(company: SourcedCompany) -> None:
    company.environment["CRM_DIR"] = str(company.folder)
    company.configure(example("files", "toml"))
    (company.folder / "deals.sql").write_text(example("files", "sql"))
    (company.folder / "deals.csv").write_text(
        "id,owner,closed,amount,account,stage\n"
        'D1,E1,05.07.2026,"1,250.50",C7,Won\n'
        "D2,E2,06.07.2026,9,C8,Lost\n"
    )

    assert company.pull().problem is None

    assert company.records() == {"D1": ("E1", "won_amount", date(2026, 7, 5), Decimal("1250.50"), "C7")}


DEALS = """
CREATE TABLE deals (
    id INTEGER PRIMARY KEY, owner_email TEXT, closed_on DATE, account TEXT, stage TEXT, amount NUMERIC(12, 2),
    changed_at TIMESTAMP
);
INSERT INTO deals VALUES (1, 'ada@example.com', '2026-07-05', 'C7', 'Won', 1250, '2026-07-05 10:00:00');
INSERT INTO deals VALUES (2, 'ada@example.com', '2026-07-06', 'C8', 'Lost', 9, '2026-07-06 10:00:00');
"""


def sqlite_address(folder: Path, _postgresql_url: str) -> str:
    with sqlite3.connect(folder / "crm.db") as connection:
        connection.executescript(DEALS)
    connection.close()
    return "sqlite:///crm.db"


def postgresql_address(_folder: Path, postgresql_url: str) -> str:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS documented CASCADE")
        connection.execute("CREATE SCHEMA documented")
        connection.execute("SET search_path TO documented")
        connection.execute(DEALS.encode())
    return f"{postgresql_url}{'&' if '?' in postgresql_url else '?'}options=-csearch_path%3Ddocumented"


@pytest.mark.parametrize("address", [sqlite_address, postgresql_address])
def test_sql(company: SourcedCompany, postgresql_url: str, address) -> None:
    described = "postgresql://reader@db.example.com/crm"
    url = address(company.folder, postgresql_url)
    found = re.fullmatch(r"(\w+://)([^:@/]*)(?::([^@]*))?(@.*|/.*)", url)
    assert found is not None
    company.environment["CRM_PASSWORD"] = found[3] or "unused"
    text = example("sql", "toml")
    assert described in text
    company.configure(text.replace(described, f"{found[1]}{found[2]}{found[4]}"))
    (company.folder / "changed_deals.sql").write_text(example("sql", "sql"))

    assert company.pull().problem is None

    assert company.records() == {
        "1:won_amount": ("E2", "won_amount", date(2026, 7, 5), Decimal(1250), "C7"),
        "1:wins": ("E2", "wins", date(2026, 7, 5), Decimal(1), "C7"),
    }
    assert company.last_run().cursor == "2026-07-05 10:00:00"
    assert company.pull().state is RunState.UNCHANGED


def test_http(company: SourcedCompany) -> None:
    described = "https://shop.example.com"
    with open_shop() as shop:
        shop.always = Fault(body=example("http", "json").encode())
        company.environment["SHOP_TOKEN"] = "open sesame"
        company.configure(example("http", "toml").replace(described, shop.address))

        assert company.pull().problem is None

    assert company.records("shop") == {
        "4711:won_amount": ("E2", "won_amount", date(2026, 7, 5), Decimal("129.9"), "C7")
    }
    assert shop.queries() == [{"status": "paid", "updated_after": "2026-01-01T00:00:00Z"}]
    assert shop.asked[0].headers["Authorization"] == "Bearer open sesame"
    assert company.last_run().cursor == "2026-07-05T09:31:10Z"


@pytest.fixture
def sender(company: SourcedCompany) -> Iterator[dict[str, str]]:
    """The environment of a system that sends."""
    company.configure(example("push", "toml"))
    company.environment["BILLING_SECRET"] = "open sesame, and wide"
    with served(company) as address:
        yield os.environ | {"INTAKE": address, "BILLING_SECRET": "open sesame, and wide", "NO_PROXY": "*"}


def test_a_delivery_by_curl(company: SourcedCompany, sender: dict[str, str]) -> None:
    for program in ("bash", "curl", "openssl"):
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program}")
    script = example("push", "sh", 2)

    sent = subprocess.run(["bash", "-c", script], env=sender, capture_output=True, text=True, check=False)

    assert sent.returncode == 0, sent.stdout + sent.stderr
    assert json.loads(sent.stdout)["status"] == "stored"
    assert company.records("billing") == {
        "17": ("E2", "won_amount", date(2026, 7, 6), Decimal("1250.5"), None)
    }


def test_a_delivery_by_python(
    company: SourcedCompany, sender: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("INTAKE", "BILLING_SECRET", "NO_PROXY"):
        monkeypatch.setenv(name, sender[name])
    defined: dict[str, object] = {}
    exec(example("push", "python"), defined)
    body = json.loads(example("push", "json"))

    deliver = defined["deliver"]
    assert callable(deliver)
    receipt = deliver(body["records"], "d1")

    assert receipt["status"] == "stored"
    assert company.records("billing")["17"][4] == "C7"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described(kind: str) -> None:
    section = DOCS.split(f"\n## {kind}\n")[1].split("\n## ")[0]
    common = DOCS.split("\n## Keys that every source has\n")[1].split("\n## ")[0]

    missing = [key for key in KINDS[kind].keys if key not in section + common]
    assert missing == []
    assert [key for key in KEYS_OF_ALL if f"`{key}`" not in common] == []
