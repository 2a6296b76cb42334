"""Wiring: what a process hands to everything it starts."""

from dataclasses import dataclass

from domain.clock import Clock, SystemClock
from domain.database import Database
from domain.errors import BadInput
from domain.settings import Settings


@dataclass(frozen=True)
class Services:
    settings: Settings
    database: Database
    clock: Clock


def make_services(settings: Settings, clock: Clock | None = None) -> Services:
    """Open the database. Bringing its tables up to date is `migrations.upgrade`, a step of its own.

    Raises BadInput where the home cannot be made.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BadInput(
            "PACESETTER_HOME is {home}, a folder that cannot be made ({why}): choose another one.",
            home=settings.home,
            why=problem.strerror,
        ) from None
    return Services(settings, Database(settings.database_url), clock or SystemClock(settings.clock_offset))
