"""What there is to see: played by itself (`--once`), or offered to a person."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

import sqlalchemy as sa
import typer

from cli.common import errors
from cli.demo import transcript
from cli.demo.company import Prepared
from cli.demo.pictures import screenshots
from cli.demo.waiting import wait_until
from cli.demo.workspace import slack_id
from domain.errors import Refusal
from domain.jobs import Job, JobState
from domain.outbox import Post, PostState
from domain.people import service as people
from domain.people.model import Person as Employee
from domain.watch.model import Alert, AlertState
from sandbox.client import Message, Person

ANSWERS_WITHIN = 30
SETTLES_WITHIN = 120
WHY, HISTORY, LINES_CHART = "card.why", "card.history", "card.lines_chart"
RANKING_CHART, DISTRIBUTION_CHART = "unit.ranking_chart", "unit.distribution_chart"


def invitation(prepared: Prepared, url: str) -> str:
    """Where to look and what to try, for a person at the page."""
    month = prepared.last_month.key
    lines = ["", f"  Pacesetter is running:  {url}", ""]
    if prepared.rep:
        who = f"{prepared.rep.name} ({prepared.rep.employee_id})"
        lines += [
            f"  As {who}, the first ranked rep:  {url}/?user={slack_id(prepared.rep)}",
            f"      /myscore {month}      then Why?, History and Chart",
            "      /myscore             the month that runs",
        ]
    if prepared.manager:
        lines += [
            f"  As {prepared.manager.name}, who oversees the team:  {url}/?user={slack_id(prepared.manager)}",
            f"      /ranking {month}      and the managers' private channel, where alerts arrive",
        ]
    lines += ["", f"  Today is {prepared.services.clock.now():%Y-%m-%d} here. Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def play(prepared: Prepared, url: str, pictures: Path) -> None:
    """Act as the rep and the manager, print the answers, keep the pictures. Raises Refusal."""
    if prepared.rep is None:
        raise Refusal(
            "Nobody is ranked in {month}: there is no story to play.", month=prepared.last_month.key
        )
    month = prepared.last_month.key
    rep = Person(url, slack_id(prepared.rep))
    card = _command(prepared.rep, rep, f"/myscore {month}")
    _press(prepared.rep, rep, card, WHY, "Why?")
    _press(prepared.rep, rep, card, HISTORY, "History")
    _press(prepared.rep, rep, card, LINES_CHART, "Chart")
    actors = [(prepared.rep, rep, 2)]
    if prepared.manager:
        manager = Person(url, slack_id(prepared.manager))
        ranking = _command(prepared.manager, manager, f"/ranking {_unit_of(prepared)} {month}")
        _press(prepared.manager, manager, ranking, RANKING_CHART, "Ranking chart")
        _press(prepared.manager, manager, ranking, DISTRIBUTION_CHART, "Distribution chart")
        actors.append((prepared.manager, manager, 2))
    for employee, person, charts in actors:
        _keep_charts(employee, person, charts, url, pictures)
    _settle(prepared)
    _print_alerts(prepared, url)
    views = [(employee.employee_id, person.user, person.channel()) for employee, person, _ in actors]
    for picture in screenshots(url, views, pictures):
        errors.print(f"Screenshot: {picture}", markup=False)


def _command(employee: Employee, person: Person, text: str) -> Message:
    """Type a command, print its answer, and give the message."""
    answers = person.command(text)
    if not answers:
        answers = [person.wait_for(lambda message: message.get("ephemeral"), ANSWERS_WITHIN)]
    _print(f"{employee.name} types {text}", answers[-1])
    return answers[-1]


def _press(employee: Employee, person: Person, message: Message, action: str, label: str) -> None:
    """Press a button that opens a modal; read it and close it."""
    person.press(message, action)
    modal = person.wait_for_modal(ANSWERS_WITHIN)
    _print(f"{employee.name} presses {label}", modal)
    person.close(modal)


def _keep_charts(employee: Employee, person: Person, expected: int, url: str, pictures: Path) -> None:
    def charts() -> list[dict[str, str]]:
        return [block for message in person.messages() for block in transcript.images(message)]

    wait_until(lambda: len(charts()) >= expected, ANSWERS_WITHIN, f"{expected} charts for {employee.name}")
    for number, block in enumerate(charts(), start=1):
        picture = pictures / f"{employee.employee_id}-{number}.png"
        with urlopen(_absolute(url, block["image_url"])) as answer, picture.open("wb") as file:  # noqa: S310 - ours
            shutil.copyfileobj(answer, file)
        typer.echo(f"\nChart for {employee.name}: {picture}\n{block['alt_text']}")


def _absolute(url: str, address: str) -> str:
    return address if address.startswith("http") else f"{url}{address}"


def _settle(prepared: Prepared) -> None:
    """Wait until everything that is due has been sent. Raises Refusal with what was not."""

    def nothing_open() -> bool:
        with prepared.services.database.reading() as session:
            jobs = sa.select(sa.func.count()).where(Job.state.in_([JobState.QUEUED, JobState.RUNNING]))
            due = sa.select(sa.func.count()).where(
                Post.state.in_([PostState.QUEUED, PostState.SENDING]),
                Post.not_before <= prepared.services.clock.now(),
            )
            return session.scalar(jobs) == 0 and session.scalar(due) == 0

    wait_until(nothing_open, SETTLES_WITHIN, "all messages to be sent")
    with prepared.services.database.reading() as session:
        lost = session.scalars(sa.select(Post).where(Post.state == PostState.FAILED)).all()
        broken = session.scalars(
            sa.select(Job).where(Job.state.in_([JobState.FAILED, JobState.QUARANTINED]))
        ).all()
    for post in lost:
        raise Refusal("A message was not sent ({key}): {problem}", key=post.key, problem=post.problem)
    for job in broken:
        raise Refusal("A job has failed ({key}): {problem}", key=job.key, problem=job.problem)


def _print_alerts(prepared: Prepared, url: str) -> None:
    with prepared.services.database.reading() as session:
        queued = session.scalars(sa.select(Alert).where(Alert.state == AlertState.QUEUED)).all()
        parents = session.scalars(sa.select(Post).where(Post.kind == "alert_unit").order_by(Post.id)).all()
        staff = session.scalars(sa.select(Employee)).all()
        waiting = session.scalar(sa.select(sa.func.count()).where(Post.state == PostState.QUEUED))
    typer.echo(f"\n{len(queued)} alerts. {waiting} messages wait for working hours where their readers are.")
    for parent in parents:
        if parent.sent_channel is None or parent.sent_ts is None:
            continue
        reader = _reader_of(url, parent.sent_channel, staff)
        if reader is None:
            raise Refusal("Nobody can read the alert in {channel}.", channel=parent.sent_channel)
        for message in reader.messages(parent.sent_channel, parent.sent_ts):
            _print(f"In {parent.channel or 'a direct message'}", message)


def _reader_of(url: str, channel: str, staff: Sequence[Employee]) -> Person | None:
    readers = (Person(url, slack_id(employee)) for employee in staff if employee.role in ("manager", "hr"))
    return next((one for one in readers if any(c["id"] == channel for c in one.conversations())), None)


def _unit_of(prepared: Prepared) -> str:
    with prepared.services.database.reading() as session:
        rep = prepared.rep
        if rep is None:
            return ""
        tenure = people.tenures(session, [rep.id])[rep.id]
        return people.unit_tree(session).path_to(tenure.placement_in(prepared.last_month).unit_id)[-1].path


def _print(title: str, message: Message) -> None:
    typer.echo(f"\n── {title} " + "─" * max(3, 76 - len(title)))
    typer.echo(transcript.as_text(message))
