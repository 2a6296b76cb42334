"""Places for small labels beside the marks of a chart, so that they cover neither lines nor one another."""

from dataclasses import dataclass, field
from itertools import pairwise

_STEP = 12  # pixels between the points by which a line is kept clear


@dataclass(frozen=True)
class Place:
    """The middle of a label and half its size, in pixels."""

    x: float
    y: float
    half_width: float
    half_height: float

    def covers(self, point: tuple[float, float]) -> bool:
        """Whether the point lies under the label."""
        return abs(point[0] - self.x) < self.half_width and abs(point[1] - self.y) < self.half_height

    def overlaps(self, other: "Place") -> bool:
        """Whether the two labels share a pixel."""
        apart_x, apart_y = abs(self.x - other.x), abs(self.y - other.y)
        return apart_x < self.half_width + other.half_width and apart_y < self.half_height + other.half_height


@dataclass
class LabelBoard:
    """What is drawn between `left` and `right` so far, and where a label still fits."""

    left: float
    right: float
    _points: list[tuple[float, float]] = field(default_factory=list)
    _labels: list[Place] = field(default_factory=list)

    def keep_clear(self, *corners: tuple[float, float]) -> None:
        """Keep labels off the line through `corners`."""
        self._points.extend(corners)
        for (x1, y1), (x2, y2) in pairwise(corners):
            steps = int(max(abs(x2 - x1), abs(y2 - y1)) / _STEP) + 1
            self._points.extend(
                (x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps) for i in range(steps)
            )

    def place(self, x: float, y: float, width: float, height: float, *, always: bool = False) -> Place | None:
        """A place around the mark at (x, y) for a label of that size.

        Above comes first, then below, then the corners. None if all are taken, unless it is `always` wanted.
        """
        half_width, half_height = width / 2, height / 2
        far_y = half_height + 18
        around = [(0.0, -far_y), (0.0, far_y)]
        around += [(side * half_width, up * far_y) for up in (-1, 1) for side in (-1.0, 1.0)]
        places = [
            Place(
                min(max(x + dx, self.left + half_width), self.right - half_width),
                y + dy,
                half_width,
                half_height,
            )
            for dx, dy in around
        ]
        free = next(filter(self._is_free, places), None)
        chosen = places[0] if free is None and always else free
        if chosen is not None:
            self._labels.append(chosen)
        return chosen

    def _is_free(self, place: Place) -> bool:
        return not any(map(place.overlaps, self._labels)) and not any(map(place.covers, self._points))
