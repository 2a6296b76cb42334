"""Workspaces, manifests, blocks and apps for the tests of the sandbox."""

from typing import Any

BOT = "U0BOT"
ADA, BEN, LIN, GONE = "U0ADA", "U0BEN", "U0LIN", "U0GONE"
BOT_TOKEN, APP_TOKEN = "xoxb-of-the-tests", "xapp-of-the-tests"
SIGNING_SECRET = "a-secret-of-the-tests"
CLIENT_ID, CLIENT_SECRET = "111.222", "another-secret-of-the-tests"

ALL_SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
]


def a_workspace() -> dict[str, Any]:
    """Three people, one who left; a public channel with and one without the bot; a private one of each."""
    return {
        "team": {"id": "T0TEAM", "name": "Acme", "domain": "acme"},
        "app": {"id": "A0APP", "name": "Tester", "bot_user_id": BOT, "bot_id": "B0BOT"},
        "tokens": {
            "bot": BOT_TOKEN,
            "app": APP_TOKEN,
            "signing_secret": SIGNING_SECRET,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        },
        "users": [
            {
                "id": ADA,
                "name": "ada",
                "real_name": "Ada Okafor",
                "email": "ada@example.com",
                "is_admin": True,
            },
            {
                "id": BEN,
                "name": "ben",
                "real_name": "Ben Fischer",
                "email": "Ben@example.com",
                "locale": "en-GB",
            },
            {
                "id": LIN,
                "name": "lin",
                "real_name": "林晓",
                "email": "lin@example.com",
                "title": "客户经理",
                "locale": "zh-CN",
                "tz": "Asia/Shanghai",
            },
            {
                "id": GONE,
                "name": "gone",
                "real_name": "Gone Away",
                "email": "gone@example.com",
                "deleted": True,
            },
        ],
        "channels": [
            {"id": "C0GENERAL", "name": "general", "topic": "Everyone", "members": [ADA, BEN, LIN, BOT]},
            {"id": "C0RANDOM", "name": "random", "members": [ADA, BEN]},
            {"id": "C0LEADS", "name": "leads", "private": True, "members": [ADA, BOT]},
            {"id": "C0SECRET", "name": "secret", "private": True, "members": [ADA]},
            {"id": "C0PARTNER", "name": "partner", "shared": True, "members": [BEN, BOT]},
            {"id": "C0OLD", "name": "old", "archived": True, "members": [ADA, BOT]},
        ],
        "usergroups": [{"id": "S0SALES", "handle": "sales", "name": "Sales", "users": [BEN, LIN]}],
    }


def a_manifest(
    *,
    without_scopes: tuple[str, ...] = (),
    more_scopes: tuple[str, ...] = (),
    app_home: dict[str, bool] | None = None,
    interactivity: bool = True,
    redirect_urls: list[str] | None = None,
) -> dict[str, Any]:
    """A manifest with two commands and all scopes but those left out."""
    return {
        "display_information": {"name": "Tester"},
        "features": {
            "app_home": app_home or {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "tester"},
            "slash_commands": [
                {
                    "command": "/hello",
                    "description": "Says hello",
                    "usage_hint": "[name]",
                    "should_escape": False,
                },
                {"command": "/find", "description": "Finds people", "should_escape": True},
            ],
        },
        "oauth_config": {
            "redirect_urls": redirect_urls or [],
            "scopes": {"bot": [*(one for one in ALL_SCOPES if one not in without_scopes), *more_scopes]},
        },
        "settings": {
            "interactivity": {"is_enabled": interactivity},
            "event_subscriptions": {
                "bot_events": ["app_home_opened", "app_mention", "message.channels", "message.im"]
            },
            "socket_mode_enabled": True,
        },
    }


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str = "go", text: str = "Go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def select(action_id: str, *values: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "static_select",
        "action_id": action_id,
        "options": [option(one) for one in values],
        **more,
    }


def text_input(block_id: str, action_id: str, **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": action_id, **more}
    return {"type": "input", "block_id": block_id, "label": plain(block_id.title()), "element": element}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("A modal"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)}


def png(width: int = 2, height: int = 1) -> bytes:
    """The beginning of a PNG, which is all that the sandbox reads."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")
