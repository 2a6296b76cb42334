"""The workspace file (`default_workspace.json` is one): team, app, people and channels, read and checked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.errors import SetupError
from sandbox.manifest import Manifest
from sandbox.setup_files import Part, Source, load
from sandbox.workspace import AppIdentity, Conversation, Team, User, UserGroup, Workspace

DEFAULT_WORKSPACE = Path(__file__).with_name("default_workspace.json")

FOUNDED = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
SECTIONS = ("team", "other_teams", "app", "tokens", "users", "channels", "usergroups")
USER_FIELDS = (
    "id",
    "name",
    "real_name",
    "email",
    "title",
    "locale",
    "tz",
    "team",
    "is_admin",
    "is_bot",
    "deleted",
)
CHANNEL_FIELDS = ("id", "name", "topic", "purpose", "members", "private", "shared", "shared_with", "archived")
TOKEN_FIELDS = ("bot", "app", "signing_secret", "client_id", "client_secret")


def read_workspace(source: Source, manifest: Manifest, *, installed: bool | None = None) -> Workspace:
    """Read a workspace file, from its path or as already parsed.

    `installed` says whether the app is there from the start; None leaves that to the file.
    Raises SetupError naming the entry that is wrong.
    """
    content = load(source, "workspace file")
    content.only(SECTIONS)
    app = _app(content, manifest)
    if installed is not None:
        app = replace(app, installed=installed)
    team = _team(content.part("team")) if content.has("team") else Team("T0SANDBOX", "Sandbox", "sandbox")
    others = [_team(one) for one in content.parts("other_teams")]
    users = [_user(one) for one in content.parts("users")]
    if not users:
        raise SetupError(f"{content.where} has no users: add at least one person.")
    if app.bot_user_id not in {user.id for user in users}:
        bot_name = manifest.bot_name.lower().replace(" ", "_")
        users.append(User(app.bot_user_id, bot_name, app.name, is_bot=True))
    channels = [_channel(one, app.bot_user_id) for one in content.parts("channels")]
    groups = [
        UserGroup(one.text("id"), one.text("handle"), one.text("name"), one.texts("users"))
        for one in content.parts("usergroups")
    ]
    _check(content.where, team, others, users, channels)
    return Workspace(team, app, users, channels, groups, others)


def _team(part: Part) -> Team:
    part.only(("id", "name", "domain"))
    name = part.text("name")
    return Team(part.text("id"), name, part.text("domain", name.lower().replace(" ", "-")))


def _app(content: Part, manifest: Manifest) -> AppIdentity:
    app, tokens = content.part("app"), content.part("tokens")
    app.only(("id", "name", "bot_user_id", "bot_id", "installed"))
    tokens.only(TOKEN_FIELDS)
    return AppIdentity(
        id=app.text("id", "A0SANDBOX"),
        name=app.text("name", manifest.name),
        bot_user_id=app.text("bot_user_id", "U0SANDBOXBOT"),
        bot_id=app.text("bot_id", "B0SANDBOX"),
        bot_token=_token(tokens, "bot", "xoxb-", "xoxb-sandbox"),
        app_token=_token(tokens, "app", "xapp-", "xapp-sandbox"),
        signing_secret=tokens.text("signing_secret", "signing-secret-of-the-sandbox"),
        client_id=tokens.text("client_id", "1234567890.1234567890"),
        client_secret=tokens.text("client_secret", "client-secret-of-the-sandbox"),
        installed=app.flag("installed", True),
    )


def _token(tokens: Part, name: str, prefix: str, default: str) -> str:
    token = tokens.text(name, default)
    if not token.startswith(prefix):
        raise SetupError(f"{tokens.where}: tokens.{name} must begin with {prefix}, as Slack's own do.")
    return token


def _user(part: Part) -> User:
    part.only(USER_FIELDS)
    return User(
        id=part.text("id"),
        name=part.text("name"),
        real_name=part.text("real_name"),
        email=part.text("email", ""),
        title=part.text("title", ""),
        locale=part.text("locale", "en-US"),
        tz=part.text("tz", "Etc/UTC"),
        team_id=part.text("team", ""),
        is_admin=part.flag("is_admin"),
        is_bot=part.flag("is_bot"),
        deleted=part.flag("deleted"),
    )


def _channel(part: Part, creator: str) -> Conversation:
    part.only(CHANNEL_FIELDS)
    shared_with = part.texts("shared_with")
    return Conversation(
        id=part.text("id"),
        kind="private" if part.flag("private") else "channel",
        members=set(part.texts("members")),
        name=part.text("name"),
        topic=part.text("topic", ""),
        purpose=part.text("purpose", ""),
        shared=part.flag("shared", bool(shared_with)),
        shared_with=shared_with,
        archived=part.flag("archived"),
        creator=creator,
        created=FOUNDED,
    )


def _check(
    where: str, team: Team, others: list[Team], users: list[User], channels: list[Conversation]
) -> None:
    _ids_differ(where, "users", [user.id for user in users])
    _ids_differ(where, "channels", [channel.id for channel in channels])
    _ids_differ(where, "teams", [one.id for one in [team, *others]])
    known_teams = {one.id for one in others}
    for user in users:
        _check_zone(where, user)
        if user.team_id and user.team_id not in known_teams | {team.id}:
            raise SetupError(f"{where}: user {user.id} is of team {user.team_id}; add that to other_teams.")
    by_id = {user.id: user for user in users}
    for channel in channels:
        _check_members(where, channel, by_id)
        if unknown := set(channel.shared_with) - known_teams:
            raise SetupError(
                f"{where}: channel {channel.name} is shared with {', '.join(sorted(unknown))}; "
                "add that to other_teams."
            )


def _ids_differ(where: str, what: str, ids: list[str]) -> None:
    for repeated in sorted({one for one in ids if ids.count(one) > 1}):
        raise SetupError(f"{where} has two {what} with the id {repeated}; give each its own.")


def _check_zone(where: str, user: User) -> None:
    try:
        ZoneInfo(user.tz)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SetupError(
            f"{where}: {user.tz!r} of user {user.id} is not a time zone; write one such as Europe/Berlin."
        ) from error


def _check_members(where: str, channel: Conversation, users: dict[str, User]) -> None:
    if unknown := channel.members - set(users):
        raise SetupError(
            f"{where}: channel {channel.name} has members who are not among its users: {_listed(unknown)}."
        )
    outside = {one for one in channel.members if users[one].team_id not in ("", *channel.shared_with)}
    if outside:
        raise SetupError(
            f"{where}: {_listed(outside)} of another team cannot be in channel {channel.name}; "
            "name the team in its shared_with."
        )


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))
