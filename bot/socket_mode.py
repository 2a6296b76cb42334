"""The connection that the bot keeps open to Slack in Socket Mode.

Slack closes each line now and then, mostly after a warning. slack_sdk's client then drops what is still on
its way, or stays away for seconds. Here no line is connected again: another one takes its place, and the old
one is listened to until Slack hangs up.
"""

import threading
import time
from collections.abc import Callable

import structlog
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackClientError, SlackClientNotConnectedError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.app import PacesetterApp
from domain.health import Check, NotReady

THREADS = 10
PING_EVERY_S = 10
LOOK_EVERY_S = 1.0
TRY_AGAIN_S = 2.0
HANGS_UP_WITHIN_S = 30.0
"""Slack closes a line some ten seconds after its warning."""
FINISHES_WITHIN_S = 20.0

log = structlog.get_logger()


class Connection:
    """Open from `open()` to `finish()`, on one line after the other."""

    def __init__(self, app: PacesetterApp, app_token: str | None) -> None:
        self._app = app
        self._app_token = app_token or ""
        self._line: Line | None = None
        self._leaving: list[threading.Thread] = []
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="socket-mode", daemon=True)

    def open(self) -> None:
        """Raises SlackApiError where Slack refuses the token.

        Raises OSError or SlackClientNotConnectedError where it does not answer.
        """
        self._connect()
        self._keeper.start()

    def check(self) -> Check:
        return Check("connection", self._ask, otherwise="not connected to Slack")

    def finish(self) -> None:
        """Begin with nothing new, answer what has been begun with, and hang up."""
        self._stopping.set()
        self._wanted.set()
        self._keeper.join(FINISHES_WITHIN_S)  # Slack may have asked it to be patient
        if self._line is not None:
            self._line.finish()
        for leaving in self._leaving:
            leaving.join(FINISHES_WITHIN_S)

    def _ask(self) -> None:
        if self._line is None or not self._line.is_connected():
            raise NotReady("not connected to Slack")

    def _connect(self) -> None:
        line = Line(self._app, self._app_token, self._answer, self._ends)
        line.connect()
        old, self._line = self._line, line
        if old is not None:
            leaving = threading.Thread(target=self._see_off, args=(old,), name="socket-mode-leaving")
            leaving.start()
            self._leaving = [leaving, *(one for one in self._leaving if one.is_alive())]

    def _ends(self, line: "Line") -> None:
        """Slack warns that it will close the line, or has closed it."""
        if line is self._line:
            self._wanted.set()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._wanted.wait(LOOK_EVERY_S)
            if self._stopping.is_set() or not self._needs_another():
                continue
            self._wanted.clear()
            try:
                self._connect()
            except (SlackClientError, OSError) as problem:
                log.warning("no new line to Slack", problem=str(problem))
                self._stopping.wait(TRY_AGAIN_S)
                self._wanted.set()

    def _needs_another(self) -> bool:
        return self._wanted.is_set() or self._line is None or not self._line.is_connected()

    def _see_off(self, line: "Line") -> None:
        deadline = time.monotonic() + HANGS_UP_WITHIN_S
        while line.is_connected() and time.monotonic() < deadline and not self._stopping.wait(LOOK_EVERY_S):
            pass
        line.finish()

    def _answer(self, line: BaseSocketModeClient, request: SocketModeRequest) -> None:
        """On the line that asked, or on the present one where that has been closed meanwhile."""
        started = time.time()
        response = run_bolt_app(self._app, request)
        try:
            send_response(line, request, response, started)
        except SlackClientNotConnectedError:
            if self._line is None or self._line is line:
                raise
            send_response(self._line, request, response, started)


class Line(SocketModeClient):
    """One WebSocket, connected once."""

    def __init__(
        self,
        app: PacesetterApp,
        app_token: str,
        answer: Callable[[BaseSocketModeClient, SocketModeRequest], None],
        ends: Callable[["Line"], None],
    ) -> None:
        super().__init__(
            app_token=app_token,
            logger=app.logger,
            web_client=app.client,
            auto_reconnect_enabled=False,
            ping_interval=PING_EVERY_S,
            concurrency=THREADS,
        )
        self._ends = ends
        self.socket_mode_request_listeners.append(answer)

    def connect(self) -> None:
        """Raises SlackApiError, URLError, or SlackClientNotConnectedError."""
        try:
            super().connect()
            if not self.is_connected():
                raise SlackClientNotConnectedError("Slack does not take the connection")
        except BaseException:
            self.close()  # its threads run from the start, connected or not
            raise

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """What slack_sdk calls when Slack warns."""
        self._ends(self)

    def finish(self) -> None:
        """Begin with nothing new, answer what has been begun with, and hang up."""
        self.closed = True  # what has come in and was not begun with, Slack sends again elsewhere
        self.message_processor.shutdown()  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped
        self.message_workers.shutdown(wait=True)
        self.close()

    def close(self) -> None:
        """A receiver of slack_sdk that is just starting forgets that it was told to end: it is told again."""
        receiver = self.current_session_runner
        self.disconnect()
        receiver.event.set()
        while receiver.is_alive():
            self.current_session_state.terminated = True
            receiver.thread.join(LOOK_EVERY_S / 10)
        super().close()

    def _on_close(self, code: int, reason: str | None = None) -> None:
        """What slack_sdk calls when Slack has closed the line."""
        self._ends(self)
