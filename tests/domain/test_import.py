"""Importing a folder: what it stores, and that it may be done again and again."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.audit import AuditEntry, first_broken_entry
from domain.clock import FixedClock
from domain.database import Database
from domain.imports.service import ImportResult, import_folder
from domain.loads import Load, latest_load_id
from domain.metrics.model import Coverage, MeasureRecord
from domain.people.model import Assignment, Company, Employment, Leave, Person, Unit
from domain.plans.model import PlanVersion
from domain.rows import ImportRefused
from domain.targets.model import Target
from tests.builders import SALES_PLAN, CompanyFolder
from tests.company_state import stored_company


def a_company() -> CompanyFolder:
    return (
        CompanyFolder()
        .person("E1", unit="Acme/West/Team One", manager_id="M1", email="Ada@Example.COM", slack_id="U1")
        .person("E2", unit="Acme/West/Team One", manager_id="M1", left_on="2026-05-31", locale="zh_CN")
        .person("M1", role="manager", unit="Acme/West", job_family="")
        .person("H1", role="hr", unit="", job_family="", time_zone="")
        .target("E1", "sales", "2026-03", "1000.50")
        .target("Acme/West", "sales", "2026-Q1", 9000)
        .measure("E1", "won_amount", "2026-03-05", "800.1234", customer_id="C1")
        .measure("E2", "won_amount", "2026-03-06", "-20")
        .leave("E1", "2026-03-10", "2026-03-12")
        .transfer("E2", "2026-04-01", unit="Acme/East")
        .unit("Acme/West", manager_id="M1", hr_id="H1", channel="managers-west")
        .plan()
    )


class Importing:
    """Imports folders in transactions of their own."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        self.database = database
        self.clock = clock
        self.folder = folder

    def run(self, company: CompanyFolder) -> ImportResult:
        return self.run_folder(company.write(self.folder))

    def run_folder(self, folder: Path) -> ImportResult:
        with self.database.writing() as session:
            return import_folder(session, self.clock, folder, "cli:test")

    def state(self) -> dict[str, object]:
        with self.database.reading() as session:
            return stored_company(session)

    def all_of(self, entity: type, *conditions: object) -> list:
        with self.database.reading() as session:
            return list(session.scalars(sa.select(entity).where(*conditions).order_by(entity.id)))


@pytest.fixture
def importing(database: Database, clock: FixedClock, tmp_path: Path) -> Importing:
    return Importing(database, clock, tmp_path / "acme")


def test_a_folder_is_stored_as_it_says(importing: Importing) -> None:
    result = importing.run(a_company())

    assert result.load_id == 1
    state = importing.state()
    assert state["people"]["E1"] == (
        *("Name of E1", "ada@example.com", "rep", "Sales Agent", "en-US", "Asia/Shanghai", "U1"),
    )
    assert state["employments"] == {
        "E1": (date(2025, 1, 1), None),
        "E2": (date(2025, 1, 1), date(2026, 5, 31)),
        "M1": (date(2025, 1, 1), None),
        "H1": (date(2025, 1, 1), None),
    }
    assert state["assignments"]["E2", date(2025, 1, 1), True] == ("Acme/West/Team One", "M1", "sales")
    assert state["assignments"]["E2", date(2026, 4, 1), False] == ("Acme/East", None, None)
    assert state["units"] == {
        "Acme": (None, None, None, None),
        "Acme/East": ("Acme", None, None, None),
        "Acme/West": ("Acme", "M1", "H1", "managers-west"),
        "Acme/West/Team One": ("Acme/West", None, None, None),
    }
    assert state["leaves"] == [("E1", date(2026, 3, 10), date(2026, 3, 12), "annual")]
    assert state["targets"] == {
        ("E1", None, "sales", "2026-03", None): (Decimal("1000.50"), "confirmed", 1),
        (None, "Acme/West", "sales", "2026-Q1", None): (Decimal(9000), "confirmed", 1),
    }
    assert state["measures"] == {
        ("import", "r1"): ("E1", "won_amount", date(2026, 3, 5), Decimal("800.1234"), "C1"),
        ("import", "r2"): ("E2", "won_amount", date(2026, 3, 6), Decimal(-20), None),
    }
    assert state["coverage"] == [("import", "*", date(1900, 1, 1), date(2026, 7, 7))]
    assert state["plans"] == {("sales-plan", "2026-01"): ("sales", 1, SALES_PLAN)}


