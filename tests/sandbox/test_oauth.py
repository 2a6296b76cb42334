"""Installing by OAuth v2: the question, the code, the token; and the ways in which an app leaves."""

import queue
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import uvicorn
from slack_bolt import Ack, App
from slack_bolt.adapter.asgi import SlackRequestHandler
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore

from sandbox.client import Operator, Person, RefusedError
from sandbox.client_oauth import InstallError
from sandbox.server import Sandbox
from tests.sandbox.builders import (
    ADA,
    APP_TOKEN,
    BEN,
    BOT,
    BOT_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    a_manifest,
    actions,
    button,
    home,
    section,
)
from tests.sandbox.conftest import SetClock, web_client
from tests.sandbox.waiting import PATIENCE_S, until

SCOPES = ["chat:write", "commands"]
BACK = "http://127.0.0.1:9/slack/oauth_redirect"
Start = Callable[..., Sandbox]


@pytest.fixture
def sandbox(start: Start) -> Sandbox:
    """A workspace that the app is not in."""
    return start(a_manifest(redirect_urls=["https://bot.example.com/slack"]), installed=False)


def question(sandbox: Sandbox, **changes: str | None) -> str:
    asked = {
        "client_id": CLIENT_ID,
        "scope": ",".join(SCOPES),
        "redirect_uri": BACK,
        "state": "s 1",
    } | changes
    query = urlencode({key: value for key, value in asked.items() if value is not None})
    return f"{sandbox.url}/oauth/v2/authorize?{query}"


def approved(sandbox: Sandbox, user: str = ADA, **changes: str | None) -> str:
    """The code that the app is sent."""
    return query_of(Person(sandbox.url, user).authorize(question(sandbox, **changes)))["code"]


