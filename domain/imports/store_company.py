"""The company's settings: what a folder says of them, and defaults where nothing ever did."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain.arrivals import Arrival
from domain.clock import Clock, today
from domain.imports.rules_company_toml import NO_CALENDAR, CompanySettings
from domain.people.model import Company, Person, Unit

DEFAULT_TIME_ZONE = "UTC"
DEFAULT_CURRENCY = "USD"
DEFAULT_LANGUAGE = "en"


def store_company(arrival: Arrival, clock: Clock, settings: CompanySettings, folder_name: str) -> int:
    """Make or update the company once its people are stored; 1 where something changed.

    What the file does not say stays as it is. At the first import it becomes: the name of the first root
    unit, the time zone of most people, no holidays, and this month for `alerts_from`.
    """
    given = {name: value for name, value in vars(settings).items() if value is not None}
    company = arrival.session.get(Company, 1)
    if company is None:
        time_zone = given.get("time_zone") or time_zone_of_most(arrival.session)
        defaults: dict[str, Any] = {
            "name": _first_root(arrival.session) or folder_name,
            "time_zone": time_zone,
            "calendar": NO_CALENDAR,
            "currency": DEFAULT_CURRENCY,
            "language": DEFAULT_LANGUAGE,
            "alerts_from": f"{today(clock, time_zone):%Y-%m}",
            "shadow": False,
            "policies": {},
        }
        arrival.begin()
        arrival.session.add(Company(id=1, **{**defaults, **given}))
        return 1
    changed = {name: value for name, value in given.items() if getattr(company, name) != value}
    if changed:
        arrival.begin()
        for name, value in changed.items():
            setattr(company, name, value)
    return int(bool(changed))


def time_zone_of_most(session: Session) -> str:
    """Of two with as many people, the alphabetically first; UTC where nobody has one."""
    people = Counter(session.scalars(sa.select(Person.time_zone).where(Person.time_zone.is_not(None))))
    by_people_then_name = sorted(people, key=lambda name: (-people[name], str(name)))
    return by_people_then_name[0] or DEFAULT_TIME_ZONE if by_people_then_name else DEFAULT_TIME_ZONE


def _first_root(session: Session) -> str | None:
    return session.scalar(sa.select(sa.func.min(Unit.path)).where(Unit.parent_id.is_(None)))
