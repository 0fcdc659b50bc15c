"""BMP: the file header and the bitmap header after it."""

import struct

from imaging.headers.found import Found
from imaging.image import Size

_OS2_HEADER_BYTES = 12
_BITFIELDS, _ALPHA_BITFIELDS = 3, 6
_UNCOMPRESSED = {0, _BITFIELDS, _ALPHA_BITFIELDS}


def read(encoded: bytes) -> Found:
    """Read the size, and whether all rows of an uncompressed picture are there."""
    pixels_start, header_bytes = struct.unpack_from("<II", encoded, 10)
    if header_bytes == _OS2_HEADER_BYTES:
        width, height, _, bits = struct.unpack_from("<HHHH", encoded, 18)
        compression = 0
    else:
        width, height, _, bits, compression = struct.unpack_from("<iiHHI", encoded, 18)
    # A negative height says that the rows go from top to bottom.
    height = abs(height)
    row_bytes = (width * bits + 31) // 32 * 4
    complete = compression not in _UNCOMPRESSED or pixels_start + row_bytes * height <= len(encoded)
    has_alpha = False
    if compression in {_BITFIELDS, _ALPHA_BITFIELDS} and bits == 32 and header_bytes >= 56:
        (alpha_mask,) = struct.unpack_from("<I", encoded, 66)
        has_alpha = alpha_mask != 0
    return Found(Size(width, height), has_alpha=has_alpha, complete=complete)
