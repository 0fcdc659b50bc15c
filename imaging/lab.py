"""Colours as points whose distances are what the eye sees, in whole numbers.

The space is DIN99o (DIN 6176): CIE Lab for D65, bent so that a plain distance is
close to CIEDE2000. One unit is 256 steps. Whole numbers make later sums and
comparisons exact, so neither the order of additions nor the processor changes a result.
"""

import numpy as np
import numpy.typing as npt

STEPS = 256
Codes = npt.NDArray[np.uint32]  # colours as 0xRRGGBB
Points = npt.NDArray[np.float64]  # (colour, L a b of DIN99o), whole numbers

# IEC 61966-2-1, linear sRGB to XYZ, each row divided by the white point D65.
_TO_XYZ = (
    (0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883),
)
_ENCODED = np.arange(256) / 255
_LINEAR = np.where(_ENCODED <= 0.04045, _ENCODED / 12.92, ((_ENCODED + 0.055) / 1.055) ** 2.4)
_TURN = np.radians(26)


def points(codes: Codes) -> Points:
    """Return where sRGB colours lie."""
    red, green, blue = (_LINEAR[(codes >> shift) & 255] for shift in (16, 8, 0))
    # Written out, not a matrix product: BLAS may add in another order elsewhere.
    x, y, z = (_cube_root(r * red + g * green + b * blue) for r, g, b in _TO_XYZ)
    a, b = 500 * (x - y), 200 * (y - z)
    lightness = 303.67 * np.log1p(0.0039 * (116 * y - 16))
    reddish = a * np.cos(_TURN) + b * np.sin(_TURN)
    yellowish = 0.83 * (b * np.cos(_TURN) - a * np.sin(_TURN))
    chroma = np.hypot(reddish, yellowish)
    # log(1 + 0.075 c) / 0.0435 is the new chroma; grey has none to divide by.
    bend = np.log1p(0.075 * chroma) / (0.0435 * np.maximum(chroma, 1e-9))
    exact: Points = np.stack([lightness, reddish * bend, yellowish * bend], axis=1) * STEPS
    return np.rint(exact)


def _cube_root(value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """CIE's f: a cube root with a straight line near black."""
    return np.where(value > 216 / 24389, np.cbrt(value), (24389 / 27 * value + 16) / 116)
