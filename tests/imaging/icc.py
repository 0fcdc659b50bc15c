"""ICC profiles made at run time (ICC.1:2001-04 layout), so that none has to be committed."""

import struct

# CIE XYZ of the primaries under D50, as the profiles of these spaces publish them.
DISPLAY_P3 = (
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
)
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
_D50 = (0.9642, 1.0, 0.8249)


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _text(name: str) -> bytes:
    raw = name.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(raw)) + raw + bytes(78)


def _srgb_curve() -> bytes:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    points = [round(65535 * linear(step / 1023)) for step in range(1024)]
    return b"curv\0\0\0\0" + struct.pack(">I1024H", 1024, *points)


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def _assemble(space: bytes, pcs: bytes, kind: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += padded
    rest = struct.pack(">I", len(tags)) + table + body
    header = struct.pack(">I4sI4s4s4s", 128 + len(rest), b"lcms", 0x02400000, kind, space, pcs)
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += b"".join(_fixed(value) for value in _D50)
    return header.ljust(128, b"\0") + rest


def rgb_profile(
    name: str, primaries: tuple[tuple[float, float, float], ...], gamma: float | None = None
) -> bytes:
    """A matrix profile; the curve is sRGB's unless a gamma is given."""
    curve = _gamma(gamma) if gamma else _srgb_curve()
    tags = {b"desc": _text(name), b"cprt": b"text\0\0\0\0free\0", b"wtpt": _xyz(_D50)}
    for channel, primary in zip(b"rgb", primaries, strict=True):
        letter = bytes([channel])
        tags[letter + b"XYZ"] = _xyz(primary)
        tags[letter + b"TRC"] = curve
    return _assemble(b"RGB ", b"XYZ ", b"mntr", tags)


def grey_profile(name: str, gamma: float) -> bytes:
    tags = {
        b"desc": _text(name),
        b"cprt": b"text\0\0\0\0free\0",
        b"wtpt": _xyz(_D50),
        b"kTRC": _gamma(gamma),
    }
    return _assemble(b"GRAY", b"XYZ ", b"mntr", tags)


def cmyk_profile(name: str) -> bytes:
    """A printer whose only ink that shows is black: any C, M, Y leaves the paper white."""
    identity = bytes(range(256))
    clut = b""
    for corner in range(16):
        black = corner & 1
        clut += bytes([0 if black else 255, 128, 128])
    matrix = b"".join(_fixed(value) for value in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + identity * 4 + clut + identity * 3
    tags = {
        b"desc": _text(name),
        b"cprt": b"text\0\0\0\0free\0",
        b"wtpt": _xyz(_D50),
        b"A2B0": lut,
    }
    return _assemble(b"CMYK", b"Lab ", b"prtr", tags)
