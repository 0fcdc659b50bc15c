"""WebP: the RIFF chunks (RFC 9649, 2)."""

import struct
from collections.abc import Iterator

from imaging.errors import DamagedImage
from imaging.headers.exif import read_orientation
from imaging.headers.found import MAX_PROFILE_BYTES, Found, parts
from imaging.image import Size

_ALPHA_FLAG = 0x10
_ANIMATION_FLAG = 0x02


def read(encoded: bytes) -> Found:
    """Read the canvas, the frames' times, profile and orientation, and whether all is there."""
    (riff_bytes,) = struct.unpack_from("<I", encoded, 4)
    size, flags, plays, has_alpha = None, 0, 0, False
    frame_count, duration_ms, profile, exif = 0, 0, b"", None
    for kind, start, stop in _chunks(encoded):
        if kind == b"VP8X":
            flags, size = encoded[start], _canvas(encoded, start + 4)
        elif kind == b"VP8 " and size is None:
            size = _lossy_size(encoded, start)
        elif kind == b"VP8L":
            lossless_size, has_alpha = _lossless(encoded, start)
            size = size or lossless_size
        elif kind == b"ANIM":
            (plays,) = struct.unpack_from("<H", encoded, start + 4)
        elif kind == b"ANMF":
            frame_count += 1
            duration_ms += int.from_bytes(encoded[start + 12 : start + 15], "little")
        elif kind == b"ICCP":
            profile = encoded[start : min(stop, start + MAX_PROFILE_BYTES)]
        elif kind == b"EXIF" and exif is None:
            exif = (start, stop)
    if size is None:
        raise DamagedImage("the WebP has no image chunk")
    animated = bool(flags & _ANIMATION_FLAG) and frame_count > 1
    return Found(
        size,
        orientation=read_orientation(encoded[slice(*exif)]) if exif else 1,
        frame_count=frame_count if animated else 1,
        duration_ms=duration_ms if animated else None,
        plays=plays,
        has_alpha=has_alpha or bool(flags & _ALPHA_FLAG),
        profile=profile,
        complete=riff_bytes + 8 <= len(encoded),
    )


def _chunks(encoded: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, first byte and end of every chunk that begins in the file."""
    position = 12
    for _ in parts():
        if position + 8 > len(encoded):
            return
        (length,) = struct.unpack_from("<I", encoded, position + 4)
        start = position + 8
        yield encoded[position : position + 4], start, start + length
        position = start + length + (length & 1)


def _canvas(encoded: bytes, start: int) -> Size:
    width = int.from_bytes(encoded[start : start + 3], "little") + 1
    height = int.from_bytes(encoded[start + 3 : start + 6], "little") + 1
    return Size(width, height)


def _lossy_size(encoded: bytes, start: int) -> Size:
    """Read a VP8 key frame's header (RFC 6386, 9.1)."""
    if encoded[start + 3 : start + 6] != b"\x9d\x01\x2a":
        raise DamagedImage("the WebP has no key frame")
    width, height = struct.unpack_from("<HH", encoded, start + 6)
    return Size(width & 0x3FFF, height & 0x3FFF)


def _lossless(encoded: bytes, start: int) -> tuple[Size, bool]:
    """Read a VP8L header (RFC 9649, 3.4): size and whether alpha is used."""
    signature, bits = struct.unpack_from("<BI", encoded, start)
    if signature != 0x2F:
        raise DamagedImage("the WebP has no lossless signature")
    return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1), bool(bits >> 28 & 1)
