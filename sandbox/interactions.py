"""A person acts: types a message or a command, clicks, fills in a modal. The app is told and answered for."""

import re
from dataclasses import dataclass
from typing import Any

from sandbox import answers, block_kit, input_checks, inputs, payloads, posting, rendering
from sandbox.delivery.transport import UndeliveredError
from sandbox.errors import PageError, SlackError
from sandbox.messages import Message
from sandbox.nested_blocks import all_blocks
from sandbox.slack import Slack
from sandbox.views import View
from sandbox.workspace import Conversation, User

TROUBLE_WITH_MODAL = "We had some trouble connecting. Try again?"
# How much Slack lets a person type before it asks for options, where the app does not say.
LEAST_TYPED = 3


@dataclass(frozen=True)
class OptionsAsked:
    """What a person typed into an external select."""

    user: User
    block_id: str
    action_id: str
    value: str


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
    message = Message(
        ts=slack.timestamps.next(),
        channel=conversation.id,
        user=user.id,
        text=as_typed(slack, text),
        thread_ts=thread_ts,
    )
    return posting.post(slack, conversation, message)


def as_typed(slack: Slack, text: str) -> str:
    """What a person typed, as Slack keeps it: escaped, with mentions."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return with_mentions(slack, escaped, with_names=False)


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
        raise PageError(f"{name} is not a valid command: {_commands_there_are(slack)}.")
    _must_be_installed(slack)
    if slack.workspace.is_stranger(user):
        raise PageError(f"{name} is there for people of {slack.workspace.team.name} alone.", status=403)
    text = text.strip()
    if command.should_escape:
        text = with_mentions(slack, text, with_names=True)
    path = slack.response_urls.issue(
        "commands", team=slack.workspace.team.id, user=user.id, channel=conversation.id, command=line.strip()
    )
    payload = payloads.slash_command(slack, user, conversation, name, text, slack.base_url + path)
    try:
        response = await slack.to_app.deliver("command", payload)
    except UndeliveredError as undelivered:
        raise PageError(f"{name} failed with the error {undelivered.told}", status=502) from undelivered
    if response:
        try:
            answers.answer(slack, slack.response_urls.peek(path), response)
        except SlackError as error:
            raise PageError(
                f'{name} failed with the error "invalid_command_response": {error}', 502
            ) from error


def _commands_there_are(slack: Slack) -> str:
    names = ", ".join(slack.manifest.commands)
    return f"type one of {names}" if names else "this app has none"


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
    message = message_of(slack, user, conversation, ts)
    path = slack.response_urls.issue(
        "actions",
        team=slack.workspace.team.id,
        user=user.id,
        channel=conversation.id,
        message_ts=message.ts,
        thread_ts=message.thread_ts,
    )
    sent = inputs.completed_action(message.all_blocks(), action, slack.timestamps.next(), slack.files)
    values = inputs.state_of(message.all_blocks(), state or {}, slack.files)
    payload = payloads.message_action(slack, user, conversation, message, sent, values, slack.base_url + path)
    await _deliver_click(slack, payload)


def message_of(slack: Slack, user: User, conversation: Conversation, ts: str) -> Message:
    """The message that a person acts on."""
    try:
        return slack.messages.find(conversation.id, ts, seen_by=user.id)
    except SlackError as error:
        raise PageError("This message is not there any more; reload the page.", 404) from error


async def press_in_view(
    slack: Slack, user: User, view: View, action: dict[str, Any], state: dict[str, Any] | None
) -> None:
    """A click or a choice in a modal or in the Home tab."""
    _must_be_interactive(slack)
    sent = inputs.completed_action(view.content["blocks"], action, slack.timestamps.next(), slack.files)
    view.state = inputs.state_of(view.content["blocks"], view.state | (state or {}), slack.files)
    await _deliver_click(slack, payloads.view_action(slack, user, view, sent))


async def _deliver_click(slack: Slack, payload: dict[str, Any]) -> None:
    try:
        await slack.to_app.deliver("interaction", payload)
    except UndeliveredError as undelivered:
        raise PageError(f"The click failed with the error {undelivered.told}", status=502) from undelivered


def _must_be_installed(slack: Slack) -> None:
    if not slack.installations.installed:
        raise PageError(f"{slack.workspace.app.name} is not installed in this workspace.", status=403)


def _must_be_interactive(slack: Slack) -> None:
    _must_be_installed(slack)
    if not slack.manifest.interactivity:
        raise PageError("This app is not configured to handle interactive responses.", status=403)


async def submit(slack: Slack, user: User, view: View, state: dict[str, Any]) -> dict[str, Any]:
    """Send a modal off; gives what the page has to show next (see the page API's /page/submit)."""
    _must_be_interactive(slack)
    view.state = inputs.state_of(view.content["blocks"], view.state | state, slack.files)
    if errors := input_checks.problems(view.content["blocks"], view.state):
        return {"response_action": "errors", "errors": errors}
    payload = payloads.view_submission(slack, user, view, _response_urls(slack, user, view))
    try:
        response = await slack.to_app.deliver("interaction", payload)
    except UndeliveredError as undelivered:
        raise PageError(f"{TROUBLE_WITH_MODAL} ({undelivered.told})", status=502) from undelivered
    try:
        return _carry_out(slack, user, view, response)
    except SlackError as error:
        raise PageError(f"{TROUBLE_WITH_MODAL} ({error})", status=502) from error


def _response_urls(slack: Slack, user: User, view: View) -> list[dict[str, Any]]:
    """Leave to answer in the conversations that were chosen in inputs with `response_url_enabled`."""
    urls = []
    for block in all_blocks(view.content["blocks"]):
        if block["type"] != "input" or not block["element"].get("response_url_enabled"):
            continue
        chosen = inputs.value_in(view.state, block)
        if chosen in slack.workspace.conversations:
            path = slack.response_urls.issue(
                "app", team=slack.workspace.team.id, user=user.id, channel=chosen
            )
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": block["element"]["action_id"],
                    "channel_id": chosen,
                    "response_url": slack.base_url + path,
                }
            )
    return urls


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


