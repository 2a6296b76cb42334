"""Sources: pulled on schedule and on demand."""

import os
from collections.abc import Mapping

from domain.errors import NotFound
from worker.runner import Handler, Task
from worker.sources.config import Source, load_sources
from worker.sources.service import pull

PULL_JOB = "pull_source"


def pull_source(task: Task) -> None:
    """Args: `source`, its name. A pull that fails is recorded and told by the pull itself."""
    services = task.services
    pull(services.database, services.clock, _source(task))
    with task.finishing():
        pass


def _source(task: Task) -> Source:
    """Read anew each time, so that a corrected file is used at once."""
    name = task.args["source"]
    path = task.services.settings.sources_file
    for source in load_sources(path, os.environ):
        if source.name == name:
            return source
    raise NotFound("There is no source {source} in {file}.", source=name, file=path.name)


HANDLERS: Mapping[str, Handler] = {PULL_JOB: pull_source}
