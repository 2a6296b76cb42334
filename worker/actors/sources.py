"""Sources: read on schedule and on demand, and what administrators see of it in Slack."""

import threading
from collections.abc import Callable, Mapping

import structlog

from bot.delivery import Delivery
from bot.delivery.slack_errors import SlackProblem
from domain.admins import admins_in_office
from domain.errors import BadInput, NotFound
from domain.services import Services
from domain.sources.asking import PULL_JOB
from domain.sources.health import Verdict, one_source
from domain.sources.model import ConfiguredSource
from domain.sources.refreshing import REFRESH_JOB, ask_for_refresh, renew_failure_posts, seen_by
from domain.sources.service import SourceTerms, Try, record_failure
from worker.runner import Handler, NotNow, Task
from worker.sources.registry import configured, one_of
from worker.sources.service import pull

READ_AT_ONCE = 2
"""By one process, which has twice as many threads: messages must not wait for slow sources."""

log = structlog.get_logger()


def _was_well(services: Services, name: str) -> bool:
    """As administrators see it: a source that is late, or that was never read, is not."""
    with services.database.reading() as session:
        try:
            return one_source(session, services.clock, name).verdict is Verdict.WELL
        except NotFound:
            return False


def _pull(services: Services, name: str, correlation_id: str | None) -> bool:
    """Whether the source is well now; one that is gone is no trouble any more."""
    path = services.settings.sources_file
    try:
        source = one_of(configured(services.database, services.clock, path), name, path)
    except NotFound as gone:
        log.warning("the source is gone", problem=str(gone))
        return True
    except BadInput as problem:
        _record_unusable_file(services, name, problem, correlation_id)
        return False
    return pull(services.database, services.clock, source, correlation_id=correlation_id).is_well


def _record_unusable_file(
    services: Services, name: str, problem: BadInput, correlation_id: str | None
) -> None:
    """Who asked for the source sees there why it could not be read."""
    clock = services.clock
    with services.database.writing() as session:
        known = session.get(ConfiguredSource, name)
        terms = SourceTerms(name, tuple(known.measures) if known else ())
        record_failure(session, clock, Try(terms, clock.now(), correlation_id), problem)


def handlers(delivery: Delivery) -> Mapping[str, Handler]:
    room = threading.BoundedSemaphore(READ_AT_ONCE)

    def pull_source(task: Task) -> None:
        """Args: `source`, its name; perhaps `asked_by`, a person's id. The run itself records a failure.

        The file of sources is read anew, so that a corrected one counts at once.
        """
        if not room.acquire(blocking=False):
            raise NotNow
        try:
            read(task)
        finally:
            room.release()

    def read(task: Task) -> None:
        services, name = task.services, task.args["source"]
        if "asked_by" in task.args:
            _renew_messages(delivery, services, name)
        was_well = _was_well(services, name)
        is_well = _pull(services, name, task.correlation_id)
        with task.finishing() as session:
            is_news = "asked_by" in task.args or not (was_well and is_well)
            readers = None if is_news else seen_by(session, task.id)
            if is_news or readers:
                after = f"job:{task.id}"
                ask_for_refresh(session, services.clock, name, after, task.correlation_id, readers)

    def refresh_sources(task: Task) -> None:
        """Args: `source`; perhaps `only_for`, ids of people.

        What administrators see of it in Slack says how it is now.
        """
        services = task.services
        _renew_messages(delivery, services, task.args["source"])
        with services.database.reading() as session:
            admins = admins_in_office(session, services.clock)
        readers = task.args.get("only_for", admins)
        for admin_id in admins:
            if admin_id in readers:
                _shown(delivery.homes.publish, admin_id)
        with task.finishing():
            pass

    return {PULL_JOB: pull_source, REFRESH_JOB: refresh_sources}


def _renew_messages(delivery: Delivery, services: Services, source: str) -> None:
    with services.database.writing() as session:
        posts = renew_failure_posts(session, services.clock, source)
    for post_id in posts:
        _shown(delivery.update, post_id)


def _shown(show: Callable[[int], bool], row_id: int) -> None:
    """What Slack does not take now is drawn anew when the person opens it."""
    try:
        show(row_id)
    except SlackProblem as problem:
        log.warning("what an administrator sees is out of date", problem=str(problem))
