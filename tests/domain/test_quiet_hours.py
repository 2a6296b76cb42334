"""Quiet hours on the reader's wall clock, also on the nights when clocks are turned."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quiet_hours import USUAL, Hours, QuietHours, next_moment, reachable
from domain.working_days import WorkingDays

CHINA, WEEKENDS_ONLY = WorkingDays("cn"), WorkingDays("none")
SHANGHAI, NEW_YORK, BERLIN = (
    ZoneInfo("Asia/Shanghai"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Europe/Berlin"),
)
NO_QUIET_HOURS = QuietHours(None, None, days_off=False)
AN_HOUR = timedelta(hours=1)

TURNS_CLOCKS = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Nuuk")
zones = st.sampled_from((*TURNS_CLOCKS, "Asia/Shanghai", "Asia/Kathmandu", "Pacific/Kiritimati")).map(
    ZoneInfo
)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
quiet_hours = (
    st.tuples(times, times, st.booleans())
    .filter(lambda chosen: chosen[0] != chosen[1])
    .map(lambda chosen: QuietHours(*chosen))
)
calendars = st.sampled_from((CHINA, WEEKENDS_ONLY))
hours_that_wait = st.sampled_from((Hours.AWAKE, Hours.WORKING))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def comes(
    moment: datetime, hours: Hours = Hours.AWAKE, quiet: QuietHours = USUAL, calendar: WorkingDays = CHINA
) -> str:
    """When a message of that moment comes, on the reader's clock."""
    zone = moment.tzinfo
    assert isinstance(zone, ZoneInfo)
    return next_moment(moment, zone, reachable(hours, quiet), calendar).astimezone(zone).isoformat(" ")[:16]


@pytest.mark.parametrize(
    ("moment", "arrives"),
    [
        ("2026-07-07 07:59", "2026-07-07 08:00"),
        ("2026-07-07 08:00", "2026-07-07 08:00"),
        ("2026-07-07 19:59", "2026-07-07 19:59"),
        ("2026-07-07 20:00", "2026-07-08 08:00"),
        ("2026-07-10 21:00", "2026-07-13 08:00"),  # Friday night
        ("2026-10-01 12:00", "2026-10-08 08:00"),  # the national holiday
        ("2026-10-10 12:00", "2026-10-10 12:00"),  # a Saturday that makes up for it
    ],
)
def test_usual_quiet_hours_are_nights_and_days_off(moment: str, arrives: str) -> None:
    assert comes(at(moment)) == arrives


def test_what_is_about_work_comes_in_working_hours() -> None:
    assert comes(at("2026-07-07 08:30"), Hours.WORKING) == "2026-07-07 09:00"
    assert comes(at("2026-07-07 17:59"), Hours.WORKING) == "2026-07-07 17:59"
    assert comes(at("2026-07-10 18:00"), Hours.WORKING) == "2026-07-13 09:00"


def test_chosen_quiet_hours_narrow_the_working_hours() -> None:
    siesta = QuietHours(time(12), time(15))

    assert comes(at("2026-07-07 13:00"), Hours.WORKING, siesta) == "2026-07-07 15:00"
    assert comes(at("2026-07-07 16:00"), Hours.WORKING, siesta) == "2026-07-07 16:00"


def test_who_is_quiet_all_through_working_hours_hears_it_afterwards_and_never_on_a_holiday() -> None:
    at_night = QuietHours(time(8), time(19), days_off=False)

    assert comes(at("2026-09-30 12:00"), Hours.WORKING, at_night) == "2026-09-30 19:00"
    assert comes(at("2026-10-01 12:00"), Hours.WORKING, at_night) == "2026-10-08 00:00"


def test_quiet_hours_may_lie_within_a_day_and_leave_weekends_open() -> None:
    lunch = QuietHours(time(12), time(13, 30), days_off=False)

    assert comes(at("2026-07-11 12:15"), quiet=lunch) == "2026-07-11 13:30"
    assert comes(at("2026-07-11 23:59"), quiet=lunch) == "2026-07-11 23:59"


def test_without_quiet_hours_everything_comes_at_once_and_answers_always_do() -> None:
    for hours, quiet in ((Hours.AWAKE, NO_QUIET_HOURS), (Hours.ANY, USUAL)):
        assert comes(at("2026-10-01 03:00"), hours, quiet) == "2026-10-01 03:00"


