"""Turning a decoded picture upright."""

import cv2
import numpy as np

from imaging.image import Pixels

# EXIF 2.32, 4.6.4: what has to be done to the stored rows so that they show upright.
# cv2.flip: 1 left-right, 0 up-down, -1 both.
_FLIPS = {2: 1, 3: -1, 4: 0}
_TURNS = {6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
_TRANSPOSED = {5: None, 7: -1}


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Return the picture as displayed.

    Args:
        pixels: (row, column, channel) as stored.
        orientation: EXIF value, 1 to 8.
    """
    if orientation in _FLIPS:
        return np.asarray(cv2.flip(pixels, _FLIPS[orientation]), np.uint8)
    if orientation in _TURNS:
        return np.asarray(cv2.rotate(pixels, _TURNS[orientation]), np.uint8)
    if orientation in _TRANSPOSED:
        turned = cv2.transpose(pixels)
        flip = _TRANSPOSED[orientation]
        return np.asarray(turned if flip is None else cv2.flip(turned, flip), np.uint8)
    return pixels
