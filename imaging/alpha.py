"""Laying a picture with alpha on a background."""

import cv2
import numpy as np

from imaging.image import Pixels


def flatten(pixels: Pixels, background_rgb: int) -> Pixels:
    """Return the picture as BGR; what was transparent shows the background.

    Blended in sRGB as stored, which is what browsers do.

    Args:
        pixels: (row, column, channel), BGR or BGRA with straight alpha.
        background_rgb: 0xRRGGBB.
    """
    if pixels.shape[2] == 3:
        return pixels
    color = pixels[:, :, :3]
    background = np.empty_like(color)
    background[:] = [background_rgb & 0xFF, background_rgb >> 8 & 0xFF, background_rgb >> 16]
    alpha = pixels[:, :, 3].astype(np.float32) / 255
    return np.asarray(cv2.blendLinear(color, background, alpha, 1 - alpha), np.uint8)