def test_the_night_the_clock_is_turned_forward() -> None:
    """In New York 2:00 becomes 3:00 on 8 March 2026."""
    until_half_past_two = QuietHours(time(20), time(2, 30), days_off=False)

    assert comes(at("2026-03-08 01:59", NEW_YORK), quiet=until_half_past_two) == "2026-03-08 03:30"
    assert comes(at("2026-03-08 00:00", NEW_YORK)) == "2026-03-09 08:00"  # a Sunday


def test_the_night_the_clock_is_turned_back() -> None:
    """In Berlin 3:00 becomes 2:00 on 25 October 2026: 2:30 comes twice."""
    until, since = (
        QuietHours(time(22), time(2, 30), days_off=False),
        QuietHours(time(2, 30), time(7), days_off=False),
    )
    midnight, first = at("2026-10-25 00:00", BERLIN), at("2026-10-25 02:30", BERLIN)
    second = first.replace(fold=1).astimezone(UTC)  # moments that come twice equal none of another zone

    assert next_moment(midnight, BERLIN, reachable(Hours.AWAKE, until), CHINA) == second
    assert comes(first - timedelta(minutes=1), quiet=since) == "2026-10-25 02:29"
    assert comes(first, quiet=since) == "2026-10-25 07:00"


@given(moments, zones, quiet_hours, hours_that_wait, calendars)
def test_no_message_comes_in_quiet_hours_whatever_the_clocks_do(
    moment: datetime, zone: ZoneInfo, quiet: QuietHours, hours: Hours, calendar: WorkingDays
) -> None:
    when = reachable(hours, quiet)

    found = next_moment(moment, zone, when, calendar)

    wall = found.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    assert found >= moment
    assert any(begin <= minute < end for begin, end in when.spans)
    assert when.days_off or calendar.is_working_day(wall.date())
    assert next_moment(found, zone, when, calendar) == found


@given(moments, zones, quiet_hours, calendars)
def test_a_message_that_may_come_now_comes_now_unless_clocks_are_turned(
    moment: datetime, zone: ZoneInfo, quiet: QuietHours, calendar: WorkingDays
) -> None:
    when = reachable(Hours.AWAKE, quiet)
    wall = moment.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    is_open = any(begin <= minute < end for begin, end in when.spans)
    is_open = is_open and (when.days_off or calendar.is_working_day(wall.date()))

    if is_open and not clock_is_turned_around(moment, zone):
        assert next_moment(moment, zone, when, calendar) == moment


@given(moments, zones, quiet_hours)
def test_nobody_waits_for_more_than_a_day_where_days_off_are_open(
    moment: datetime, zone: ZoneInfo, quiet: QuietHours
) -> None:
    open_on_days_off = QuietHours(quiet.begin, quiet.end, days_off=False)

    found = next_moment(moment, zone, reachable(Hours.AWAKE, open_on_days_off), CHINA)

    assert (
        found - moment < 2 * timedelta(days=1) + AN_HOUR
    )  # two where clocks are turned in the only open hour


@given(st.lists(moments, min_size=2).map(sorted), zones, quiet_hours, hours_that_wait)
def test_messages_keep_their_order(
    in_order: list[datetime], zone: ZoneInfo, quiet: QuietHours, hours: Hours
) -> None:
    found = [next_moment(moment, zone, reachable(hours, quiet), CHINA) for moment in in_order]

    assert all(earlier <= later for earlier, later in pairwise(found))


@given(quiet_hours)
def test_quiet_and_open_hours_make_up_the_day(quiet: QuietHours) -> None:
    assert quiet.begin
    assert quiet.end
    open_minutes = sum(end - begin for begin, end in quiet.open_spans())
    begin = datetime.combine(date(2026, 7, 7), quiet.begin)
    end = datetime.combine(date(2026, 7, 7), quiet.end)

    assert timedelta(minutes=open_minutes) == timedelta(days=1) - (end - begin) % timedelta(days=1)


def clock_is_turned_around(moment: datetime, zone: ZoneInfo) -> bool:
    """Within a day before or after."""
    offsets = {(moment + timedelta(hours=hour)).astimezone(zone).utcoffset() for hour in range(-26, 27)}
    return len(offsets) > 1
