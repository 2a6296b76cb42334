"""A company with an outbox, and a delivery that draws each post as its kind."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.blocks.primitives import Message, image
from bot.delivery import Delivery, Drawing, Image, Picture
from domain.clock import Clock
from domain.database import Database, db_now_ms
from domain.outbox import Post, Upload, add_post
from domain.people.model import Company, Person, Role
from domain.services import Services
from domain.settings import Settings
from tests.worker.fake_slack import FakeSlack, FreePace

ADA, BEN, CY, ROOT = 1, 2, 3, 4


def a_company(database: Database, clock: Clock) -> None:
    """Ada and Ben, whom Slack knows by e-mail; Cy, whom it does not; and Root, who runs the system."""
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
            (3, "cy", Role.REP),
            (4, "root", Role.ADMIN),
        ):
            session.add(
                Person(id=number, employee_id=f"E{number}", name=name, email=f"{name}@example.com", role=role)
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


def a_delivery(database: Database, clock: Clock, slack: FakeSlack, pace: FreePace | None = None) -> Delivery:
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
