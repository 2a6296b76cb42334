"""Every method that has a schema is served, and answers have no field that Slack's samples lack."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.server import Sandbox
from sandbox.web_api.registry import METHODS
from tests.sandbox.builders import ADA, APP_TOKEN, home, modal, section, text_input
from tests.sandbox.contracts import Contracts
from tests.sandbox.test_web_api_files import upload


def posted(api: WebClient) -> dict[str, Any]:
    return {"channel": "C0GENERAL", "ts": api.chat_postMessage(channel="C0GENERAL", text="hi")["ts"]}


def permalink(api: WebClient) -> Any:
    message = posted(api)
    return api.chat_getPermalink(channel=message["channel"], message_ts=message["ts"])


CALLS: dict[str, Callable[[WebClient], Any]] = {
    "apps.connections.open": lambda api: api.apps_connections_open(app_token=APP_TOKEN),
    "auth.test": lambda api: api.auth_test(),
    "bots.info": lambda api: api.bots_info(),
    "chat.delete": lambda api: api.chat_delete(**posted(api)),
    "chat.getPermalink": permalink,
    "chat.postEphemeral": lambda api: api.chat_postEphemeral(channel="C0GENERAL", user=ADA, text="hi"),
    "conversations.info": lambda api: api.conversations_info(channel="C0GENERAL"),
    "conversations.join": lambda api: api.conversations_join(channel="C0RANDOM"),
    "conversations.list": lambda api: api.conversations_list(types="public_channel,private_channel,im"),
    "conversations.members": lambda api: api.conversations_members(channel="C0GENERAL"),
    "files.completeUploadExternal": lambda api: api.files_upload_v2(
        content=b"x", filename="a.txt", channel="C0GENERAL"
    ),
    "files.getUploadURLExternal": lambda api: api.files_getUploadURLExternal(filename="a", length=1),
    "team.info": lambda api: api.team_info(),
    "users.info": lambda api: api.users_info(user=ADA, include_locale=True),
    "users.list": lambda api: api.users_list(),
    "users.lookupByEmail": lambda api: api.users_lookupByEmail(email="ada@example.com"),
}


def unheard_of(answer: Any, sample: Any, path: str = "") -> list[str]:
    """Fields of an answer that the sample does not have."""
    if isinstance(answer, dict) and isinstance(sample, dict):
        new = [f"{path}/{key}" for key in answer.keys() - sample.keys()]
        return new + [
            one
            for key in answer.keys() & sample.keys()
            for one in unheard_of(answer[key], sample[key], f"{path}/{key}")
        ]
    if isinstance(answer, list) and isinstance(sample, list) and sample:
        return [one for inner in answer for one in unheard_of(inner, sample[0], path)]
    return []


@pytest.mark.parametrize("method", CALLS)
def test_an_answer_has_no_field_that_slack_does_not_send(
    api: WebClient, contracts: Contracts, method: str
) -> None:
    sample = json.loads((contracts.folder / "samples" / "api" / f"{method}.json").read_text())

    answer = CALLS[method](api).data
    answer.pop("file", None)  # added by slack_sdk

    assert unheard_of(answer, sample) == []


def test_every_method_with_a_schema_is_served(contracts: Contracts) -> None:
    with_schema = {
        path.name.removesuffix(".schema.json").replace("_", ".")
        for path in (contracts.folder / "webapi").glob("*.json")
    }

    assert with_schema - METHODS.keys() == set()
    assert len(with_schema) == 27


def test_views_have_the_published_shape(api: WebClient, contracts: Contracts, sandbox: Sandbox) -> None:
    trigger_id = sandbox.slack.triggers.issue(ADA)
    opened = api.views_open(trigger_id=trigger_id, view=modal(text_input("b", "a"), external_id="e"))
    published = api.views_publish(user_id=ADA, view=home(section()))

    for answer in (opened.data, published.data):
        # The published type knows neither the nulls for what a view does not have, nor what is in its state.
        view = {key: value for key, value in answer["view"].items() if value is not None} | {"state": {}}
        assert contracts.problems("inbound/res_views_open", answer | {"view": view}) == []


def test_a_message_with_an_image_has_the_published_shape(api: WebClient, contracts: Contracts) -> None:
    block = {"type": "image", "alt_text": "x", "slack_file": {"id": upload(api, b"GIF89a", "a.gif")}}

    answer = api.chat_postMessage(channel="C0GENERAL", text="x", blocks=[block])

    assert contracts.problems("inbound/res_chat_post", answer.data) == []
