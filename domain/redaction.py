"""Keeping secrets out of the logs, whoever writes the line."""

import json
import re
import threading
from collections.abc import Iterable, Iterator

HIDDEN = "[hidden]"
SHORTEST_SECRET = 4
"""Hiding every place where a shorter text occurs would hide the logs themselves."""

_PATTERNS = (
    # Slack's tokens; what stands before may be a terminal's colour
    re.compile(r"()(?:xox[a-z](?:\.xox[a-z])?|xapp|xwfp)-[A-Za-z0-9-]+"),
    # passwords in addresses
    re.compile(r"(://)[^/\s:@\"']*:[^/\s@\"']+(?=@)"),
    # headers and fields: `Authorization: Bearer …`, `"client_secret": "…"`, `ticket=…`
    re.compile(r"(?i)(\bauthorization[\"']?\s*[:=]\s*[\"']?)(?:bearer|basic|token)\s+[^\s\"',]+"),
    re.compile(
        r"(?i)\b((?:client_secret|signing_secret|access_token|refresh_token|password|ticket)"
        r"[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,}]+"
    ),
)
"""Each with what stays in its first group."""


class Redactor:
    """Hides known secrets, and what looks like one, in a line of text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: set[str] = set()
        self._any_known: re.Pattern[str] | None = None
        self._learning = threading.Lock()
        self.learn(secrets)

    def learn(self, secrets: Iterable[str]) -> None:
        """Hide these as well from now on."""
        written = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _forms(secret)}
        if written <= self._known:
            return
        with self._learning:
            self._known = self._known | written
            longest_first = sorted(self._known, key=len, reverse=True)
            self._any_known = re.compile("|".join(map(re.escape, longest_first)))

    def __call__(self, line: str) -> str:
        line = _PATTERNS[0].sub(HIDDEN, line)  # first: a known token may be how a longer one begins
        if self._any_known is not None:
            line = self._any_known.sub(HIDDEN, line)
        for pattern in _PATTERNS:
            line = pattern.sub(rf"\1{HIDDEN}", line)
        return line


def _forms(secret: str) -> Iterator[str]:
    """A line of JSON holds quotes and what is beyond ASCII in another spelling."""
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
