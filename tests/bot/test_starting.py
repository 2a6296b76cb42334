"""Starting the bot, and meeting Slack's users."""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.__main__ import main, meet_everybody
from bot.slack_users import KEPT_S, SlackUsers
from cli.demo.processes import free_port
from sandbox.client import Operator, Person
from sandbox.server import Sandbox
from tests.bot.fake_slack import FakeSlack
from tests.sandbox.waiting import PATIENCE_S, PATIENT, until

MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.json"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN must begin with xoxb-"),
    ],
)
def test_without_its_tokens_the_bot_says_which_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path, environment, sentence
):
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PACESETTER_HOME", str(tmp_path / "home"))
    with pytest.raises(SystemExit, match=sentence):
        main()
    assert not (tmp_path / "home").exists()


def bots_environment(home: Path, **environment: str) -> dict[str, str]:
    ours = ("PACESETTER_", "SLACK_", "DATABASE_URL", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PACESETTER_HOME": str(home), **environment}


def started_bot(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m bot` with these variables, until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "bot"],
        env=bots_environment(home, **environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_a_slack_that_does_not_answer_is_named_in_a_sentence(tmp_path):
    ended = started_bot(
        tmp_path,
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        SLACK_API_URL="http://127.0.0.1:1/api/",
    )
    assert ended.returncode == 1
    assert "Slack does not answer at http://127.0.0.1:1/api/" in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("bot_token", "app_token", "refused"),
    [("xoxb-sandbox", "xapp-wrong", "SLACK_APP_TOKEN"), ("xoxb-wrong", "xapp-sandbox", "SLACK_BOT_TOKEN")],
)
def test_a_token_that_slack_refuses_is_named_in_a_sentence(tmp_path, bot_token, app_token, refused):
    with Sandbox(None, MANIFEST).run_in_thread() as sandbox:
        ended = started_bot(
            tmp_path,
            SLACK_BOT_TOKEN=bot_token,
            SLACK_APP_TOKEN=app_token,
            SLACK_API_URL=f"{sandbox.url}/api/",
        )
    assert ended.returncode == 1
    assert f"Slack refuses {refused}" in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


def test_a_line_that_cannot_be_opened_is_named_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As where a proxy lets the Web API through and no WebSocket."""
    with Sandbox(None, MANIFEST).run_in_thread() as sandbox:
        monkeypatch.setattr(sandbox.slack.socket_mode, "issue_path", lambda: "/closed")
        ended = started_bot(
            tmp_path,
            SLACK_BOT_TOKEN="xoxb-sandbox",
            SLACK_APP_TOKEN="xapp-sandbox",
            SLACK_API_URL=sandbox.api_url,
        )
    assert ended.returncode == 1
    assert f"Slack does not answer at {sandbox.api_url}" in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


def test_everybody_met_at_the_start_needs_no_question_later(slack: FakeSlack):
    users = SlackUsers(slack)
    meet_everybody(users)
    slack.forget_calls()
    assert users.find("U0W1").locale == "zh-CN"
    assert slack.calls == []


def test_a_list_of_users_that_fails_does_not_keep_the_bot_from_starting(slack: FakeSlack):
    slack.failing.add("users.list")
    users = SlackUsers(slack)
    meet_everybody(users)
    assert users.find("U0W1").locale == "zh-CN"


def test_what_is_known_of_a_user_is_asked_for_again_after_a_day(slack: FakeSlack):
    now = 1000.0
    users = SlackUsers(slack, now_s=lambda: now)
    users.find("U0E1")
    users.find("U0E1")
    assert len(slack.called("users.info")) == 1
    now += KEPT_S
    users.find("U0E1")
    assert len(slack.called("users.info")) == 2


def test_what_was_known_yesterday_is_better_than_nothing(slack: FakeSlack):
    now = 1000.0
    users = SlackUsers(slack, now_s=lambda: now)
    users.find("U0W1")
    now += KEPT_S
    slack.failing.add("users.info")
    assert users.find("U0W1").locale == "zh-CN"


WSGI_SERVER = """
import sys
from wsgiref.simple_server import make_server
from bot.wsgi import app
make_server("127.0.0.1", int(sys.argv[1]), app).serve_forever()
"""


@pytest.mark.parametrize(
    "command",
    [["-m", "uvicorn", "bot.asgi:app", "--port"], ["-c", WSGI_SERVER]],
    ids=["asgi", "wsgi"],
)
def test_any_server_can_run_the_bot(tmp_path: Path, command: list[str]):
    port = free_port(0)
    called_at = f"http://127.0.0.1:{port}/slack/events"
    with Sandbox(None, MANIFEST, http_url=called_at, timing=PATIENT).run_in_thread() as sandbox:
        environment = bots_environment(
            tmp_path,
            SLACK_BOT_TOKEN="xoxb-sandbox",
            SLACK_SIGNING_SECRET="signing-secret-of-the-sandbox",
            SLACK_API_URL=sandbox.api_url,
        )
        with subprocess.Popen(
            [sys.executable, *command, str(port)], env=environment, stderr=subprocess.DEVNULL
        ) as server:
            try:
                Operator(sandbox.url).wait_for_app(240)
                (answer,) = Person(sandbox.url, "U0ADA").command("/myscore help", "general")
            finally:
                server.terminate()

    assert "/myscore" in answer["text"] + str(answer["blocks"])


def test_a_foreign_server_that_is_told_to_stop_answers_what_it_has_begun_with(tmp_path: Path):
    port = free_port(0)
    log = tmp_path / "log"
    called_at = f"http://127.0.0.1:{port}/slack/events"
    with Sandbox(None, MANIFEST, http_url=called_at, timing=PATIENT).run_in_thread() as sandbox:
        environment = bots_environment(
            tmp_path,
            SLACK_BOT_TOKEN="xoxb-sandbox",
            SLACK_SIGNING_SECRET="signing-secret-of-the-sandbox",
            SLACK_API_URL=sandbox.api_url,
        )
        operator, ada = Operator(sandbox.url), Person(sandbox.url, "U0ADA")
        command = [sys.executable, "-m", "uvicorn", "bot.asgi:app", "--port", str(port)]
        with (
            log.open("wb") as said,
            subprocess.Popen(command, env=environment, stdout=said, stderr=said) as server,
            ThreadPoolExecutor(1) as pool,
        ):
            try:
                operator.wait_for_app(240)
                operator.faults(rate_limit_next=1, retry_after=1, methods=["users.info"])
                answer = pool.submit(ada.command, "/myscore help", "general")
                until(lambda: [one for one in operator.traffic() if one["status"] == 429])
            finally:
                server.terminate()
            assert "/myscore" in str(answer.result(timeout=PATIENCE_S))

    assert "the bot has stopped" in log.read_text()


def test_a_server_that_waits_for_requests_in_socket_mode_is_told_so(tmp_path: Path):
    ended = subprocess.run(
        [sys.executable, "-c", "import bot.asgi"],
        env=bots_environment(tmp_path, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("PACESETTER_TRANSPORT must be http")


def test_a_port_that_is_taken_is_named_in_a_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken, Sandbox(None, MANIFEST).run_in_thread() as sandbox:
        port = taken.getsockname()[1]
        ended = started_bot(
            tmp_path,
            SLACK_BOT_TOKEN="xoxb-sandbox",
            SLACK_SIGNING_SECRET="s",
            SLACK_API_URL=sandbox.api_url,
            PACESETTER_HTTP_PORT=str(port),
        )

    assert ended.returncode == 1
    sentence = f"PACESETTER_HTTP_PORT is {port}, where this process cannot listen on 127.0.0.1 ("
    assert ended.stderr.splitlines()[-1].startswith(sentence)
