"""ICC profiles for colour spaces that a file gives in numbers."""

import struct
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

# The profile connection space's white (ICC.1:2022, 7.2.16), and the cone response that
# adapts others to it (Bradford; ICC.1:2022, annex E).
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
# What a signed 15.16 fixed-point number holds, and more than any primary has.
_LARGEST = 100.0


class Chromaticities(NamedTuple):
    """CIE x and y of the primaries and of white."""

    red: tuple[float, float]
    green: tuple[float, float]
    blue: tuple[float, float]
    white: tuple[float, float] = (0.3127, 0.3290)


class Curve(NamedTuple):
    """From a stored value to light: `(a x + b) ** gamma` from `d` on, below it `c x`."""

    gamma: float
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0


SRGB_CURVE = Curve(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def matrix_profile(chromaticities: Chromaticities, curve: Curve) -> bytes:
    """Return a display profile of three primaries and a curve; empty if they make no sense.

    It has the tags that a conversion needs (ICC.1:2022, 8.4.3) and no texts, because it
    never leaves the process.
    """
    matrix = _to_d50(chromaticities)
    if matrix is None:
        return b""
    tags = {b"wtpt": _xyz(_D50)}
    parametric = b"para\0\0\0\0" + struct.pack(">HH", 3, 0)
    parametric += b"".join(_fixed(number) for number in curve)
    for letter, primary in zip((b"r", b"g", b"b"), matrix.T, strict=True):
        tags[letter + b"XYZ"] = _xyz(primary)
        tags[letter + b"TRC"] = parametric
    return _assemble(tags)


def _to_d50(chromaticities: Chromaticities) -> Matrix | None:
    """Return the primaries' XYZ under D50 as columns; None if they span no colours."""
    points = np.array(chromaticities)
    if (points[:, 1] <= 0).any():
        return None
    red, green, blue, white = np.column_stack([points, 1 - points.sum(1)]) / points[:, 1:]
    primaries = np.column_stack([red, green, blue])
    cones = _BRADFORD @ white
    if abs(np.linalg.det(primaries)) < 1e-6 or (np.abs(cones) < 1e-6).any():
        return None
    adapt = np.linalg.inv(_BRADFORD) @ np.diag(_BRADFORD @ _D50 / cones) @ _BRADFORD
    matrix: Matrix = adapt @ primaries @ np.diag(np.linalg.solve(primaries, white))
    return matrix if np.abs(matrix).max() < _LARGEST else None


def _assemble(tags: dict[bytes, bytes]) -> bytes:
    """Put header, tag table and tags together (ICC.1:2022, 7.2 to 7.4)."""
    start = 128 + 4 + 12 * len(tags)
    table = struct.pack(">I", len(tags))
    body = b""
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content
    header = struct.pack(">I4xI12s", start + len(body), 0x04200000, b"mntrRGB XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + b"".join(_fixed(value) for value in _D50)
    return header.ljust(128, b"\0") + table + body


def _xyz(values: Matrix) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))
