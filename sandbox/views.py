"""Modals and Home tabs: the views of the workspace, their stacks and hashes."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import SlackError
from sandbox.nested_blocks import all_blocks
from sandbox.workspace import Workspace

STACK_LIMIT = 3
# Slack gives Home views this title, which no one sees.
HOME_TITLE = {"type": "plain_text", "text": "View Title", "emoji": True}


@dataclass
class View:
    """A modal or Home tab of one person; `content` is what the app sent."""

    id: str
    user: str
    content: dict[str, Any]
    hash: str
    root_id: str
    previous_id: str | None = None
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def is_home(self) -> bool:
        return bool(self.content["type"] == "home")


class Views:
    """One Home view and one stack of modals for each person, the top one last."""

    def __init__(self, workspace: Workspace, clock: Callable[[], float]) -> None:
        self._workspace = workspace
        self._clock = clock
        self._homes: dict[str, View] = {}
        self._stacks: dict[str, list[View]] = {}
        self._count = 0

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def stack(self, user: str) -> list[View]:
        return self._stacks.get(user, [])

    def open(self, user: str, content: dict[str, Any]) -> View:
        """Open a modal; what was open before is gone."""
        self._check_external_id(content, replaced=None)
        view = self._make(user, content)
        self._stacks[user] = [view]
        return view

    def push(self, user: str, content: dict[str, Any]) -> View:
        stack = self._stacks.get(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        self._check_external_id(content, replaced=None)
        view = self._make(user, content)
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def publish(self, user: str, content: dict[str, Any], expected_hash: str | None) -> View:
        current = self._homes.get(user)
        if current is None:
            self._homes[user] = self._make(user, content)
            return self._homes[user]
        self._check_hash(current, expected_hash)
        self._replace(current, content)
        return current

    def update(self, view: View, content: dict[str, Any], expected_hash: str | None) -> View:
        self._check_hash(view, expected_hash)
        self._check_external_id(content, replaced=view)
        self._replace(view, content)
        return view

    def find(self, *, view_id: str | None = None, external_id: str | None = None) -> View:
        """An open modal or a published Home tab. Raises not_found."""
        for view in [*self._homes.values(), *(one for stack in self._stacks.values() for one in stack)]:
            if view.id == view_id or (external_id and view.content.get("external_id") == external_id):
                return view
        raise SlackError("not_found")

    def close(self, view: View) -> list[View]:
        """Take a modal from its stack, and those above it; gives what was closed."""
        stack = self._stacks.get(view.user, [])
        start = stack.index(view) if view in stack else len(stack)
        closed = stack[start:]
        del stack[start:]
        return closed

    def clear(self, user: str) -> list[View]:
        """Close all modals of a person; gives those that were open."""
        return self._stacks.pop(user, [])

    def forget_all(self) -> None:
        """The app is gone, and all that it showed."""
        self._homes.clear()
        self._stacks.clear()

    def to_slack(self, view: View) -> dict[str, Any]:
        """The view object that Slack sends in payloads and answers."""
        content = view.content
        return {
            "id": view.id,
            "team_id": self._workspace.team.id,
            "type": content["type"],
            "blocks": content["blocks"],
            "private_metadata": content.get("private_metadata", ""),
            "callback_id": content.get("callback_id", ""),
            "state": {"values": view.state},
            "hash": view.hash,
            "title": content.get("title", HOME_TITLE),
            "clear_on_close": content.get("clear_on_close", False),
            "notify_on_close": content.get("notify_on_close", False),
            "close": content.get("close"),
            "submit": content.get("submit"),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": self._workspace.app.id,
            "external_id": content.get("external_id", ""),
            "app_installed_team_id": self._workspace.team.id,
            "bot_id": self._workspace.app.bot_id,
        }

    def _make(self, user: str, content: dict[str, Any]) -> View:
        self._count += 1
        view_id = f"V0{self._count:08}"
        return View(view_id, user, content, self._new_hash(), root_id=view_id)

    def _replace(self, view: View, content: dict[str, Any]) -> None:
        view.content = content
        view.hash = self._new_hash()
        # What the person typed survives an update where block_id and action_id stay the same.
        kept = {block.get("block_id") for block in all_blocks(content["blocks"])}
        view.state = {block_id: values for block_id, values in view.state.items() if block_id in kept}

    def _new_hash(self) -> str:
        return f"{int(self._clock())}.{secrets.token_urlsafe(6)}"

    def _check_hash(self, view: View, expected_hash: str | None) -> None:
        if expected_hash and expected_hash != view.hash:
            raise SlackError("hash_conflict")

    def _check_external_id(self, content: dict[str, Any], replaced: View | None) -> None:
        external_id = content.get("external_id")
        if not external_id:
            return
        try:
            holder = self.find(external_id=external_id)
        except SlackError:
            return
        if holder is not replaced:
            raise SlackError("duplicate_external_id")
