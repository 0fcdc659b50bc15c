"""PNG and APNG: the list of chunks (W3C PNG, third edition, 5 and 11)."""

import struct
import zlib
from collections.abc import Iterator

from imaging.color_numbers import ColorSpace, by_chunks, by_numbers
from imaging.errors import DamagedImage
from imaging.headers.exif import read_orientation
from imaging.headers.found import MAX_PROFILE_BYTES, Found, parts
from imaging.image import Size

_PALETTE, _GREY_ALPHA, _RGB_ALPHA = 3, 4, 6
_WANTED = {b"tRNS", b"eXIf", b"acTL", b"IEND", b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"}
# An animation control chunk that says: one frame, for ever.
_STILL = b"\0\0\0\x01\0\0\0\0"
_COLOR_TYPES = {0: 1, 2: 3, _PALETTE: 3, _GREY_ALPHA: 1, _RGB_ALPHA: 3}


def read(encoded: bytes) -> Found:
    """Read the header, the animation's control chunks, profile, orientation and the end."""
    width, height, bit_depth, color_type = struct.unpack_from(">IIBB", encoded, 16)
    if encoded[12:16] != b"IHDR" or color_type not in _COLOR_TYPES:
        raise DamagedImage("the PNG does not begin with a valid header chunk")
    # Only the first of each counts, as for decoders; a file may have thousands.
    first: dict[bytes, bytes] = {}
    duration_ms = 0
    for kind, start, stop in _chunks(encoded):
        if kind in _WANTED and kind not in first:
            first[kind] = encoded[start:stop]
        elif kind == b"fcTL":
            duration_ms += _delay_ms(encoded, start)
    frame_count, plays = struct.unpack_from(">II", first.get(b"acTL", _STILL))
    keyed = b"tRNS" in first
    space = _color_space(first)
    return Found(
        Size(width, height),
        orientation=read_orientation(first.get(b"eXIf", b"")),
        frame_count=max(1, frame_count),
        duration_ms=duration_ms if frame_count > 1 else None,
        plays=plays,
        channels=_COLOR_TYPES[color_type],
        has_alpha=keyed or color_type in {_GREY_ALPHA, _RGB_ALPHA},
        keyed=keyed,
        bit_depth=8 if color_type == _PALETTE else bit_depth,
        profile=space.profile,
        color_space=space.name,
        complete=b"IEND" in first,
        warnings=space.warnings,
    )


def _chunks(encoded: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, first byte and end of every chunk that is there whole."""
    position = 8
    for _ in parts():
        if position + 12 > len(encoded):
            return
        (length,) = struct.unpack_from(">I", encoded, position)
        kind, start = encoded[position + 4 : position + 8], position + 8
        if start + length + 4 > len(encoded):
            return
        yield kind, start, start + length
        if kind == b"IEND":
            return
        position = start + length + 4


def _delay_ms(encoded: bytes, start: int) -> int:
    """Return one frame's time in milliseconds; a denominator of 0 means 100."""
    numerator, denominator = struct.unpack_from(">HH", encoded, start + 20)
    return int(1000 * numerator / (denominator or 100))


def _color_space(first: dict[bytes, bytes]) -> ColorSpace:
    """Read what comes first of cICP, iCCP, sRGB, gAMA with cHRM (4.3)."""
    profile = _inflate_profile(first.get(b"iCCP", b""))
    numbers = first.get(b"cICP", b"")
    named = by_numbers(numbers[0], numbers[1]) if len(numbers) == 4 else None
    # HDR is not converted; a profile beside it is for those who do not.
    if named is not None and not (named.warnings and profile):
        return named
    if profile or b"sRGB" in first:
        return ColorSpace(profile=profile)
    return by_chunks(first.get(b"gAMA", b""), first.get(b"cHRM", b""))


def _inflate_profile(content: bytes) -> bytes:
    """Return the profile of an iCCP chunk; empty if it is broken or too large."""
    name, _, packed = content.partition(b"\x00")
    del name
    try:
        decompressor = zlib.decompressobj()
        profile = decompressor.decompress(packed[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return b""
    return profile if decompressor.eof else b""
