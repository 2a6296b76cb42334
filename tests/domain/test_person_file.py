"""Files of people: who writes and reads them, and that nothing in them is ever changed or deleted."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import audit
from domain.access import Actor, CommandLine
from domain.clock import FixedClock
from domain.database import Database
from domain.disputes import service as disputes
from domain.disputes import views as dispute_views
from domain.disputes.subjects import file_entry
from domain.errors import BadField, BadInput, NotAllowed, NotFound, Refusal
from domain.outbox import Post
from domain.recognition import file
from domain.recognition.file import FILE_POST, FileNews, FileView, NewEntry
from domain.recognition.model import EntryKind, FileEntry
from tests.builders import CompanyFolder
from tests.domain.conftest import Load, Look

WARNING = NewEntry(EntryKind.SANCTION, "A warning", date(2026, 7, 1), "Left a customer waiting.")
PEOPLE = ("B1", "M1", "M2", "E1", "E2", "H1", "H2", "A1")
ABOVE = {"E1": {"M1", "B1"}, "E2": {"M2", "B1"}, **{who: {"B1"} for who in ("M1", "M2", "H1", "A1")}}
"""Who leads whom; H1 is HR of East alone, H2 of everything."""
HR_OF = {"E1": {"H1", "H2"}, "M1": {"H1", "H2"}, **{who: {"H2"} for who in ("E2", "M2", "B1", "H1", "A1")}}


def company() -> CompanyFolder:
    return (
        CompanyFolder()
        .plan()
        .person("B1", role="manager", job_family="", unit="Acme")
        .person("M1", role="manager", job_family="", unit="Acme/East", manager_id="B1")
        .person("M2", role="manager", job_family="", unit="Acme/West", manager_id="B1")
        .person("E1", unit="Acme/East", manager_id="M1")
        .person("E2", unit="Acme/West", manager_id="M2")
        .person("H1", role="hr", job_family="", unit="Acme")
        .person("H2", role="hr", job_family="", unit="Acme")
        .person("A1", role="admin", job_family="", unit="Acme")
        .unit("Acme", manager_id="B1", hr_id="H2")
        .unit("Acme/East", manager_id="M1", hr_id="H1")
        .unit("Acme/West", manager_id="M2")
    )


class Files:
    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database = database
        self.clock = clock

    def add(self, actor: Actor, person_id: int, new: NewEntry = WARNING) -> int:
        with self.database.writing() as session:
            return file.add_entry(session, self.clock, actor, person_id, new).id

    def withdraw(self, actor: Actor, entry_id: int, because: str = "It was somebody else.") -> None:
        with self.database.writing() as session:
            file.withdraw_entry(session, self.clock, actor, entry_id, because)

    def look(self, actor: Actor, person_id: int) -> FileView:
        with self.database.reading() as session:
            return file.file_of(session, self.clock, actor, person_id)

    def told(self) -> list[tuple[int | None, str]]:
        with self.database.reading() as session:
            posts = session.scalars(sa.select(Post).where(Post.kind == FILE_POST).order_by(Post.id))
            return [(post.person_id, post.facts["news"]) for post in posts]


@pytest.fixture
def files(database: Database, clock: FixedClock, load: Load) -> Files:
    load(company())
    return Files(database, clock)


def test_hr_writes_and_the_person_hears(files: Files, viewer: Look) -> None:
    # when
    person = viewer("E1").person_id
    files.add(
        viewer("H1"),
        person,
        NewEntry(EntryKind.REWARD, " A day off ", date(2026, 7, 1), "Well done.", "Mail"),
    )
    # then
    (entry,) = files.look(viewer("E1"), person).entries
    assert (entry.kind, entry.title, entry.reason, entry.evidence) == (
        "reward",
        "A day off",
        "Well done.",
        "Mail",
    )
    assert (entry.by_name, entry.withdrawn_because) == ("Name of H1", None)
    assert files.told() == [(person, FileNews.ADDED)]


def test_what_is_withdrawn_stays_marked(files: Files, viewer: Look) -> None:
    # given
    person = viewer("E1").person_id
    number = files.add(viewer("H1"), person)
    # when
    files.withdraw(viewer("H2"), number)
    # then
    (entry,) = files.look(viewer("E1"), person).entries
    assert (entry.reason, entry.withdrawn_because) == ("Left a customer waiting.", "It was somebody else.")
    assert files.told() == [(person, FileNews.ADDED), (person, FileNews.WITHDRAWN)]
    with pytest.raises(BadInput, match="withdrawn already"):
        files.withdraw(viewer("H1"), number)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": " "}, "title", "Fill this in"),
        ({"title": "x" * 201}, "title", "too long"),
        ({"reason": ""}, "reason", "Fill this in"),
        ({"evidence": "x" * 2001}, "evidence", "too long"),
        ({"on_day": date(2026, 7, 8)}, "on_day", "still to come"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    files: Files, viewer: Look, changes: dict[str, Any], field: str, sentence: str
) -> None:
    new = NewEntry(**{**WARNING.__dict__, **changes})
    with pytest.raises(BadField, match=sentence) as refused:
        files.add(viewer("H1"), viewer("E1").person_id, new)
    assert refused.value.field == field
    assert files.told() == []


def test_who_is_not_there_has_no_file(files: Files, viewer: Look) -> None:
    for act in (lambda: files.add(viewer("H2"), 999), lambda: files.look(viewer("H2"), 999)):
        with pytest.raises(NotFound, match="not known"):
            act()


@pytest.mark.parametrize("person", sorted(HR_OF))
def test_the_person_those_above_and_hr_read_hr_alone_writes_nobody_their_own(
    files: Files, viewer: Look, person: str
) -> None:
    about = viewer(person).person_id
    for who in PEOPLE:
        may_write = who in HR_OF[person] and who != person
        may_read = may_write or who == person or who in ABOVE.get(person, set())
        assert _works(lambda: files.look(viewer(who), about)) == may_read, who  # noqa: B023
        assert _works(lambda: files.add(viewer(who), about)) == may_write, who  # noqa: B023


def test_the_command_line_reads_and_writes(files: Files, viewer: Look) -> None:
    root = CommandLine("cli:root")
    files.withdraw(root, files.add(root, viewer("E1").person_id))
    (entry,) = files.look(root, viewer("E1").person_id).entries
    assert entry.by_name == "cli:root"


def test_a_sanction_is_disputed_and_answered_by_another_one_of_hr(files: Files, viewer: Look) -> None:
    # given
    number = files.add(viewer("H1"), viewer("E1").person_id)
    with files.database.writing() as session:
        subject = file_entry(session, viewer("E1").person_id, number)
        opened = disputes.open_dispute(session, files.clock, viewer("E1"), subject, [], "I was ill.").id
    # then: not by who wrote it, nor by the manager
    for who in ("H1", "M1"):
        with pytest.raises(NotAllowed), files.database.writing() as session:
            disputes.explain(session, files.clock, viewer(who), opened, "So it is.")
    with files.database.reading() as session:
        waiting = dispute_views.disputes_to_answer(session, files.clock, viewer("H2"))
        assert [one.id for one in waiting] == [opened]
    with files.database.writing() as session:
        disputes.explain(session, files.clock, viewer("H2"), opened, "It is withdrawn.")


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "withdraw"]), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
        max_size=10,
    )
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_done_by_whomever_entries_only_come_and_never_change(
    files: Files, viewer: Look, steps: list[tuple[str, str, str]]
) -> None:
    seen: dict[int, tuple[Any, ...]] = {}
    for act, who, about in steps:
        actor, person_id = viewer(who), viewer(about).person_id
        if act == "add":
            done = _works(lambda: files.add(actor, person_id))  # noqa: B023
            assert done == (who in HR_OF.get(about, set()) and who != about)
        else:
            _works(lambda: files.withdraw(actor, max(seen, default=0)))  # noqa: B023
        now = _everything(files)
        assert {number: now[number] for number in seen} == seen
        seen = now
    with files.database.reading() as session:
        assert audit.first_broken_entry(session) is None


def _everything(files: Files) -> dict[int, tuple[Any, ...]]:
    with files.database.reading() as session:
        rows = session.execute(sa.select(FileEntry.__table__)).all()
        return {row.id: tuple(row) for row in rows}


def _works(act: Callable[[], Any]) -> bool:
    try:
        act()
    except Refusal:
        return False
    return True
