"""What must hold for any order of events: the limit on posting, the ids of messages, the pages of lists."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.manifest_file import read_manifest
from sandbox.messages import Timestamps
from sandbox.rate_limits import POSTING_BURST, RateLimits, Tier
from sandbox.slack import Slack
from sandbox.web_api.arguments import Arguments
from sandbox.web_api.cursors import page_of
from sandbox.web_api.registry import Call
from sandbox.workspace_file import read_workspace
from tests.sandbox.builders import a_manifest, a_workspace
from tests.sandbox.conftest import SetClock

# A busy machine takes its time.
BUSY = settings(deadline=None)
PAUSES = st.lists(st.floats(0, 5, allow_nan=False), max_size=60)


@BUSY
@given(pauses=PAUSES)
def test_no_stretch_of_time_sees_more_than_a_burst_and_one_message_a_second(pauses: list[float]) -> None:
    clock = SetClock()
    limit = RateLimits(clock)
    posted: list[float] = []
    for pause in pauses:
        clock.advance(pause)
        if limit.seconds_until_post("C1") == 0:
            posted.append(clock.now)

    for first, start in enumerate(posted):
        for last, end in enumerate(posted[first:], start=1):
            assert last <= POSTING_BURST + (end - start) + 1e-6


@BUSY
@given(pauses=PAUSES)
def test_who_waits_as_long_as_told_may_post(pauses: list[float]) -> None:
    clock = SetClock()
    limit = RateLimits(clock)
    for pause in pauses:
        clock.advance(pause)
        seconds = limit.seconds_until_post("C1")
        if seconds:
            clock.advance(seconds)
            assert limit.seconds_until_post("C1") == 0


@BUSY
@given(pauses=PAUSES, tier=st.sampled_from(Tier))
def test_who_waits_as_long_as_told_may_call(pauses: list[float], tier: Tier) -> None:
    clock = SetClock()
    limit = RateLimits(clock)
    for pause in pauses:
        clock.advance(pause)
        seconds = limit.seconds_until_call("users.info", tier, {})
        if seconds:
            clock.advance(seconds)
            assert limit.seconds_until_call("users.info", tier, {}) == 0


@BUSY
@given(pauses=PAUSES, per_minute=st.integers(1, 20))
def test_a_tightened_method_has_no_burst_beyond_its_minute(pauses: list[float], per_minute: int) -> None:
    clock = SetClock()
    limit = RateLimits(clock)
    called: list[float] = []
    for pause in pauses:
        clock.advance(pause)
        if limit.seconds_until_call("users.info", Tier.FOUR, {"users.info": per_minute}) == 0:
            called.append(clock.now)

    for first, start in enumerate(called):
        for last, end in enumerate(called[first:], start=1):
            assert last <= per_minute + (end - start) * per_minute / 60 + 1e-6


@BUSY
@given(steps=st.lists(st.floats(-2, 2, allow_nan=False), min_size=2, max_size=50))
def test_message_ids_grow_whatever_the_clock_does(steps: list[float]) -> None:
    clock = SetClock()
    timestamps = Timestamps(clock)
    issued = []
    for step in steps:
        clock.advance(step)
        issued.append(timestamps.next())

    assert issued == sorted(set(issued))
    assert all(len(one.partition(".")[2]) == 6 for one in issued)


@BUSY
@given(items=st.lists(st.integers()), limit=st.integers(1, 20))
def test_pages_put_together_are_the_whole_list(items: list[int], limit: int) -> None:
    manifest = read_manifest(a_manifest())
    slack = Slack(read_workspace(a_workspace(), manifest), manifest)
    seen: list[int] = []
    cursor = ""
    while True:
        call = Call(slack, Arguments({"limit": limit, "cursor": cursor}), "bot")
        page, metadata = page_of(call, items, default=5, most=100)
        seen += page
        cursor = metadata["next_cursor"]
        if not cursor:
            break

    assert seen == items
