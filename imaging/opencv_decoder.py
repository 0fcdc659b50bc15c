"""Decoding by OpenCV: the quick way for JPEG, PNG and WebP."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imaging.image import Pixels

# 8 or 16 bits; (row, column) or (row, column, channel).
Decoded = NDArray[np.uint8] | NDArray[np.uint16]

# libjpeg can leave out work by decoding to 1/2, 1/4 or 1/8 of the size.
_REDUCED = {
    1: cv2.IMREAD_COLOR_BGR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


def decode_opaque(encoded: bytes, reduction: int) -> Pixels | None:
    """Decode a picture without alpha, not turned; None if it cannot be.

    Args:
        encoded: the file.
        reduction: 1, 2, 4 or 8: sides are divided by it, rounded up.
    """
    flags = _REDUCED[reduction] | cv2.IMREAD_IGNORE_ORIENTATION
    decoded = _decode(encoded, flags)
    return None if decoded is None else _three_or_four_channels(decoded)


def decode_any(encoded: bytes) -> Pixels | None:
    """Decode a picture with the channels and the depth it has, not turned; None if it cannot be."""
    decoded = _decode(encoded, cv2.IMREAD_UNCHANGED)
    return None if decoded is None else _three_or_four_channels(decoded)


def _decode(encoded: bytes, flags: int) -> Decoded | None:
    try:
        return cast("Decoded | None", cv2.imdecode(np.frombuffer(encoded, np.uint8), flags))
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise
        return None


def _three_or_four_channels(decoded: Decoded) -> Pixels:
    """Bring what the decoder gave to BGR or BGRA in 8 bits."""
    narrow = decoded
    if decoded.dtype == np.uint16:
        narrow = np.asarray(cv2.convertScaleAbs(decoded, alpha=255 / 65535), np.uint8)
    if narrow.ndim == 2:
        return np.asarray(cv2.cvtColor(narrow, cv2.COLOR_GRAY2BGR), np.uint8)
    return np.asarray(narrow, np.uint8)
