"""Which methods there are, and what each takes: whose token, and a scope."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.errors import SlackError
from sandbox.rate_limits import Tier
from sandbox.slack import Slack
from sandbox.web_api.arguments import Arguments
from sandbox.workspace import Conversation, Kind

Caller = Literal["bot", "app", "nobody"]

# The scope that conversations.* methods take depends on the kind of conversation.
SCOPE_PREFIX: dict[Kind, str] = {"channel": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True)
class Call:
    """One call of a method by the app, its token already known to be good."""

    slack: Slack
    args: Arguments
    caller: Caller

    @property
    def bot(self) -> str:
        return self.slack.workspace.app.bot_user_id

    def require_scope(self, *any_of: str) -> None:
        """Raises missing_scope unless the token has one of these; the first is told as what it needs."""
        provided = self.slack.installations.scopes
        if not provided.intersection(any_of):
            raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(provided)))

    def conversation(self, name: str = "channel", *, scope: str | None = None) -> Conversation:
        """The conversation an argument names. `scope` is the verb of the scope it takes, e.g. `history`."""
        found = self.slack.workspace.conversation(self.args.required(name), seen_by=self.bot)
        if scope is not None:
            self.require_scope(f"{SCOPE_PREFIX[found.kind]}:{scope}")
        return found


Run = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True)
class Method:
    name: str
    tier: Tier
    run: Run
    scope: str | None
    caller: Caller | Literal["any"]


METHODS: dict[str, Method] = {}


def method(
    name: str, tier: Tier, *, scope: str | None = None, caller: Caller | Literal["any"] = "bot"
) -> Callable[[Run], Run]:
    """Register a function as a Web API method. It gives the answer without `ok`, or raises SlackError."""

    def register(run: Run) -> Run:
        METHODS[name] = Method(name, tier, run, scope, caller)
        return run

    return register
