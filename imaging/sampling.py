"""Which pixels of a picture stand for it: a fixed scatter, weighted by alpha."""

import numpy as np
import numpy.typing as npt

from imaging.image import Pixels
from imaging.kmeans import Weights
from imaging.lab import Codes

_GRID = 128  # cells each way; 16,384 pixels put a share within 1 % of the full count


def sample(pixels: Pixels, count: int) -> tuple[Codes, Weights]:
    """Distinct colours as 0xRRGGBB, ascending, and the alpha they were seen with, summed.

    Small pictures are read whole. Of large ones one pixel is read in every cell
    of a grid, at a place inside the cell that looks random but never changes: a
    regular step would miss a pattern that repeats with it. When that shows no
    more than `count` colours, the whole picture is read, so that no small spot
    of another colour is missed.
    """
    height, width = pixels.shape[:2]
    if height * width <= _GRID * _GRID:
        return _tally(pixels.reshape(-1, pixels.shape[2]))
    rows, columns = _places(height, width)
    codes, weights = _tally(pixels[rows, columns])
    if len(codes) <= count or (pixels.shape[2] == 4 and weights.sum() == 0):
        return _tally(pixels.reshape(-1, pixels.shape[2]))
    return codes, weights


def _places(height: int, width: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Row and column of one pixel in every cell."""
    down, across = min(_GRID, height), min(_GRID * _GRID // min(_GRID, height), width)
    jitter = np.random.Generator(np.random.PCG64(0)).random((2, down, across))
    rows = ((np.arange(down)[:, None] + jitter[0]) * height / down).astype(np.intp)
    columns = ((np.arange(across)[None, :] + jitter[1]) * width / across).astype(np.intp)
    return rows, columns


def _tally(samples: Pixels) -> tuple[Codes, Weights]:
    """Distinct colours and their weights; all the same weight where none is visible."""
    flat = samples.reshape(-1, samples.shape[-1]).astype(np.uint32)
    codes = flat[:, 2] << 16 | flat[:, 1] << 8 | flat[:, 0]
    alpha = flat[:, 3] if flat.shape[1] == 4 else np.ones_like(codes)
    if not alpha.any():
        alpha = np.ones_like(codes)
    found, where = np.unique(codes[alpha > 0], return_inverse=True)
    weights = np.bincount(where, alpha[alpha > 0], len(found))
    return found, np.asarray(weights, np.float64)