async def close(slack: Slack, user: User, view: View, *, whole_stack: bool = False) -> None:
    """A person dismisses a modal, or all of them; the app hears of it if it asked to (`notify_on_close`)."""
    is_cleared = whole_stack or bool(view.content.get("clear_on_close"))
    closed = slack.views.clear(user.id) if is_cleared else slack.views.close(view)
    for one in closed:
        announce_view(slack, "view_closed", one)
        if one.content.get("notify_on_close"):
            payload = payloads.view_closed(slack, user, one, is_cleared=is_cleared)
            slack.spawn(_deliver_quietly(slack, payload))


async def _deliver_quietly(slack: Slack, payload: dict[str, Any]) -> None:
    try:
        await slack.to_app.deliver("interaction", payload)
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


async def options_in_message(
    slack: Slack, user: User, conversation: Conversation, ts: str, asked: OptionsAsked
) -> dict[str, Any]:
    """The choices of an external select in a message, for what the person typed so far."""
    message = message_of(slack, user, conversation, ts)
    where = payloads.in_message(slack, conversation, message)
    return await _options(slack, message.all_blocks(), asked, where)


async def options_in_view(slack: Slack, user: User, view: View, asked: OptionsAsked) -> dict[str, Any]:
    """The same in a modal or in the Home tab."""
    return await _options(slack, view.content["blocks"], asked, payloads.in_view(slack, view))


async def _options(
    slack: Slack, blocks: list[dict[str, Any]], asked: OptionsAsked, where: dict[str, Any]
) -> dict[str, Any]:
    _must_be_interactive(slack)
    _, element = inputs.find_element(blocks, asked.block_id, asked.action_id)
    if len(asked.value) < element.get("min_query_length", LEAST_TYPED):
        return {"options": []}
    payload = payloads.block_suggestion(
        slack, asked.user, where, asked.block_id, asked.action_id, asked.value
    )
    try:
        response = await slack.to_app.deliver("options", payload)
    except UndeliveredError as undelivered:
        raise PageError(f"No options: the app failed with {undelivered.told}", status=502) from undelivered
    if problems := block_kit.problems_of_options(response):
        raise PageError(f"No options: the app's answer is not what Slack takes: {problems[0]}", status=502)
    return {key: response[key] for key in ("options", "option_groups") if key in response}


def page_view(slack: Slack, view: View) -> dict[str, Any]:
    return rendering.page_view(slack, slack.views.to_slack(view))


def announce_view(slack: Slack, kind: str, view: View) -> None:
    """Tell the person's open pages: `view_opened`, `view_updated`, `view_closed` or `home`."""
    slack.page.to([view.user], {"type": kind, "view": page_view(slack, view)})
