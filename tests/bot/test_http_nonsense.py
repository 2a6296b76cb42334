"""Nonsense over HTTP: signed or not, it is answered cleanly and changes nothing."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.app import PacesetterApp
from bot.http.answers import Response
from bot.http.site import EVENTS_PATH, Request
from tests.bot.http_calls import FORM, JSON, a_request, a_site

Ask = Callable[[Request], Response]

IN_SLACKS_REQUESTS = """
    type event event_callback block_actions view_submission view_closed shortcut url_verification
    app_home_opened app_uninstalled tokens_revoked user_change command /myscore /ranking user user_id U0E1
    team team_id T1 id actions action_id card.why card.history value view state values callback_id
    trigger_id event_id authorizations enterprise is_enterprise_install tokens bot tab home payload
    container channel message response_url bot_id text
"""
WORDS = st.sampled_from(IN_SLACKS_REQUESTS.split())
TEXTS = WORDS | st.text(max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=6),
    max_leaves=20,
)
FIELDS = st.dictionaries(TEXTS, VALUES, max_size=8)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"])


EXAMPLES = 2_000 if os.environ.get("PACESETTER_LONG") else 50
often = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def ask(app: PacesetterApp) -> Iterator[Ask]:
    with capture_logs():  # drawing thousands of tracebacks takes longer than all the rest
        yield a_site(app).answer


@often
@given(method=METHODS, path=st.sampled_from([EVENTS_PATH, "/health"]) | st.text(), body=st.binary())
def test_what_nobody_signed_gets_nowhere(ask: Ask, method: str, path: str, body: bytes):
    answer = ask(Request(method, path, headers={"content-type": JSON}, body=body))

    assert answer.status in (200, 400, 401, 404, 405)
    assert answer.status != 200 or path == "/health"


@often
@given(
    headers=st.dictionaries(
        st.sampled_from(
            [
                "content-type",
                "x-slack-request-timestamp",
                "x-slack-signature",
                "x-request-id",
                "x-slack-retry-num",
            ]
        ),
        st.sampled_from([JSON, FORM, "v0=", "0", "-1", "²"]) | st.text(),
    )
)
def test_headers_can_say_anything(ask: Ask, headers: dict[str, str]):
    assert ask(Request("POST", EVENTS_PATH, headers=headers, body=b"{}")).status in (400, 401, 415)


@often
@given(body=st.binary(max_size=200), content_type=st.sampled_from([JSON, FORM]))
def test_signed_bytes_are_no_fault_of_ours(ask: Ask, body: bytes, content_type: str):
    assert ask(a_request(body, content_type)).status < 500


@often
@given(body=FIELDS)
def test_signed_events_of_any_shape_are_no_fault_of_ours(ask: Ask, body: dict[str, Any]):
    assert ask(a_request(json.dumps(body).encode(), JSON)).status < 500


@often
@given(payload=FIELDS, kind=st.sampled_from(["block_actions", "view_submission", "view_closed", "shortcut"]))
def test_signed_clicks_of_any_shape_are_no_fault_of_ours(ask: Ask, payload: dict[str, Any], kind: str):
    body = urlencode({"payload": json.dumps({"user": {"id": "U0E1"}, **payload, "type": kind})})

    assert ask(a_request(body.encode())).status < 500


@often
@given(fields=st.dictionaries(TEXTS, TEXTS, max_size=8), command=st.sampled_from(["/myscore", "/ranking"]))
def test_signed_commands_of_any_shape_are_no_fault_of_ours(ask: Ask, fields: dict[str, str], command: str):
    body = urlencode({**fields, "command": command, "user_id": "U0E1"})

    assert ask(a_request(body.encode("utf-8", "surrogatepass"))).status < 500
