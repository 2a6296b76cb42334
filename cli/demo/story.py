"""What there is to see: played by itself (`--once`), or offered to a person."""

import shutil
import time
from collections.abc import Collection
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
from domain.people.model import Role
from domain.watch.facts import UNIT_POST
from domain.watch.model import Alert, AlertState
from domain.weekly.service import CARD_POST, DIGEST_POST, DIGESTS_JOB
from sandbox.client import Message, Person, RefusedError

ANSWERS_WITHIN = 30
CHARTS_WITHIN = 300
"""In a large company they wait their turn among the first messages to everybody."""
MOVES_WITHIN = 60
WEEK_WITHIN = 30
OF_THE_WEEK = (CARD_POST, DIGEST_POST)
WHY, HISTORY, LINES_CHART, PAY = "card.why", "card.history", "card.lines_chart", "card.pay"
RANKING_CHART, DISTRIBUTION_CHART = "unit.ranking_chart", "unit.distribution_chart"


def invitation(prepared: Prepared, url: str) -> str:
    """Where to look and what to try, for a person at the page. The alerts must have arrived."""
    month = prepared.last_month.key
    lines = ["", f"  Pacesetter is running:  {url}", ""]
    if prepared.rep:
        who = f"{prepared.rep.name} ({prepared.rep.employee_id})"
        lines += [
            f"  As {who}, the first ranked rep:  {url}/?user={slack_id(prepared.rep)}",
            f"      /myscore {month}      then Why?, History and Chart",
            "      /myscore             the month that runs, and where it is heading",
            f"      this week's card     {url}/?user={slack_id(prepared.rep)}&channel=app&place=messages",
        ]
    if prepared.manager:
        lines += [
            f"  As {prepared.manager.name}, who oversees the team:  {url}/?user={slack_id(prepared.manager)}",
            f"      /ranking {_unit_of(prepared)} {month}",
            f"      this week's digest   {url}/?user={slack_id(prepared.manager)}&channel=app&place=messages",
        ]
    if prepared.hr:
        lines += [f"  As {prepared.hr.name}, of HR:  {url}/?user={slack_id(prepared.hr)}", "      /hr"]
    for reader, post in _alerts_and_readers(prepared, url):
        where = f"{url}/?user={slack_id(reader)}&channel={post.sent_channel}"
        lines += [f"  As {reader.name}, an alert in {post.channel or 'a direct message'}:  {where}"]
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
    if PAY in transcript.buttons(card):
        _press(prepared.rep, rep, card, PAY, "Pay")
    actors = [(prepared.rep, rep, 2)]
    if prepared.manager:
        manager = Person(url, slack_id(prepared.manager))
        ranking = _command(prepared.manager, manager, f"/ranking {_unit_of(prepared)} {month}")
        _press(prepared.manager, manager, ranking, RANKING_CHART, "Ranking chart")
        _press(prepared.manager, manager, ranking, DISTRIBUTION_CHART, "Distribution chart")
        actors.append((prepared.manager, manager, 2))
    for employee, person, charts in actors:
        _keep_charts(employee, person, charts, url, pictures)
    wait_until(lambda: _week_has_begun(prepared), MOVES_WITHIN, "this week's cards")
    settle(prepared)
    for employee, person, _ in actors:
        _print_week(prepared, employee, person)
    _print_alerts(prepared, url)
    views = [(employee.employee_id, person.user, person.channel()) for employee, person, _ in actors]
    for picture in screenshots(url, views, pictures):
        errors.print(f"Screenshot: {picture}", markup=False)


def _command(employee: Employee, person: Person, text: str) -> Message:
    """Type a command, print its answer, and give the message."""
    try:
        answers = person.command(text)
    except RefusedError as problem:
        if "operation_timeout" not in str(problem):
            raise
        answers = person.command(text)  # a machine that is still busy starting everything: once more
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

    wait_until(lambda: len(charts()) >= expected, CHARTS_WITHIN, f"{expected} charts for {employee.name}")
    for number, block in enumerate(charts(), start=1):
        picture = pictures / f"{employee.employee_id}-{number}.png"
        with urlopen(_absolute(url, block["image_url"])) as answer, picture.open("wb") as file:  # noqa: S310 - ours
            shutil.copyfileobj(answer, file)
        typer.echo(f"\nChart for {employee.name}: {picture}\n{block['alt_text']}")


def _absolute(url: str, address: str) -> str:
    return address if address.startswith("http") else f"{url}{address}"


