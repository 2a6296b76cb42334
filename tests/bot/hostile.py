"""What people, files and plans might write to make Slack mention, link or format; and putting it in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum, StrEnum
from random import Random
from typing import Any

from domain.closing.checklist import ItemKind
from domain.closing.rules import Stage
from domain.plans.rules import Comparison
from domain.scoring.rules_cards import CardStatus, LineKind, LineReason, LineStatus, Miss, Reason
from domain.scoring.rules_inputs import Window
from domain.watch.rules import HoldReason

KNOWN = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!subteam^S1|team>",
    "<!date^1392734382^{date}|now>",
    "<@U1>",
    "<@U1|ceo>",
    "<#C1>",
    "<#C1|general>",
    "<https://evil.example|Payroll>",
    "<mailto:ceo@evil.example|CEO>",
    "<tel:+1|call>",
    "&lt;!channel&gt;",
    "&#60;!channel&#62;",
    "&amp;lt;@U1&amp;gt;",
    "https://evil.example/?a=1&b=2",
    "HTTPS://EVIL.EXAMPLE",
    "www.evil.example",
    "mailto:ceo@evil.example",
    "tel:+15550100",
    "slack://channel?team=T1",
    "@channel",
    "@here",
    "#general",
    "*bold*",
    "_slanted_",
    "~gone~",
    "`code`",
    "```\nblock\n```",
    "> quoted",
    ">>> all quoted",
    "&gt; quoted",
    "• list",
    ":smile:",
    ":+1::skin-tone-2:",
    ":smile",
    "smile:",
    "https:",
    "//evil.example",
    "www",
    ".evil.example",
    "<!chan",
    "nel>",
    "\u202egnp.exe",
    "\u2066<@U1>\u2069",
    "a\u200bb\u200c\ufeff",
    "<\u200b!channel>",
    "\uff1c!channel\uff1e",
    "line\nbreak\r\n\u2028> and\u2029more",
    "\x00",
    "\x1b[31mred",
    "\ud800",
    "a\udfffb",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "e" + "\u0301" * 80,
    "{name}",
    "{0}",
    "{",
    "%s %(n)d",
    "'; DROP TABLE people; --",
    "<script>alert(1)</script>",
    "null",
    "-0",
    "1e999",
    "\\<!channel\\>",
    "O'Neill & Søn <x>",
    "王伟（东区）",
)
_MARKS = "<>&!@#*_~`:/|\\ \n\u202e\u2028\u2060\u200babhtps.wW1{}^-+'\"()[]\x00\ud800\U0001f600王"
LONG = 400
"""Beyond what files may say, as far as that is limited at all."""


def hostile_strings(seed: int = 0) -> Iterator[str]:
    """All that is known to be tried, then pieces of it in any order, without an end and never the same."""
    random = Random(seed)
    seen: set[str] = set()
    pool = iter(KNOWN)
    while True:
        text = next(pool, None) or _mixed(random)
        if text not in seen:
            seen.add(text)
            yield text


def _mixed(random: Random) -> str:
    if random.random() < 0.01:
        return (random.choice(KNOWN) * LONG)[: random.randint(LONG // 2, LONG)]
    parts = (
        random.choice(KNOWN)
        if random.random() < 0.5
        else "".join(random.choices(_MARKS, k=random.randint(1, 6)))
        for _ in range(random.randint(1, 3))
    )
    return random.choice(("", "", " ", ":", "\n")).join(parts)


_ENUMS: tuple[type[StrEnum], ...] = (
    CardStatus,
    Comparison,
    HoldReason,
    ItemKind,
    LineKind,
    LineReason,
    LineStatus,
    Miss,
    Reason,
    Stage,
)
_OUR_WORDS = {word.value for kind in _ENUMS for word in kind} | {"well", "being read"}
_NUMBER_OR_PERIOD = re.compile(r"[-+]?\d[\d.]*|\d{4}(-(\d\d|Q\d|W\d\d))?|[^\w]*|U0\w+")
_OUR_FIELDS = {"sentence", "digest", "occurred_on", "data_due", "review", "lock"}
"""A sentence is ours wherever it stands; what fills its places is not."""


def written_in(thing: Any) -> list[str]:
    """Every text in a view, facts or a plan that is not our own word, each once."""
    return list(dict.fromkeys(_written(thing)))


def rewritten(thing: Any, texts: Mapping[str, str]) -> Any:
    """The same with other texts: what was the same before is the same afterwards."""
    return _rewritten(thing, texts, {})


def _written(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        if not isinstance(thing, Enum) and thing not in _OUR_WORDS and not _NUMBER_OR_PERIOD.fullmatch(thing):
            yield thing
    else:
        for part in _parts_of(thing):
            yield from _written(part)


def _parts_of(thing: Any) -> list[Any]:
    if isinstance(thing, Mapping):
        return [value for name, value in thing.items() if name not in _OUR_FIELDS]
    if isinstance(thing, list | tuple | frozenset):
        return list(thing)
    if _has_parts(thing):
        return [getattr(thing, field.name) for field in fields(thing) if field.name not in _OUR_FIELDS]
    return []


def _rewritten(thing: Any, texts: Mapping[str, str], done: dict[int, Any]) -> Any:
    if isinstance(thing, str):
        return thing if isinstance(thing, Enum) else texts.get(thing, thing)
    if id(thing) not in done:
        done[id(thing)] = _with_new_parts(thing, texts, done)
    return done[id(thing)]


def _with_new_parts(thing: Any, texts: Mapping[str, str], done: dict[int, Any]) -> Any:
    if isinstance(thing, Mapping):
        return {
            _rewritten(name, texts, done): value if name in _OUR_FIELDS else _rewritten(value, texts, done)
            for name, value in thing.items()
        }
    if isinstance(thing, list | tuple | frozenset):
        return type(thing)(_rewritten(part, texts, done) for part in thing)
    if _has_parts(thing):
        parts = {
            field.name: _rewritten(getattr(thing, field.name), texts, done)
            for field in fields(thing)
            if field.init and field.name not in _OUR_FIELDS
        }
        return replace(thing, **parts)
    return thing


def _has_parts(thing: Any) -> bool:
    return is_dataclass(thing) and not isinstance(thing, type) and not isinstance(thing, Window)
