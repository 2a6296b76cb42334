"""Rows of an import folder's small files, typed and checked one by one. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.cells import (
    LANGUAGE_TAG,
    Cells,
    day,
    days,
    decimal,
    optional_day,
    optional_matching,
    optional_text,
    optional_time_zone,
    optional_unit_path,
    period,
    text,
    unit_path,
)
from domain.metrics.rules import EVERY_MEASURE
from domain.rows import CellError, Row

ROLES = ("rep", "manager", "hr", "admin")
ROLES_WITHOUT_UNIT = ("hr", "admin")


@dataclass(frozen=True)
class PersonRow:
    line: int
    employee_id: str
    name: str
    email: str | None
    role: str
    title: str | None
    job_family: str | None
    manager_id: str | None
    unit: str | None
    hired_on: date
    left_on: date | None
    locale: str | None
    time_zone: str | None
    slack_id: str | None


@dataclass(frozen=True)
class TargetRow:
    line: int
    owner: str
    indicator: str
    period: str
    amount: Decimal
    from_day: date | None

    @property
    def key(self) -> tuple[str, str, str, date | None]:
        return self.owner, self.indicator, self.period, self.from_day


@dataclass(frozen=True)
class LeaveRow:
    line: int
    employee_id: str
    first_day: date
    last_day: date
    kind: str


@dataclass(frozen=True)
class TransferRow:
    line: int
    employee_id: str
    from_day: date
    unit: str | None
    manager_id: str | None
    job_family: str | None


@dataclass(frozen=True)
class UnitRow:
    line: int
    unit: str
    manager_id: str | None
    hr_id: str | None
    channel: str | None


@dataclass(frozen=True)
class CoverageRow:
    line: int
    measure: str
    first_day: date
    last_day: date


def person_row(row: Row) -> PersonRow:
    cells = row.cells
    hired_on, left_on = day(cells, "hired_on"), optional_day(cells, "left_on")
    if left_on is not None and left_on < hired_on:
        raise CellError("left_on", cells["left_on"], f"is before hired_on, {hired_on}: correct one of them.")
    role = _role(cells)
    unit = optional_unit_path(cells, "unit")
    if unit is None and role not in ROLES_WITHOUT_UNIT:
        raise CellError("unit", "", f"is blank: a {role} needs a unit.")
    email = optional_matching(
        cells, "email", 320, r"[^@\s]+@[^@\s]+", "is not an e-mail address: write it like ada@example.com."
    )
    return PersonRow(
        line=row.line,
        employee_id=text(cells, "employee_id", 100),
        name=text(cells, "name", 200),
        email=email and email.lower(),
        role=role,
        title=optional_text(cells, "title", 200),
        job_family=optional_text(cells, "job_family", 100),
        manager_id=optional_text(cells, "manager_id", 100),
        unit=unit,
        hired_on=hired_on,
        left_on=left_on,
        locale=optional_matching(
            cells, "locale", 16, LANGUAGE_TAG, "is not a language tag: write it like en-US or zh-CN."
        ),
        time_zone=optional_time_zone(cells, "time_zone"),
        slack_id=optional_matching(
            cells, "slack_id", 32, r"[UW][A-Z0-9]+", "is not a Slack member id: copy it from their profile."
        ),
    )


def _role(cells: Cells) -> str:
    role = text(cells, "role", 100)
    if role not in ROLES:
        raise CellError("role", role, f"is not a role: write one of {', '.join(ROLES)}.")
    return role


def target_row(row: Row) -> TargetRow:
    cells = row.cells
    owner, indicator = text(cells, "owner", 500), text(cells, "indicator", 100)
    of_period, amount, from_day = (
        period(cells, "period"),
        decimal(cells, "amount"),
        optional_day(cells, "from"),
    )
    if amount < 0:
        raise CellError("amount", cells["amount"], "is negative: a target is 0 or more.")
    if from_day is not None and from_day not in of_period:
        raise CellError(
            "from",
            cells["from"],
            f"is not in {of_period}: a change within the period is dated {of_period.start} "
            f"to {of_period.last_day}.",
        )
    return TargetRow(row.line, owner, indicator, of_period.key, amount, from_day)


def leave_row(row: Row) -> LeaveRow:
    first, last = days(row.cells)
    employee_id = text(row.cells, "employee_id", 100)
    return LeaveRow(row.line, employee_id, first, last, text(row.cells, "kind", 60))


def transfer_row(row: Row) -> TransferRow:
    cells = row.cells
    return TransferRow(
        line=row.line,
        employee_id=text(cells, "employee_id", 100),
        from_day=day(cells, "from"),
        unit=optional_unit_path(cells, "unit"),
        manager_id=optional_text(cells, "manager_id", 100),
        job_family=optional_text(cells, "job_family", 100),
    )


def unit_row(row: Row) -> UnitRow:
    cells = row.cells
    return UnitRow(
        line=row.line,
        unit=unit_path(cells, "unit"),
        manager_id=optional_text(cells, "manager_id", 100),
        hr_id=optional_text(cells, "hr_id", 100),
        channel=optional_matching(
            cells,
            "channel",
            100,
            r"[CG][A-Z0-9]{6,}|[^\sA-Z#@]{1,80}",
            "is neither a channel id nor the name of a channel: write names in lower case and without #.",
        ),
    )


def coverage_row(row: Row) -> CoverageRow:
    first, last = days(row.cells)
    measure = text(row.cells, "measure", 100)
    if measure == EVERY_MEASURE:
        raise CellError("measure", measure, "is not a measure: name each measure that is reported.")
    return CoverageRow(row.line, measure, first, last)
