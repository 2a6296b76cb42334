"""Slack's Web API, a module a family of methods; `WebApi` serves them all."""

# Importing a family registers its methods.
from sandbox.web_api import (
    apps,
    channels,
    chat,
    conversations,
    emoji,
    files,
    oauth,
    pins,
    reactions,
    scheduled,
    usergroups,
    users,
    views,
)
from sandbox.web_api.server import WebApi

__all__ = [
    "WebApi",
    "apps",
    "channels",
    "chat",
    "conversations",
    "emoji",
    "files",
    "oauth",
    "pins",
    "reactions",
    "scheduled",
    "usergroups",
    "users",
    "views",
]