def test_importing_again_changes_nothing_and_leaves_no_trace(importing: Importing) -> None:
    importing.run(a_company())
    before = importing.state()

    again = importing.run(a_company())

    assert not again.changed
    assert importing.state() == before
    assert len(importing.all_of(Load)) == 1
    with importing.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 1
        assert first_broken_entry(session) is None


def test_the_order_of_rows_and_columns_and_a_bom_change_nothing(importing: Importing) -> None:
    folder = a_company().write(importing.folder)
    importing.run_folder(folder)
    before = importing.state()
    chance = random.Random(7)

    for path in folder.glob("*.csv"):
        header, *rows = [line.split(",") for line in path.read_text().splitlines()]
        order = chance.sample(range(len(header)), len(header))
        chance.shuffle(rows)
        lines = [",".join(row[at] for at in order) for row in [header, *rows]]
        path.write_bytes("\ufeff".encode() + "\r\n".join(lines).encode())
    again = importing.run_folder(folder)

    assert not again.changed
    assert importing.state() == before


def test_a_changed_measure_is_a_correction_kept_beside_the_old_row(importing: Importing) -> None:
    importing.run(a_company())

    corrected = a_company()
    corrected.tables["measures"][0]["value"] = "900"
    result = importing.run(corrected)

    assert result.changes == {"measures.csv": 1}
    rows = importing.all_of(MeasureRecord, MeasureRecord.record_id == "r1")
    assert [(row.value, row.added_in, row.ended_in) for row in rows] == [
        (Decimal("800.1234"), 1, 2),
        (Decimal(900), 2, None),
    ]


def test_an_equal_number_written_differently_is_no_correction(importing: Importing) -> None:
    importing.run(a_company())

    rewritten = a_company()
    rewritten.tables["measures"][1]["value"] = "-20.00"
    rewritten.tables["targets"][0]["amount"] = "1000.5"

    assert not importing.run(rewritten).changed


def test_measures_that_a_later_folder_does_not_have_stay(importing: Importing) -> None:
    importing.run(a_company())

    fewer = a_company()
    del fewer.tables["measures"][0]

    assert not importing.run(fewer).changed


def test_an_identical_repeat_in_one_file_counts_once(importing: Importing) -> None:
    company = a_company().measure("E1", "won_amount", "2026-03-05", "800.1234", "r1", customer_id="C1")

    importing.run(company)

    assert len(importing.all_of(MeasureRecord)) == 2


def test_the_same_record_id_of_two_sources_is_two_records(importing: Importing) -> None:
    importing.run(a_company().measure("E1", "wins", "2026-03-05", 1, "r1", source="crm"))

    assert {row.source for row in importing.all_of(MeasureRecord)} == {"import", "crm"}
    assert len(importing.all_of(MeasureRecord)) == 3


def test_who_people_are_is_updated_in_place_and_their_dates_are_versioned(importing: Importing) -> None:
    importing.run(a_company())

    changed = a_company()
    changed.tables["people"][0] |= {"name": "Ada L.", "left_on": "2026-06-30", "unit": "Acme/East"}
    importing.run(changed)

    assert [person.name for person in importing.all_of(Person, Person.employee_id == "E1")] == ["Ada L."]
    employments = importing.all_of(Employment, Employment.person_id == 1)
    assert [(row.left_on, row.added_in, row.ended_in) for row in employments] == [
        (None, 1, 2),
        (date(2026, 6, 30), 2, None),
    ]
    states = importing.all_of(Assignment, Assignment.person_id == 1, Assignment.at_hire)
    assert [(row.added_in, row.ended_in) for row in states] == [(1, 2), (2, None)]


