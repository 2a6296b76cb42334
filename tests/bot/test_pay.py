"""Pay in Slack: the own statement from the card, a line disputed, HR's part."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import disputes, hr_pay, pay
from bot.blocks.pay import in_plain_words, statement_window
from domain.audit import AuditEntry
from domain.clock import FixedClock
from domain.database import Database
from domain.disputes.model import Dispute
from domain.incentives.files import FILE_JOB
from domain.incentives.model import PayrollExport, PersonalTerm
from domain.incentives.service import accrue
from domain.jobs import Job
from domain.services import Services
from tests.bot.builders import CHINESE, ENGLISH, JUNE
from tests.bot.calling import Caller, button, buttons, slack_id, texts
from tests.bot.company import a_company, scored_company
from tests.bot.fake_slack import FakeSlack
from tests.bot.pay_builders import PAYING_PLAN, a_statement, a_withheld_one
from tests.conftest import TEN_IN_SHANGHAI
from tests.sqlite_files import a_copy


@pytest.fixture(scope="module")
def paying_database(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the company of the other tests, with a plan that pays; June is accrued. H2 looks after West."""
    folder = tmp_path_factory.mktemp("paying")
    company = a_company().plan(PAYING_PLAN).person("H2", role="hr", job_family="hr", unit="Acme/West")
    west = next(row for row in company.tables["units"] if row["unit"] == "Acme/West")
    west["hr_id"] = "H2"
    path = scored_company(folder, migrated_sqlite, company)
    with a_copy(path, folder / "paid.db") as database, database.writing() as session:
        accrue(session, FixedClock(TEN_IN_SHANGHAI), JUNE)
    return folder / "paid.db"


@pytest.fixture
def company_database(paying_database: Path, tmp_path: Path) -> Iterator[Database]:
    with a_copy(paying_database, tmp_path / "company.db") as database:
        yield database


def shown(window: dict[str, Any] | None) -> str:
    return "\n".join(texts(window))


def own_statement(caller: Caller, who: str) -> dict[str, Any]:
    window = caller.press(who, button(caller.command(who, "/myscore", "2026-06"), pay.PAY))
    assert window is not None
    return window


def test_a_locked_card_leads_to_the_own_statement(caller: Caller) -> None:
    # when: E1 sold 1100 of 1000
    said = shown(own_statement(caller, "E1"))
    # then
    assert "Your pay of June 2026" in said
    assert "Total: *CN¥515.00*" in said
    assert "500 × 30 of 30 days." in said
    assert "sales 1,100 of 1,000 (110%): 100 of it from 100% on, × 3%." in said
    assert "Not handed over to payroll yet." in said


def test_only_a_locked_card_has_pay(caller: Caller) -> None:
    """The running card's answer shows the last closed card as well, with its buttons."""
    values = [one["value"] for one in buttons(caller.command("E1", "/myscore", "2026-07"), pay.PAY)]
    assert [value.partition("|")[2] for value in values] == ["2026-06"]


def test_nobody_opens_somebody_elses_pay(caller: Caller, services: Services) -> None:
    own = button(caller.command("E1", "/myscore", "2026-06"), pay.PAY)
    for who in ("E2", "M1", "A1"):
        said = shown(caller.press(who, own))
        assert "between them and HR" in said
        assert "CN¥" not in said
    assert "pay of June 2026" in shown(caller.press("H1", own))


def test_a_line_can_be_disputed(caller: Caller, services: Services) -> None:
    # given
    window = own_statement(caller, "E1")
    # when
    _, form = caller.press_in_view("E1", window, button(window, disputes.OPEN))
    assert form is not None
    caller.submit("E1", form, note="I sold more.")
    # then
    with services.database.reading() as session:
        dispute = session.scalars(sa.select(Dispute)).one()
    assert (dispute.subject, dispute.period, dispute.judge_id) == ("ledger_line", "2026-06", None)
    assert "Disputed: an answer is due." in shown(own_statement(caller, "E1"))


def test_hr_has_a_payroll_handed_over_by_a_job(caller: Caller, services: Services) -> None:
    # given
    overview = caller.command("H1", "/hr")
    assert "June 2026* · CN¥" in overview.shown
    # when
    form = caller.press("H1", button(overview, hr_pay.HAND_OVER))
    assert form is not None
    told = caller.submit("H1", form)
    # then: ten thousand people take longer than Slack waits
    assert "on its way to you" in shown(told["view"])
    with services.database.reading() as session:
        assert session.scalars(sa.select(PayrollExport.month)).all() == []
        job = session.scalars(sa.select(Job).where(Job.kind == FILE_JOB)).one()
    assert (job.args["person_id"], job.args["period"]) == (None, "2026-06")


