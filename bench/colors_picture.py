"""`python -m bench.colors_picture docs/colours.png`: photographs beside their colours.

The photographs come with scikit-image: astronaut and rocket are in the public domain,
chelsea and coffee CC0.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from imaging.image import Pixels, Size
from imaging.palette import sample_colors
from imaging.resize import resize_chain

_NAMES = ("astronaut.png", "rocket.jpg", "chelsea.png", "coffee.png")
_HEIGHT, _LEFT, _RIGHT, _GAP = 120, 200, 440, 10


def row(pixels: Pixels) -> Pixels:
    """A small picture, and right of it a bar divided by the shares of its colours."""
    made = np.full((_HEIGHT + _GAP, _LEFT + _RIGHT, 3), 255, np.uint8)
    small = resize_chain(
        pixels, [Size(round(pixels.shape[1] * _HEIGHT / pixels.shape[0]), _HEIGHT)]
    )[0]
    made[:_HEIGHT, : small.shape[1]] = small
    place = 0.0
    for color in sample_colors(pixels):
        start, place = place, place + color.share
        bgr = color.rgb & 255, color.rgb >> 8 & 255, color.rgb >> 16
        made[:_HEIGHT, _LEFT + round(start * _RIGHT) : _LEFT + round(place * _RIGHT)] = bgr
    return made


def main() -> None:
    """Write the picture to the path given."""
    pictures = [cv2.imread(str(Path(data.data_dir, name))) for name in _NAMES]
    rows = [row(np.asarray(picture, np.uint8)) for picture in pictures]
    cv2.imwrite(sys.argv[1], np.vstack(rows)[:-_GAP], [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
