"""reactions.*"""

from typing import Any

from sandbox import posting
from sandbox.errors import SlackError
from sandbox.web_api.registry import Call, method


@method("reactions.add", scope="reactions:write")
def reactions_add(call: Call) -> dict[str, Any]:
    conversation = call.conversation()
    if call.bot not in conversation.members:
        raise SlackError("not_in_channel")
    message = call.slack.messages.find(conversation.id, call.args.required("timestamp"))
    people = message.reactions.setdefault(call.args.required("name").strip(":"), [])
    if call.bot in people:
        raise SlackError("already_reacted")
    people.append(call.bot)
    posting.changed(call.slack, message)
    return {}
