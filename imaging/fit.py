"""Which size a rendition gets: whole-number arithmetic, no pixels.

Nothing is enlarged and no side falls under 1 px. The side that binds is met
exactly; the other is rounded to the nearest whole pixel, halves up.
"""

from dataclasses import dataclass
from enum import Enum

from imaging.errors import InvalidSpec
from imaging.image import Size


class Fit(Enum):
    """How a picture is brought to the size that is asked for."""

    INSIDE = "inside"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Target:
    """The whole picture scaled to `scaled`, of which the middle `size` is kept.

    Both are (width, height); `size` is nowhere larger than `scaled`, and equal
    to it unless something is cut off.
    """

    scaled: Size
    size: Size

    @property
    def offset(self) -> tuple[int, int]:
        """(left, top) of what is kept; an odd overhang loses its extra pixel right and below."""
        return (self.scaled.width - self.size.width) // 2, (
            self.scaled.height - self.size.height
        ) // 2


def target(source: Size, limit: Size, fit: Fit = Fit.INSIDE) -> Target:
    """The size a picture of (width, height) `source` gets under `limit`.

    A side of `limit` that is 0 does not limit. `COVER` fills both sides of the
    limit and cuts the overhang evenly; a picture too small for that keeps its
    own size on the side where it is too small.

    Raises:
        InvalidSpec: a side of `limit` is negative, or `COVER` lacks a side.
    """
    width, height = limit
    if width < 0 or height < 0:
        raise InvalidSpec(f"the size {width}x{height} is negative; use 0 for a side without limit")
    if fit is Fit.COVER:
        if not width or not height:
            raise InvalidSpec(f"COVER needs a width and a height, not {width}x{height}")
        scaled = _cover(source, limit)
        return Target(scaled, Size(min(width, scaled.width), min(height, scaled.height)))
    scaled = _inside(source, Size(width or source.width, height or source.height))
    return Target(scaled, scaled)


def _inside(source: Size, limit: Size) -> Size:
    if source.width <= limit.width and source.height <= limit.height:
        return source
    # Cross products decide which side binds, without a division that could round.
    if limit.width * source.height <= limit.height * source.width:
        return Size(limit.width, _share(source.height, limit.width, source.width))
    return Size(_share(source.width, limit.height, source.height), limit.height)


def _cover(source: Size, limit: Size) -> Size:
    if source.width <= limit.width or source.height <= limit.height:
        return source
    if limit.width * source.height >= limit.height * source.width:
        return Size(limit.width, _share(source.height, limit.width, source.width))
    return Size(_share(source.width, limit.height, source.height), limit.height)


def _share(side: int, numerator: int, denominator: int) -> int:
    """`side` x `numerator` / `denominator`, halves up, at least 1."""
    return max(1, (2 * side * numerator + denominator) // (2 * denominator))
