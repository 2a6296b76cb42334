"""Uploading in two steps, and images made of what was uploaded."""

from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient

from sandbox.client import Person
from sandbox.server import Sandbox
from sandbox.slack import Timing
from tests.sandbox.builders import BOT_TOKEN, png
from tests.sandbox.conftest import SetClock, web_client
from tests.sandbox.test_web_api_access import error_of


def send(url: str, content: bytes, verb: str = "POST") -> tuple[int, bytes]:
    address = urlsplit(url)
    connection = HTTPConnection(str(address.hostname), address.port)
    connection.request(verb, address.path, content, {"Content-Type": "application/octet-stream"})
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def fetch(url: str, token: str | None = None) -> tuple[int, bytes]:
    address = urlsplit(url)
    connection = HTTPConnection(str(address.hostname), address.port)
    connection.request("GET", address.path, headers={"Authorization": f"Bearer {token}"} if token else {})
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def upload(api: WebClient, content: bytes, name: str = "chart.png") -> str:
    ticket = api.files_getUploadURLExternal(filename=name, length=len(content), alt_txt="A chart")
    assert send(ticket["upload_url"], content)[0] == 200
    api.files_completeUploadExternal(files=[{"id": ticket["file_id"], "title": "Chart"}])
    return str(ticket["file_id"])


def image(file_id: str) -> dict[str, object]:
    return {"type": "image", "alt_text": "A chart", "slack_file": {"id": file_id}}


def test_an_unshared_file_is_shown_by_an_image_block(sandbox: Sandbox, api: WebClient, ada: Person) -> None:
    content = png(640, 480)
    file_id = upload(api, content)

    api.chat_postMessage(channel="C0GENERAL", text="A chart", blocks=[image(file_id)])

    shown = ada.messages("general")[0]["blocks"][0]
    assert shown["slack_file"] == {"id": file_id}
    assert fetch(sandbox.url + shown["image_url"]) == (200, content)


def test_slacks_own_helper_uploads_and_shares(api: WebClient, ada: Person) -> None:
    api.files_upload_v2(content=png(3, 4), filename="a.png", title="A", alt_txt="Alt", channel="C0GENERAL")

    message = ada.messages("general")[0]
    assert message["files"][0] | {"id": ""} == {
        "id": "",
        "title": "A",
        "alt_txt": "Alt",
        "url_private": f"/files/{message['files'][0]['id']}",
        "mimetype": "image/png",
        "width": 3,
        "height": 4,
    }


def test_a_file_can_be_named_by_its_url(api: WebClient) -> None:
    file = api.files_info(file=upload(api, png()))["file"]
    block = {"type": "image", "alt_text": "A chart", "slack_file": {"url": file["url_private"]}}

    assert api.chat_postMessage(channel="C0GENERAL", text="A chart", blocks=[block])["ok"]


def test_the_private_url_asks_for_the_token(api: WebClient) -> None:
    file = api.files_info(file=upload(api, png()))["file"]

    assert fetch(file["url_private"])[0] == 403
    assert fetch(file["url_private"], BOT_TOKEN) == (200, png())


def test_a_file_is_ready_only_after_a_moment(start: Callable[..., Sandbox], set_clock: SetClock) -> None:
    api = web_client(start(clock=set_clock, timing=Timing(file_processing=2)))
    file_id = upload(api, png())

    def post() -> object:
        return api.chat_postMessage(channel="C0GENERAL", text="A chart", blocks=[image(file_id)])

    assert api.files_info(file=file_id)["file"]["mimetype"] == ""
    assert error_of(post) == "invalid_blocks"

    set_clock.advance(2)
    assert api.files_info(file=file_id)["file"]["mimetype"] == "image/png"
    assert post()


@pytest.mark.parametrize("name", ["table.csv", "none"])
def test_only_pictures_are_shown(api: WebClient, name: str) -> None:
    file_id = upload(api, b"a,b", name) if name != "none" else "F0NONE"

    assert error_of(lambda: api.chat_postMessage(channel="C0GENERAL", text="x", blocks=[image(file_id)])) == (
        "invalid_blocks"
    )


def test_an_upload_takes_the_announced_bytes_once(api: WebClient) -> None:
    ticket = api.files_getUploadURLExternal(filename="a.png", length=5)

    assert send(ticket["upload_url"], b"1234")[0] == 400
    assert error_of(lambda: api.files_completeUploadExternal(files=[{"id": ticket["file_id"]}])) == (
        "file_not_found"
    )
    assert send(ticket["upload_url"], b"12345", "PUT") == (200, b"OK - 5")
    assert send(ticket["upload_url"], b"12345")[0] == 400


def test_the_bytes_may_come_as_a_form(api: WebClient) -> None:
    ticket = api.files_getUploadURLExternal(filename="a.png", length=len(png()))
    address = urlsplit(ticket["upload_url"])
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    connection = HTTPConnection(str(address.hostname), address.port)
    connection.request(
        "POST",
        address.path,
        head + png() + b"\r\n--edge--\r\n",
        {"Content-Type": "multipart/form-data; boundary=edge"},
    )
    status = connection.getresponse().status
    connection.close()

    assert status == 200
    assert api.files_completeUploadExternal(files=[{"id": ticket["file_id"]}])["files"][0]["title"] == "a.png"


@pytest.mark.parametrize(
    ("method", "arguments", "expected"),
    [
        ("files.info", {"file": "F0NONE"}, "file_not_found"),
        ("files.getUploadURLExternal", {"filename": "a", "length": 0}, "invalid_arguments"),
        ("files.getUploadURLExternal", {"filename": "a", "length": "much"}, "invalid_arguments"),
        (
            "files.getUploadURLExternal",
            {"filename": "a", "length": 1, "alt_txt": "x" * 1001},
            "alt_txt_too_large",
        ),
        ("files.completeUploadExternal", {"files": []}, "invalid_arguments"),
        (
            "files.completeUploadExternal",
            {"files": [{"id": "F0NONE"}], "channel_id": "C0RANDOM"},
            "not_in_channel",
        ),
    ],
)
def test_calls_about_files_that_slack_refuses(
    api: WebClient, method: str, arguments: dict[str, object], expected: str
) -> None:
    assert error_of(lambda: api.api_call(method, json=arguments)) == expected


def test_a_deleted_file_is_gone_from_where_it_was_shared(api: WebClient, ada: Person) -> None:
    file = api.files_upload_v2(channel="C0GENERAL", content="a,b", filename="a.csv")["file"]["id"]

    api.files_delete(file=file)

    assert "files" not in ada.messages("general")[0]
    assert error_of(lambda: api.files_info(file=file)) == "file_not_found"


def test_only_ones_own_files_are_deleted(api: WebClient, ada: Person) -> None:
    theirs = ada.upload("a.csv", b"a,b")["id"]

    assert error_of(lambda: api.files_delete(file=theirs)) == "cant_delete_file"
