"""Alpha multiplied into colour and out again, for work that mixes neighbouring pixels."""

import cv2
import numpy as np

from imaging.image import Pixels


def premultiply(pixels: Pixels) -> Pixels:
    """Colour scaled by its alpha, to the nearest whole number. BGRA in, BGRA out."""
    alpha = pixels[:, :, 3]
    planes = [cv2.multiply(pixels[:, :, i], alpha, scale=1 / 255) for i in range(3)]
    return np.asarray(cv2.merge([*planes, alpha]), np.uint8)


def straighten(pixels: Pixels) -> Pixels:
    """The inverse of `premultiply`; what is fully transparent becomes black."""
    alpha = pixels[:, :, 3]
    planes = [cv2.divide(pixels[:, :, i], alpha, scale=255) for i in range(3)]
    return np.asarray(cv2.merge([*planes, alpha]), np.uint8)
