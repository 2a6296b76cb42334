"""(a) `/myscore` through `App.dispatch`, signature checked, beside Bolt's runner with an empty listener."""

import hashlib
import hmac
import logging
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import structlog
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bench.company import CLOCK, MONTH, slack_id, write_company
from bench.databases import NAMES, a_database
from bench.measuring import REPEATS, Comparison, in_a_process, percentile
from bot.app import create_app
from domain.database import Database
from domain.periods import Period
from domain.scoring.service import score_now
from domain.services import Services
from domain.settings import Settings

PEOPLE = 100_000
WARM_UP = 50
REQUESTS = 300
LISTENERS = 30
SECRET = "a signing secret"  # noqa: S105 - of nobody's app
LIMITS = {50: 0.3, 99: 1.0}


def measure() -> Iterator[Comparison]:
    for name in NAMES:
        with a_database(name) as database:
            write_company(database, PEOPLE)
            score_now(database, CLOCK, Period.parse(MONTH))
            url = database.url.render_as_string(hide_password=False)
            runs = [(in_a_process(ours, url).value, in_a_process(rival).value) for _ in range(REPEATS)]
        for percent, limit in LIMITS.items():
            our_times, rival_times = zip(*runs, strict=True)
            yield Comparison(
                part=f"a, {name}, p{percent}",
                what=f"{REQUESTS} times /myscore of somebody out of {PEOPLE} people with a card, by signed "
                f"requests through App.dispatch; the rival is Bolt as it comes: of {LISTENERS} listeners "
                "the last answers, and does nothing. Our log begins at warnings.",
                unit="ms",
                ours=statistics.median(times[percent] for times in our_times),
                rival=statistics.median(times[percent] for times in rival_times),
                limit=limit,
                runs=REPEATS,
            )


def ours(url: str) -> dict[int, float]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.from_environment(
            {
                "PACESETTER_HOME": home,
                "DATABASE_URL": url,
                "SLACK_BOT_TOKEN": "xoxb-bench",
                "SLACK_SIGNING_SECRET": SECRET,
            }
        )
        services = Services(settings, Database(url), CLOCK)
        app = create_app(services, _Slack())
        app.users.load_all()
        _fill_up(app)
        times = _times(app, "in Bench")
        services.database.close()
        return times


def rival() -> dict[int, float]:
    app = App(client=_Slack(), signing_secret=SECRET)
    _fill_up(app, LISTENERS - 1)
    app.command("/myscore")(_empty)
    return _times(app, "")


def _fill_up(app: App, listeners: int = LISTENERS) -> None:
    while len(app._listeners) < listeners:
        app.command(f"/other{len(app._listeners)}")(_empty)


def _empty(ack: Ack) -> None:
    ack()


def _times(app: App, expected: str) -> dict[int, float]:
    """Percentiles in ms. Raises RuntimeError for an answer without the expected text."""
    who = random.Random(7)  # noqa: S311 - the same people in every run
    times = []
    for number in range(WARM_UP + REQUESTS):
        request = _signed(slack_id(who.randint(1, PEOPLE)), number)
        started = time.perf_counter()
        response = app.dispatch(request)
        times.append((time.perf_counter() - started) * 1000)
        if response.status != HTTPStatus.OK or expected not in response.body:
            raise RuntimeError(f"answered {response.status}: {response.body}")
    return {percent: percentile(times[WARM_UP:], percent) for percent in LIMITS}


def _signed(user_id: str, number: int) -> BoltRequest:
    fields = {
        "command": "/myscore",
        "text": MONTH,
        "user_id": user_id,
        "team_id": "T1",
        "channel_id": "C1",
        "trigger_id": f"t{number}",
        "response_url": "https://hooks.slack.com/commands/1",
    }
    body, timestamp = urlencode(fields), str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={digest}",
    }
    return BoltRequest(body=body, headers=headers)


class _Slack(WebClient):
    """Answers from memory what is asked once, when an app starts."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-bench")  # noqa: S106 - of nobody's app

    def api_call(self, api_method: str, **kwargs: Any) -> SlackResponse:  # type: ignore[override] # the keywords vary
        users = [
            {"id": slack_id(number), "locale": "en-US", "tz": "Asia/Shanghai"}
            for number in range(1, PEOPLE + 1)
        ]
        answers: dict[str, dict[str, Any]] = {
            "auth.test": {
                "user_id": "UBOT",
                "bot_id": "BBOT",
                "team_id": "T1",
                "url": "https://t.slack.com/",
            },
            "users.list": {"members": users, "response_metadata": {"next_cursor": ""}},
        }
        return SlackResponse(
            client=self,
            http_verb="POST",
            api_url=api_method,
            req_args={},
            data={"ok": True, **answers[api_method]},
            headers={},
            status_code=HTTPStatus.OK,
        )
