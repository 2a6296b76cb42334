"""The faces that charts are written in, and text made safe to write with them.

Latin comes first, then Simplified Chinese at regular weight, then ever rarer scripts; Matplotlib falls
through the list glyph by glyph. The faces get names of our own, so that no font installed on the machine (a
variable Noto Sans SC would be drawn at its thinnest) is taken instead.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import FontEntry, FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags

_OWN = Path(__file__).parent / "fonts"
_DEJAVU = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"

# Hinting bends letters to the pixels of small sizes; ours are large, and each letter would be bent anew.
mpl.rcParams["text.hinting"] = "no_hinting"

ELLIPSIS = "…"
UNKNOWN = "□"


def _rare_hanzi() -> Path:
    """The file inside notojp-matplotlib, found without the import: that would change settings."""
    spec = find_spec("notojp_matplotlib")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "The package notojp-matplotlib is not installed; charts need its font for rare hanzi."
        )
    return Path(spec.origin).parent / "fonts" / "NotoSansCJKjp-Regular.otf"


_LATIN, _STRONG = _OWN / "NotoSans-Regular.ttf", _OWN / "NotoSans-SemiBold.ttf"
_BEHIND = [_OWN / "NotoSansSC-Regular.ttf", _rare_hanzi(), _DEJAVU]
_REGULAR_FILES = [_LATIN, *_BEHIND]
_STRONG_FILES = [_STRONG, *_BEHIND]


def _register(file: Path) -> str:
    """Tell Matplotlib of a file under a name of our own and return that name."""
    name = f"Pacesetter {file.stem}"
    fontManager.ttflist.append(FontEntry(fname=str(file), name=name, weight=400, size="scalable"))
    return name


_NAMES = {file: _register(file) for file in [_LATIN, _STRONG, *_BEHIND]}
REGULAR = FontProperties(family=[_NAMES[file] for file in _REGULAR_FILES])
STRONG = FontProperties(family=[_NAMES[file] for file in _STRONG_FILES])
_LATIN_ALONE = FontProperties(family=[_NAMES[_LATIN]])
_STRONG_ALONE = FontProperties(family=[_NAMES[_STRONG]])


@cache
def _covered(file: Path) -> frozenset[int]:
    return frozenset(FT2Font(str(file)).get_charmap())


def _drawable(character: str) -> bool:
    """Whether the faces have the character, in both weights; the largest files are only opened if need be."""
    point = ord(character)
    if point in _covered(_LATIN) and point in _covered(_STRONG):
        return True
    return any(point in _covered(file) for file in _BEHIND)


def _plain_characters(text: str) -> Iterator[str]:
    for character in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(character)
        if character.isspace():
            yield " "
        elif kind.startswith("C"):
            continue  # controls, direction overrides, joiners, halves of pairs: nothing to see
        elif kind.startswith(("S", "M")) and (ord(character) >= 0x1F000 or not _drawable(character)):
            continue  # emoji, and marks that no face has
        else:
            yield character if _drawable(character) else UNKNOWN


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """`text` on one line, with only what the faces can draw: emoji go, letters of no face become a box."""
    return " ".join("".join(_plain_characters(text)).split())


@lru_cache(maxsize=1024)
def width(text: str, size: float, *, strong: bool = False) -> float:
    """How many pixels wide `text` is at `size` pixels."""
    files = _STRONG_FILES if strong else _REGULAR_FILES
    font = get_font([str(file) for file in (files[:1] if text.isascii() else files)])
    font.set_size(size, 72)
    font.set_text(text, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64


@lru_cache(maxsize=64)
def _face(size: float, strong: bool, latin: bool) -> FontProperties:
    face = (_STRONG_ALONE if latin else STRONG) if strong else (_LATIN_ALONE if latin else REGULAR)
    sized = face.copy()
    sized.set_size(size)
    return sized


def face(text: str, size: float, *, strong: bool = False) -> FontProperties:
    """The face to write plain text with; without the faces behind it where the first has every letter.

    Matplotlib looks up each face of a list for each text, and shapes the text by all of them.
    """
    return _face(size, strong, text.isascii())


def shorten(text: str, size: float, room: float, *, strong: bool = False) -> str:
    """`text` if it fits into `room` pixels, else as much of its beginning as fits, and an ellipsis."""
    if width(text, size, strong=strong) <= room:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if width(text[:middle] + ELLIPSIS, size, strong=strong) <= room:
            fits = middle
        else:
            too_long = middle
    return text[:fits].rstrip() + ELLIPSIS
