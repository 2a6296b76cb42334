"""Events that Slack sends again because our first answer was late or got lost on its way."""

import threading
from collections import OrderedDict

from slack_bolt import BoltRequest

MOST_KEPT = 10_000


class BegunEvents:
    """Remembers the events that this process has begun with, so that a repetition is answered at once.

    What acts does so once anyway (`Asker.asks_for_the_first_time`); this spares Slack, and those who wait, a
    second round of slow work. A repetition that comes to another process is simply worked on there.
    """

    def __init__(self) -> None:
        self._begun: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def is_repeated(self, req: BoltRequest) -> bool:
        """Whether Slack says that it sends an event again, and we know it; notes every event."""
        event_id = req.body.get("event_id")
        if not isinstance(event_id, str):
            return False
        says_so = bool(req.headers.get("x-slack-retry-num", [""])[0])
        with self._lock:
            known = event_id in self._begun
            self._begun[event_id] = None
            while len(self._begun) > MOST_KEPT:
                self._begun.popitem(last=False)
        return known and says_so

    def forget(self, req: BoltRequest) -> None:
        """It came to nothing: Slack is to send it again."""
        with self._lock:
            self._begun.pop(str(req.body.get("event_id")), None)
