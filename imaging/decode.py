"""The one decode policy: which decoder, how much of the picture, what counts as damaged."""

from collections.abc import Iterator

import numpy as np

from imaging import opencv_decoder, pillow_decoder
from imaging.errors import DamagedImage
from imaging.formats import Format
from imaging.header import Header
from imaging.image import Image, Pixels, Size
from imaging.orient import upright
from imaging.profile import to_srgb

# The least width that colours are sampled at; see `reduction_for`.
FULL_WIDTH = 1920
TRUNCATED = "the file breaks off before its end; what is missing was left as the decoder leaves it"
_CMYK = 4
# What OpenCV decodes, and quicker than Pillow.
_QUICK = {Format.JPEG, Format.PNG, Format.WEBP}
# What Pillow turns upright by itself and cannot be told not to.
_TURNED = {Format.TIFF, Format.HEIC}


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


def reduction_for(header: Header, largest: Size) -> int:
    """Return how much smaller a picture may be decoded: 1, or 2, 4 or 8 for a JPEG.

    The result never depends on `largest` while that is within `FULL_WIDTH`, so that
    the same bytes give the same colours whatever else is asked for.
    """
    if header.format is not Format.JPEG or _by_pillow(header):
        return 1
    width, height = header.size
    for reduction in (8, 4, 2):
        enough = width // reduction >= max(FULL_WIDTH, largest.width)
        if enough and height // reduction >= largest.height:
            return reduction
    return 1


def decode(header: Header, encoded: bytes, reduction: int = 1) -> Image:
    """Decode a still picture, upright and in sRGB; alpha that hides nothing is dropped.

    A file that breaks off is decoded as far as it goes: `check_complete` comes first.

    Args:
        header: what `read_header` found.
        encoded: the file.
        reduction: from `reduction_for`.

    Raises:
        DamagedImage: it cannot be decoded to its end.
        UnsupportedFormat: it holds numbers that are no colours.
    """
    pixels = None if _by_pillow(header) else _by_opencv(header, encoded, reduction)
    if pixels is None:
        # The quick decoder's refusal is not the last word: it knows fewer kinds.
        pixels = pillow_decoder.decode_first(encoded, header)
        reduction = 1
    return _finish(header, pixels, reduction)


def decode_animation(header: Header, encoded: bytes) -> Iterator[tuple[Image, int]]:
    """Decode every frame as `decode` does a still picture; yields frames and their milliseconds.

    Raises:
        DamagedImage: as for `decode`, or there are other frames than the header says.
    """
    count = 0
    for pixels, duration_ms in pillow_decoder.decode_frames(encoded, header):
        count += 1
        if count > header.found.frame_count:
            break
        yield _finish(header, pixels, 1), duration_ms
    if count != header.found.frame_count and (header.found.complete or not count):
        raise DamagedImage(
            f"the {header.format.name} says {header.found.frame_count} frames and has {count}"
        )


def _by_opencv(header: Header, encoded: bytes, reduction: int) -> Pixels | None:
    if header.format is Format.JPEG:
        return opencv_decoder.decode_opaque(encoded, reduction)
    return opencv_decoder.decode_any(encoded)


def _by_pillow(header: Header) -> bool:
    """Tell which decoder a picture needs; OpenCV's are quicker but know fewer kinds.

    OpenCV decodes nothing that breaks off, makes no use of a CMYK profile, sees no
    transparent shade in a grey PNG, and takes twice as long as Pillow over AVIF.
    """
    found = header.found
    quick = header.format in _QUICK and found.channels != _CMYK
    return not (quick and found.complete) or (found.keyed and found.channels == 1)


def _finish(header: Header, pixels: Pixels, reduction: int) -> Image:
    """Hold a decoded picture against its header, turn it upright, convert it to sRGB."""
    turned = header.format in _TURNED
    stored = header.size if turned else header.found.stored_size
    expected = Size(-(-stored.width // reduction), -(-stored.height // reduction))
    decoded = Size(pixels.shape[1], pixels.shape[0])
    if decoded != expected:
        raise DamagedImage(
            f"the header says {expected.width}x{expected.height} pixels,"
            f" the picture has {decoded.width}x{decoded.height}"
        )
    if not turned:
        pixels = upright(pixels, header.found.orientation)
    if header.found.channels != _CMYK:
        grey = header.found.channels == 1
        pixels = to_srgb(pixels, header.found.profile, grey=grey)
    return Image(drop_opaque_alpha(pixels))


def drop_opaque_alpha(pixels: Pixels) -> Pixels:
    """Return BGR if every pixel is opaque, otherwise the pixels as they are."""
    if pixels.shape[2] == 4 and int(pixels[:, :, 3].min()) == 255:
        return np.ascontiguousarray(pixels[:, :, :3])
    return pixels