def test_hr_of_a_unit_sees_the_sums_of_its_own_people_and_hands_nothing_over(
    caller: Caller, services: Services, slack: FakeSlack
) -> None:
    # given
    slack.add_user(slack_id("H2"), "h2@example.com", "en-US")
    everybody = caller.command("H1", "/hr")
    form = caller.press("H1", button(everybody, hr_pay.HAND_OVER))
    assert form is not None
    # when: W1 has 500 and 8 + 4 + 6, W2 500 and 3
    own = caller.command("H2", "/hr")
    # then
    assert "CN¥1,021.00" in own.shown
    assert "2 people" in own.shown
    assert "Of the people you look after" in own.shown
    assert not buttons(own, hr_pay.HAND_OVER)
    # and
    refused = caller.press("H2", button(everybody, hr_pay.HAND_OVER))
    assert "ask head HR" in shown(refused)
    assert "CN¥" not in shown(refused)
    caller.submit("H2", form)
    with services.database.reading() as session:
        assert session.scalars(sa.select(Job).where(Job.kind == FILE_JOB)).all() == []


def test_who_looks_at_somebodys_pay_is_written_down(caller: Caller, services: Services) -> None:
    # given
    overview = caller.command("H1", "/hr")
    own_statement(caller, "E1")
    # when
    look = caller.press("H1", button(overview, hr_pay.STATEMENT))
    assert look is not None
    caller.submit("H1", look, employee="E2", period="2026-06")
    caller.press("H1", button(caller.command("E1", "/myscore", "2026-06"), pay.PAY))
    # then: what one sees of oneself is nobody's affair
    with services.database.reading() as session:
        looks = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "pay.look"))
        assert [(one.actor, one.subject, one.detail) for one in looks] == [
            ("H1", "person:E2", {"period": "2026-06"}),
            ("H1", "person:E1", {"period": "2026-06"}),
        ]


def test_hr_records_a_term_and_looks_at_a_statement(caller: Caller, services: Services) -> None:
    # given
    overview = caller.command("H1", "/hr")
    form = caller.press("H1", button(overview, hr_pay.TERM))
    assert form is not None
    filled_in = {"employee": "E1", "kind": "rate", "value": "2.5 %", "because": "key account"}
    # when
    locked = caller.submit("H1", form, since="2026-06", **filled_in)
    told = caller.submit("H1", form, since="2026-07", **filled_in)
    # then
    assert "is locked" in locked["errors"]["since"]
    assert "is recorded" in shown(told["view"])
    assert "One rate in place of the bands: 2.5% = 0.025" in shown(told["view"])
    assert "From July 2026 on." in shown(told["view"])
    with services.database.reading() as session:
        terms = session.execute(sa.select(PersonalTerm.value, PersonalTerm.because)).all()
    assert terms == [(Decimal("0.025"), "key account")]
    # and
    look = caller.press("H1", button(overview, hr_pay.STATEMENT))
    assert look is not None
    own = caller.submit("H1", look, employee="E1", period="June 2026")
    assert "pay of June 2026" in shown(own["view"])
    assert not buttons(own["view"], disputes.OPEN)
    unknown = caller.submit("H1", look, employee="E99", period="June 2026")
    assert "Nobody has the employee id E99" in unknown["errors"]["employee"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("value", "2.5", "This says 250%, and a rate is at most 50%"),
        ("value", "2,5 %", "is no rate: write it like 2.5% or 0.025"),
        ("since", "q3", "Pay goes by months"),
        ("since", "someday", "I do not know the period"),
    ],
)
def test_a_term_that_cannot_be_meant_is_refused(
    caller: Caller, field: str, typed: str, sentence: str
) -> None:
    form = caller.press("H1", button(caller.command("H1", "/hr"), hr_pay.TERM))
    assert form is not None
    filled_in = {"employee": "E1", "kind": "rate", "value": "2.5 %", "since": "2026-07", "because": "why"}
    told = caller.submit("H1", form, **{**filled_in, field: typed})
    assert sentence in told["errors"][field]


@pytest.mark.parametrize(("typed", "first"), [("August", date(2026, 8, 1)), ("next month", date(2026, 8, 1))])
def test_a_term_begins_in_the_month_ahead_that_is_named(
    caller: Caller, services: Services, typed: str, first: date
) -> None:
    form = caller.press("H1", button(caller.command("H1", "/hr"), hr_pay.TERM))
    assert form is not None
    filled_in = {"employee": "E1", "kind": "base", "value": "1,500", "because": "why"}
    told = caller.submit("H1", form, since=typed, **filled_in)
    assert "Base of a month: 1,500" in shown(told["view"])
    with services.database.reading() as session:
        assert session.scalars(sa.select(PersonalTerm.from_day)).all() == [first]


def test_others_open_no_form_of_hr(caller: Caller) -> None:
    form = caller.press("H1", button(caller.command("H1", "/hr"), hr_pay.TERM))
    assert form is not None
    for action in (hr_pay.TERM, hr_pay.STATEMENT, hr_pay.HAND_OVER):
        said = shown(caller.press("M1", {"action_id": action, "value": "2026-06"}))
        assert "This is for HR" in said


@pytest.mark.parametrize("writer", [ENGLISH, CHINESE])
def test_every_part_is_said_in_words(writer: Any) -> None:
    statement = a_statement()
    said = shown(statement_window(writer, statement))
    assert "{" not in said
    for words in in_plain_words(writer.language, statement):
        assert words
        assert "{" not in words


def test_why_there_is_nothing(caller: Caller) -> None:
    said = shown(statement_window(ENGLISH, a_withheld_one()))
    assert "Nothing is computed: won amount and hushed not reported" in said
