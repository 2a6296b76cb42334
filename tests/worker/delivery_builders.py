"""A company with an outbox, and a delivery that draws each post as its kind."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.blocks.primitives import Message, image
from bot.delivery import Delivery, Draw, Drawing, Image, Picture
from domain.clock import Clock
from domain.database import Database, db_now_ms
from domain.loads import begin_load, latest_load_id
from domain.outbox import Post, Upload, add_post
from domain.people.model import Assignment, Company, Employment, Person, Role, Unit
from domain.services import Services
from domain.settings import Settings
from tests.worker.fake_slack import FakeSlack, FreePace

ADA, BEN, CY, ROOT = 1, 2, 3, 4


def a_company(database: Database, clock: Clock) -> None:
    """Ada and Ben, who leads her unit and whom Slack knows by e-mail, too; Cy above them, whom Slack does not
    know; and Root, who runs the system.
    """
    with database.writing() as session:
        session.add(
            Company(
                id=1,
                name="Acme",
                time_zone="Asia/Shanghai",
                calendar="CN",
                currency="CNY",
                language="en",
                alerts_from="2026-01",
                shadow=False,
                policies={},
            )
        )
        for number, name, role in (
            (1, "ada", Role.REP),
            (2, "ben", Role.MANAGER),
            (3, "cy", Role.MANAGER),
            (4, "root", Role.ADMIN),
        ):
            session.add(
                Person(id=number, employee_id=f"E{number}", name=name, email=f"{name}@example.com", role=role)
            )
        session.flush()
        session.add(Unit(id=1, path="Acme", name="Acme", manager_id=CY))
        session.add(Unit(id=2, path="Acme/East", name="East", parent_id=1, manager_id=BEN))
        begin_load(session, clock, "import", "cli:test")
        employ(session, (CY, ROOT), unit_id=1)
        employ(session, (ADA, BEN), unit_id=2)


def employ(session: Session, person_ids: Iterable[int], unit_id: int) -> None:
    """Since January 2025, in that unit."""
    hired_on, load_id = date(2025, 1, 1), latest_load_id(session)
    for person_id in person_ids:
        session.add(Employment(person_id=person_id, hired_on=hired_on, added_in=load_id))
        session.add(
            Assignment(
                person_id=person_id, from_day=hired_on, at_hire=True, unit_id=unit_id, added_in=load_id
            )
        )


def services_for(database: Database, clock: Clock, home: Path = Path("var")) -> Services:
    url = database.url.render_as_string(hide_password=False)
    environment = {"PACESETTER_HOME": str(home), "DATABASE_URL": url}
    return Services(Settings.from_environment(environment), database, clock)


def draw(kind: str, facts: dict[str, Any], locale: str) -> Drawing:
    """A post says its kind; one whose facts name a `chart` has a picture of that digest."""
    digest = facts.get("chart")
    if digest is None:
        return Drawing(lambda _: Message(kind))
    picture = Picture(digest, lambda: Image(b"png", "87 points", "A chart"))

    def write(upload: Upload | None) -> Message:
        assert upload is not None
        return Message(kind, [image(upload.file_id, upload.alt_text)])

    return Drawing(write, picture)


class RememberingLocales:
    """Draws as `draw` does, and remembers for which languages."""

    def __init__(self) -> None:
        self.locales: list[str] = []

    def __call__(self, kind: str, facts: dict[str, Any], locale: str) -> Drawing:
        self.locales.append(locale)
        return draw(kind, facts, locale)


def a_delivery(
    database: Database, clock: Clock, slack: FakeSlack, pace: FreePace | None = None, draw: Draw = draw
) -> Delivery:
    return Delivery(services_for(database, clock), slack, draw, pace or FreePace())


def a_post(database: Database, clock: Clock, key: str = "hello", **fields: Any) -> int:
    fields = (
        {"person_id": ADA, **fields} if "channel" not in fields and "thread_of_id" not in fields else fields
    )
    with database.writing() as session:
        return add_post(
            session, clock, key=key, kind=fields.pop("kind", "note"), facts=fields.pop("facts", {}), **fields
        ).id


def the_post(database: Database, post_id: int) -> Post:
    with database.reading() as session:
        return session.get_one(Post, post_id)


def let_leases_run_out(database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.update(Post).values(lease_until_ms=0))


def lease_left(database: Database, post_id: int) -> timedelta:
    """How long nobody may touch the post, on the database's clock."""
    with database.reading() as session:
        left = session.scalar(sa.select(Post.lease_until_ms - db_now_ms()).where(Post.id == post_id))
    return timedelta(milliseconds=int(left or 0))


def failed_notices(database: Database) -> list[Post]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Post).where(Post.kind == "post_failed")))
