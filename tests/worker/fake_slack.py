"""A Slack to deliver to: keeps what was posted, and can have a bad day."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse


class Killed(BaseException):
    """The worker's process is gone: nothing after this line runs, not even an except Exception."""


class FakeSlack:
    """The methods of WebClient that a delivery uses.

    `bad_day` holds what happens to the next posts and changes of posts: `lost` (done, no reply), `unheard`
    (not done, no reply), `killed before`, `killed after`, `429`, or an error code of Slack.
    """

    def __init__(self) -> None:
        self.messages: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.people = {"ada@example.com": "U0ADA", "ben@example.com": "U0BEN"}
        self.users: dict[str, dict[str, Any]] = {"U0BOT": {"is_bot": True}}
        """What users.info says beyond the address."""
        self.channels: dict[str, dict[str, Any]] = {}
        self.members: dict[str, set[str]] = defaultdict(set)
        self.uploads: list[dict[str, Any]] = []
        self.files_not_ready = 0
        self.homes: dict[str, list[dict[str, Any]]] = defaultdict(list)
        """By user: every Home tab that was published, the newest last."""
        self.homes_are_down = False
        self.bad_day: deque[str] = deque()
        self.calls: list[str] = []
        self.retry_after = 7
        self.before_opening: Callable[[], None] | None = None
        self._time = 1_900_000_000

    def with_channel(
        self, channel: str, name: str, members: set[str] = frozenset(), **info: Any
    ) -> "FakeSlack":
        self.channels[channel] = {"id": channel, "name": name, "is_private": True, **info}
        self.members[channel] = set(members)
        return self

    def keys(self) -> list[str]:
        """The keys of all messages that were posted, in order of channels."""
        everything = [message for posted in self.messages.values() for message in posted]
        return [message["metadata"]["event_payload"]["key"] for message in everything]

    def chat_postMessage(self, **message: Any) -> SlackResponse:  # noqa: N802 - Slack's name
        self.calls.append("chat.postMessage")
        event = self.bad_day.popleft() if self.bad_day else "fine"
        if event == "killed before":
            raise Killed
        if event == "unheard":
            raise TimeoutError("timed out")
        if event == "429":
            raise self._error("ratelimited", 429)
        if event not in ("fine", "lost", "killed after"):
            raise self._error(event)
        self._time += 1
        kept = {**message, "ts": f"{self._time}.000100"}
        self.messages[message["channel"]].append(kept)
        if event == "killed after":
            raise Killed
        if event == "lost":
            raise TimeoutError("timed out")
        return self._reply(ok=True, channel=message["channel"], ts=kept["ts"])

    def chat_update(self, *, channel: str, ts: str, **changes: Any) -> SlackResponse:
        self.calls.append("chat.update")
        event = self.bad_day.popleft() if self.bad_day else "fine"
        if event == "429":
            raise self._error("ratelimited", 429)
        if event not in ("fine", "lost"):
            raise self._error(event)
        message = next(one for one in self.messages[channel] if one["ts"] == ts)
        message.update(changes)
        if event == "lost":
            raise TimeoutError("timed out")
        return self._reply(ok=True)

    def views_publish(self, *, user_id: str, view: dict[str, Any]) -> SlackResponse:
        self.calls.append("views.publish")
        if self.homes_are_down:
            raise TimeoutError("timed out")
        self.homes[user_id].append(view)
        return self._reply(ok=True)

    def conversations_open(self, *, users: str) -> SlackResponse:
        self.calls.append("conversations.open")
        if self.before_opening is not None:
            self.before_opening()
        return self._reply(ok=True, channel={"id": f"D{users}"})

    def conversations_info(self, *, channel: str) -> SlackResponse:
        self.calls.append("conversations.info")
        if channel not in self.channels:
            raise self._error("channel_not_found")
        return self._reply(ok=True, channel=self.channels[channel])

    def users_lookupByEmail(self, *, email: str) -> SlackResponse:  # noqa: N802 - Slack's name
        self.calls.append("users.lookupByEmail")
        if email not in self.people:
            raise self._error("users_not_found")
        return self._reply(ok=True, user=self._user(self.people[email]))

    def users_info(self, *, user: str, include_locale: bool) -> SlackResponse:
        self.calls.append("users.info")
        return self._reply(ok=True, user=self._user(user))

    def _user(self, user_id: str) -> dict[str, Any]:
        email = next((email for email, known in self.people.items() if known == user_id), None)
        return {"id": user_id, "profile": {"email": email}, **self.users.get(user_id, {})}

    def files_upload_v2(self, **file: Any) -> SlackResponse:
        self.calls.append("files.upload")
        self.uploads.append(file)
        if "channel" in file:
            self.messages[file["channel"]].append({"files": [{"name": file["filename"]}]})
            if self.bad_day and self.bad_day.popleft() == "lost":
                raise TimeoutError("timed out")
        return self._reply(ok=True, files=[{"id": f"F{len(self.uploads)}"}])

    def files_info(self, *, file: str) -> SlackResponse:
        self.files_not_ready -= 1
        return self._reply(
            ok=True, file={"id": file, "mimetype": "" if self.files_not_ready >= 0 else "image/png"}
        )

    def api_call(self, method: str, *, params: dict[str, Any]) -> SlackResponse:
        """The lists: one item a page, to see that all pages are read."""
        self.calls.append(method)
        field, items = self._listed(method, params)
        at = int(params.get("cursor") or 0)
        following = str(at + 1) if at + 1 < len(items) else ""
        page = {field: items[at : at + 1], "response_metadata": {"next_cursor": following}}
        return self._reply(ok=True, **page)

    def _listed(self, method: str, params: dict[str, Any]) -> tuple[str, list[Any]]:
        match method:
            case "conversations.list":
                return "channels", list(self.channels.values())
            case "conversations.members":
                return "members", sorted(self.members[params["channel"]])
        thread = params.get("ts")
        found = [one for one in self.messages[params["channel"]] if one.get("thread_ts") == thread]
        return "messages", found[::-1]

    def _error(self, code: str, status: int = 200) -> SlackApiError:
        return SlackApiError("refused", self._reply(status, ok=False, error=code))

    def _reply(self, status: int = 200, **data: Any) -> SlackResponse:
        return SlackResponse(
            client=self,
            http_verb="POST",
            api_url="https://slack.test/api/",
            req_args={},
            data=data,
            headers={"Retry-After": str(self.retry_after)},
            status_code=status,
        )


class FreePace:
    """Everybody may write and search at any time, except where a test says otherwise."""

    def __init__(self) -> None:
        self.waits: dict[str, int] = {}
        self.held: dict[str, int] = {}
        self.somebody_looks = False
        self.somebody_uploads = False

    def wait_ms(self, channel: str) -> int:
        return self.waits.get(channel, 0)

    def hold(self, channel: str, ms: int) -> None:
        self.held[channel] = ms

    def held_ms(self, name: str) -> int:
        return self.held.get(name, 0)

    @contextmanager
    def looking(self, channel: str) -> Iterator[bool]:
        yield not self.somebody_looks

    @contextmanager
    def uploading(self, digest: str) -> Iterator[bool]:
        yield not self.somebody_uploads
