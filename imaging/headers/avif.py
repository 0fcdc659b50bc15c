"""AVIF and HEIC: a picture is an item with properties, or a track (ISO/IEC 23008-12)."""

import struct
from dataclasses import dataclass, field, replace

from imaging.color_numbers import ColorSpace, by_numbers
from imaging.errors import DamagedImage
from imaging.headers.found import MAX_PROFILE_BYTES, Found, parts
from imaging.headers.isobmff import Box, boxes, find
from imaging.headers.track import read_track
from imaging.image import Size

# EXIF values for a turn counter-clockwise by 0 to 3 quarters, then a mirror: none,
# top-bottom (axis 0), left-right (axis 1). ISO/IEC 23008-12, 6.5.10 and 6.5.12:
# rotation comes first.
_ORIENTATIONS = ((1, 4, 2), (8, 5, 7), (3, 2, 4), (6, 7, 5))
_ALPHA = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1")


@dataclass
class _Item:
    """What the properties of one item say."""

    size: Size | None = None
    aperture: Size | None = None
    channels: int = 3
    bit_depth: int = 8
    turns: int = 0
    mirror: int = 0
    profile: bytes = field(default=b"", repr=False)
    # Primaries and transfer; 2 is "unspecified".
    numbers: tuple[int, int] = (2, 2)


def read(encoded: bytes, *, cropped: bool = False) -> Found:
    """Read the primary item, or the track of a sequence, and whether all boxes are there whole.

    Args:
        encoded: the file.
        cropped: the decoder keeps only the clean aperture, as libheif does and libavif
            does not.
    """
    top = list(boxes(encoded, 0, len(encoded)))
    found = _read_primary(encoded, top, cropped=cropped)
    sequence = read_track(encoded) if encoded[8:12] in {b"avis", b"hevc", b"msf1"} else None
    if sequence is not None:
        base = found or Found(sequence.size)
        found = replace(
            base,
            stored_size=sequence.size,
            canvas=sequence.size,
            frame_count=sequence.frame_count,
            duration_ms=sequence.duration_ms if sequence.frame_count > 1 else None,
            has_alpha=base.has_alpha or sequence.has_alpha,
        )
    if found is None:
        raise DamagedImage("the file has no primary picture")
    return replace(found, complete=all(box.whole for box in top))


def _read_primary(encoded: bytes, top: list[Box], *, cropped: bool) -> Found | None:
    """Read the item that the file calls primary; None if there is none."""
    meta = next((box for box in top if box.kind == b"meta"), None)
    if meta is None:
        return None
    start = meta.start + 4
    primary = find(encoded, start, meta.end, b"pitm")
    container = find(encoded, start, meta.end, b"iprp", b"ipco")
    if primary is None or container is None:
        return None
    properties = list(boxes(encoded, container.start, container.end))
    item = _Item()
    for index in _associations(encoded, start, meta.end, _item_id(encoded, primary)):
        if 0 < index <= len(properties):
            _apply(encoded, properties[index - 1], item)
    if item.size is None:
        raise DamagedImage("the primary picture does not say its size")
    space = ColorSpace(profile=item.profile)
    if not item.profile:
        # Beside a profile the numbers only tell how YUV becomes RGB, the decoder's part.
        space = by_numbers(*item.numbers) or space
    return Found(
        (item.aperture if cropped else None) or item.size,
        canvas=item.size,
        orientation=_ORIENTATIONS[item.turns][item.mirror],
        has_alpha=any(_is_alpha(encoded, box) for box in properties),
        channels=1 if item.channels == 1 else 3,
        bit_depth=item.bit_depth,
        profile=space.profile,
        color_space=space.name,
        warnings=space.warnings,
    )


def _item_id(encoded: bytes, box: Box) -> int:
    """Read a primary item box: 16 bits in version 0, otherwise 32."""
    layout = ">I" if encoded[box.start] else ">H"
    return int(struct.unpack_from(layout, encoded, box.start + 4)[0])


def _associations(encoded: bytes, start: int, end: int, item_id: int) -> list[int]:
    """Return the numbers of the item's properties, in the order they apply."""
    box = find(encoded, start, end, b"iprp", b"ipma")
    if box is None:
        return []
    version, flags, entries = struct.unpack_from(">B2xBI", encoded, box.start)
    position = box.start + 8
    id_layout, number_layout = (">IB" if version else ">HB"), (">H" if flags & 1 else ">B")
    essential_bit = 0x8000 if flags & 1 else 0x80
    for _ in zip(range(entries), parts(), strict=False):
        found_id, count = struct.unpack_from(id_layout, encoded, position)
        position += struct.calcsize(id_layout)
        if found_id == item_id:
            numbers = struct.unpack_from(f">{count}{number_layout[1]}", encoded, position)
            return [number & ~essential_bit for number in numbers]
        position += count * struct.calcsize(number_layout)
    return []


def _apply(encoded: bytes, box: Box, item: _Item) -> None:
    """Take in one property."""
    if box.kind == b"ispe":
        item.size = Size(*struct.unpack_from(">II", encoded, box.start + 4))
    elif box.kind == b"clap":
        across, across_by, down, down_by = struct.unpack_from(">4I", encoded, box.start)
        item.aperture = Size(across // (across_by or 1), down // (down_by or 1))
    elif box.kind == b"pixi":
        item.channels, item.bit_depth = encoded[box.start + 4 : box.start + 6]
    elif box.kind == b"irot":
        item.turns = encoded[box.start] & 3
    elif box.kind == b"imir":
        item.mirror = 1 + (encoded[box.start] & 1)
    elif box.kind == b"colr":
        kind, content = encoded[box.start : box.start + 4], box.start + 4
        if kind in {b"prof", b"rICC"}:
            item.profile = encoded[content : min(box.end, box.start + MAX_PROFILE_BYTES)]
        elif kind == b"nclx":
            item.numbers = struct.unpack_from(">HH", encoded, content)


def _is_alpha(encoded: bytes, box: Box) -> bool:
    return box.kind == b"auxC" and encoded.startswith(_ALPHA, box.start + 4)
