"""The sample company is valid, always the same, and tells the story it should.

Everything is computed here from the CSV files, naively, without the scripts that wrote them.
"""

import calendar
import shutil
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from tests.examples.folders import CHECKOUT, contents, make_folder, problems, read

MONTHS = [f"2025-{month:02}" for month in range(1, 13)] + [f"2026-{month:02}" for month in range(1, 7)]
RAMP = [Fraction(0), Fraction(1, 2), Fraction(3, 4)]
MISS_BELOW = Fraction(4, 5)

MISSED_THE_LAST_THREE = {"R006", "R025", "R038"}
STARS = {"R005", "R021", "R031", "R043"}


@dataclass(frozen=True)
class SalesMonth:
    """A rep's sales in a month; `attainment` is None where there was no target to reach."""

    attainment: Fraction | None
    exempt: bool

    @property
    def missed(self) -> bool:
        return not self.exempt and self.attainment is not None and self.attainment < MISS_BELOW


def days_of(month: str) -> list[date]:
    year, number = (int(part) for part in month.split("-"))
    return [date(year, number, day + 1) for day in range(calendar.monthrange(year, number)[1])]


def sales_months(folder: Path) -> dict[str, dict[str, SalesMonth]]:
    """By rep, then by month of employment."""
    sold: Counter[tuple[str, str]] = Counter()
    for row in read(folder, "measures.csv"):
        if row["measure"] == "won_amount":
            sold[row["employee_id"], row["occurred_on"][:7]] += int(row["value"])
    target = {
        (row["owner"], row["period"]): int(row["amount"])
        for row in read(folder, "targets.csv")
        if row["indicator"] == "sales"
    }
    away: dict[str, set[date]] = defaultdict(set)
    for leave in read(folder, "leaves.csv"):
        first, last = date.fromisoformat(leave["from"]), date.fromisoformat(leave["to"])
        away[leave["employee_id"]] |= {first + timedelta(day) for day in range((last - first).days + 1)}

    result: dict[str, dict[str, SalesMonth]] = {}
    for person in read(folder, "people.csv"):
        if person["role"] != "rep":
            continue
        who, hired = person["employee_id"], date.fromisoformat(person["hired_on"])
        left = date.fromisoformat(person["left_on"]) if person["left_on"] else date.max
        result[who] = {}
        for month in MONTHS:
            days = days_of(month)
            employed = [day for day in days if hired <= day <= left]
            if not employed:
                continue
            share = Fraction(len([day for day in employed if day not in away[who]]), len(days))
            since_hire = (days[0].year - hired.year) * 12 + days[0].month - hired.month
            ramp = RAMP[since_hire] if since_hire < len(RAMP) else Fraction(1)
            goal = target[who, month] * share * ramp
            result[who][month] = SalesMonth(
                attainment=sold[who, month] / goal if goal else None,
                exempt=since_hire < len(RAMP) or share < Fraction(1, 2),
            )
    return result


def streaks(months: dict[str, SalesMonth]) -> Iterator[tuple[str, int]]:
    """(month, missed months in a row) for each missed month; exempt months neither extend nor break."""
    streak = exempt = 0
    for month, sales in months.items():
        if sales.exempt:
            exempt += 1
            streak = 0 if exempt > 3 else streak
            continue
        exempt = 0
        streak = streak + 1 if sales.missed else 0
        if streak:
            yield month, streak


@pytest.fixture(scope="module")
def sales(sample_folder: Path) -> dict[str, dict[str, SalesMonth]]:
    return sales_months(sample_folder)


def test_folder_is_the_same_bytes_whenever_it_is_written(sample_folder: Path, tmp_path: Path) -> None:
    again = make_folder("sample-company", tmp_path / "again", {"PYTHONHASHSEED": "7"})
    other = make_folder("sample-company", tmp_path / "other", {"PYTHONHASHSEED": "8"})

    assert contents(again) == contents(other) == contents(sample_folder)


