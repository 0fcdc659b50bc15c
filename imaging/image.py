"""What a decoded picture is, and which way round its numbers go."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Axes (row, column, channel); channel order BGR or BGRA, as OpenCV has it; sRGB;
# alpha is straight, never premultiplied.
Pixels = NDArray[np.uint8]


class Size(NamedTuple):
    """Width and height in pixels. Sizes come in this order, array indexes as (row, column)."""

    width: int
    height: int


@dataclass(frozen=True)
class Image:
    """One decoded frame, upright and in sRGB.

    Attributes:
        pixels: (row, column, channel) uint8 with three channels (BGR) or four (BGRA).
    """

    pixels: Pixels

    @property
    def size(self) -> Size:
        """Width and height."""
        return Size(self.pixels.shape[1], self.pixels.shape[0])

    @property
    def has_alpha(self) -> bool:
        """There is a fourth channel; it may still be opaque everywhere."""
        return bool(self.pixels.shape[2] == 4)
