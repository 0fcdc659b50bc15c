"""The colours of a picture: real ones, by area, always the same for the same pixels."""

from dataclasses import dataclass

import numpy as np

from imaging import lab
from imaging.image import Pixels
from imaging.kmeans import Labels, Weights, k_means, nearest
from imaging.lab import Points
from imaging.sampling import sample


@dataclass(frozen=True, slots=True)
class Color:
    """A colour that occurs in the picture.

    `rgb` is 0xRRGGBB in sRGB; `share` the part of the visible area, 0 to 1, that
    is nearer to it than to the other colours of its palette.
    """

    rgb: int
    share: float


def sample_colors(pixels: Pixels, count: int = 5) -> list[Color]:
    """Exactly `count` colours of a picture, largest share first; the shares add up to 1.

    `pixels` is (row, column, channel), uint8, BGR or BGRA with straight alpha.
    Pixels count by their alpha. A picture that is transparent all over has its
    stored colours counted as if they were visible. A picture with fewer distinct
    colours than `count` repeats its own, with a share of 0.
    """
    codes, weights = sample(pixels, count)
    if len(codes) <= count:
        points = lab.from_codes(codes)
        picked = np.arange(len(codes))
    else:
        points = lab.from_codes(codes)
        centres = k_means(points, weights, count)
        picked = _medoids(points, weights, nearest(points, centres)[0], count)
    areas = np.bincount(nearest(points, points[picked])[0], weights, len(picked))
    # Equal areas are ordered by colour, so that no accident of sampling decides.
    order = sorted(range(len(picked)), key=lambda i: (-areas[i], codes[picked[i]]))
    total = float(areas.sum())
    found = [Color(int(codes[picked[i]]), float(areas[i]) / total) for i in order]
    repeats = [Color(found[i % len(found)].rgb, 0.0) for i in range(count - len(found))]
    return found + repeats


def _medoids(points: Points, weights: Weights, labels: Labels, count: int) -> Labels:
    """For every cluster the colour nearest to its middle."""
    picked = []
    for label in range(count):
        members = np.flatnonzero(labels == label)
        mass = weights[members]
        middle = np.rint((points[members] * mass[:, None]).sum(0) / mass.sum())
        squares = ((points[members] - middle) ** 2).sum(1)
        picked.append(members[squares.argmin()])
    return np.array(picked)
