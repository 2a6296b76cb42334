"""Emoji reactions to messages: kept, shown in the pages, told to the app."""

import re

from sandbox import posting
from sandbox.errors import SlackError
from sandbox.messages import Message
from sandbox.slack import Slack

NAME = re.compile(r"[\w+'-]+(::skin-tone-[2-6])?")


def add(slack: Slack, message: Message, user: str, name: str) -> None:
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    people = message.reactions.setdefault(name, [])
    if user in people:
        raise SlackError("already_reacted")
    people.append(user)
    _tell(slack, "reaction_added", message, user, name)


def remove(slack: Slack, message: Message, user: str, name: str) -> None:
    people = message.reactions.get(name, [])
    if user not in people:
        raise SlackError("no_reaction")
    people.remove(user)
    if not people:
        del message.reactions[name]
    _tell(slack, "reaction_removed", message, user, name)


def _tell(slack: Slack, event: str, message: Message, user: str, name: str) -> None:
    posting.show_again(slack, message)
    slack.events.in_channel(
        slack.workspace.conversations[message.channel],
        {
            "type": event,
            "user": user,
            "reaction": name,
            "item_user": message.user,
            "item": {"type": "message", "channel": message.channel, "ts": message.ts},
            "event_ts": slack.timestamps.next(),
        },
    )
