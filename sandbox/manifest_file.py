"""The app manifest in Slack's own JSON format, read and checked as Slack would check it."""

from urllib.parse import urlsplit

from sandbox.errors import SetupError
from sandbox.manifest import Manifest, RequestUrls, Shortcut, SlashCommand
from sandbox.setup_files import Part, Source, load

LONGEST_COMMAND = 32


def read_manifest(source: Source, *, http_url: str | None = None) -> Manifest:
    """Read a manifest, from its path or as already parsed. Fields that the sandbox has no use for are let be.

    With an `http_url` the app is called there over HTTP, whatever the manifest says.
    Raises SetupError where Slack would refuse the manifest.
    """
    content = load(source, "manifest")
    features, settings, oauth = (
        content.part("features"),
        content.part("settings"),
        content.part("oauth_config"),
    )
    name = content.part("display_information").text("name")
    home = features.part("app_home")
    urls = _request_urls(features, settings)
    manifest = Manifest(
        name=name,
        bot_name=features.part("bot_user").text("display_name", name),
        scopes=frozenset(oauth.part("scopes").texts("bot")),
        commands={command.command: command for command in map(_command, features.parts("slash_commands"))},
        shortcuts={one.callback_id: one for one in map(_shortcut, features.parts("shortcuts"))},
        bot_events=frozenset(settings.part("event_subscriptions").texts("bot_events")),
        home_tab=home.flag("home_tab_enabled"),
        messages_tab=home.flag("messages_tab_enabled", True),
        messages_read_only=home.flag("messages_tab_read_only_enabled"),
        interactivity=settings.part("interactivity").flag("is_enabled"),
        # A manifest that does not say by which transport means HTTP if it names URLs.
        socket_mode=settings.flag("socket_mode_enabled", not urls.named()),
        request_urls=urls,
        redirect_urls=oauth.texts("redirect_urls"),
    )
    if http_url is not None:
        manifest = manifest.called_at(_checked_url(http_url))
    _check_commands(manifest, content.where)
    if not manifest.socket_mode:
        _check_urls(manifest, content.where)
    return manifest


def _command(part: Part) -> SlashCommand:
    return SlashCommand(
        command=part.text("command"),
        description=part.text("description", ""),
        usage_hint=part.text("usage_hint", ""),
        should_escape=part.flag("should_escape"),
    )


def _shortcut(part: Part) -> Shortcut:
    kind = part.text("type")
    if kind not in ("global", "message"):
        raise SetupError(f"{part.where}: the type of a shortcut is global or message, not {kind!r}.")
    return Shortcut(
        callback_id=part.text("callback_id"),
        name=part.text("name"),
        description=part.text("description", ""),
        kind="global" if kind == "global" else "message",
    )


def _request_urls(features: Part, settings: Part) -> RequestUrls:
    interactivity = settings.part("interactivity")
    return RequestUrls(
        events=settings.part("event_subscriptions").optional_text("request_url"),
        interactivity=interactivity.optional_text("request_url"),
        options=interactivity.optional_text("message_menu_options_url"),
        commands={one.text("command"): one.optional_text("url") for one in features.parts("slash_commands")},
    )


def _check_commands(manifest: Manifest, where: str) -> None:
    if (manifest.commands or manifest.shortcuts) and "commands" not in manifest.scopes:
        what = "slash commands" if manifest.commands else "shortcuts"
        raise SetupError(f'{where} has {what}; add "commands" to oauth_config.scopes.bot.')
    for command in manifest.commands:
        if not command.startswith("/") or command != command.lower() or " " in command:
            raise SetupError(f"{where}: {command!r} must start with / and be lower case, without spaces.")
        if len(command) > LONGEST_COMMAND:
            raise SetupError(f"{where}: {command!r} is longer than {LONGEST_COMMAND} characters; shorten it.")


def _check_urls(manifest: Manifest, where: str) -> None:
    urls = manifest.request_urls
    missing = [f"the url of {command}" for command in manifest.commands if not urls.commands.get(command)]
    if manifest.bot_events and not urls.events:
        missing.append("event_subscriptions.request_url")
    if manifest.interactivity and not urls.interactivity:
        missing.append("interactivity.request_url")
    if missing:
        raise SetupError(
            f"{where} turns Socket Mode off and lacks {', '.join(missing)}: add them, set "
            "socket_mode_enabled, or start with --http-url to name one URL for everything."
        )
    for url in urls.named():
        _checked_url(url)


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SetupError(
            f"{url!r} is not where an app can be called: give a URL such as http://127.0.0.1:3000/slack/events."
        )
    return url
