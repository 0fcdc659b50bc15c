"""All sizes of a picture from one decode, each made from a larger one.

A picture is halved while it is more than four times too large, low-passed, and read
by cubic interpolation. That comes as near to a Lanczos filter as libvips does, in a
fraction of its time. Runs on the calling thread alone.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from imaging.image import Pixels, Size
from imaging.lowpass import lowpass
from imaging.premultiply import premultiply, straighten

# A picture is not made from one that is only a little larger: it would be softened
# twice, and little work saved.
_STEP = 1.2
_MOST = 4.0  # means of 2 x 2 pixels let moire through, but not enough to show after this
# (width, height) of what an array shows, in its own pixels. It is not a whole number
# where half a pixel was cut off or added at the right and bottom edges.
Extent = tuple[float, float]


def resize_chain(
    pixels: Pixels, sizes: Sequence[Size], extent: Extent | None = None
) -> list[Pixels]:
    """Return the whole picture at each of `sizes`, in the order they are given.

    Nothing is cropped. A result may be `pixels` itself, or be there twice where
    sizes are equal.

    Args:
        pixels: (row, column, channel), BGR or BGRA with straight alpha; not changed.
        sizes: none larger than the picture.
        extent: what `pixels` shows, if not exactly its own size: a JPEG 5 px wide
            that is decoded to a half has 3 columns that show 2.5.

    Raises:
        ValueError: a size is larger than the picture, or has a side under 1.
    """
    made = dict(shrink_in_turn(pixels, sizes, extent))
    return [made[size] for size in sizes]


def shrink_in_turn(
    pixels: Pixels, sizes: Sequence[Size], extent: Extent | None = None
) -> Iterator[tuple[Size, Pixels]]:
    """Yield every distinct size once, largest first, as soon as it is made.

    So the largest can be encoded while the others are still to come. Arguments and
    errors are those of `resize_chain`.
    """
    own = Size(pixels.shape[1], pixels.shape[0])
    for size in sizes:
        if not (1 <= size.width <= own.width and 1 <= size.height <= own.height):
            raise ValueError(f"{tuple(size)} is not between (1, 1) and {tuple(own)}")
    alpha = pixels.shape[2] == 4
    wanted = sorted(set(sizes) - {own}, key=lambda size: (-size.width * size.height, size))
    if own in sizes:
        yield own, pixels
    # Colour under transparent pixels must not bleed into what is visible.
    whole = premultiply(pixels) if alpha and wanted else pixels
    made = [(whole, extent or (float(own.width), float(own.height)))]
    for size in wanted:
        source = next((one for one in reversed(made) if _far(one[1], size)), made[0])
        shrunk = _shrink(*source, size)
        made.append((shrunk, (float(size.width), float(size.height))))
        yield size, straighten(shrunk) if alpha else shrunk


def _far(extent: Extent, size: Size) -> bool:
    return extent[0] >= _STEP * size.width and extent[1] >= _STEP * size.height


def _shrink(pixels: Pixels, extent: Extent, size: Size) -> Pixels:
    """One size from one array, never by more than the low-pass can see far enough for."""
    while True:
        across, down = extent[0] / size.width, extent[1] / size.height
        if across < _MOST and down < _MOST:
            break
        pixels, extent = _halve(pixels, extent, across=across >= _MOST, down=down >= _MOST)
    weights = lowpass(across), lowpass(down)
    if weights[0].size > 1 or weights[1].size > 1:
        smooth = cv2.sepFilter2D(pixels, -1, *weights, borderType=cv2.BORDER_REPLICATE)
        pixels = np.asarray(smooth, np.uint8)
    return _read(pixels, extent, size)


def _halve(pixels: Pixels, extent: Extent, *, across: bool, down: bool) -> tuple[Pixels, Extent]:
    """Take the means of pairs of pixels.

    An odd last row or column is left out of the array but stays in the extent, so
    that what follows puts every pixel where it belongs.
    """
    step = 1 + across, 1 + down
    size = Size(max(1, pixels.shape[1] // step[0]), max(1, pixels.shape[0] // step[1]))
    even = pixels[: size.height * step[1], : size.width * step[0]]
    # INTER_AREA averages exactly, and fast, where the factors are whole numbers.
    half = cv2.resize(even, size, interpolation=cv2.INTER_AREA)
    return np.asarray(half, np.uint8), (extent[0] / step[0], extent[1] / step[1])


def _read(pixels: Pixels, extent: Extent, size: Size) -> Pixels:
    """Cubic interpolation at the middles of the result's pixels."""
    if (pixels.shape[1], pixels.shape[0]) == extent == size:
        return pixels
    # With the factors given, and not the size, OpenCV does not stretch the array to
    # the size where the two differ by the part of a pixel.
    across, down = size.width / extent[0], size.height / extent[1]
    read = cv2.resize(pixels, None, fx=across, fy=down, interpolation=cv2.INTER_CUBIC)
    missing = max(0, size.height - read.shape[0]), max(0, size.width - read.shape[1])
    if any(missing):
        read = cv2.copyMakeBorder(read, 0, missing[0], 0, missing[1], cv2.BORDER_REPLICATE)
    return np.asarray(read[: size.height, : size.width], np.uint8)
