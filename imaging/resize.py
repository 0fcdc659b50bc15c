"""All sizes of a picture from one decode, each made from the next larger.

Pixels are (row, column, channel), uint8, BGR or BGRA with straight alpha; sizes
are (width, height). Runs on the calling thread alone.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from imaging.image import Pixels, Size


def resize_chain(pixels: Pixels, sizes: Sequence[Size]) -> list[Pixels]:
    """The whole picture at each of `sizes`, in the order they are given.

    Nothing is cropped. The result may share memory with `pixels` where a size is
    the picture's own.

    Raises:
        ValueError: a size is larger than the picture, or has a side under 1.
    """
    own = Size(pixels.shape[1], pixels.shape[0])
    for width, height in sizes:
        if not (1 <= width <= own[0] and 1 <= height <= own[1]):
            raise ValueError(f"{width}x{height} is not within 1x1 and {own[0]}x{own[1]}")
    made: dict[Size, Pixels] = {own: pixels}
    # Colour under transparent pixels must not bleed into what is visible.
    alpha = pixels.shape[2] == 4
    current = _premultiply(pixels) if alpha else pixels
    for size in sorted(set(sizes) - {own}, reverse=True):
        current = _shrink(current, size)
        made[size] = _straighten(current) if alpha else current
    return [made[size] for size in sizes]


def _shrink(pixels: Pixels, size: Size) -> Pixels:
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _premultiply(pixels: Pixels) -> Pixels:
    """Colour scaled by its alpha, rounded to the nearest."""
    scaled = pixels.copy()
    alpha = pixels[:, :, 3]
    for channel in range(3):
        scaled[:, :, channel] = cv2.multiply(pixels[:, :, channel], alpha, scale=1 / 255)
    return scaled


def _straighten(pixels: Pixels) -> Pixels:
    """The inverse of `_premultiply`; what is fully transparent becomes black."""
    straight = pixels.copy()
    alpha = pixels[:, :, 3]
    for channel in range(3):
        straight[:, :, channel] = cv2.divide(pixels[:, :, channel], alpha, scale=255)
    return straight