def settle(prepared: Prepared) -> None:
    """Wait until what is due is done; say which messages reached nobody. Raises Refusal.

    The week's cards of a large company take minutes, as Slack lets an app open about fifty conversations a
    minute: after a while only those of the story's people are waited for.
    """
    begun, left, deadline = time.monotonic(), -1, 0.0
    while (now_left := _open_work(prepared)) > 0:
        if time.monotonic() > begun + WEEK_WITHIN and not _open_work(
            prepared, of_week_to=_actor_ids(prepared)
        ):
            errors.print(f"{now_left} cards and digests of the week are still on their way.", markup=False)
            break
        if now_left != left:
            left, deadline = now_left, time.monotonic() + MOVES_WITHIN
        if time.monotonic() > deadline:
            raise Refusal("{left} messages or jobs do not get done: see the logs.", left=left)
        time.sleep(0.2)
    with prepared.services.database.reading() as session:
        lost = session.scalars(sa.select(Post).where(Post.state == PostState.FAILED)).all()
        broken = session.scalars(
            sa.select(Job).where(Job.state.in_([JobState.FAILED, JobState.QUARANTINED]))
        ).all()
    for post in lost:
        errors.print(f"A message reached nobody ({post.key}): {post.problem}", style="yellow", markup=False)
    for job in broken:
        raise Refusal("A job has failed ({key}): {problem}", key=job.key, problem=job.problem)


def _open_work(prepared: Prepared, of_week_to: Collection[int] | None = None) -> int:
    """Jobs and posts that are due; of the week's posts those to everybody, or to some people."""
    with prepared.services.database.reading() as session:
        jobs = sa.select(sa.func.count()).where(Job.state.in_([JobState.QUEUED, JobState.RUNNING]))
        due = sa.select(sa.func.count()).where(
            Post.state.in_([PostState.QUEUED, PostState.SENDING]),
            Post.not_before <= prepared.services.clock.now(),
        )
        if of_week_to is not None:
            due = due.where(sa.or_(Post.kind.not_in(OF_THE_WEEK), Post.person_id.in_(of_week_to)))
        return (session.scalar(jobs) or 0) + (session.scalar(due) or 0)


def _actor_ids(prepared: Prepared) -> list[int]:
    return [person.id for person in (prepared.rep, prepared.manager) if person]


def _week_has_begun(prepared: Prepared) -> bool:
    """Whether the cards and digests of the week are in the outbox: the scheduler sees to it by itself."""
    with prepared.services.database.reading() as session:
        written = sa.select(Job.id).where(Job.kind == DIGESTS_JOB, Job.state == JobState.DONE)
        return session.scalar(written) is not None


def _print_week(prepared: Prepared, employee: Employee, person: Person) -> None:
    """The person's card or digest, if there is one by now: it may wait for the person's morning."""
    with prepared.services.database.reading() as session:
        sent = session.scalars(
            sa.select(Post).where(
                Post.kind.in_(OF_THE_WEEK),
                Post.person_id == employee.id,
                Post.state == PostState.SENT,
            )
        ).all()
    for post in sent:
        message = next(one for one in person.messages(post.sent_channel) if one["ts"] == post.sent_ts)
        _print(f"The week begins for {employee.name}", message)


def _print_alerts(prepared: Prepared, url: str) -> None:
    with prepared.services.database.reading() as session:
        queued = session.scalars(sa.select(Alert).where(Alert.state == AlertState.QUEUED)).all()
        later = sa.select(sa.func.count()).where(
            Post.state == PostState.QUEUED, Post.kind.not_in(OF_THE_WEEK)
        )
        waiting = session.scalar(later)
    typer.echo(f"\n{len(queued)} alerts. {waiting} messages wait for working hours where their readers are.")
    for reader, parent in _alerts_and_readers(prepared, url):
        for message in Person(url, slack_id(reader)).messages(parent.sent_channel, parent.sent_ts):
            _print(f"In {parent.channel or 'a direct message'}", message)


def _alerts_and_readers(prepared: Prepared, url: str) -> list[tuple[Employee, Post]]:
    """Each managers' message that has arrived, with the first manager (else HR) who can read it."""
    with prepared.services.database.reading() as session:
        arrived = session.scalars(
            sa.select(Post).where(Post.kind == UNIT_POST, Post.state == PostState.SENT).order_by(Post.id)
        ).all()
        staff = session.scalars(
            sa.select(Employee).where(Employee.role.in_([Role.MANAGER, Role.HR])).order_by(Employee.id.desc())
        ).all()
    channels = {
        employee.id: {one["id"] for one in Person(url, slack_id(employee)).conversations()}
        for employee in (staff if arrived else ())
    }
    found = []
    for post in arrived:
        readers = [employee for employee in staff if post.sent_channel in channels[employee.id]]
        if not readers:
            raise Refusal("Nobody can read the alert in {channel}.", channel=post.sent_channel)
        found.append((readers[0], post))
    return found


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
