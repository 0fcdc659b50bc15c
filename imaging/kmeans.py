"""K-means on weighted colours that gives the same answer everywhere.

Coordinates, weights and centres are whole numbers held in float64, small enough
that every product and sum is exact. Seeding draws from a fixed sequence.
"""

import numpy as np
import numpy.typing as npt

from imaging.lab import Points

Weights = npt.NDArray[np.float64]
Labels = npt.NDArray[np.intp]
_RESTARTS = 8
_ROUNDS = 16  # most photographs settle in 10 to 15; later rounds move centres by less than 1 unit


def nearest(points: Points, centres: Points) -> tuple[Labels, npt.NDArray[np.float64]]:
    """The centre nearest to each point, the first among equals, and the squared distance."""
    # |p|^2 - 2pc + |c|^2: every term a whole number under 2^53, so the sum is exact.
    squares = (points**2).sum(1)[:, None] - 2 * (points @ centres.T) + (centres**2).sum(1)
    labels = squares.argmin(1)
    return labels, squares[np.arange(len(points)), labels]


def k_means(points: Points, weights: Weights, count: int) -> Points:
    """The `count` centres with the least weighted squared distance of several starts.

    Needs at least `count` distinct points. Every centre is nearest to some point.
    """
    sequence = np.random.Generator(np.random.PCG64(0))
    best, least = points[:count], np.inf
    for _ in range(_RESTARTS):
        centres = _seeds(points, weights, count, sequence)
        for _ in range(_ROUNDS):
            labels, squares = nearest(points, centres)
            moved = _means(points, weights, labels, centres, squares)
            if np.array_equal(moved, centres):
                break
            centres = moved
        error = float((weights * nearest(points, centres)[1]).sum())
        if error < least:
            best, least = centres, error
    return best


def _seeds(points: Points, weights: Weights, count: int, sequence: np.random.Generator) -> Points:
    """k-means++: each seed drawn by weight times squared distance to the seeds so far."""
    chosen = [_draw(weights, sequence)]
    squares = ((points - points[chosen[0]]) ** 2).sum(1)
    for _ in range(count - 1):
        chosen.append(_draw(weights * squares, sequence))
        squares = np.minimum(squares, ((points - points[chosen[-1]]) ** 2).sum(1))
    return points[chosen]


def _draw(mass: Weights, sequence: np.random.Generator) -> int:
    sums = np.cumsum(mass)
    return int(np.searchsorted(sums, sequence.random() * sums[-1], side="right"))


def _means(
    points: Points,
    weights: Weights,
    labels: Labels,
    centres: Points,
    squares: npt.NDArray[np.float64],
) -> Points:
    """The rounded mean of every cluster; an empty one moves to the worst-placed point."""
    count = len(centres)
    mass = np.bincount(labels, weights, count)
    moved = centres.copy()
    filled = mass > 0
    for axis in range(3):
        sums = np.bincount(labels, weights * points[:, axis], count)
        moved[filled, axis] = np.rint(sums[filled] / mass[filled])
    for empty in np.flatnonzero(~filled):
        worst = squares.argmax()
        moved[empty] = points[worst]
        squares[worst] = 0
    return moved
