"""When messages may reach people, and channels: by their time zones, quiet hours and our working days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.people.model import Company, Person
from domain.people.preferences import NOTHING_CHOSEN, Preferences, preferences_of_all
from domain.quiet_hours import Hours, next_moment, reachable
from domain.working_days import working_days_of


@dataclass(frozen=True, slots=True)
class Habits:
    """Of a reader: a wall clock, what was chosen, and the company's calendar."""

    time_zone: str
    calendar: str
    preferences: Preferences = NOTHING_CHOSEN

    @property
    def zone(self) -> ZoneInfo:
        return zone_or_utc(self.time_zone)

    def next_moment(self, moment: datetime, hours: Hours) -> datetime:
        """`moment`, or the next at which a message of these hours may come."""
        if hours is Hours.ANY:
            return moment
        return next_moment(
            moment, self.zone, reachable(hours, self.preferences.quiet), working_days_of(self.calendar)
        )


def habits_of(session: Session, company: Company, person_ids: Collection[int]) -> dict[int | None, Habits]:
    """By person id; under None those of the company's channels."""
    zones = sa.select(Person.id, Person.slack_time_zone, Person.time_zone).where(Person.id.in_(person_ids))
    chosen = preferences_of_all(session, person_ids)
    found: dict[int | None, Habits] = {
        person_id: Habits(in_slack or imported or company.time_zone, company.calendar, chosen[person_id])
        for person_id, in_slack, imported in session.execute(zones)
    }
    found[None] = Habits(company.time_zone, company.calendar)
    return found


def zone_or_none(name: str | None) -> ZoneInfo | None:
    """None for a name that is no time zone: what Slack or a file says need not be one."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_or_utc(name: str | None) -> ZoneInfo:
    return zone_or_none(name) or ZoneInfo("UTC")