def test_two_people_may_swap_their_slack_ids(importing: Importing) -> None:
    company = CompanyFolder().person("E1", slack_id="U1").person("E2", slack_id="U2").plan()
    importing.run(company)

    company.tables["people"][0]["slack_id"] = "U2"
    company.tables["people"][1]["slack_id"] = "U1"
    importing.run(company)

    assert {p.employee_id: p.slack_id for p in importing.all_of(Person)} == {"E1": "U2", "E2": "U1"}


def test_leaves_state_the_whole_and_an_absent_file_says_nothing(importing: Importing) -> None:
    importing.run(a_company().leave("E2", "2026-03-01", "2026-03-02"))

    one_left = a_company()
    importing.run(one_left)
    assert len(importing.all_of(Leave, Leave.ended_in.is_(None))) == 1

    del one_left.tables["leaves"]
    assert not importing.run(one_left).changed

    importing.run(one_left.states("leaves"))
    assert importing.all_of(Leave, Leave.ended_in.is_(None)) == []
    assert len(importing.all_of(Leave)) == 2


def test_a_changed_target_is_a_new_version(importing: Importing) -> None:
    importing.run(a_company())

    raised = a_company()
    raised.tables["targets"][0]["amount"] = "1100"
    importing.run(raised)

    versions = importing.all_of(Target, Target.period == "2026-03")
    assert [(row.amount, row.version, row.ended_in) for row in versions] == [
        (Decimal("1000.50"), 1, 2),
        (Decimal(1100), 2, None),
    ]


def test_a_changed_amount_without_from_corrects_the_whole_period(importing: Importing) -> None:
    importing.run(a_company().target("E1", "sales", "2026-03", 1200, since="2026-03-16"))

    same = a_company()
    assert not importing.run(same).changed, "a change within the period stays where nothing speaks of it"

    same.tables["targets"][0]["amount"] = "1300"
    importing.run(same)

    in_force = importing.all_of(Target, Target.period == "2026-03", Target.ended_in.is_(None))
    assert [(row.amount, row.from_day) for row in in_force] == [(Decimal(1300), None)]


def test_without_a_coverage_file_importing_again_extends_what_is_known(importing: Importing) -> None:
    importing.run(a_company())

    importing.clock.at = datetime(2026, 7, 9, 17, 0, tzinfo=UTC)  # already the 10th in Shanghai
    importing.run(a_company())
    importing.clock.at = datetime(2026, 7, 8, 2, 0, tzinfo=UTC)
    back_in_time = importing.run(a_company())

    rows = importing.all_of(Coverage)
    assert [(row.last_day, row.ended_in) for row in rows] == [
        (date(2026, 7, 7), 2),
        (date(2026, 7, 10), None),
    ]
    assert not back_in_time.changed, "what is known is never shortened"


def test_a_coverage_file_is_the_whole_truth(importing: Importing) -> None:
    importing.run(a_company())

    named = a_company().covered("won_amount", "2026-01-01", "2026-06-30")
    importing.run(named)

    in_force = importing.all_of(Coverage, Coverage.ended_in.is_(None))
    assert [(row.measure, row.first_day, row.last_day) for row in in_force] == [
        ("won_amount", date(2026, 1, 1), date(2026, 6, 30))
    ]


def test_the_company_has_defaults_and_keeps_what_a_file_does_not_say(importing: Importing) -> None:
    zones = a_company().person("E3", time_zone="America/Chicago").people(["E4"], time_zone="America/Chicago")
    importing.run(zones.person("E5", time_zone="America/Chicago"))

    [company] = importing.all_of(Company)
    assert (company.name, company.time_zone) == ("Acme", "America/Chicago"), "three against three: by name"
    assert (company.calendar, company.alerts_from, company.shadow) == ("none", "2026-07", False)

    importing.run(
        zones.company(
            'calendar = "cn"\ncurrency = "CNY"\n[alerts]\nshadow = true\n[policies]\nshare = 0.2\nsmall = 5\n'
        )
    )
    importing.run(zones.company('language = "zh-CN"\n'))

    [company] = importing.all_of(Company)
    assert (company.calendar, company.currency, company.language) == ("cn", "CNY", "zh-CN")
    assert company.shadow
    assert company.policies == {"share": "0.2", "small": 5}
    assert company.time_zone == "America/Chicago"


