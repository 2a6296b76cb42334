"""Builders of test data that read like the story they tell."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

SALES_PLAN = """\
name = "sales-plan"
job_family = "sales"
from = "2026-01"
ramp = [0.0, 0.5]

[[indicators]]
name = "sales"
measure = "won_amount"
weight = 60
curve = [[0.5, 0], [0.8, 60], [1.0, 100], [1.2, 120]]

[[indicators]]
name = "win_rate"
ratio = ["wins", "closed_deals"]
weight = 40
curve = [[0.0, 0], [0.5, 100], [0.8, 120]]

[[deductions]]
name = "violations"
measure = "violations"
points = 5
cap = 20

[[tiers]]
name = "S"
from = 110
[[tiers]]
name = "A"
from = 95
[[tiers]]
name = "B"
from = 70
[[tiers]]
name = "C"
from = 0

[[gates]]
measure = "violations"
at_least = 1
cap = "A"

[miss]
indicator = "sales"
below = 1.0
"""
"""A small plan with each kind of part: a target indicator, a ratio, a deduction and a gate."""

COLUMNS = {
    "people": [
        *("employee_id", "name", "email", "role", "title", "job_family", "manager_id", "unit"),
        *("hired_on", "left_on", "locale", "time_zone", "slack_id"),
    ],
    "targets": ["owner", "indicator", "period", "amount", "from"],
    "measures": ["record_id", "employee_id", "measure", "occurred_on", "value", "customer_id", "source"],
    "leaves": ["employee_id", "from", "to", "kind"],
    "assignments": ["employee_id", "from", "unit", "manager_id", "job_family"],
    "coverage": ["measure", "from", "to"],
    "units": ["unit", "manager_id", "hr_id", "channel"],
    "former_cards": ["employee_id", "period", "score", "tier", "rank", "out_of", "plan", "note"],
    "credits": ["record_id", "source", "employee_id", "share"],
}
ALWAYS_WRITTEN = ("people", "targets", "measures")

Day = date | str
Amount = Decimal | int | str


@dataclass
class CompanyFolder:
    """An import folder in the making: say what is in it, then `write` it.

    Optional files are written once they have a row; `states("leaves")` writes one without rows.

        folder = (
            CompanyFolder()
            .person("E1", unit="Acme/West")
            .target("E1", "sales", "2026-03", 1000)
            .measure("E1", "won_amount", "2026-03-05", 800)
            .plan()
            .write(tmp_path / "acme")
        )
    """

    tables: dict[str, list[dict[str, str]]] = field(
        default_factory=lambda: {name: [] for name in ALWAYS_WRITTEN}
    )
    texts: dict[str, str] = field(default_factory=dict)

    def person(self, employee_id: str, **columns: Any) -> Self:
        """A rep of the job family `sales` in unit Acme, hired in January 2025, unless told otherwise."""
        given = {
            "employee_id": employee_id,
            "name": f"Name of {employee_id}",
            "email": f"{employee_id.lower()}@example.com",
            "role": "rep",
            "title": "Sales Agent",
            "job_family": "sales",
            "unit": "Acme",
            "hired_on": "2025-01-01",
            "locale": "en-US",
            "time_zone": "Asia/Shanghai",
        }
        return self.row("people", **{**given, **columns})

    def people(self, employee_ids: Iterable[str], **columns: Any) -> Self:
        for employee_id in employee_ids:
            self.person(employee_id, **columns)
        return self

    def target(self, owner: str, indicator: str, period: str, amount: Amount, since: Day = "") -> Self:
        """`since` dates a change within the period."""
        columns = {"owner": owner, "indicator": indicator, "period": period, "amount": amount}
        return self.row("targets", **columns, **{"from": since})

    def measure(
        self,
        employee_id: str,
        measure: str,
        occurred_on: Day,
        value: Amount,
        record_id: str | None = None,
        **columns: Any,
    ) -> Self:
        """A measure record; without an id it gets the next free one."""
        return self.row(
            "measures",
            record_id=record_id or f"r{len(self.tables['measures']) + 1}",
            employee_id=employee_id,
            measure=measure,
            occurred_on=occurred_on,
            value=value,
            **columns,
        )

    def leave(self, employee_id: str, first: Day, last: Day, kind: str = "annual") -> Self:
        return self.row("leaves", employee_id=employee_id, kind=kind, **{"from": first, "to": last})

    def transfer(
        self, employee_id: str, since: Day, unit: str = "", manager_id: str = "", job_family: str = ""
    ) -> Self:
        columns = {"unit": unit, "manager_id": manager_id, "job_family": job_family}
        return self.row("assignments", employee_id=employee_id, **columns, **{"from": since})

    def covered(self, measure: str, first: Day, last: Day) -> Self:
        return self.row("coverage", measure=measure, **{"from": first, "to": last})

    def unit(self, path: str, manager_id: str = "", hr_id: str = "", channel: str = "") -> Self:
        return self.row("units", unit=path, manager_id=manager_id, hr_id=hr_id, channel=channel)

    def states(self, table: str) -> Self:
        """Write this file even if it has no rows: `leaves`, `coverage`, …"""
        self.tables.setdefault(table, [])
        return self

    def row(self, table: str, **columns: Any) -> Self:
        """A row of any file, as it is: numbers and dates become text, None a blank."""
        cells = {name: "" if value is None else str(value) for name, value in columns.items()}
        self.tables.setdefault(table, []).append(cells)
        return self

    def company(self, text: str) -> Self:
        """The text of company.toml."""
        self.texts["company.toml"] = text
        return self

    def plan(self, text: str = SALES_PLAN, file: str = "plan.toml") -> Self:
        """A plan's text; several go to `plans/<name>.toml`."""
        self.texts[file] = text
        return self

    def write(self, folder: Path) -> Path:
        """Write the files over those of an earlier build; files no longer part of it are removed."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, columns in COLUMNS.items():
            path = folder / f"{name}.csv"
            if name in self.tables:
                write_csv(path, columns, self.tables[name])
            else:
                path.unlink(missing_ok=True)
        for old in [folder / "company.toml", folder / "plan.toml", *folder.glob("plans/*.toml")]:
            old.unlink(missing_ok=True)
        for file, text in self.texts.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder


def write_csv(path: Path, columns: list[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
