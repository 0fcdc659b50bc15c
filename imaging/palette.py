"""The colours of a picture: real ones, by area, always the same for the same pixels."""

from dataclasses import dataclass

import numpy as np

from imaging.image import Pixels
from imaging.kmeans import Floats, Labels, k_means, squared_distances
from imaging.lab import Codes, Points, points
from imaging.sampling import sample

# So many colours are clustered as they are; of more, those alike in the upper four
# bits of each channel are clustered as one.
_FEW = 512


@dataclass(frozen=True, slots=True)
class Color:
    """A colour that occurs in the picture.

    `rgb` is 0xRRGGBB in sRGB; `share` the part of the visible area, 0 to 1, that
    is nearer to it than to the other colours of its palette.
    """

    rgb: int
    share: float


def sample_colors(pixels: Pixels, count: int = 5) -> list[Color]:
    """Return exactly `count` colours of a picture, largest share first; shares add up to 1.

    Pixels count by their alpha. Of a picture that is transparent all over, the
    stored colours count as if they were visible. A picture with fewer distinct
    colours than `count` repeats its own, with a share of 0.

    Args:
        pixels: (row, column, channel), BGR or BGRA with straight alpha.
        count: how many, at least 1.
    """
    codes, weights = sample(pixels, count)
    places = points(codes)
    picked = np.arange(len(codes))
    if len(codes) > count:
        picked = _pick(places, k_means(*_clusterable(codes, places, weights, count), count))
    nearest = squared_distances(places, places[picked]).argmin(0)
    areas = np.bincount(nearest, weights, len(picked))
    # Equal areas are ordered by colour, so that no accident of sampling decides.
    order = sorted(range(len(picked)), key=lambda i: (-areas[i], codes[picked[i]]))
    total = float(areas.sum())
    found = [Color(int(codes[picked[i]]), float(areas[i]) / total) for i in order]
    repeats = [Color(found[i % len(found)].rgb, 0.0) for i in range(count - len(found))]
    return found + repeats


def _clusterable(
    codes: Codes, places: Points, weights: Floats, count: int
) -> tuple[Points, Floats]:
    """Return fewer points than `codes` where that is possible without loss."""
    if len(codes) > _FEW:
        means, masses = _bins(codes, weights)
        if len(means) > count:
            return points(means), masses
    return places, weights


def _pick(places: Points, centres: Points) -> Labels:
    """Return the index of the colour nearest to each centre, never the same one twice."""
    away = squared_distances(places, centres)
    picked: list[int] = []
    for row in away:
        row[picked] = np.inf
        picked.append(int(row.argmin()))
    return np.array(picked)


def _bins(codes: Codes, weights: Floats) -> tuple[Codes, Floats]:
    """Return the mean colour and the weight of every occupied bin."""
    label = (codes >> 12 & 0xF00) | (codes >> 8 & 0xF0) | (codes >> 4 & 0xF)
    masses = np.bincount(label, weights, 4096)
    used = np.flatnonzero(masses)
    mean = np.zeros(len(used), np.uint32)
    for shift in (16, 8, 0):
        sums = np.bincount(label, weights * (codes >> shift & 255), 4096)
        mean |= np.rint(sums[used] / masses[used]).astype(np.uint32) << shift
    return mean, np.asarray(masses[used], np.float64)
