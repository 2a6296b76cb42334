"""Sources on the Home tab: how they are, what was refused, and having one read again. For administrators."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import sources as blocks
from bot.blocks.notices import draw
from bot.locale import for_locale
from domain.audit import AuditEntry
from domain.clock import FixedClock
from domain.jobs import Job, JobState, add_job
from domain.people.model import Person, Role
from domain.services import Services
from domain.sources.asking import PULL_JOB, scheduled_key
from domain.sources.configured import SourceEntry, note_file, remember_configured
from domain.sources.model import RunState, SourceRun
from domain.sources.refreshing import seen_by
from tests.bot.calling import Caller, button, slack_id, texts
from tests.bot.contracts import OutgoingContracts, check_what_schemas_miss
from tests.bot.fake_slack import FakeSlack

REASON = {"sentence": "is longer than {longest} characters: shorten it.", "values": {"longest": "200"}}


class Sources:
    """What the tables say of sources."""

    def __init__(self, services: Services, clock: FixedClock) -> None:
        self.services = services
        self.clock = clock
        self.entries: list[SourceEntry] = []

    def configured(self, name: str, kind: str = "sql", every_s: int | None = 3600) -> "Sources":
        self.entries.append(SourceEntry(name, kind, every_s, ("won_amount",)))
        with self.services.database.writing() as session:
            remember_configured(session, self.entries)
        return self

    def ran(self, name: str, state: RunState = RunState.SUCCEEDED, **columns: Any) -> "Sources":
        """A run that began a minute ago, unless told otherwise."""
        began = columns.pop("started_at", self.clock.now() - timedelta(minutes=1))
        with self.services.database.writing() as session:
            session.add(
                SourceRun(
                    source=name,
                    state=state,
                    started_at=began,
                    finished_at=began + timedelta(seconds=3),
                    **columns,
                )
            )
        return self

    def begins(self, name: str) -> "Sources":
        """It is time to read it."""
        with self.services.database.writing() as session:
            add_job(session, self.clock, PULL_JOB, scheduled_key(name, 7), {"source": name})
        return self

    def jobs(self) -> list[Job]:
        with self.services.database.reading() as session:
            return list(session.scalars(sa.select(Job).where(Job.kind == PULL_JOB)))

    def end_jobs(self) -> None:
        with self.services.database.writing() as session:
            session.execute(sa.update(Job).values(state=JobState.DONE))


@pytest.fixture
def sources(services: Services, clock: FixedClock) -> Sources:
    return Sources(services, clock)


def shown(view: dict[str, Any] | None) -> str:
    assert view is not None
    return "\n".join(texts(view))


def button_of(view: dict[str, Any], action: str, name: str) -> dict[str, str]:
    """The button of one of several sources."""
    elements = [one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]
    assert any(one["action_id"] == action and one["value"] == name for one in elements)
    return {"action_id": action, "value": name}


def a_refusal(row: int, **changes: object) -> dict[str, Any]:
    given = {"row": row, "column": "employee", "value": "Nobody", "reason": "is nobody.", "said": None}
    return {**given, **changes}


def test_an_administrator_sees_each_source_with_its_verdict_in_words(
    caller: Caller, sources: Sources
) -> None:
    sources.configured("crm").ran("crm", rows_read=1204, rows_added=3, rows_corrected=1, rows_unchanged=1200)
    sources.configured("erp", every_s=60).ran("erp", RunState.UNCHANGED)
    sources.configured("shop", "http")

    home = shown(caller.opens_home("A1"))

    assert "*Sources*" in home
    assert "✓ *crm* is well" in home
    assert "Rows: 1,204 read, 3 new, 1 corrected, 0 removed, 1,200 as before." in home
    assert "Last run: Jul 7, 2026 9:59" in home, "on the reader's clock"
    assert "✓ *erp* is well\nThere was nothing new." in home
    assert "– *shop* has not been read yet" in home


def test_a_source_that_fails_comes_first_with_what_happened(caller: Caller, sources: Sources) -> None:
    sources.configured("crm").ran("crm")
    sources.configured("shop")
    sources.ran("shop", started_at=sources.clock.now() - timedelta(days=1))
    for _ in range(2):
        sources.ran("shop", RunState.FAILED, problem="no route <!channel>")

    home = shown(caller.opens_home("A1"))

    assert home.index("✗ *shop*") < home.index("✓ *crm*")
    assert "✗ *shop* fails: the last 2 runs did not succeed" in home
    assert "What happened: no route &lt;!channel&gt;" in home
    assert "Last well: Jul 6, 2026" in home


def test_a_problem_is_said_in_the_readers_language(
    caller: Caller, sources: Sources, slack: FakeSlack
) -> None:
    said = {
        "sentence": "The file of {table} is not there: {path}. Put it there, or correct sources.toml.",
        "values": {"table": "deals", "path": "/data/deals.csv"},
    }
    sources.configured("crm").ran("crm", RunState.FAILED, problem="in English", problem_said=said)
    slack.add_user(slack_id("A1"), "a1@example.com", "zh-CN")

    home = shown(caller.opens_home("A1"))

    assert "/data/deals.csv" in home
    assert "sources.toml。" in home
    assert "in English" not in home


def test_a_sentence_of_another_version_is_shown_as_it_was_written(caller: Caller, sources: Sources) -> None:
    odd = {"sentence": "It {broke} {twice}.", "values": {"broke": "broke"}}
    sources.configured("crm").ran("crm", RunState.FAILED, problem="It broke.", problem_said=odd)

    assert "What happened: It broke." in shown(caller.opens_home("A1"))


def test_a_source_that_was_not_heard_of_is_late(caller: Caller, sources: Sources) -> None:
    long_ago = sources.clock.now() - timedelta(hours=4)
    sources.configured("crm").ran("crm", started_at=long_ago)
    sources.configured("hook", "push", every_s=None).ran("hook", started_at=long_ago)

    home = shown(caller.opens_home("A1"))

    assert "! *crm* is late: nothing was heard of it for too long" in home
    assert "✓ *hook* is well" in home, "nobody said how often it comes"


def test_a_source_that_delivers_waits_for_its_first_delivery(caller: Caller, sources: Sources) -> None:
    sources.configured("hook", "push", every_s=None)

    assert "– *hook* has not delivered yet" in shown(caller.opens_home("A1"))


def test_a_file_that_cannot_be_used_is_said_so(caller: Caller, sources: Sources) -> None:
    with sources.services.database.writing() as session:
        note_file(session, sources.clock, "sources.toml, line 3: This is not TOML.")

    home = shown(caller.opens_home("A1"))

    assert "What happened: sources.toml, line 3: This is not TOML." in home
    assert "A corrected file counts within seconds." in home


def test_without_sources_it_says_where_measures_come_from(caller: Caller) -> None:
    assert "None is configured: measures come from imports alone." in shown(caller.opens_home("A1"))


@pytest.mark.parametrize("who", ["E1", "M1", "H1"])
def test_nobody_else_sees_sources(caller: Caller, sources: Sources, who: str) -> None:
    sources.configured("crm").ran("crm")

    assert "*Sources*" not in shown(caller.opens_home(who))


def test_many_sources_leave_room_for_the_rest(caller: Caller, sources: Sources) -> None:
    for number in range(40):
        sources.configured(f"s{number:02}")

    home = caller.opens_home("A1")

    assert home is not None
    assert len(home["blocks"]) <= 100
    assert "25 more: `pacesetter sources` lists them." in shown(home)
    assert "What you can type" in shown(home)


def test_run_again_adds_a_job_and_says_so_at_once(caller: Caller, sources: Sources) -> None:
    sources.configured("crm").ran("crm", RunState.FAILED, problem="gone")
    home = caller.opens_home("A1")
    assert home is not None

    method, view = caller.press_in_view("A1", home, button_of(home, blocks.RUN_AGAIN, "crm"))

    [job] = sources.jobs()
    assert (job.args["source"], job.state) == ("crm", JobState.QUEUED)
    assert method == "views.publish"
    assert "It is being read now …" in shown(view)
    assert "Run again" not in shown(view)
    with sources.services.database.reading() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "run_source")).one()
    assert (entry.actor, entry.subject) == ("A1", "source:crm")


def test_a_run_is_asked_for_even_if_the_home_tab_cannot_be_drawn(caller: Caller, sources: Sources) -> None:
    sources.configured("crm")
    home = caller.opens_home("A1")
    assert home is not None
    caller.slack.failing.add("views.publish")
    click = {"container": {"type": "view"}, "view": {"id": "V1", "hash": "1.a", **home}}

    window = caller.press_again(caller.press_body("A1", button_of(home, blocks.RUN_AGAIN, "crm"), **click))

    assert window is None, "no word of a failure"
    assert len(sources.jobs()) == 1


def test_a_double_click_runs_it_once(caller: Caller, sources: Sources) -> None:
    sources.configured("crm")
    again = {"action_id": blocks.RUN_AGAIN, "value": "crm"}

    caller.press("A1", again)
    caller.press("A1", again)
    sources.end_jobs()
    caller.press("A1", again)
    assert len(sources.jobs()) == 1, "not even when the first was quicker than the second click"

    sources.clock.at += timedelta(minutes=1)
    caller.press("A1", again)
    assert len(sources.jobs()) == 2


def test_a_run_that_is_under_way_is_not_doubled(caller: Caller, sources: Sources) -> None:
    sources.configured("crm").configured("crm2").begins("crm")

    caller.press("A1", {"action_id": blocks.RUN_AGAIN, "value": "crm"})
    assert len(sources.jobs()) == 1

    caller.press("A1", {"action_id": blocks.RUN_AGAIN, "value": "crm2"})
    assert len(sources.jobs()) == 2


def test_what_ends_while_the_page_is_drawn_is_drawn_again(caller: Caller, sources: Sources) -> None:
    sources.configured("crm").ran("crm").begins("crm")

    def ends(method: str, _arguments: dict[str, Any]) -> None:
        if method == "views.publish":
            sources.end_jobs()

    caller.slack.before = ends
    caller.opens_home("A1")

    before, after = (one["view"] for one in caller.slack.called("views.publish"))
    assert "It is being read now …" in shown(before)
    assert "It is being read now …" not in shown(after)


def test_who_sees_a_source_being_read_is_noted_each_once(caller: Caller, sources: Sources) -> None:
    sources.configured("crm").begins("crm")

    for _ in range(2):
        caller.opens_home("A1")
        caller.opens_home("E1")

    [job] = sources.jobs()
    with sources.services.database.reading() as session:
        admin = session.scalars(sa.select(Person.id).where(Person.employee_id == "A1")).one()
        assert seen_by(session, job.id) == [admin], "others see no sources"


def test_the_same_click_sent_again_acts_once(caller: Caller, sources: Sources) -> None:
    sources.configured("crm")
    click = caller.press_body("A1", {"action_id": blocks.RUN_AGAIN, "value": "crm"})

    for _ in range(3):
        caller.press_again(click)
        sources.end_jobs()
        sources.clock.at += timedelta(minutes=1)

    assert len(sources.jobs()) == 1


@pytest.mark.parametrize("action", [blocks.RUN_AGAIN, blocks.DETAILS])
@pytest.mark.parametrize("who", ["E1", "M1", "H1"])
def test_an_old_button_in_other_hands_does_nothing_but_explain(
    caller: Caller, sources: Sources, action: str, who: str
) -> None:
    sources.configured("crm").ran("crm", RunState.REFUSED, rows_refused=1, refusals=[a_refusal(1)])

    window = caller.press(who, {"action_id": action, "value": "crm"})

    assert "You may not see or run sources: that is for administrators." in shown(window)
    assert "Nobody" not in shown(window)
    assert sources.jobs() == []


def test_an_administrator_who_was_demoted_is_one_no_more(caller: Caller, sources: Sources) -> None:
    sources.configured("crm")
    with sources.services.database.writing() as session:
        session.execute(sa.update(Person).where(Person.employee_id == "A1").values(role=Role.REP))

    window = caller.press("A1", {"action_id": blocks.RUN_AGAIN, "value": "crm"})

    assert "that is for administrators" in shown(window)


def test_a_source_that_is_gone_or_delivers_by_itself_says_so(caller: Caller, sources: Sources) -> None:
    sources.configured("hook", "push", every_s=None)

    gone = caller.press("A1", {"action_id": blocks.RUN_AGAIN, "value": "crm"})
    assert "There is no source crm any more" in shown(gone)
    assert "There is no source crm any more" in shown(
        caller.press("A1", {"action_id": blocks.DETAILS, "value": "crm"})
    )

    home = caller.opens_home("A1")
    assert "Run again" not in shown(home)
    pushed = caller.press("A1", {"action_id": blocks.RUN_AGAIN, "value": "hook"})
    assert "hook delivers by itself and cannot be asked" in shown(pushed)


def test_details_show_the_run_and_the_refused_rows_a_page_at_a_time(caller: Caller, sources: Sources) -> None:
    refusals = [
        a_refusal(1),
        a_refusal(2, column="record_id", value="x", reason="in English", said=REASON),
        a_refusal(3, column=None, value="", reason="is not an object."),
        *(a_refusal(number, value="") for number in range(4, 101)),
    ]
    sources.configured("crm", every_s=900).ran("crm").ran(
        "crm",
        RunState.REFUSED,
        rows_read=5000,
        rows_refused=1234,
        refusals=refusals,
        cursor="2026-07-06",
        correlation_id="abc123",
    )

    window = caller.press("A1", {"action_id": blocks.DETAILS, "value": "crm"})
    details = shown(window)

    assert "1,234 of 5,000 rows cannot be used, so none was stored." in details
    assert "Kind: sql · Every 15 minutes · Measures: won\u2060_amount".replace("\u2060", "") in details
    assert "Row 1, employee: “Nobody” is nobody." in details
    assert "Row 2, record_id: “x” is longer than 200 characters: shorten it." in details
    assert "Row 3: is not an object." in details
    assert "Row 4, employee: is nobody." in details
    assert "Only the first 100 are kept." in details
    assert "The next run goes on at 2026-07-06" in details
    assert "Reference in the logs: abc123" in details
    assert "✗ 1,234 rows refused" in details
    assert "1 to 25 of 100" in details
    assert "Row 26," not in details

    assert window is not None
    method, view = caller.press_in_view("A1", window, button(window, f"{blocks.DETAILS_PAGE}.next"))
    assert method == "views.update"
    assert "Row 26, employee: is nobody." in shown(view)
    assert "26 to 50 of 100" in shown(view)


FAILED_FACTS = {
    "source": "crm",
    "problem": "it broke",
    "said": None,
    "rows_read": 0,
    "rows_refused": 0,
    "first_refusal": None,
}


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("source_failed", FAILED_FACTS),
        ("source_failed", {**FAILED_FACTS, "now": "being read"}),
        ("source_failed", {**FAILED_FACTS, "now": "well"}),
        ("source_failed", {**FAILED_FACTS, "rows_read": 9, "rows_refused": 2, "first_refusal": a_refusal(3)}),
        ("source_failed", {"source": "sources.toml", "problem": "sources.toml, line 3: no"}),
        ("source_recovered", {"source": "crm", "failures": 3}),
        ("source_recovered", {"source": "sources.toml", "failures": 1}),
    ],
)
def test_messages_of_sources_are_as_slack_wants_them(
    contracts: OutgoingContracts | None, locale: str, kind: str, facts: dict[str, Any]
) -> None:
    drawn = draw(kind, facts, for_locale(locale))

    check_what_schemas_miss(drawn.blocks)
    if contracts:
        contracts.check_message(drawn.text, drawn.blocks)
    assert "\n".join(texts(drawn.blocks)).startswith("*")


def test_rows_that_cannot_be_used_are_another_matter_than_a_source_that_cannot_be_read() -> None:
    facts = {**FAILED_FACTS, "rows_read": 9, "rows_refused": 2, "first_refusal": a_refusal(3)}

    assert draw("source_failed", facts, for_locale("en")).text == (
        "The source crm has rows that cannot be used"
    )


def test_a_failure_offers_to_run_again_unless_it_is_over() -> None:
    def buttons(now: str | None) -> list[str]:
        facts = FAILED_FACTS if now is None else {**FAILED_FACTS, "now": now}
        drawn = draw("source_failed", facts, for_locale("en-US"))
        return [
            one["action_id"]
            for block in drawn.blocks
            for one in block.get("elements", [])
            if one["type"] == "button"
        ]

    assert buttons(None) == [blocks.RUN_AGAIN, blocks.DETAILS]
    assert buttons("being read") == [blocks.DETAILS]
    assert buttons("well") == [blocks.DETAILS]