def test_folder_is_valid(sample_folder: Path) -> None:
    assert problems(sample_folder) == []


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        (
            "people.csv",
            "R001,Twin,twin@example.com,rep,,sales,,Lanhai,2025-01-01,,,,",
            "employee R001 2 times",
        ),
        ("measures.csv", "X1,R999,won_amount,2026-01-05,1,", "employee R999 unknown"),
        ("measures.csv", "X1,R001,golf,2026-01-05,1,", "measure golf unknown"),
        ("measures.csv", "X1,R001,won_amount,1/5/2026,1,", "'1/5/2026' is no date"),
        ("measures.csv", "X1,R001,won_amount,2026-07-07,1,", "X1 outside the coverage"),
        ("measures.csv", "X1,R001,won_amount,2026-01-05,1.23456,", "'1.23456' is no plain decimal"),
        ("leaves.csv", "R001,2026-02-02,2026-02-01,sick", "R001 leaves backwards"),
    ],
)
def test_a_bad_row_would_be_found(
    sample_folder: Path, tmp_path: Path, name: str, row: str, expected: str
) -> None:
    broken = Path(shutil.copytree(sample_folder, tmp_path / "broken"))
    with (broken / name).open("a", encoding="utf-8") as file:
        file.write(row + "\n")

    assert expected in problems(broken)


def test_there_are_fifty_reps_in_three_regions_of_two_teams(sample_folder: Path) -> None:
    people = read(sample_folder, "people.csv")
    teams = {person["unit"] for person in people if person["role"] == "rep"}

    assert Counter(person["role"] for person in people) == {"rep": 50, "manager": 9, "hr": 2, "admin": 1}
    assert Counter(team.rsplit("/", 1)[0] for team in teams) == {
        "Lanhai/East": 2,
        "Lanhai/North": 2,
        "Lanhai/South": 2,
    }


def test_names_are_mixed_and_two_people_share_one(sample_folder: Path) -> None:
    reps = [person for person in read(sample_folder, "people.csv") if person["role"] == "rep"]

    assert {
        name: count for name, count in Counter(person["name"] for person in reps).items() if count > 1
    } == {"王伟": 2}
    assert {person["locale"] for person in reps if person["name"].isascii()} == {"en-US"}
    assert {person["locale"] for person in reps if not person["name"].isascii()} == {"zh-CN"}


