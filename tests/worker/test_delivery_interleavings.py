"""Deliveries, deaths, lost replies and overtaking in any order: each key is posted exactly once."""

import contextlib
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.delivery import Outcome
from domain.clock import FixedClock
from domain.database import Database
from domain.outbox import PostState
from tests.worker.delivery_builders import (
    ADA,
    BEN,
    a_company,
    a_delivery,
    a_post,
    let_leases_run_out,
    the_post,
)
from tests.worker.fake_slack import FakeSlack, Killed

EVENTS = [
    "fine",
    "lost",
    "unheard",
    "killed before",
    "killed after",
    "429",
    "internal_error",
    "token_revoked",
]
EXAMPLES = 200 if os.environ.get("PACESETTER_LONG") else 15


class Deliveries(RuleBasedStateMachine):
    """Posts to two people; workers that take one on a good or a bad day; time that passes."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "pacesetter.db"
        shutil.copy(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        self.clock = FixedClock(datetime(2026, 7, 7, 2, 0, tzinfo=UTC))
        a_company(self.database, self.clock)
        self.slack = FakeSlack()
        self.posts: list[int] = []

    @rule(person=st.sampled_from([ADA, BEN]), threaded=st.booleans())
    def write_a_post(self, person: int, threaded: bool) -> None:
        key = f"post {len(self.posts)}"
        thread = {"thread_of_id": self.posts[0]} if threaded and self.posts else {"person_id": person}
        self.posts.append(a_post(self.database, self.clock, key, **thread))

    @precondition(lambda self: self.posts)
    @rule(data=st.data(), event=st.sampled_from(EVENTS))
    def deliver(self, data: st.DataObject, event: str) -> None:
        post = data.draw(st.sampled_from(self.posts))
        self.slack.bad_day.append(event)
        with contextlib.suppress(Killed):
            a_delivery(self.database, self.clock, self.slack).deliver(post)
        self.slack.bad_day.clear()

    @precondition(lambda self: self.posts)
    @rule(data=st.data())
    def deliver_while_another_stalls(self, data: st.DataObject) -> None:
        post = data.draw(st.sampled_from(self.posts))

        def overtake() -> None:
            self.slack.before_opening = None
            let_leases_run_out(self.database)
            a_delivery(self.database, self.clock, self.slack).deliver(post)

        self.slack.before_opening = overtake
        a_delivery(self.database, self.clock, self.slack).deliver(post)
        self.slack.before_opening = None

    @rule()
    def time_passes(self) -> None:
        let_leases_run_out(self.database)

    @invariant()
    def nothing_is_there_twice(self) -> None:
        keys = self.slack.keys()
        assert len(keys) == len(set(keys))

    def teardown(self) -> None:
        delivery = a_delivery(self.database, self.clock, self.slack)
        for post in self.posts:
            let_leases_run_out(self.database)
            assert delivery.deliver(post) in (Outcome.SENT, Outcome.FOUND, Outcome.NOTHING_TO_DO)
            assert the_post(self.database, post).state == PostState.SENT
        assert sorted(self.slack.keys()) == sorted(f"post {number}" for number in range(len(self.posts)))
        self.database.close()
        self.folder.cleanup()


def test_every_post_arrives_exactly_once(migrated_sqlite: Path) -> None:
    Deliveries.template = migrated_sqlite
    run_state_machine_as_test(
        Deliveries, settings=settings(max_examples=EXAMPLES, stateful_step_count=20, deadline=None)
    )
