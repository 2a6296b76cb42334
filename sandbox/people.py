"""People come, change and leave: kept, shown in the pages, told to the app."""

from dataclasses import fields, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox import rendering
from sandbox.errors import PageError
from sandbox.page_conversations import announce_conversation
from sandbox.slack import Slack
from sandbox.workspace import User

# What of a person may change; the rest of a `User` is who they are.
CHANGEABLE = ("name", "real_name", "email", "title", "locale", "tz", "is_admin", "deleted", "active")


def change(slack: Slack, user: User, changes: dict[str, Any]) -> User:
    """Change a profile, or deactivate an account. Raises PageError naming what cannot be changed so."""
    changed = replace(user, **_checked(changes))
    slack.workspace.users[user.id] = changed
    _show(slack, changed)
    if changed != replace(user, active=changed.active):
        slack.events.send(_event(slack, "user_change", changed))
    return changed


def add(slack: Slack, user_id: str, about: dict[str, Any]) -> User:
    """Somebody joins the workspace."""
    if user_id in slack.workspace.users:
        raise PageError(f"There is a person with the id {user_id} already; take another one.", 409)
    given = _checked(about)
    if not given.get("name") or not given.get("real_name"):
        raise PageError("Give a name and a real_name.")
    user = User(id=user_id, **given)
    slack.workspace.users[user.id] = user
    _show(slack, user)
    announce_conversation(slack, slack.workspace.app_channel(user.id))
    slack.events.send(_event(slack, "team_join", user))
    return user


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    kinds = {one.name: bool if isinstance(one.default, bool) else str for one in fields(User)}
    for name, value in given.items():
        if name not in CHANGEABLE:
            raise PageError(f"A person has no {name!r} to set; there are {', '.join(CHANGEABLE)}.")
        if not isinstance(value, kinds[name]):
            expected = "true or false" if kinds[name] is bool else "a text"
            raise PageError(f"{name} must be {expected}, not {value!r}.")
    try:
        ZoneInfo(given.get("tz", "Etc/UTC"))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PageError(f"{given['tz']!r} is not a time zone; write one such as Europe/Berlin.") from error
    return given


def _show(slack: Slack, user: User) -> None:
    slack.page.to_everyone({"type": "user", "user": rendering.page_user(slack, user)})


def _event(slack: Slack, name: str, user: User) -> dict[str, Any]:
    ts = slack.timestamps.next()
    shown = rendering.user_in_event(slack, user)
    return {"type": name, "user": shown, "cache_ts": int(float(ts)), "event_ts": ts}