def test_the_same_plan_with_new_content_is_a_new_version(importing: Importing) -> None:
    importing.run(a_company())

    reweighted = a_company().plan(SALES_PLAN.replace("weight = 60", "weight = 70"))
    importing.run(reweighted)
    reweighted.texts["plans/sales.toml"] = reweighted.texts.pop("plan.toml")
    assert not importing.run(reweighted).changed, "a plan is known by its name, not by its file's"

    assert [(row.version, row.ended_in) for row in importing.all_of(PlanVersion)] == [(1, 2), (2, None)]


def test_a_plan_whose_place_is_taken_is_refused(importing: Importing) -> None:
    importing.run(a_company())

    with pytest.raises(ImportRefused, match=r"plan\.toml, line 3, from: .* stored plan \"sales-plan\""):
        importing.run(a_company().plan(SALES_PLAN.replace("sales-plan", "another")))
    with pytest.raises(ImportRefused, match=r"plans/b\.toml, line 3, from: .* as plan\.toml"):
        importing.run(a_company().plan(SALES_PLAN.replace("sales-plan", "b"), file="plans/b.toml"))


def test_what_will_not_be_scored_or_read_is_mentioned(importing: Importing) -> None:
    company = a_company().target("E1", "smiles", "2026-03", 5).person("H2", role="hr", unit="")
    company.write(importing.folder)
    (importing.folder / "leave.csv").write_text("x\n")

    result = importing.run_folder(importing.folder)

    others = [warning for warning in result.warnings if "no record" not in warning]
    assert [warning.split(":")[0] for warning in others] == [
        "leave.csv was not read",
        'targets.csv names the indicator "smiles", which no plan scores.',
        "people.csv, line 6",
    ]


def test_progress_is_told_in_bytes_read_and_rows_stored(importing: Importing) -> None:
    told: list[tuple[str, int, int]] = []
    folder = a_company().write(importing.folder)

    with importing.database.writing() as session:
        import_folder(session, importing.clock, folder, "cli:test", lambda *step: told.append(step))

    size = (folder / "people.csv").stat().st_size
    assert ("reading people.csv", size, size) in told
    assert told[-1] == ("storing measures.csv", 2, 2)


def test_a_refused_folder_leaves_all_as_it_was(importing: Importing) -> None:
    importing.run(a_company())
    before = importing.state()

    with pytest.raises(ImportRefused):
        importing.run(a_company().person("E9").measure("E9", "won_amount", "2026-03-05", "a lot"))

    assert importing.state() == before
    with importing.database.reading() as session:
        assert latest_load_id(session) == 1


def test_units_are_the_same_whoever_names_them(importing: Importing) -> None:
    importing.run(a_company())

    assert {unit.path for unit in importing.all_of(Unit)} == {
        "Acme",
        "Acme/East",
        "Acme/West",
        "Acme/West/Team One",
    }


def test_a_measure_that_a_plan_scores_and_nobody_recorded_is_warned_of(
    sqlite_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    # Given: a misspelt measure, and one that coverage says is truly reported
    folder = CompanyFolder().person("E1").measure("E1", "wonamount", "2026-03-05", 800).plan()
    for measure in ("wonamount", "wins", "closed_deals", "violations"):
        folder.covered(measure, "2026-01-01", "2026-06-30")

    # When
    with sqlite_database.writing() as session:
        result = import_folder(session, clock, folder.write(tmp_path / "acme"), "cli:test")

    # Then
    [warning] = [text for text in result.warnings if "no record" in text]
    assert '"won_amount"' in warning
