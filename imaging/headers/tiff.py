"""TIFF: the first page's directory (TIFF 6.0, section 2)."""

import struct
from collections.abc import Sequence

from imaging.errors import DamagedImage
from imaging.headers.found import MAX_PROFILE_BYTES, Found, parts
from imaging.image import Size

_WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC, _ORIENTATION = 256, 257, 258, 262, 274
_SAMPLES, _EXTRA_SAMPLES, _PROFILE = 277, 338, 34675
_STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES = 273, 279, 324, 325
_WHITE_IS_ZERO, _PALETTE, _CMYK = 0, 3, 5
_WANTED = {
    *(_WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC, _ORIENTATION, _SAMPLES, _EXTRA_SAMPLES, _PROFILE),
    *(_STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES),
}
# Bytes and struct letter of the field types that the tags here may have.
_TYPES = {1: (1, "B"), 3: (2, "H"), 4: (4, "I"), 7: (1, "B")}
_MAX_VALUES = 100_000
_DEPTHS = {1, 2, 4, 8, 10, 12, 16}
_ALPHA_KINDS = {1, 2}
# What a palette index and an ink stand for; of other kinds the samples are counted.
_PHOTOMETRIC_CHANNELS = {_PALETTE: 3, _CMYK: 4}

Tags = dict[int, Sequence[int]]


def read(encoded: bytes) -> Found:
    """Read the first page's size, depth, orientation and profile."""
    order = "<" if encoded[:2] == b"II" else ">"
    (start,) = struct.unpack_from(f"{order}I", encoded, 4)
    tags, following = _directory(encoded, order, start)
    if _WIDTH not in tags or _HEIGHT not in tags:
        raise DamagedImage("the TIFF's first page does not say its size")
    orientation = tags.get(_ORIENTATION, (1,))[0]
    depth = max(tags.get(_BITS, (1,)))
    samples = tags.get(_SAMPLES, (1,))[0]
    extra = tags.get(_EXTRA_SAMPLES, ())
    photometric = tags.get(_PHOTOMETRIC, (_WHITE_IS_ZERO,))[0]
    pages = _count_pages(encoded, order, following)
    return Found(
        Size(tags[_WIDTH][0], tags[_HEIGHT][0]),
        orientation=orientation if 1 <= orientation <= 8 else 1,
        channels=_PHOTOMETRIC_CHANNELS.get(photometric) or max(1, samples - len(extra)),
        has_alpha=any(kind in _ALPHA_KINDS for kind in extra),
        bit_depth=depth if depth in _DEPTHS else 16,
        white_is_zero=photometric == _WHITE_IS_ZERO,
        profile=bytes(tags.get(_PROFILE, ())),
        complete=_data_end(tags) <= len(encoded),
        warnings=(f"of {pages} pages only the first was read",) if pages > 1 else (),
    )


def _directory(encoded: bytes, order: str, start: int) -> tuple[Tags, int]:
    """Return the tags that matter here, and where the next page's directory is; 0: none."""
    (count,) = struct.unpack_from(f"{order}H", encoded, start)
    tags: Tags = {}
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, values = struct.unpack_from(f"{order}HHI", encoded, at)
        size, letter = _TYPES.get(kind, (0, ""))
        limit = MAX_PROFILE_BYTES if size == 1 else _MAX_VALUES
        if tag not in _WANTED or tag in tags or not size or not 0 < values <= limit:
            continue
        where = at + 8
        if size * values > 4:
            (where,) = struct.unpack_from(f"{order}I", encoded, where)
        if size == 1:
            tags[tag] = encoded[where : where + values]
        else:
            tags[tag] = struct.unpack_from(f"{order}{values}{letter}", encoded, where)
    end = start + 2 + 12 * count
    following = encoded[end : end + 4]
    return tags, int.from_bytes(following, "little" if order == "<" else "big")


def _count_pages(encoded: bytes, order: str, following: int) -> int:
    """Count pages along the chain of directories, up to where it is broken or goes round."""
    pages, seen = 1, set()
    for _ in parts():
        if not following or following in seen:
            break
        seen.add(following)
        try:
            (count,) = struct.unpack_from(f"{order}H", encoded, following)
            (following,) = struct.unpack_from(f"{order}I", encoded, following + 2 + 12 * count)
        except struct.error:
            break
        pages += 1
    return pages


def _data_end(tags: Tags) -> int:
    """Return where the first page's strips or tiles end."""
    offsets = tags.get(_STRIP_OFFSETS) or tags.get(_TILE_OFFSETS) or ()
    sizes = tags.get(_STRIP_BYTES) or tags.get(_TILE_BYTES) or ()
    return max((offset + size for offset, size in zip(offsets, sizes, strict=False)), default=0)
