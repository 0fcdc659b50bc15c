"""Colours in CIE Lab (D65, 2 degrees), as whole numbers.

One Lab unit is 256 steps. Whole numbers make every later sum and comparison
exact, so neither the order of additions nor the processor can change a result.
"""

import numpy as np
import numpy.typing as npt

STEPS = 256
Codes = npt.NDArray[np.uint32]  # colours as 0xRRGGBB
Points = npt.NDArray[np.float64]  # (colour, L a b), whole numbers of 1/256 unit

# IEC 61966-2-1, linear sRGB to XYZ, each row divided by the white point D65.
_TO_XYZ = (
    (0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883),
)
_LINEAR = np.array(
    [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in np.arange(256) / 255]
)


def from_codes(codes: Codes) -> Points:
    """Lab of sRGB colours."""
    red, green, blue = (_LINEAR[(codes >> shift) & 255] for shift in (16, 8, 0))
    # Written out, not a matrix product: BLAS may add in another order elsewhere.
    x, y, z = (_cube_root(r * red + g * green + b * blue) for r, g, b in _TO_XYZ)
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)
    return np.rint(lab * STEPS)


def _cube_root(value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """CIE's f: a cube root with a straight line near black."""
    return np.where(value > 216 / 24389, np.cbrt(value), (24389 / 27 * value + 16) / 116)
