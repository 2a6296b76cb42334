"""chat.*, as far as it is about messages for later."""

import asyncio
from typing import Any

from sandbox import posting, rendering
from sandbox.errors import SlackError
from sandbox.messages import Message
from sandbox.rate_limits import Tier
from sandbox.scheduled import Scheduled
from sandbox.slack import Slack
from sandbox.web_api.chat import composed_message, writable_conversation
from sandbox.web_api.cursors import page_of
from sandbox.web_api.registry import Call, method

FARTHEST_SECONDS = 120 * 24 * 3600
# Slack lets go of a message that is about to be posted no more.
TOO_LATE_SECONDS = 60


@method("chat.scheduleMessage", Tier.THREE, scope="chat:write")
def chat_schedule_message(call: Call) -> dict[str, Any]:
    conversation = writable_conversation(call)
    post_at = call.args.number("post_at", 0)
    seconds = post_at - call.slack.clock()
    if seconds <= 0:
        raise SlackError("time_in_past")
    if seconds > FARTHEST_SECONDS:
        raise SlackError("time_too_far")
    message = composed_message(call, conversation)
    scheduled = Scheduled(
        id=f"Q{message.ts.replace('.', '')}",
        message=message,
        post_at=post_at,
        created=int(call.slack.clock()),
        task=call.slack.spawn(_post_later(call.slack, message, seconds)),
    )
    call.slack.scheduled.add(scheduled)
    shown = rendering.new_message(call.slack, message)
    del shown["ts"]
    return {
        "channel": conversation.id,
        "scheduled_message_id": scheduled.id,
        "post_at": post_at,
        "message": shown | {"type": "delayed_message"},
    }


@method("chat.scheduledMessages.list", Tier.THREE, scope="chat:write")
def chat_scheduled_messages_list(call: Call) -> dict[str, Any]:
    channel = call.args.text("channel")
    if channel and channel not in call.slack.workspace.conversations:
        raise SlackError("invalid_channel")
    oldest, latest = call.args.number("oldest", 0), call.args.number("latest", 0)
    found = [
        one
        for one in call.slack.scheduled.waiting()
        if channel in (None, "", one.message.channel) and oldest <= one.post_at <= (latest or one.post_at)
    ]
    shown, metadata = page_of(call, found, default=100, most=1000)
    return {
        "scheduled_messages": [
            {
                "id": one.id,
                "channel_id": one.message.channel,
                "post_at": one.post_at,
                "date_created": one.created,
                "text": one.message.text,
            }
            for one in shown
        ],
        "response_metadata": metadata,
    }


@method("chat.deleteScheduledMessage", Tier.THREE, scope="chat:write")
def chat_delete_scheduled_message(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    wanted = call.args.required("scheduled_message_id")
    for one in call.slack.scheduled.waiting():
        if one.id == wanted and one.post_at - call.slack.clock() < TOO_LATE_SECONDS:
            raise SlackError("invalid_scheduled_message_id")
    call.slack.scheduled.cancel(conversation.id, wanted)
    return {}


async def _post_later(slack: Slack, message: Message, seconds: float) -> None:
    await asyncio.sleep(seconds)
    message.ts = slack.timestamps.next()
    posting.post(slack, slack.workspace.conversations[message.channel], message)
