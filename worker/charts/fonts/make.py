"""Cut the static font files that the charts are drawn with.

Usage: python worker/charts/fonts/make.py FOLDER

FOLDER is where the npm packages @expo-google-fonts/noto-sans-sc 0.4.3 and @expo-google-fonts/noto-sans 0.4.2
are installed (its node_modules). Both carry static instances of Google's Noto fonts under the SIL Open Font
License; what is written here is a subset of them under the same licence (OFL.txt).
"""

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]  # the package carries no types

FONTS = Path(__file__).parent

# Latin with its extensions, marks, Greek, Cyrillic, Vietnamese, punctuation, currencies, arrows, shapes.
LATIN_BLOCKS = [
    (0x0020, 0x052F),
    (0x1E00, 0x1FFF),
    (0x2000, 0x206F),
    (0x2070, 0x20CF),
    (0x2100, 0x22FF),
    (0x2500, 0x25FF),
]


def gbk() -> set[int]:
    """Every character of GBK: the hanzi of GB 2312, the rarer ones that names use, and punctuation."""
    characters: set[int] = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            text = bytes([lead, trail]).decode("gbk", errors="ignore")
            if len(text) == 1:
                characters.add(ord(text))
    return characters


def latin() -> set[int]:
    """Every code point of LATIN_BLOCKS; those that the font lacks are skipped by the subsetter."""
    return {point for first, last in LATIN_BLOCKS for point in range(first, last + 1)}


def cut(source: Path, target: Path, points: set[int], features: list[str]) -> None:
    """Write the subset of one font; hinting goes, since the charts are drawn at sizes that need none."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = features
    options.drop_tables += ["vhea", "vmtx", "BASE", "STAT"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def main(folder: Path) -> None:
    """Cut the three files from the packages unpacked in `folder`."""
    fonts = folder / "@expo-google-fonts"
    chinese = fonts / "noto-sans-sc" / "400Regular" / "NotoSansSC_400Regular.ttf"
    regular = fonts / "noto-sans" / "400Regular" / "NotoSans_400Regular.ttf"
    semibold = fonts / "noto-sans" / "600SemiBold" / "NotoSans_600SemiBold.ttf"
    marks = ["kern", "mark", "mkmk", "ccmp"]
    cut(chinese, FONTS / "NotoSansSC-Regular.ttf", gbk(), [])
    cut(regular, FONTS / "NotoSans-Regular.ttf", latin(), marks)
    cut(semibold, FONTS / "NotoSans-SemiBold.ttf", latin(), marks)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
