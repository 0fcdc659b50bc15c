"""JPEG: markers up to the first scan (ITU-T T.81, annex B)."""

import re
import struct
from collections.abc import Iterator

from imaging.errors import DamagedImage
from imaging.headers.exif import read_orientation
from imaging.headers.found import Found, parts
from imaging.image import Size

_SOS = 0xDA
_EOI = b"\xff\xd9"
_APP1, _APP2 = 0xE1, 0xE2
# Start of frame, baseline to arithmetic; C4, C8 and CC are other things.
_SOF = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
# After FF, a zero is stuffing and another FF is fill.
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_EXIF = b"Exif\x00\x00"
_ICC = b"ICC_PROFILE\x00"


def read(encoded: bytes) -> Found:
    """Read size, depth, orientation and profile, and whether the end is there."""
    frame = None
    orientation = 0
    profile: dict[int, bytes] = {}
    end = len(encoded)
    for marker, start, stop in _segments(encoded):
        if marker in _SOF and frame is None:
            frame = struct.unpack_from(">BHHB", encoded, start)
        elif marker == _APP1 and not orientation and encoded.startswith(_EXIF, start):
            orientation = read_orientation(encoded[start:stop])
        elif marker == _APP2 and encoded.startswith(_ICC, start):
            profile[encoded[start + len(_ICC)]] = encoded[start + len(_ICC) + 2 : stop]
        elif marker == _SOS:
            end = stop
    if frame is None:
        raise DamagedImage("the JPEG has no frame header before its first scan")
    bit_depth, height, width, channels = frame
    return Found(
        Size(width, height),
        orientation=orientation or 1,
        channels=channels,
        bit_depth=bit_depth,
        profile=b"".join(profile[number] for number in sorted(profile)),
        # Entropy-coded data holds no marker but restarts, so this is the real end;
        # what cameras append after it does not matter.
        # Looked for from behind, where it mostly is.
        complete=encoded.rfind(_EOI, end) >= 0,
    )


def _segments(encoded: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, first byte and end of every segment up to and with the first scan's header."""
    position = 2
    for _ in parts():
        position = _next_marker(encoded, position)
        marker = encoded[position - 1]
        if marker in _STANDALONE:
            continue
        (length,) = struct.unpack_from(">H", encoded, position)
        yield marker, position + 2, position + length
        if marker == _SOS:
            return
        position += max(length, 2)


def _next_marker(encoded: bytes, position: int) -> int:
    """Return where the next marker ends.

    Any number of fill bytes may stand before it, and decoders skip other bytes too.
    """
    found = _MARKER.search(encoded, position)
    if found is None:
        raise DamagedImage(f"the JPEG has no marker after byte {position}")
    return found.end()
