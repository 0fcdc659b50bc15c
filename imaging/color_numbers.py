"""Colour spaces that a file names by numbers or describes in PNG's own chunks."""

import struct
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from imaging.matrix_profile import SRGB_CURVE, Chromaticities, Curve, matrix_profile


class ColorSpace(NamedTuple):
    """What a file says of its colours; all of it empty where that is sRGB or nothing.

    Attributes:
        name: for people, such as "Display P3"; empty where the profile has one.
        profile: ICC profile of the space; empty where it is not converted.
        warnings: one sentence each.
    """

    name: str = ""
    profile: bytes = b""
    warnings: tuple[str, ...] = ()


_SRGB = Chromaticities((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
# ITU-T H.273, table 2.
_PRIMARIES = {
    1: ("BT.709", _SRGB),
    9: ("BT.2020", Chromaticities((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))),
    12: ("Display P3", Chromaticities((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))),
}
# ITU-T H.273, table 3. The curves of television (1, 6, 14, 15) are a camera's; what was
# made by them is meant for a screen, and browsers show it by sRGB's.
_CURVES = {
    **dict.fromkeys((1, 6, 13, 14, 15), ("", SRGB_CURVE)),
    4: (", gamma 2.2", Curve(2.2)),
    5: (", gamma 2.8", Curve(2.8)),
    8: (", linear", Curve(1.0)),
}
_HDR = {16: "PQ", 18: "HLG"}
# PNG's numbers are in 100,000ths. sRGB is written as its nearest power, 1/2.2 (PNG, third
# edition, 11.3.2.5), by most programs rounded in one of several ways.
_UNIT = 100_000
_SRGB_GAMMAS = range(45_000, 46_001)
_GAMMAS = range(10_000, 1_000_001)
# Primaries that are written with three digits are the same as those with four.
_SAME = 0.001


@lru_cache(maxsize=32)
def by_numbers(primaries: int, transfer: int) -> ColorSpace | None:
    """Return the space of two code points of ITU-T H.273; None if they are not known here."""
    name, chromaticities = _PRIMARIES.get(primaries, ("", _SRGB))
    if transfer in _HDR:
        hdr = _HDR[transfer]
        warning = f"the picture is HDR ({hdr}); it was not converted and looks pale"
        return ColorSpace(f"{name} {hdr}".strip(), warnings=(warning,))
    if not name or transfer not in _CURVES:
        return None
    ending, curve = _CURVES[transfer]
    if chromaticities is _SRGB and curve is SRGB_CURVE:
        return ColorSpace()
    return ColorSpace(name + ending, matrix_profile(chromaticities, curve))


def by_chunks(gamma: bytes, chromaticities: bytes) -> ColorSpace:
    """Return the space that the contents of PNG's gAMA and cHRM describe; either may be empty."""
    (stored,) = struct.unpack(">I", gamma) if len(gamma) == 4 else (0,)
    known_gamma = stored in _GAMMAS and stored not in _SRGB_GAMMAS
    curve = Curve(_UNIT / stored) if known_gamma else SRGB_CURVE
    space, said = _SRGB, []
    if len(chromaticities) == 32:
        numbers = [number / _UNIT for number in struct.unpack(">8I", chromaticities)]
        white, red, green, blue = zip(numbers[::2], numbers[1::2], strict=True)
        space = Chromaticities(red, green, blue, white)
    if not np.allclose(space, _SRGB, rtol=0, atol=_SAME):
        said.append("primaries of its own")
    if known_gamma:
        said.append(f"gamma {curve.gamma:.2g}")
    profile = matrix_profile(space, curve) if said else b""
    return ColorSpace(", ".join(said), profile) if profile else ColorSpace()
