"""The one thing that EXIF is asked for: which way up the picture is."""

import struct

_ORIENTATION_TAG = 0x0112
_SHORT = 3


def read_orientation(exif: bytes) -> int:
    """Return the orientation, 1 to 8; 1 when it is missing or makes no sense.

    Broken EXIF is common and says nothing about the pixels, so it is never an error.

    Args:
        exif: a TIFF structure, with or without "Exif" and two zeros before it.
            Layout: Exif 2.32, 4.5 and 4.6.4.
    """
    tiff = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for index in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * index)
            if tag == _ORIENTATION_TAG and kind == _SHORT:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
