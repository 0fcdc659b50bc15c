"""Which pixels of a picture stand for it: a fixed scatter, weighted by alpha."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from imaging.image import Pixels
from imaging.lab import Codes

Places = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
_GRID = 112  # cells each way; so many that a share is right to about half a percent
_READ_WHOLE = _GRID * _GRID


def sample(pixels: Pixels, count: int) -> tuple[Codes, Floats]:
    """Return distinct colours as 0xRRGGBB, ascending, and the alpha they were seen with, summed.

    Small pictures are read whole. Of large ones one pixel is read in every cell
    of a grid, at a place inside the cell that looks random but never changes: a
    regular step would miss a pattern that repeats with it. Where that shows no
    more than `count` colours, or little that is visible, the whole picture is
    read, so that no small spot is missed.
    """
    height, width, channels = pixels.shape
    if height * width > _READ_WHOLE:
        rows, columns = _places(height, width)
        scatter = pixels[rows, columns]
        codes, weights = _tally(scatter)
        enough = channels == 3 or np.count_nonzero(scatter[:, 3]) > _READ_WHOLE // 16
        if enough and len(codes) > count:
            return codes, weights
    return _tally(pixels.reshape(-1, channels))


@lru_cache(maxsize=8)
def _places(height: int, width: int) -> tuple[Places, Places]:
    """Row and column of one pixel in every cell, row by row."""
    down = min(_GRID, height)
    across = min(_READ_WHOLE // down, width)
    jitter = np.random.Generator(np.random.PCG64(0)).random((2, down, across))
    rows = ((np.arange(down)[:, None] + jitter[0]) * height / down).astype(np.intp)
    columns = ((np.arange(across) + jitter[1]) * width / across).astype(np.intp)
    return rows.ravel(), columns.ravel()


def _tally(samples: Pixels) -> tuple[Codes, Floats]:
    """Return distinct colours and their weights; all weigh the same where none is visible."""
    codes = samples[:, 2].astype(np.uint32) << 16
    codes |= samples[:, 1].astype(np.uint32) << 8
    codes |= samples[:, 0]
    alpha = samples[:, 3] if samples.shape[1] == 4 else None
    if alpha is None or not alpha.any():
        found, counts = np.unique(codes, return_counts=True)
        return found, counts.astype(np.float64)
    seen = alpha > 0
    found, where = np.unique(codes[seen], return_inverse=True)
    return found, np.asarray(np.bincount(where, alpha[seen], len(found)), np.float64)
