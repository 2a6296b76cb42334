"""Names as charts write them: plain, drawable, cut to their room."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties, findfont

from worker.charts import typeface
from worker.charts.typeface import plain, shorten, width


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张伟", "张伟"),
        ("欧阳修", "欧阳修"),
        ("O\u0308mer Çelik", "Ömer Çelik"),
        ("𠮷野", "𠮷野"),
        ("😀 Ana 👩‍👩‍👧🏽 Lima 🎉", "Ana Lima"),
        ("Ana\n\tLima\u00a0", "Ana Lima"),
        ("\u202egnp.exe", "gnp.exe"),
        ("$x_1$ & <b>", "$x_1$ & <b>"),
        ("\ud83d half", "half"),
        ("𓀀 glyph", "□ glyph"),
        ("", ""),
    ],
)
def test_a_name_becomes_one_line_of_what_can_be_drawn(name: str, shown: str) -> None:
    assert plain(name) == shown


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.booleans())
def test_plain_text_never_lacks_a_glyph(text: str, strong: bool) -> None:
    assert width(plain(text), 30, strong=strong) >= 0  # a missing glyph is a warning, and that an error


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.floats(60, 400))
def test_shortened_text_fits_its_room(text: str, room: float) -> None:
    name = plain(text)

    short = shorten(name, 34, room)

    assert width(short, 34) <= room
    assert short == name or short.endswith("…")
    assert name.startswith(short.removesuffix("…"))


def test_common_hanzi_come_in_simplified_forms_at_regular_weight_from_our_own_file() -> None:
    own = Path(typeface.__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
    gb2312 = {bytes([row, cell]).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFA)}
    names = "堃喆玥淼犇璟煊"  # frequent in names, outside GB 2312

    assert {ord(character) for character in [*gb2312, *names]} <= typeface._covered(own)


def test_fonts_of_the_machine_are_not_taken_for_ours() -> None:
    families = typeface.REGULAR.get_family() + typeface.STRONG.get_family()

    assert all(family.startswith("Pacesetter ") for family in families)
    found = {
        Path(findfont(FontProperties(family=[family]), fallback_to_default=False)).name for family in families
    }
    assert {"NotoSans-Regular.ttf", "NotoSans-SemiBold.ttf", "NotoSansSC-Regular.ttf"} < found
