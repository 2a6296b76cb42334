"""Sources: read on schedule and on demand, and what administrators see of it in Slack."""

from collections.abc import Callable, Mapping

import structlog

from bot.delivery import Delivery
from bot.delivery.slack_errors import SlackProblem
from domain.admins import admins_in_office
from domain.errors import BadInput, NotFound
from domain.services import Services
from domain.sources.asking import PULL_JOB
from domain.sources.model import ConfiguredSource
from domain.sources.refreshing import REFRESH_JOB, ask_for_refresh, renew_failure_posts
from domain.sources.service import SourceTerms, Try, record_failure
from domain.sources.telling import failures_in_a_row
from worker.runner import Handler, Task
from worker.sources.registry import configured, one_of
from worker.sources.service import pull

log = structlog.get_logger()


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
    def pull_source(task: Task) -> None:
        """Args: `source`, its name; perhaps `asked_by`, a person's id. The run itself records a failure.

        The file of sources is read anew, so that a corrected one counts at once.
        """
        services, name = task.services, task.args["source"]
        if "asked_by" in task.args:
            _renew_messages(delivery, services, name)
        with services.database.reading() as session:
            was_failing = failures_in_a_row(session, name) > 0
        is_well = _pull(services, name, task.correlation_id)
        with task.finishing() as session:
            if "asked_by" in task.args or was_failing or not is_well:
                ask_for_refresh(session, services.clock, name, f"job:{task.id}", task.correlation_id)

    def refresh_sources(task: Task) -> None:
        """Args: `source`. What administrators see of it in Slack says how it is now."""
        services = task.services
        _renew_messages(delivery, services, task.args["source"])
        with services.database.reading() as session:
            admins = admins_in_office(session, services.clock)
        for admin_id in admins:
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
