"""The sheet that charts are drawn on: pixels from the top left, a few shapes, text, and a PNG at the end.

Charts are 1200 pixels wide and read on phones at a third of that, so no text is smaller than SMALL. Every
figure is its own object (never pyplot, which keeps a registry), so charts may be drawn by many threads and
leave nothing behind. Shapes cover what was drawn before them; text lies above all shapes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Affine2D
from PIL import Image

from worker.charts.typeface import face, plain, shorten, width

WIDTH = 1200
MARGIN = 48
HEADER = 170
_DPI = 72  # one point is one pixel
_MIDDLE = 0.36  # from the baseline to the middle of figures and capitals, as a share of the size
_COMPRESSION = 1  # of zlib's 9: twice as fast as the default for a tenth more bytes

TITLE, BODY, SMALL = 50, 34, 30

# Okabe and Ito's blue and vermilion stay apart for every kind of colour vision; the rest is grey and tint.
INK, MUTED, RULE, PAPER = "#1b1f24", "#4d5660", "#c3cad2", "#ffffff"
BLUE, VERMILION, SOFT, HIGHLIGHT = "#0072b2", "#d55e00", "#a9bccb", "#fdf0d0"
BAND_TINTS = ("#f5f6f8", "#e6edf4")

Align = Literal["left", "center", "right"]
_BEFORE: dict[Align, float] = {"left": 0, "center": 0.5, "right": 1}
LineStyle = Literal["-", "--", ":"]


# Pillow keeps the memory of one sheet for the next (its "block allocator"): given back, it stayed with the C
# library, and twice as much of it.
Image.core.set_blocks_max(1)  # type: ignore[attr-defined]  # Pillow leaves it out of what it types


@dataclass(frozen=True)
class Scale:
    """A straight line from values to pixels: `low` falls on `start`, `high` on `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True)
class _Word:
    """Text from a point on its baseline, `angle` degrees up.

    Not Matplotlib's Text: that measures and lays out anew what has its place already, at twice the time.
    """

    x: float
    y: float
    text: str
    face: FontProperties
    color: str
    angle: float

    def draw(self, renderer: Any) -> None:
        context = renderer.new_gc()
        context.set_foreground(self.color)
        renderer.draw_text(context, self.x, self.y, self.text, self.face, self.angle)
        context.restore()


class Canvas:
    """One sheet, `height` pixels tall."""

    def __init__(self, height: int = 900) -> None:
        self.height = height
        self._figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=PAPER)

        self._words: list[_Word] = []
        self._pixels = Affine2D().scale(1, -1).translate(0, height)

    def heading(self, title: str, subtitle: str) -> None:
        """What the chart shows, and of whom and when."""
        room = WIDTH - 2 * MARGIN
        title = shorten(plain(title), TITLE, room, strong=True)
        self.write(MARGIN, 66, title, size=TITLE, strong=True)
        self.write(MARGIN, 124, shorten(plain(subtitle), BODY, room), size=BODY, color=MUTED)

    def message(self, text: str) -> None:
        """A sentence in the middle of an empty chart."""
        self.write(WIDTH / 2, (HEADER + self.height) / 2, text, size=BODY, color=MUTED, align="center")

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SMALL,
        color: str = INK,
        strong: bool = False,
        align: Align = "left",
        upright: bool = False,
    ) -> None:
        """Write plain text with the middle of its line at `y`; `upright` turns it to be read from below."""
        text = plain(text)
        back = width(text, size, strong=strong) * _BEFORE[align]
        x, y = (x + size * _MIDDLE, y + back) if upright else (x - back, y + size * _MIDDLE)
        self._words.append(_Word(x, y, text, face(text, size, strong=strong), color, 90 if upright else 0))

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        fill: str,
        edge: str = "none",
        hatch: str = "",
    ) -> None:
        """A rectangle; `hatch` repeats a Matplotlib pattern in the colour of `edge`."""
        self._figure.add_artist(
            Rectangle(
                (left, top),
                right - left,
                bottom - top,
                transform=self._pixels,
                facecolor=fill,
                edgecolor=edge,
                hatch=hatch,
                linewidth=0 if edge == "none" else 2,
                zorder=1,
            )
        )

    def shape(self, corners: Sequence[tuple[float, float]], *, fill: str) -> None:
        """A filled polygon."""
        self._figure.add_artist(
            Polygon(corners, closed=True, transform=self._pixels, facecolor=fill, linewidth=0, zorder=1)
        )

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        color: str = RULE,
        thick: float = 2,
        style: LineStyle = "-",
    ) -> None:
        """A line through `points`."""
        self._figure.add_artist(
            Line2D(
                [x for x, _ in points],
                [y for _, y in points],
                transform=self._pixels,
                color=color,
                linewidth=thick,
                linestyle=style,
                zorder=1,
            )
        )

    def mark(
        self, x: float, y: float, marker: str, *, color: str, size: float = 20, hollow: bool = False
    ) -> None:
        """One of Matplotlib's markers, hollow or filled."""
        self.marks([(x, y)], marker, color=color, size=size, hollow=hollow)

    def marks(
        self,
        places: Sequence[tuple[float, float]],
        marker: str,
        *,
        color: str,
        size: float = 20,
        hollow: bool = False,
    ) -> None:
        """The same mark at many places, faster than one by one."""
        self._figure.add_artist(
            Line2D(
                [x for x, _ in places],
                [y for _, y in places],
                transform=self._pixels,
                linestyle="none",
                marker=marker,
                markersize=size,
                markerfacecolor=PAPER if hollow else color,
                markeredgecolor=color if hollow else PAPER,
                markeredgewidth=4 if hollow else 2,
                zorder=1,
            )
        )

    def png(self) -> bytes:
        """The sheet as a PNG, without date or program: the same sheet is the same bytes. Ends the sheet."""
        agg = FigureCanvasAgg(self._figure)
        agg.draw()  # type: ignore[no-untyped-call]  # Matplotlib leaves it untyped
        for word in self._words:
            word.draw(agg.get_renderer())  # type: ignore[no-untyped-call]  # as above
        buffer = BytesIO()
        # Opaque, so that a fourth of the bytes need no compression.
        drawn = agg.buffer_rgba()  # type: ignore[no-untyped-call]  # as above
        pixels = Image.frombuffer("RGBA", agg.get_width_height(), drawn, "raw", "RGBA", 0, 1)
        pixels.convert("RGB").save(buffer, "png", compress_level=_COMPRESSION)
        agg.renderer = None  # 4 MB, held in circles: let go of them at once
        return buffer.getvalue()


def fitting(text: str, size: float, room: float, *, strong: bool = False) -> str:
    """`text` made plain and cut to `room` pixels."""
    return shorten(plain(text), size, room, strong=strong)


def text_width(text: str, size: float, *, strong: bool = False) -> float:
    """How many pixels wide `text` is once it is made plain."""
    return width(plain(text), size, strong=strong)