def query_of(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def access(sandbox: Sandbox, code: str, **changes: Any) -> dict[str, Any]:
    given = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uri": BACK} | changes
    answer = web_client(sandbox, token=None).oauth_v2_access(code=code, **given)
    return dict(answer.data) if isinstance(answer.data, dict) else {}


def error_of(call: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    return str(caught.value.response["error"])


def test_the_question_names_the_app_and_what_it_wants(sandbox: Sandbox) -> None:
    page = requests.get(question(sandbox), timeout=PATIENCE_S)

    assert page.status_code == 200
    assert "Tester asks to come into Acme" in page.text
    assert "Write messages as itself" in page.text
    assert "chat:write" in page.text
    assert '<label for="user">' in page.text


def test_what_others_wrote_is_no_code_in_the_page(sandbox: Sandbox) -> None:
    page = requests.get(question(sandbox, state='"><script>alert(1)</script>'), timeout=PATIENCE_S)

    assert "<script" not in page.text


def test_who_allows_it_is_sent_back_with_a_code_and_the_state(sandbox: Sandbox) -> None:
    back = Person(sandbox.url, ADA).authorize(question(sandbox, redirect_uri=f"{BACK}?keep=1"))

    assert back.startswith(f"{BACK}?keep=1&code=")
    assert query_of(back)["state"] == "s 1"


def test_who_cancels_is_sent_back_with_an_error(sandbox: Sandbox) -> None:
    back = Person(sandbox.url, ADA).authorize(question(sandbox), allow=False)

    assert query_of(back) == {"error": "access_denied", "state": "s 1"}
    assert not Operator(sandbox.url).workspace()["app"]["installed"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"client_id": "1.2"}, "No app here has the client id 1.2"),
        ({"scope": ""}, "The app asks for nothing"),
        ({"scope": "chat:write,admin"}, "add admin to oauth_config.scopes.bot"),
        ({"user_scope": "chat:write"}, "Ask for no user_scope"),
        ({"redirect_uri": "https://evil.example.com/"}, "add https://evil.example.com/ to oauth_config"),
        ({"redirect_uri": "https://bot.example.com/slackish"}, "bad_redirect_uri"),
        ({"redirect_uri": "javascript:alert(1)"}, "bad_redirect_uri"),
        ({"redirect_uri": "https://["}, "bad_redirect_uri"),
        ({"team": "T0OTHER"}, "This is not the workspace T0OTHER"),
    ],
)
def test_a_question_that_slack_does_not_ask(sandbox: Sandbox, changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(InstallError, match=sentence):
        Person(sandbox.url, ADA).authorize(question(sandbox, **changes))


@pytest.mark.parametrize("user", [BOT, "U0GONE", "U0NOBODY"])
def test_only_people_of_the_workspace_install(sandbox: Sandbox, user: str) -> None:
    with pytest.raises(InstallError, match="Nobody by this id can install the app"):
        Person(sandbox.url, user).authorize(question(sandbox))


def test_another_site_cannot_press_allow(sandbox: Sandbox) -> None:
    form = {
        "client_id": CLIENT_ID,
        "scope": "commands",
        "redirect_uri": BACK,
        "user": ADA,
        "decision": "allow",
    }
    answered = requests.post(
        f"{sandbox.url}/oauth/v2/authorize",
        form,
        headers={"Origin": "https://evil.example.com"},
        timeout=PATIENCE_S,
    )

    assert answered.status_code == 403


@pytest.mark.parametrize(
    "redirect", ["https://bot.example.com/slack", "https://bot.example.com/slack/more", None]
)
def test_a_redirect_url_from_the_manifest(sandbox: Sandbox, redirect: str | None) -> None:
    back = Person(sandbox.url, ADA).authorize(question(sandbox, redirect_uri=redirect))

    assert back.startswith(redirect or "https://bot.example.com/slack")
    assert access(sandbox, query_of(back)["code"], redirect_uri=redirect)["ok"]


def test_the_code_becomes_a_token(sandbox: Sandbox) -> None:
    answer = access(sandbox, approved(sandbox))

    token = answer.pop("access_token")
    assert answer == {
        "ok": True,
        "app_id": "A0APP",
        "authed_user": {"id": ADA},
        "scope": "chat:write,commands",
        "token_type": "bot",
        "bot_user_id": BOT,
        "team": {"id": "T0TEAM", "name": "Acme"},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    who = web_client(sandbox, token).auth_test()
    assert who["user_id"] == BOT
    assert who.headers["x-oauth-scopes"] == "chat:write,commands"


def test_only_granted_scopes_count(sandbox: Sandbox) -> None:
    api = web_client(sandbox, access(sandbox, approved(sandbox))["access_token"])

    assert api.chat_postMessage(channel="C0GENERAL", text="May I?")["ok"]
    assert error_of(api.users_list) == "missing_scope"


def test_installing_again_keeps_the_token_and_adds_scopes(sandbox: Sandbox) -> None:
    first = access(sandbox, approved(sandbox))
    second = access(sandbox, approved(sandbox, BEN, scope="users:read"))

    assert second["access_token"] == first["access_token"]
    assert second["authed_user"] == {"id": BEN}
    assert second["scope"] == "chat:write,commands,users:read"


def test_codes_that_are_refused(start: Start, set_clock: SetClock) -> None:
    sandbox = start(installed=False, clock=set_clock)
    code = approved(sandbox)

    assert error_of(access, sandbox, code, client_id="1.2") == "invalid_client_id"
    assert error_of(access, sandbox, code, client_secret="guessed") == "bad_client_secret"
    assert error_of(access, sandbox, "guessed") == "invalid_code"
    assert error_of(access, sandbox, code, redirect_uri=f"{BACK}/other") == "bad_redirect_uri"
    assert access(sandbox, code)["ok"], "what was refused did not use the code up"
    assert error_of(access, sandbox, code) == "code_already_used"

    late = approved(sandbox)
    set_clock.advance(601)
    assert error_of(access, sandbox, late) == "invalid_code"


def test_secrets_are_masked_in_the_inspector(sandbox: Sandbox) -> None:
    token = access(sandbox, approved(sandbox))["access_token"]

    (entry,) = Operator(sandbox.url).traffic()
    assert entry["method"] == "oauth.v2.access"
    assert CLIENT_SECRET not in str(entry)
    assert token not in str(entry)


def test_without_the_app_nobody_hears_anything(sandbox: Sandbox) -> None:
    ada = Person(sandbox.url, ADA)

    with pytest.raises(RefusedError, match="Tester is not installed in this workspace"):
        ada.command("/hello")
    ada.say("Anyone?", "general")

    assert Operator(sandbox.url).traffic() == []
    assert error_of(web_client(sandbox).auth_test) == "invalid_auth"
    assert web_client(sandbox, APP_TOKEN).auth_test()["ok"], "the app itself goes on"


def test_the_operator_installs_with_all_scopes(sandbox: Sandbox) -> None:
    token = Operator(sandbox.url).install(ADA)

    assert web_client(sandbox, token).users_list()["ok"]


# Leaving


def left_events() -> dict[str, Any]:
    manifest = a_manifest()
    manifest["settings"]["event_subscriptions"]["bot_events"] += ["app_uninstalled", "tokens_revoked"]
    return manifest


@pytest.mark.parametrize(
    ("leave", "refused"),
    [
        (lambda sandbox: Operator(sandbox.url).uninstall(), "account_inactive"),
        (
            lambda sandbox: web_client(sandbox).apps_uninstall(
                client_id=CLIENT_ID, client_secret=CLIENT_SECRET
            ),
            "account_inactive",
        ),
        (lambda sandbox: web_client(sandbox).auth_revoke(), "token_revoked"),
    ],
)
def test_an_app_that_leaves_hears_of_it_and_its_token_is_dead(
    start: Start, connect: Callable[[Sandbox, App], Any], leave: Callable[[Sandbox], Any], refused: str
) -> None:
    sandbox = start(left_events())
    bolt = App(client=web_client(sandbox), process_before_response=True)
    heard: queue.Queue[dict[str, Any]] = queue.Queue()
    bolt.event("app_uninstalled")(lambda event: heard.put(event))
    bolt.event("tokens_revoked")(lambda event: heard.put(event))
    connect(sandbox, bolt)

    leave(sandbox)

    events = {event["type"]: event for event in (heard.get(timeout=PATIENCE_S) for _ in range(2))}
    assert events["tokens_revoked"]["tokens"] == {"oauth": [], "bot": [BOT]}
    assert "app_uninstalled" in events
    assert error_of(web_client(sandbox).auth_test) == refused


def test_an_app_that_left_shows_nothing_and_is_asked_nothing(start: Start) -> None:
    sandbox = start()
    api = web_client(sandbox)
    api.views_publish(user_id=ADA, view=home(section()))
    api.chat_postMessage(channel=ADA, text="Press", blocks=[actions(button("go"))])
    ada = Person(sandbox.url, ADA)

    Operator(sandbox.url).uninstall()

    with pytest.raises(RefusedError, match="is not installed"):
        ada.press(ada.messages()[0], "go")
    assert sandbox.slack.views.home(ADA) is None
    with pytest.raises(RefusedError, match="Tester is not installed"):
        Operator(sandbox.url).uninstall()


def test_a_new_installation_has_a_new_token(start: Start) -> None:
    sandbox = start()
    Operator(sandbox.url).uninstall()

    token = Operator(sandbox.url).install(ADA)

    assert token != BOT_TOKEN
    assert error_of(web_client(sandbox).auth_test) == "account_inactive"
    assert web_client(sandbox, token).auth_test()["ok"]


def test_a_revocation_can_be_tried_out(start: Start) -> None:
    sandbox = start()

    assert web_client(sandbox).auth_revoke(test=True)["revoked"] is False
    assert web_client(sandbox).auth_test()["ok"]


# An unmodified Bolt app


class BoltServer:
    """A Bolt app with OAuth behind an ASGI server, on a free port."""

    def __init__(self, app: App, listener: socket.socket) -> None:
        config = uvicorn.Config(SlackRequestHandler(app, path="/slack/events"), log_level="error")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        until(lambda: self._server.started)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def test_a_bolt_app_is_installed_and_thrown_out(
    start: Start, listener: socket.socket, tmp_path: Path
) -> None:
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    sandbox = start(left_events(), installed=False, http_url=f"{base}/slack/events")
    store = FileInstallationStore(base_dir=str(tmp_path / "installations"))
    app = App(
        client=WebClient(base_url=sandbox.api_url),
        signing_secret=SIGNING_SECRET,
        process_before_response=True,
        oauth_settings=OAuthSettings(
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            scopes=SCOPES,
            redirect_uri=f"{base}/slack/oauth_redirect",
            authorization_url=f"{sandbox.url}/oauth/v2/authorize",
            installation_store=store,
            state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path / "states")),
        ),
    )
    app.enable_token_revocation_listeners()

    @app.command("/hello")
    def hello(ack: Ack) -> None:
        ack("Hello")

    server = BoltServer(app, listener)
    try:
        ada, operator = Person(sandbox.url, ADA), Operator(sandbox.url)
        operator.wait_for_app()

        last_page = ada.install(f"{base}/slack/install")
        assert "Thank you" in last_page
        (answer,) = ada.command("/hello")
        assert answer["text"] == "Hello"
        assert store.find_bot(enterprise_id=None, team_id="T0TEAM") is not None

        operator.uninstall()
        until(lambda: store.find_bot(enterprise_id=None, team_id="T0TEAM") is None)
    finally:
        server.close()
