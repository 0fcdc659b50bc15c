"""What must be taken out of a picture before it is read at fewer places.

Cubic interpolation looks at four source pixels however far apart the places are, so
detail finer than the result can show would come back as moire. A symmetric filter on
the source grid takes it out, and is shaped so that filter and interpolation together
pass what a Lanczos kernel of the result's size passes.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

# Shrinking by less loses nothing that shows.
NEAR = 1.1


@lru_cache(maxsize=1024)
def lowpass(shrink: float) -> Weights:
    """Return weights for shrinking by 1 to 4; an odd number of them, their sum is 1.

    A least-squares fit over the frequencies of the source grid. Low ones count for
    more, as they do in photographs, where the power of detail falls with the square
    of its frequency. The array is shared: do not write to it.

    Args:
        shrink: source pixels per result pixel.
    """
    if shrink < NEAR:
        return np.array([1], np.float32)
    reach = round(2 * shrink) - 1
    wanted = _spectrum(_lanczos3, 3, _FREQUENCIES * shrink)
    # 1 + sum of t * (2 cos - 2) has the response 1 to what does not vary, whatever t is.
    waves = 2 * np.cos(2 * np.pi * np.outer(_FREQUENCIES, np.arange(1, reach + 1))) - 2
    importance = np.sqrt(1 / (1 + (_FREQUENCIES / 0.04) ** 2) + 0.002)
    system = waves * (_CUBIC * importance)[:, None]
    sides = np.linalg.lstsq(system, (wanted - _CUBIC) * importance, rcond=None)[0]
    return np.array([*sides[::-1], 1 - 2 * sides.sum(), *sides], np.float32)


def _spectrum(kernel: Callable[[Floats], Floats], support: int, frequencies: Floats) -> Floats:
    """How much of each frequency, in cycles per pixel, an even kernel passes."""
    places = (np.arange(100 * support) + 0.5) / 100
    values = kernel(places)
    passed: Floats = np.cos(2 * np.pi * np.outer(frequencies, places)) @ values / values.sum()
    return passed


def _lanczos3(x: Floats) -> Floats:
    """For x from 0 to 3."""
    lobes: Floats = np.sinc(x) * np.sinc(x / 3)
    return lobes


def _cubic(x: Floats) -> Floats:
    """OpenCV's INTER_CUBIC for x from 0 to 2: Keys' kernel with a = -0.75."""
    near = 1.25 * x**3 - 2.25 * x**2 + 1
    far = -0.75 * (x**3 - 5 * x**2 + 8 * x - 4)
    return np.where(x <= 1, near, far)


_FREQUENCIES: Floats = np.linspace(0, 0.5, 101)
_CUBIC = _spectrum(_cubic, 2, _FREQUENCIES)
