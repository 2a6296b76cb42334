"""A person acts: types a message or a command, clicks, fills in a modal. The app is told and answered for."""

import re
from typing import Any

from sandbox import answers, block_kit, inputs, payloads, posting, rendering
from sandbox.errors import PageError, SlackError
from sandbox.messages import Message
from sandbox.slack import Slack
from sandbox.socket_mode import UndeliveredError
from sandbox.views import View
from sandbox.workspace import Conversation, User

TROUBLE_WITH_MODAL = "We had some trouble connecting. Try again?"


def say(slack: Slack, user: User, conversation: Conversation, text: str, thread_ts: str | None) -> Message:
    """A person's own message. `@name` and `#channel` become mentions, as Slack's own editor makes them."""
    if not text.strip():
        raise PageError("Type a message first.")
    if user.id not in conversation.members:
        raise PageError(f"{user.real_name} is not in this conversation.", status=403)
    with_bot = conversation.kind == "im" and slack.workspace.app.bot_user_id in conversation.members
    if with_bot and (slack.manifest.messages_read_only or not slack.manifest.messages_tab):
        raise PageError("Sending messages to this app has been turned off.", status=403)
    if thread_ts is not None and not slack.messages.thread(conversation.id, thread_ts):
        raise PageError("This thread is not there any more.", status=404)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    message = Message(
        ts=slack.timestamps.next(),
        channel=conversation.id,
        user=user.id,
        text=with_mentions(slack, escaped, with_names=False),
        thread_ts=thread_ts,
    )
    return posting.post(slack, conversation, message)


def with_mentions(slack: Slack, text: str, *, with_names: bool) -> str:
    """Turn `@name` and `#channel` into Slack's own form; `with_names` adds the name, as commands get it."""
    people = {user.name: user.id for user in slack.workspace.users.values()}
    channels = {one.name: one.id for one in slack.workspace.conversations.values() if one.kind == "channel"}

    def mention(match: re.Match[str]) -> str:
        sign, name = match.groups()
        found = (people if sign == "@" else channels).get(name)
        if found is None:
            return match.group()
        return f"<{sign}{found}|{name}>" if with_names else f"<{sign}{found}>"

    return re.sub(r"(?<!\S)([@#])([\w.-]*\w)", mention, text)


async def run_command(slack: Slack, user: User, conversation: Conversation, line: str) -> None:
    """Send a slash command and show what its acknowledgement answers."""
    name, _, text = line.strip().partition(" ")
    command = slack.manifest.commands.get(name)
    if command is None:
        raise PageError(f"{name} is not a valid command.")
    text = text.strip()
    if command.should_escape:
        text = with_mentions(slack, text, with_names=True)
    path = slack.response_urls.issue(
        "commands", team=slack.workspace.team.id, user=user.id, channel=conversation.id, command=line.strip()
    )
    payload = payloads.slash_command(slack, user, conversation, name, text, slack.base_url + path)
    try:
        response = await slack.socket_mode.deliver("slash_commands", payload, accepts_response=True)
    except UndeliveredError as undelivered:
        raise PageError(f'{name} failed with the error "{undelivered.code}"', status=502) from undelivered
    if response:
        try:
            answers.answer(slack, slack.response_urls.peek(path), response)
        except SlackError as error:
            raise PageError(
                f'{name} failed with the error "invalid_command_response": {error}', 502
            ) from error


async def press_in_message(
    slack: Slack,
    user: User,
    conversation: Conversation,
    ts: str,
    action: dict[str, Any],
    state: dict[str, Any] | None,
) -> None:
    """A click or a choice in a message."""
    _must_be_interactive(slack)
    try:
        message = slack.messages.find(conversation.id, ts, seen_by=user.id)
    except SlackError as error:
        raise PageError("This message is not there any more; reload the page.", 404) from error
    path = slack.response_urls.issue(
        "actions",
        team=slack.workspace.team.id,
        user=user.id,
        channel=conversation.id,
        message_ts=message.ts,
        thread_ts=message.thread_ts,
    )
    sent = inputs.completed_action(message.all_blocks(), action, slack.timestamps.next())
    values = inputs.state_of(message.all_blocks(), state or {})
    payload = payloads.message_action(slack, user, conversation, message, sent, values, slack.base_url + path)
    await _deliver_click(slack, payload)


async def press_in_view(
    slack: Slack, user: User, view: View, action: dict[str, Any], state: dict[str, Any] | None
) -> None:
    """A click or a choice in a modal or in the Home tab."""
    _must_be_interactive(slack)
    sent = inputs.completed_action(view.content["blocks"], action, slack.timestamps.next())
    view.state = inputs.state_of(view.content["blocks"], view.state | (state or {}))
    await _deliver_click(slack, payloads.view_action(slack, user, view, sent))


