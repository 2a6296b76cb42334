"""Clocks: aware, in UTC, and turned into a day of somebody's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from domain.clock import FixedClock, SystemClock, today


@time_machine.travel(datetime(2026, 7, 7, 2, tzinfo=UTC), tick=False)
def test_the_systems_clock_can_live_on_another_date() -> None:
    assert SystemClock().now() == datetime(2026, 7, 7, 2, tzinfo=UTC)
    assert SystemClock(timedelta(days=-7)).now() == datetime(2026, 6, 30, 2, tzinfo=UTC)


def test_a_fixed_clock_tells_utc_whatever_zone_it_was_set_in() -> None:
    clock = FixedClock(datetime(2026, 7, 7, 10, tzinfo=ZoneInfo("Asia/Shanghai")))

    assert clock.now().isoformat() == "2026-07-07T02:00:00+00:00"


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 6, 30)),
        ("Asia/Shanghai", date(2026, 7, 1)),
        ("America/New_York", date(2026, 6, 30)),
        ("Pacific/Kiritimati", date(2026, 7, 1)),
    ],
)
def test_the_day_depends_on_the_zone(zone: str, day: date) -> None:
    assert today(FixedClock(datetime(2026, 6, 30, 20, tzinfo=UTC)), zone) == day
