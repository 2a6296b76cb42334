"""Whether the app is installed, with which token and scopes, and the codes on the way there."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sandbox.errors import SlackError
from sandbox.workspace import AppIdentity

CODE_SECONDS = 600.0


@dataclass(frozen=True)
class Installation:
    """The token of the bot in this workspace. Whoever installs the app again gets the same one."""

    bot_token: str
    scopes: frozenset[str]
    installed_by: tuple[str, ...] = ()


@dataclass
class Approval:
    """That `user` pressed Allow; the app exchanges the code for the token."""

    user: str
    scopes: frozenset[str]
    redirect_uri: str | None
    expires_at: float
    used: bool = False


class Installations:
    def __init__(
        self, app: AppIdentity, scopes: Iterable[str], clock: Callable[[], float], *, installed: bool
    ) -> None:
        """`scopes` are the manifest's; an app that is `installed` from the start has them all."""
        self._app = app
        self._clock = clock
        self._codes: dict[str, Approval] = {}
        self._ended: dict[str, str] = {}
        self.current = Installation(app.bot_token, frozenset(scopes)) if installed else None

    @property
    def installed(self) -> bool:
        return self.current is not None

    @property
    def scopes(self) -> frozenset[str]:
        return self.current.scopes if self.current else frozenset()

    def is_bot_token(self, token: str) -> bool:
        """Whether this is the bot's token. Raises the error for one that was good once."""
        if token in self._ended:
            raise SlackError(self._ended[token])
        return self.current is not None and token == self.current.bot_token

    def approve(self, user: str, scopes: Iterable[str], redirect_uri: str | None) -> str:
        """The code that the app is sent back with."""
        code = f"{secrets.randbelow(10**10)}.{secrets.randbelow(10**10)}.{secrets.token_hex(32)}"
        expires_at = self._clock() + CODE_SECONDS
        self._codes[code] = Approval(user, frozenset(scopes), redirect_uri, expires_at)
        return code

    def redeem(self, code: str, redirect_uri: str | None) -> Approval:
        """Use a code up. Raises the errors of oauth.v2.access."""
        approval = self._codes.get(code)
        if approval is None or self._clock() > approval.expires_at:
            raise SlackError("invalid_code")
        if approval.used:
            raise SlackError("code_already_used")
        if approval.redirect_uri != redirect_uri:
            raise SlackError("bad_redirect_uri")
        approval.used = True
        return approval

    def install(self, user: str, scopes: Iterable[str]) -> Installation:
        """Install, or add the scopes and the person to what is installed already."""
        before = self.current or Installation(f"xoxb-sandbox-{secrets.token_hex(12)}", frozenset())
        installed_by = tuple(dict.fromkeys([*before.installed_by, user]))
        self.current = Installation(before.bot_token, before.scopes | frozenset(scopes), installed_by)
        return self.current

    def end(self, error: str) -> None:
        """The token is good for nothing any more; whoever uses it gets this error."""
        if self.current is not None:
            self._ended[self.current.bot_token] = error
            self.current = None