async def _deliver_click(slack: Slack, payload: dict[str, Any]) -> None:
    try:
        await slack.socket_mode.deliver("interactive", payload)
    except UndeliveredError as undelivered:
        raise PageError(f'The click failed with the error "{undelivered.code}"', status=502) from undelivered


def _must_be_interactive(slack: Slack) -> None:
    if not slack.manifest.interactivity:
        raise PageError("This app is not configured to handle interactive responses.", status=403)


async def submit(slack: Slack, user: User, view: View, state: dict[str, Any]) -> dict[str, Any]:
    """Send a modal off; gives what the page has to show next (see the page API's /page/submit)."""
    _must_be_interactive(slack)
    view.state = inputs.state_of(view.content["blocks"], view.state | state)
    if errors := inputs.unfilled(view.content["blocks"], view.state):
        return {"response_action": "errors", "errors": errors}
    payload = payloads.view_submission(slack, user, view)
    try:
        response = await slack.socket_mode.deliver("interactive", payload, accepts_response=True)
    except UndeliveredError as undelivered:
        raise PageError(f"{TROUBLE_WITH_MODAL} ({undelivered.code})", status=502) from undelivered
    try:
        return _carry_out(slack, user, view, response)
    except SlackError as error:
        raise PageError(f"{TROUBLE_WITH_MODAL} ({error})", status=502) from error


def _carry_out(slack: Slack, user: User, view: View, response: dict[str, Any]) -> dict[str, Any]:
    match response.get("response_action"):
        case None:
            for closed in slack.views.close(view):
                announce_view(slack, "view_closed", closed)
            return {"response_action": None}
        case "errors":
            errors = response.get("errors")
            known = {block.get("block_id") for block in view.content["blocks"] if block["type"] == "input"}
            if not isinstance(errors, dict) or not errors or not set(errors) <= known:
                raise SlackError("invalid_response", ["[ERROR] errors must name input blocks of the view"])
            return {"response_action": "errors", "errors": errors}
        case "clear":
            for closed in slack.views.clear(user.id):
                announce_view(slack, "view_closed", closed)
            return {"response_action": "clear"}
        case "update":
            content = block_kit.checked_view(slack, response.get("view"), kinds=["modal"])
            slack.views.update(view, content, None)
            announce_view(slack, "view_updated", view)
            return {"response_action": "update", "view": page_view(slack, view)}
        case "push":
            content = block_kit.checked_view(slack, response.get("view"), kinds=["modal"])
            pushed = slack.views.push(user.id, content)
            announce_view(slack, "view_opened", pushed)
            return {"response_action": "push", "view": page_view(slack, pushed)}
    raise SlackError("invalid_response", [f"[ERROR] unknown response_action {response['response_action']!r}"])


async def close(slack: Slack, user: User, view: View) -> None:
    """A person dismisses a modal; the app hears of it if it asked to (`notify_on_close`)."""
    is_cleared = bool(view.content.get("clear_on_close"))
    closed = slack.views.clear(user.id) if is_cleared else slack.views.close(view)
    for one in closed:
        announce_view(slack, "view_closed", one)
        if one.content.get("notify_on_close"):
            payload = payloads.view_closed(slack, user, one, is_cleared=is_cleared)
            slack.spawn(_deliver_quietly(slack, payload))


async def _deliver_quietly(slack: Slack, payload: dict[str, Any]) -> None:
    try:
        await slack.socket_mode.deliver("interactive", payload)
    except UndeliveredError:
        return  # the modal is closed for the person either way; the inspector shows the failure


async def open_home(slack: Slack, user: User, tab: str) -> None:
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": slack.workspace.app_channel(user.id).id,
        "tab": tab,
        "event_ts": slack.timestamps.next(),
    }
    view = slack.views.home(user.id)
    if tab == "home" and view is not None:
        event["view"] = payloads.home_in_event(view)
    slack.events.send(event)


async def options(
    slack: Slack, user: User, container: dict[str, Any], block_id: str, action_id: str, value: str
) -> dict[str, Any]:
    """The choices of an external select for what the person typed so far."""
    _must_be_interactive(slack)
    payload = payloads.block_suggestion(slack, user, container, block_id, action_id, value)
    try:
        response = await slack.socket_mode.deliver("interactive", payload, accepts_response=True)
    except UndeliveredError as undelivered:
        raise PageError(f'No options: the app failed with "{undelivered.code}"', status=502) from undelivered
    return {key: response[key] for key in ("options", "option_groups") if key in response}


def page_view(slack: Slack, view: View) -> dict[str, Any]:
    return rendering.page_view(slack, slack.views.to_slack(view))


def announce_view(slack: Slack, kind: str, view: View) -> None:
    """Tell the person's open pages: `view_opened`, `view_updated`, `view_closed` or `home`."""
    slack.page.to([view.user], {"type": kind, "view": page_view(slack, view)})
