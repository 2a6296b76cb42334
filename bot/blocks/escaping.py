"""The one place where what a person or a file wrote is made safe to show in Slack.

Text that holds our own formatting is `Mrkdwn`. Everything else is a plain `str` and is escaped on its way
into a block, so that a name can neither mention a channel nor become a link, bold or an emoji.
"""

import re
from collections.abc import Iterable

# A word joiner: shows as nothing, and what it stands in is no address and no emoji code any more.
_JOINER = "\u2060"
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# mrkdwn knows no escape for its own marks, so what only looks like them takes their place.
_LOOKALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_UNDERSCORE_AT_AN_EDGE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=mailto:)|(?<=tel:)|(?<=www)(?=\.)", re.IGNORECASE)
# A code may end in our own text: ":smile" fills the place in "{name}: …". A time such as 10:30 is none.
_EMOJI_CODE = re.compile(r":(?=[a-z0-9_+'-]+:|(?!(?<=\d:)\d\d\Z)[a-z0-9_+'-]+\Z)", re.IGNORECASE)
_TURNS_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters, the separators of lines and paragraphs, and halves of characters."""
_WIDE_ENDS = ("。", "！", "？", "；", "：")
_USER_ID = re.compile(r"[UW][A-Z0-9]{1,30}")
_ENTITY_CUT_OFF = re.compile(r"&[a-z]{0,3}\Z")


class Mrkdwn(str):
    """Text in Slack's mrkdwn that is safe as it stands. Joined or formatted by hand, it is a `str` again."""

    __slots__ = ()


def mrkdwn(text: str) -> Mrkdwn:
    """Safe for a mrkdwn text and for a message's top-level text."""
    if isinstance(text, Mrkdwn):
        return text
    escaped = one_line(text).translate(_ENTITIES).translate(_LOOKALIKES)
    if escaped.startswith("&gt;"):  # at the beginning of a line it would make a quotation
        escaped = _JOINER + escaped
    escaped = _UNDERSCORE_AT_AN_EDGE.sub("\u02cd", escaped)
    escaped = _ADDRESS.sub(_JOINER, escaped)
    return Mrkdwn(_EMOJI_CODE.sub(":" + _JOINER, escaped))


def mention(slack_id: str) -> Mrkdwn:
    """A live mention of one person: only of somebody who chose to be named."""
    return Mrkdwn(f"<@{slack_id}>") if _USER_ID.fullmatch(slack_id) else mrkdwn(slack_id)


def plain(text: str) -> str:
    """Safe for a plain_text object, which knows no formatting but the same three entities."""
    return one_line(text).translate(_ENTITIES)


def one_line(text: str) -> str:
    """Without line breaks, control characters, and marks that turn the direction of writing."""
    return " ".join(_BREAKS.sub(" ", _TURNS_DIRECTION.sub("", text)).split())


def join(parts: Iterable[str], between: str = "\n") -> Mrkdwn:
    """What is safe stays as it is; what is not is escaped. Chinese sentences have no blank between them."""
    first, *rest = [mrkdwn(part) for part in parts] or [mrkdwn("")]
    text: str = first
    for part in rest:
        needs_none = between == " " and text.endswith(_WIDE_ENDS) and not part.startswith("*")
        text += part if needs_none else between + part
    return Mrkdwn(text)


def bold(text: str) -> Mrkdwn:
    """Needs blanks or line ends around it, also in Chinese: Slack takes no other neighbours."""
    safe = mrkdwn(text)
    return Mrkdwn(f"*{safe}*") if safe else safe


def cut(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, as Slack counts; what is left out is marked, no entity is split."""
    if utf16_length(text) <= limit:
        return text
    shortened = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return _ENTITY_CUT_OFF.sub("", shortened) + "…"


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
