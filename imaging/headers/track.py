"""The picture track of an image sequence (ISO/IEC 14496-12, 8.3 to 8.7)."""

import struct
from typing import NamedTuple

from imaging.headers.found import MAX_PARTS
from imaging.headers.isobmff import Box, boxes, find
from imaging.image import Size


class Track(NamedTuple):
    """A sequence of pictures."""

    size: Size
    frame_count: int
    duration_ms: int
    has_alpha: bool


def read_track(encoded: bytes) -> Track | None:
    """Read the first picture track; None if the file has none."""
    movie = find(encoded, 0, len(encoded), b"moov")
    if movie is None:
        return None
    tracks = [box for box in boxes(encoded, movie.start, movie.end) if box.kind == b"trak"]
    handlers = [_handler(encoded, track) for track in tracks]
    if b"pict" not in handlers:
        return None
    track = tracks[handlers.index(b"pict")]
    header = find(encoded, track.start, track.end, b"tkhd")
    table = find(encoded, track.start, track.end, b"mdia", b"minf", b"stbl")
    if header is None or table is None:
        return None
    sizes = find(encoded, table.start, table.end, b"stsz")
    if sizes is None:
        return None
    # Width and height are 16.16 fixed point, the last two fields in either version.
    width, height = struct.unpack_from(">II", encoded, header.end - 8)
    (count,) = struct.unpack_from(">I", encoded, sizes.start + 8)
    return Track(
        Size(width >> 16, height >> 16),
        count,
        _duration_ms(encoded, track, table),
        b"auxv" in handlers,
    )


def _handler(encoded: bytes, track: Box) -> bytes:
    box = find(encoded, track.start, track.end, b"mdia", b"hdlr")
    return encoded[box.start + 8 : box.start + 12] if box else b""


def _duration_ms(encoded: bytes, track: Box, table: Box) -> int:
    """Add up the samples' times; one pass, whatever the movie says about repeating."""
    media = find(encoded, track.start, track.end, b"mdia", b"mdhd")
    times = find(encoded, table.start, table.end, b"stts")
    if media is None or times is None:
        return 0
    (timescale,) = struct.unpack_from(
        ">I", encoded, media.start + (20 if encoded[media.start] else 12)
    )
    (entries,) = struct.unpack_from(">I", encoded, times.start + 4)
    room = min((times.end - times.start - 8) // 8, MAX_PARTS)
    pairs = struct.unpack_from(f">{2 * min(entries, room)}I", encoded, times.start + 8)
    ticks = sum(count * delta for count, delta in zip(pairs[::2], pairs[1::2], strict=True))
    return int(1000 * ticks // (timescale or 1))
