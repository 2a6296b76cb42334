"""Finding records by what people type, and people among those whom somebody looks after."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from domain import finding
from domain.clock import FixedClock
from domain.database import Database
from domain.disputes.subjects import is_about
from domain.finding import find_people
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Look


@dataclass(frozen=True)
class ARecord:
    value: Decimal
    record_id: str = "INV-77"
    customer_id: str | None = "C9"
    occurred_on: date = date(2026, 6, 2)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,000", "1000"),
        ("¥1000", "1000"),
        ("￥1,000", "1000"),
        ("1 000", "1000"),
        ("1\N{NO-BREAK SPACE}000", "1000"),
        ("1'000.50", "1000.5"),
        ("1，000", "1000"),
        ("１０００", "1000"),
        ("1000元", "1000"),
        ("CNY 1,000", "1000"),
        ("-1,000", "-1000"),
        ("1,234,567.0001", "1234567.0001"),
    ],
)
def test_a_record_is_found_by_its_value_as_it_is_shown(typed: str, value: str) -> None:
    assert is_about(ARecord(Decimal(value)), typed)
    assert not is_about(ARecord(Decimal(value) + 1), typed)


@pytest.mark.parametrize("typed", ["1,00", "1,0000", ",", "¥", "abcd1000", "1e3", "1.000.000", "9" * 400])
def test_what_is_no_number_finds_none(typed: str) -> None:
    assert not is_about(ARecord(Decimal(1000)), typed)


def test_many_namesakes_elsewhere_hide_nobody_of_ones_own(
    database: Database,
    clock: FixedClock,
    load: Load,
    viewer: Look,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # given more of a name in the West than are looked through at once, and one in the East
    monkeypatch.setattr(finding, "AT_ONCE", 3)
    folder = CompanyFolder().plan().unit("Acme/East", manager_id="M").unit("Acme/West")
    folder.person("M", role="manager", job_family="", unit="Acme/East", name="Boss")
    folder.people([f"W{number}" for number in range(10)], unit="Acme/West", name="Wang Wei")
    load(
        folder.person("Z9", unit="Acme/East", name="Wang Wei").person("Z8", unit="Acme/East", name="Wang Yi")
    )

    with database.reading() as session:
        found = find_people(session, clock, viewer("M"), "wang")

    assert [one.employee_id for one in found] == ["Z9", "Z8"]
