"""The one decode policy: which decoder, how much of the picture, what counts as damaged."""

import numpy as np

from imaging import opencv_decoder
from imaging.errors import DamagedImage
from imaging.formats import Format
from imaging.header import Header
from imaging.image import Image, Pixels, Size
from imaging.orient import upright
from imaging.profile import to_srgb

# The least width that colours are sampled at and that a JPEG is decoded to; see `reduction_for`.
FULL_WIDTH = 1920
TRUNCATED = "the file breaks off before its end; what is missing was left as the decoder leaves it"


def check_complete(header: Header, *, tolerate_truncated: bool) -> list[str]:
    """Return the warnings that a truncated file gets if it is tolerated.

    Raises:
        DamagedImage: the file breaks off and that is not tolerated.
    """
    if header.found.complete:
        return []
    if not tolerate_truncated:
        raise DamagedImage(f"the {header.format.name} breaks off before its end")
    return [TRUNCATED]


def decode(header: Header, encoded: bytes, reduction: int = 1) -> Image:
    """Decode the first frame, upright and in sRGB; alpha that hides nothing is dropped.

    Args:
        header: what `read_header` found.
        encoded: the file.
        reduction: 1, 2, 4 or 8; only a JPEG heeds it.

    Raises:
        DamagedImage: it cannot be decoded to its end.
    """
    pixels = _decode_stored(header, encoded, reduction)
    pixels = to_srgb(upright(pixels, header.found.orientation), header.found.profile)
    return Image(drop_opaque_alpha(pixels))


def reduction_for(header: Header, largest: Size) -> int:
    """Return how much smaller a JPEG may be decoded: 1, 2, 4 or 8.

    The result never depends on `largest` while that is within `FULL_WIDTH`, so that
    the same bytes give the same colours whatever else is asked for.
    """
    if header.format is not Format.JPEG or header.found.channels == 4:
        return 1
    width, height = header.size
    for reduction in (8, 4, 2):
        enough = width // reduction >= max(FULL_WIDTH, largest.width)
        if enough and height // reduction >= largest.height:
            return reduction
    return 1


def drop_opaque_alpha(pixels: Pixels) -> Pixels:
    """Return BGR if every pixel is opaque, otherwise the pixels as they are."""
    if pixels.shape[2] == 4 and int(pixels[:, :, 3].min()) == 255:
        return np.ascontiguousarray(pixels[:, :, :3])
    return pixels


def _decode_stored(header: Header, encoded: bytes, reduction: int) -> Pixels:
    """Decode to (row, column, channel) as stored, and hold it against the header."""
    if header.format is Format.JPEG:
        pixels = opencv_decoder.decode_opaque(encoded, reduction)
    else:
        pixels = opencv_decoder.decode_any(encoded)
    if pixels is None:
        raise DamagedImage(f"the {header.format.name} cannot be decoded to its end")
    stored = header.found.stored_size
    expected = Size(-(-stored.width // reduction), -(-stored.height // reduction))
    decoded = Size(pixels.shape[1], pixels.shape[0])
    if decoded != expected:
        raise DamagedImage(f"the header says {expected}, the picture is {decoded}")
    return pixels
