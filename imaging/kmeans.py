"""K-means on weighted points that gives the same answer everywhere.

Points and weights are whole numbers held in float64, small enough that every product
and sum of k-means is exact: 3 coordinates under 2^15, weights of 10^8 pixels under
2^35. Seeds are drawn from a fixed sequence.
"""

import numpy as np
import numpy.typing as npt

from imaging.lab import STEPS, Points

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.intp]
# More starts find better palettes than more rounds do: see docs/colours.md.
_STARTS = 8
_ROUNDS = 4
_MEDIAN_ROUNDS = 6


def k_means(points: Points, weights: Floats, count: int) -> Points:
    """Return `count` centres that lie near all points.

    K-means from several starts at once. The one with the least mean distance is then
    moved on towards medians, because what shows is the distance and not its square.

    Args:
        points: at least `count` distinct ones.
        weights: how often each counts, above 0.
        count: centres wanted.
    """
    starts = _seeds(points, weights, count)
    many = np.tile(points, (_STARTS, 1)), np.tile(weights, _STARTS)
    # Start n has the labels from n * count on, so that one tally serves all starts.
    first = np.arange(0, _STARTS * count, count)[:, None]
    for _ in range(_ROUNDS):
        away = squared_distances(points, starts).reshape(_STARTS, count, -1)
        starts = _means(starts, *many, (away.argmin(1) + first).ravel())
    away = squared_distances(points, starts).reshape(_STARTS, count, -1)
    # Rounded, because sums of square roots are not exact.
    error = np.rint((np.sqrt(away.min(1)) * weights).sum(1))
    best = int(error.argmin())
    centres = starts[best * count : (best + 1) * count]
    for _ in range(_MEDIAN_ROUNDS):
        away = squared_distances(points, centres)
        pull = weights / np.maximum(np.sqrt(away.min(0)), STEPS)
        centres = _means(centres, points, pull, away.argmin(0))
    return centres


def squared_distances(points: Points, centres: Points) -> Floats:
    """Return (centre, point): the squared distance between the two, exactly."""
    lengths = (centres**2).sum(1)[:, None] + (points**2).sum(1)
    distances: Floats = lengths - 2 * (centres @ points.T)
    return distances


def _seeds(points: Points, weights: Floats, count: int) -> Points:
    """Return the seeds of all starts, one start after the other.

    k-means++: each seed is drawn by weight times squared distance to those before.
    """
    draws = np.random.Generator(np.random.PCG64(0)).random((count, _STARTS))
    mass = np.tile(weights, (_STARTS, 1))
    nearest = np.full(mass.shape, np.inf)
    seeds = np.empty((_STARTS, count, 3))
    for nth, draw in enumerate(draws):
        sums = mass.cumsum(1)
        # A product that rounds up to the whole sum would point behind the last point.
        chosen = np.minimum((sums <= draw[:, None] * sums[:, -1:]).sum(1), len(points) - 1)
        seeds[:, nth] = points[chosen]
        nearest = np.minimum(nearest, squared_distances(points, points[chosen]))
        mass = weights * nearest
    return seeds.reshape(-1, 3)


def _means(centres: Points, points: Points, weights: Floats, labels: Labels) -> Points:
    """Return the mean of every centre's points, rounded; one without points stays."""
    count = len(centres)
    mass = np.bincount(labels, weights, count)
    filled = mass > 0
    moved = centres.copy()
    for axis in range(3):
        sums = np.bincount(labels, weights * points[:, axis], count)
        moved[filled, axis] = np.rint(sums[filled] / mass[filled])
    return moved
