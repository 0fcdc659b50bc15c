"""ThumbHash: a picture in about 25 bytes, to paint before it has loaded.

The format is published at https://evanw.github.io/thumbhash/: averages and a few
cosine coefficients of lightness, two colour differences and alpha, four bits each.
"""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from imaging.image import Pixels

Plane = npt.NDArray[np.float64]
_NOISE = 1e-9  # what rounding leaves of a coefficient that is 0; no picture has one so small
_WAVES = 7  # the most waves along one side
_SIDE = 100  # the format's own limit; more pixels change nothing that 4 bits could show


def thumbhash(pixels: Pixels) -> bytes:
    """The hash of a picture, (row, column, channel), uint8, BGR or BGRA.

    Any size does; a rendition a few hundred pixels wide is as good as the
    original and much faster.
    """
    alpha, color = _planes(_small(pixels))
    height, width = alpha.shape
    has_alpha = bool((alpha < 1).any())
    red, green, blue = color
    lightness = (red + green + blue) / 3
    yellow_blue = (red + green) / 2 - blue
    red_green = red - green

    # Fewer bits of lightness when alpha needs its share of them.
    most = 5 if has_alpha else 7
    across = max(1, _round(most * width / max(width, height)))
    down = max(1, _round(most * height / max(width, height)))
    l_dc, l_scale, l_ac = _cosines(lightness, max(3, across), max(3, down))
    p_dc, p_scale, p_ac = _cosines(yellow_blue, 3, 3)
    q_dc, q_scale, q_ac = _cosines(red_green, 3, 3)

    landscape = width > height
    head: int = (
        _round(63 * l_dc) | _round(31.5 + 31.5 * p_dc) << 6 | _round(31.5 + 31.5 * q_dc) << 12
    )
    head |= _round(31 * l_scale) << 18 | has_alpha << 23
    tail: int = (
        (down if landscape else across) | _round(63 * p_scale) << 3 | _round(63 * q_scale) << 9
    )
    tail |= landscape << 15
    coefficients = l_ac + p_ac + q_ac
    encoded = head.to_bytes(3, "little") + tail.to_bytes(2, "little")
    if has_alpha:
        a_dc, a_scale, a_ac = _cosines(alpha, 5, 5)
        encoded += bytes([_round(15 * a_dc) | _round(15 * a_scale) << 4])
        coefficients += a_ac
    return encoded + bytes(_pairs([_round(15 * value) for value in coefficients]))


def _small(pixels: Pixels) -> Plane:
    """At most 100 x 100, as RGBA from 0 to 1 with colour premultiplied."""
    height, width = pixels.shape[:2]
    whole: Plane = pixels / 255
    if whole.shape[2] == 3:
        whole = np.dstack([whole, np.ones((height, width))])
    else:
        whole[:, :, :3] *= whole[:, :, 3:]
    if max(width, height) > _SIDE:
        scale = _SIDE / max(width, height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        whole = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.float64)
    # On fewer pixels than waves the finest wave would look like the average.
    for axis in (0, 1):
        whole = np.repeat(whole, -(-_WAVES // whole.shape[axis]), axis)
    return np.asarray(whole[:, :, [2, 1, 0, 3]], np.float64)


def _planes(image: Plane) -> tuple[Plane, list[Plane]]:
    """Alpha, and the colour planes laid over the picture's own average colour."""
    alpha = image[:, :, 3]
    total = alpha.sum()
    average = image[:, :, :3].sum((0, 1)) / total if total else np.zeros(3)
    return alpha, [average[i] * (1 - alpha) + image[:, :, i] for i in range(3)]


def _cosines(plane: Plane, across: int, down: int) -> tuple[float, float, list[float]]:
    """Average, largest coefficient, and the coefficients scaled by it to 0...1.

    The coefficients are those of a two-dimensional cosine transform in the
    triangle of low frequencies, `across` by `down`, row by row.
    """
    height, width = plane.shape
    columns = np.cos(np.pi / width * np.outer(np.arange(across), np.arange(width) + 0.5))
    rows = np.cos(np.pi / height * np.outer(np.arange(down), np.arange(height) + 0.5))
    table = rows @ plane @ columns.T / (width * height)
    kept = [
        float(table[y, x])
        for y in range(down)
        for x in range(across)
        if x * down < across * (down - y)
    ]
    scale = max(abs(value) for value in kept[1:])
    if scale < _NOISE:
        return kept[0], 0.0, [0.0] * (len(kept) - 1)
    return kept[0], scale, [0.5 + 0.5 / scale * value for value in kept[1:]]


def _pairs(nibbles: list[int]) -> Iterator[int]:
    """Two four-bit values a byte, the first in the low half."""
    for i in range(0, len(nibbles), 2):
        yield nibbles[i] | (nibbles[i + 1] << 4 if i + 1 < len(nibbles) else 0)


def _round(value: float) -> int:
    """To the nearest, halves up; what rounding errors leave of a half counts as one."""
    return int(np.floor(value + 0.5 + _NOISE))
