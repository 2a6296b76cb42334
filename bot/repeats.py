"""Events that Slack sends again because our first answer was late or got lost on its way."""

import threading
from collections import OrderedDict
from enum import Enum

from slack_bolt import BoltRequest

MOST_KEPT = 10_000


class Standing(Enum):
    """What this process knows of an event when it comes."""

    NEW = "new"
    RUNNING = "running"
    """An earlier copy is being worked on, and may yet fail."""
    DONE = "done"


class KnownEvents:
    """Remembers the events of this process, so that a repetition is answered at once.

    What acts does so once anyway (`Asker.asks_for_the_first_time`); this spares Slack, and those who wait, a
    second round of slow work. A repetition that comes to another process is simply worked on there.
    """

    def __init__(self) -> None:
        self._standing: OrderedDict[str, Standing] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, req: BoltRequest) -> Standing:
        """Notes an event. What Slack does not say to be a repetition is new, whether we know it or not."""
        event_id = _event_id(req)
        says_so = bool(req.headers.get("x-slack-retry-num", [""])[0])
        if event_id is None:
            return Standing.NEW
        with self._lock:
            known = self._standing.get(event_id, Standing.NEW) if says_so else Standing.NEW
            if known is Standing.NEW:
                self._standing[event_id] = Standing.RUNNING
            while len(self._standing) > MOST_KEPT:
                self._standing.popitem(last=False)
        return known

    def end(self, req: BoltRequest, *, well: bool) -> None:
        """Work on a new one is over; where it came to nothing, Slack is to send it again."""
        event_id = _event_id(req)
        if event_id is None:
            return
        with self._lock:
            if well:
                self._standing[event_id] = Standing.DONE
            else:
                self._standing.pop(event_id, None)


def _event_id(req: BoltRequest) -> str | None:
    event_id = req.body.get("event_id")
    return event_id if isinstance(event_id, str) else None
