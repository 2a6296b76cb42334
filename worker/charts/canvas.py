"""The sheet that charts are drawn on: pixels from the top left, a few shapes, text, and a PNG at the end.

Charts are 1200 pixels wide and read on phones at a third of that, so no text is smaller than SMALL. Every
figure is its own object (never pyplot, which keeps a registry), so charts may be drawn by many threads and
leave nothing behind. Shapes cover what was drawn before them; text lies above all shapes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Affine2D

from worker.charts.typeface import REGULAR, STRONG, plain, shorten, width

WIDTH = 1200
MARGIN = 48
HEADER = 170
_DPI = 72  # one point is one pixel
_MIDDLE = 0.36  # from the baseline to the middle of figures and capitals, as a share of the size
_COMPRESSION = 3  # of zlib's 9: twice as fast as the default for a tenth more bytes

TITLE, BODY, SMALL = 50, 34, 30

# Okabe and Ito's blue and vermilion stay apart for every kind of colour vision; the rest is grey and tint.
INK, MUTED, RULE, PAPER = "#1b1f24", "#4d5660", "#c3cad2", "#ffffff"
BLUE, VERMILION, SOFT, HIGHLIGHT = "#0072b2", "#d55e00", "#a9bccb", "#fdf0d0"
BAND_TINTS = ("#f5f6f8", "#e6edf4")

Align = Literal["left", "center", "right"]
LineStyle = Literal["-", "--", ":"]


@dataclass(frozen=True)
class Scale:
    """A straight line from values to pixels: `low` falls on `start`, `high` on `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


class Canvas:
    """One sheet, `height` pixels tall."""

    def __init__(self, height: int = 900) -> None:
        self.height = height
        self._figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=PAPER)

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
        self._figure.text(
            x,
            y if upright else y + size * _MIDDLE,
            plain(text),
            transform=self._pixels,
            fontproperties=STRONG if strong else REGULAR,
            fontsize=size,
            color=color,
            ha=align,
            va="center" if upright else "baseline",
            rotation=90 if upright else 0,
            parse_math=False,  # a $ in a name is a $
        )

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
        self._figure.add_artist(
            Line2D(
                [x],
                [y],
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
        buffer = BytesIO()
        options = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": _COMPRESSION}}
        agg.print_png(buffer, **options)  # type: ignore[no-untyped-call]  # Matplotlib leaves it untyped
        # The pixels, 4 MB, are held by the sheet and its texts in circles: let go of them at once.
        agg.renderer = None
        for text in list(self._figure.texts):
            text.remove()
        return buffer.getvalue()


def fitting(text: str, size: float, room: float, *, strong: bool = False) -> str:
    """`text` made plain and cut to `room` pixels."""
    return shorten(plain(text), size, room, strong=strong)


def text_width(text: str, size: float, *, strong: bool = False) -> float:
    """How many pixels wide `text` is once it is made plain."""
    return width(plain(text), size, strong=strong)