def test_volumes_are_those_of_a_sales_force(sample_folder: Path) -> None:
    rows = read(sample_folder, "measures.csv")
    people = {person["employee_id"]: person for person in read(sample_folder, "people.csv")}
    whole_months = [
        count
        for (who, month), count in Counter(
            (row["employee_id"], row["occurred_on"][:7]) for row in rows
        ).items()
        if people[who]["hired_on"][:7] < month
    ]

    assert len(rows) <= 40_000
    assert sorted(whole_months)[len(whole_months) // 2] in range(15, 50)
    assert {row["occurred_on"][:7] for row in rows} == {*MONTHS, "2026-07"}
    assert max(row["occurred_on"] for row in rows) == "2026-07-06"


def test_nobody_records_anything_before_the_hire_after_leaving_or_on_leave(sample_folder: Path) -> None:
    people = {person["employee_id"]: person for person in read(sample_folder, "people.csv")}
    leaves = read(sample_folder, "leaves.csv")
    days = {(row["employee_id"], row["occurred_on"]) for row in read(sample_folder, "measures.csv")}

    assert [
        (who, day)
        for who, day in days
        if day < people[who]["hired_on"] or day > (people[who]["left_on"] or "9999")
    ] == []
    assert [
        (who, day)
        for who, day in days
        for leave in leaves
        if leave["employee_id"] == who and leave["from"] <= day <= leave["to"]
    ] == []


def test_three_reps_in_three_teams_miss_exactly_the_last_three_months(
    sample_folder: Path, sales: dict[str, dict[str, SalesMonth]]
) -> None:
    teams = {person["employee_id"]: person["unit"] for person in read(sample_folder, "people.csv")}

    alerts = {who: (month, n) for who, months in sales.items() for month, n in streaks(months) if n >= 3}

    assert alerts == dict.fromkeys(MISSED_THE_LAST_THREE, ("2026-06", 3))
    assert len({teams[who] for who in alerts}) == 3


def test_alerts_may_fire_for_that_month_and_stay_below_the_circuit_breaker(sample_folder: Path) -> None:
    company = tomllib.loads((sample_folder / "company.toml").read_text(encoding="utf-8"))

    assert company["alerts_from"] <= "2026-06"
    assert len(MISSED_THE_LAST_THREE) < 5


def test_a_leave_between_two_misses_is_not_a_third(sales: dict[str, dict[str, SalesMonth]]) -> None:
    nina = sales["R028"]

    assert [nina[month].missed for month in ("2026-02", "2026-03", "2026-06")] == [False, True, True]
    assert nina["2026-04"].exempt
    assert nina["2026-05"].exempt
    assert list(streaks(nina))[-1] == ("2026-06", 2)


def test_a_maternity_leave_is_never_missed(
    sample_folder: Path, sales: dict[str, dict[str, SalesMonth]]
) -> None:
    mothers = [
        leave["employee_id"] for leave in read(sample_folder, "leaves.csv") if leave["kind"] == "maternity"
    ]

    assert mothers == ["R013", "R037"]
    assert all(sales["R013"][month].exempt for month in ("2025-11", "2025-12", "2026-01", "2026-02"))


def test_stars_are_far_above_target(sales: dict[str, dict[str, SalesMonth]]) -> None:
    half_year = {
        who: sum((months[month].attainment or Fraction(0)) for month in MONTHS[-6:]) / 6
        for who, months in sales.items()
        if all(month in months for month in MONTHS[-6:])
    }

    best = sorted(half_year, key=lambda who: half_year[who], reverse=True)[: len(STARS) + 1]

    assert set(best) >= STARS
    assert all(half_year[who] > Fraction(11, 10) for who in STARS)


def test_a_good_seller_is_capped_by_the_gate_on_overdue_loans(
    sample_folder: Path, sales: dict[str, dict[str, SalesMonth]]
) -> None:
    june = [
        row
        for row in read(sample_folder, "measures.csv")
        if row["employee_id"] == "R014" and row["occurred_on"] >= "2026-06-01"
    ]
    latest = {
        measure: max((row["occurred_on"], int(row["value"])) for row in june if row["measure"] == measure)[1]
        for measure in ("overdue_amount", "loan_balance")
    }
    attainment = sales["R014"]["2026-06"].attainment

    assert Fraction(latest["overdue_amount"], latest["loan_balance"]) > Fraction(5, 100)
    assert attainment is not None
    assert attainment > 1


def test_the_top_seller_has_a_breach_in_the_last_month(
    sample_folder: Path, sales: dict[str, dict[str, SalesMonth]]
) -> None:
    top = max(sales, key=lambda who: sales[who].get("2026-06", SalesMonth(None, False)).attainment or 0)
    breaches = [
        row["employee_id"]
        for row in read(sample_folder, "measures.csv")
        if row["measure"] == "violations" and row["occurred_on"] >= "2026-06-01"
    ]

    assert breaches == [top]


def test_one_team_has_fewer_than_five_people_in_the_last_month(sample_folder: Path) -> None:
    unit = {
        person["employee_id"]: person["unit"]
        for person in read(sample_folder, "people.csv")
        if person["role"] == "rep" and (person["left_on"] or "9999") >= "2026-06-30"
    }
    unit |= {move["employee_id"]: move["unit"] for move in read(sample_folder, "assignments.csv")}

    assert {team: count for team, count in Counter(unit.values()).items() if count < 5} == {
        "Lanhai/North/Tianjin": 4
    }


def test_there_are_joiners_in_the_ramp_leavers_and_transfers(sample_folder: Path) -> None:
    people = read(sample_folder, "people.csv")

    assert [person["employee_id"] for person in people if person["hired_on"] >= "2026-04"] == ["R020", "R050"]
    assert [person["employee_id"] for person in people if person["left_on"]] == ["R019", "R033", "R048"]
    assert len(read(sample_folder, "assignments.csv")) == 3


def test_the_plan_is_the_ready_made_one(sample_folder: Path) -> None:
    assert (sample_folder / "plan.toml").read_bytes() == (CHECKOUT / "plans/consumer-loans.toml").read_bytes()
