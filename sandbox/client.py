"""A person in the sandbox, for tests and scripts: blocking, and through the page's API alone."""

import http.client
import json
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from sandbox import client_oauth

# Where elements keep what is chosen in them; the others say `value`.
VALUE_NAMES = {
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "datetimepicker": "selected_date_time",
    "external_select": "selected_option",
    "file_input": "files",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "rich_text_input": "rich_text_value",
    "timepicker": "selected_time",
    "users_select": "selected_user",
}

Message = dict[str, Any]
View = dict[str, Any]

POLL_SECONDS = 0.02


class RefusedError(Exception):
    """The sandbox refused; the text is what the page would show."""


class _PageApi:
    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)

    def get(self, name: str, **query: Any) -> dict[str, Any]:
        given = {key: value for key, value in query.items() if value is not None}
        return self._call("GET", f"/page/{name}?{urlencode(given)}", None)

    def post(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._call("POST", f"/page/{name}", body)

    def upload(self, name: str, content: bytes) -> dict[str, Any]:
        return self._send("POST", f"/page/{name}", content, "application/octet-stream")

    def _call(self, verb: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        text = None if body is None else json.dumps(body)
        return self._send(verb, path, text, "application/json")

    def _send(self, verb: str, path: str, body: str | bytes | None, content_type: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection(str(self._address.hostname), self._address.port, timeout=30)
        try:
            connection.request(verb, path, body, {"Content-Type": content_type})
            response = connection.getresponse()
            content: dict[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        if response.status >= 400:
            raise RefusedError(content["error"])
        return content


class Operator:
    """Whoever runs the sandbox: faults, traffic, channels."""

    def __init__(self, url: str) -> None:
        self._page = _PageApi(url)

    def workspace(self) -> dict[str, Any]:
        return self._page.get("workspace")

    def faults(self, **switches: Any) -> dict[str, Any]:
        """Set fault switches (see `sandbox.faults.Faults`); gives all of them."""
        return self._page.post("faults", switches)

    def traffic(self, after: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._page.get("traffic", after=after)["traffic"]
        return found

    def disconnect(self, reason: str | None = None) -> None:
        self._page.post("disconnect", {"reason": reason})

    def install(self, user: str) -> str:
        """Install the app as its settings on Slack's site do; gives the bot's token."""
        return str(self._page.post("install", {"user": user})["bot_token"])

    def uninstall(self) -> None:
        """Throw the app out: it hears of that, and its token is good for nothing any more."""
        self._page.post("uninstall", {})

    def change_person(self, user: str, **changes: Any) -> None:
        """Change somebody's profile (see `sandbox.people.CHANGEABLE`); `deleted=True` deactivates it."""
        self._page.post("person", {"user": user, "changes": changes})

    def add_person(self, user: str, name: str, real_name: str, **about: Any) -> None:
        self._page.post("people", {"id": user, "name": name, "real_name": real_name, **about})

    def create_channel(self, name: str, members: list[str], *, private: bool = False) -> str:
        """Make a channel; gives its id."""
        made = self._page.post("channels", {"name": name, "members": members, "private": private})
        return str(made["id"])

    def wait_for_app(self, timeout: float = 10) -> None:
        """Wait until the app is connected. Raises TimeoutError."""
        _wait(lambda: self.workspace()["app"]["connections"] or None, timeout, "the app to connect")


class Person:
    """One person's eyes and hands. Channels are ids or names; None is the direct message with the app."""

    def __init__(self, url: str, user: str) -> None:
        self.url = url
        self.user = user
        self._page = _PageApi(url)

    def conversations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._page.get("conversations", user=self.user)["conversations"]
        return found

    def channel(self, name: str | None = None) -> str:
        """The id of a channel by its name or id; without one, of the direct message with the app."""
        for one in self.conversations():
            if (name is None and one["kind"] == "app") or (
                name is not None and name in (one["id"], one["name"])
            ):
                return str(one["id"])
        raise RefusedError(f"{self.user} sees no channel {name!r}.")

    def open_direct(self, *others: str) -> str:
        """The direct message with one other person, or with several; gives its id."""
        return str(self._page.post("direct", {"user": self.user, "members": others})["id"])

    def create_channel(self, name: str, members: Iterable[str] = (), *, private: bool = False) -> str:
        """Make a channel with oneself in it; gives its id."""
        everybody = [self.user, *members]
        body = {"user": self.user, "name": name, "members": everybody, "private": private}
        return str(self._page.post("channels", body)["id"])

    def add_members(self, channel: str, *newcomers: str) -> None:
        """Take people or the app into a channel; oneself to join it."""
        self._page.post("members", {"user": self.user, "channel": self.channel(channel), "add": newcomers})

    def leave(self, channel: str, member: str | None = None) -> None:
        """Leave a channel, or take a member out of it."""
        self._page.post("leave", {"user": self.user, "channel": self.channel(channel), "member": member})

    def change_channel(self, channel: str, **changes: Any) -> None:
        """Set a channel's `name`, `topic`, `purpose`, or whether it is `archived`."""
        self._page.post("channel", {"user": self.user, "channel": self.channel(channel), **changes})

    def edit(self, message: Message, text: str) -> None:
        self._on("edit", message, text=text)

    def delete(self, message: Message) -> None:
        self._on("delete", message)

    def react(self, message: Message, name: str) -> None:
        """Add a reaction, or take one's own away."""
        self._on("react", message, name=name)

    def _on(self, what: str, message: Message, **more: Any) -> None:
        self._page.post(what, {"user": self.user, "channel": message["channel"], "ts": message["ts"], **more})

    def dismiss(self, message: Message) -> None:
        """Put an ephemeral message away."""
        self._on("dismiss", message)

    def messages(self, channel: str | None = None, thread_ts: str | None = None) -> list[Message]:
        """What this person sees, oldest first, ephemeral messages included."""
        found: list[Message] = self._page.get(
            "messages", user=self.user, channel=self.channel(channel), thread_ts=thread_ts
        )["messages"]
        return found

    def say(self, text: str, channel: str | None = None, thread_ts: str | None = None) -> str:
        """Post a message; gives its ts."""
        body = {"user": self.user, "channel": self.channel(channel), "text": text, "thread_ts": thread_ts}
        return str(self._page.post("message", body)["ts"])

    def command(self, text: str, channel: str | None = None) -> list[Message]:
        """Type a slash command; gives the messages that its acknowledgement brought. Raises RefusedError."""
        where = self.channel(channel)
        before = {one["ts"] for one in self.messages(where)}
        self._page.post("command", {"user": self.user, "channel": where, "text": text})
        return [one for one in self.messages(where) if one["ts"] not in before]

    def shortcut(self, callback_id: str, message: Message | None = None) -> None:
        """Use a global shortcut, or one on a message."""
        where = {} if message is None else {"channel": message["channel"], "ts": message["ts"]}
        self._page.post("shortcut", {"user": self.user, "callback_id": callback_id, **where})

    def press(self, message: Message, action_id: str, value: Any = None) -> None:
        """Click a button in a message, or choose `value` in a select of it."""
        container = {"type": "message", "channel": message["channel"], "ts": message["ts"]}
        self._act(container, message["blocks"], action_id, value)

    def press_in(self, view: View, action_id: str, value: Any = None) -> None:
        """Click or choose in a modal or the Home tab."""
        self._act({"type": "view", "view_id": view["id"]}, view["blocks"], action_id, value)

    def home(self, timeout: float = 10) -> View:
        """Open the Home tab, and wait for the app to publish it."""
        before = self._page.get("home", user=self.user)["hash"]
        self._page.post("home", {"user": self.user, "tab": "home"})

        def published() -> View | None:
            shown = self._page.get("home", user=self.user)
            return shown["view"] if shown["hash"] != before else None

        view: View = _wait(published, timeout, f"a Home tab for {self.user}")
        return view

    def modals(self) -> list[View]:
        """The open modals, the top one last."""
        found: list[View] = self._page.get("views", user=self.user)["views"]
        return found

    def wait_for_modal(self, timeout: float = 10) -> View:
        view: View = _wait(lambda: self.modals()[-1] if self.modals() else None, timeout, "a modal")
        return view

    def submit(self, values: dict[str, Any] | None = None, view: View | None = None) -> dict[str, Any]:
        """Send the top modal (or `view`) off, with values by action_id: texts, option values, dates, ids."""
        shown = view or self.modals()[-1]
        state: dict[str, Any] = {}
        for action_id, value in (values or {}).items():
            block, element = _element(shown["blocks"], action_id)
            state.setdefault(block["block_id"], {})[action_id] = _entered(element, value)
        return self._page.post(
            "submit", {"user": self.user, "view_id": shown["id"], "state": {"values": state}}
        )

    def upload(self, name: str, content: bytes) -> dict[str, Any]:
        """Add a file to a form; gives the file object that is the value of a file input, in a list."""
        return self._page.upload(f"upload?{urlencode({'user': self.user, 'name': name})}", content)

    def close(self, view: View | None = None) -> None:
        shown = view or self.modals()[-1]
        self._page.post("close", {"user": self.user, "view_id": shown["id"]})

    def options(self, message: Message, action_id: str, value: str) -> dict[str, Any]:
        """What an external select of a message offers for the text typed so far."""
        block, _ = _element(message["blocks"], action_id)
        container = {"type": "message", "channel": message["channel"], "ts": message["ts"]}
        return self.options_in(container, block["block_id"], action_id, value)

    def options_in(
        self, container: dict[str, Any], block_id: str, action_id: str, value: str
    ) -> dict[str, Any]:
        """The same in a view: `container` is {"type": "view", "view_id": …} or {"type": "home"}."""
        body = {"container": container, "block_id": block_id, "action_id": action_id, "value": value}
        return self._page.post("options", {"user": self.user, **body})

    def wait_for(
        self, predicate: Callable[[Message], Any], timeout: float = 10, channel: str | None = None
    ) -> Message:
        """The first message for which the predicate holds. Raises TimeoutError telling what there was."""
        where = self.channel(channel)

        def found() -> Message | None:
            return next((one for one in self.messages(where) if predicate(one)), None)

        try:
            message: Message = _wait(found, timeout, "a message")
        except TimeoutError as error:
            texts = [one["text"] for one in self.messages(where)]
            raise TimeoutError(f"No such message within {timeout} s; {self.user} sees {texts}.") from error
        return message

    def install(self, install_url: str, *, allow: bool = True) -> str:
        """Install the app by OAuth, beginning at its own install page; gives the text of its last page."""
        return client_oauth.install(install_url, self.user, allow=allow)

    def authorize(self, url: str, *, allow: bool = True) -> str:
        """Answer the question at an authorize URL; gives the URL that the person is sent back to."""
        with requests.Session() as session:
            session.trust_env = False
            return client_oauth.answer(session, url, self.user, allow=allow)

    def _act(self, container: dict[str, Any], blocks: list[Any], action_id: str, value: Any) -> None:
        block, element = _element(blocks, action_id)
        action = {"block_id": block["block_id"], "action_id": action_id, **_entered(element, value)}
        self._page.post("action", {"user": self.user, "container": container, "action": action})


def _wait(found: Callable[[], Any], timeout: float, what: str) -> Any:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        result = found()
        if result is not None:
            return result
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"Waited {timeout} s for {what}.")


def _element(blocks: list[Any], action_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    inside = [child for block in blocks for child in block.get("child_blocks", [])]
    for block in [*blocks, *inside]:
        inner = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
        for element in inner:
            if isinstance(element, dict) and element.get("action_id") == action_id:
                return block, element
    raise RefusedError(f"There is no element {action_id!r} to act on.")


def _entered(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """A value in the words of its element: the option with that value, the date, the text."""
    kind = element["type"]
    if kind in {"button", "icon_button", "workflow_button"}:
        return {"type": kind}
    if kind in {"static_select", "radio_buttons", "overflow"}:
        return {"type": kind, "selected_option": _option(element, value)}
    if kind in {"checkboxes", "multi_static_select"}:
        return {"type": kind, "selected_options": [_option(element, one) for one in value]}
    return {"type": kind, VALUE_NAMES.get(kind, "value"): value}


def _option(element: dict[str, Any], value: str) -> dict[str, Any]:
    groups = [group["options"] for group in element.get("option_groups", [])]
    for option in [one for options in [element.get("options", []), *groups] for one in options]:
        if option["value"] == value:
            found: dict[str, Any] = option
            return found
    raise RefusedError(f"{element['action_id']} offers no option {value!r}.")
