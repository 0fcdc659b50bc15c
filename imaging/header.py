"""Which image it is, from our own reading of its structure, before any decoder sees a byte."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from imaging.errors import DamagedImage, ImageTooLarge, UnsupportedFormat
from imaging.formats import HEAD_BYTES, Format, describe, sniff
from imaging.headers import avif, bmp, gif, jpeg, png, tiff, webp
from imaging.headers.found import Found
from imaging.image import Size
from imaging.limits import Limits
from imaging.profile_name import profile_name

_READERS: dict[Format, Callable[[bytes], Found]] = {
    Format.JPEG: jpeg.read,
    Format.PNG: png.read,
    Format.WEBP: webp.read,
    Format.AVIF: avif.read,
    Format.GIF: gif.read,
    Format.TIFF: tiff.read,
    Format.BMP: bmp.read,
    Format.HEIC: partial(avif.read, cropped=True),
}


@dataclass(frozen=True)
class Header:
    """An encoded image as its structure describes it; no decoder has run yet."""

    format: Format
    found: Found
    size_bytes: int

    @property
    def size(self) -> Size:
        """Size as displayed, after turning upright."""
        stored = self.found.stored_size
        return Size(stored.height, stored.width) if self.found.orientation >= 5 else stored

    @property
    def animated(self) -> bool:
        """More than one frame."""
        return self.found.frame_count > 1

    @property
    def profile_name(self) -> str:
        """What the colour space or its ICC profile is called; empty: nothing is said."""
        return self.found.color_space or profile_name(self.found.profile)


def read_header(encoded: bytes, limits: Limits) -> Header:
    """Read what an image is and hold it against the limits.

    Raises:
        UnsupportedFormat: the bytes are no image that is allowed in.
        DamagedImage: the structure breaks off or makes no sense.
        ImageTooLarge: more bytes, or pixels x frames, than the limits allow.
    """
    if len(encoded) > limits.max_input_bytes:
        raise ImageTooLarge(
            f"the image has {len(encoded)} bytes; at most {limits.max_input_bytes} are taken"
        )
    head = encoded[:HEAD_BYTES]
    image_format = sniff(head)
    reader = _READERS.get(image_format) if image_format else None
    if image_format is None or reader is None:
        raise UnsupportedFormat(f"not an image that is taken in: it looks like {describe(head)}")
    try:
        found = reader(encoded)
    except (struct.error, IndexError, ValueError) as error:
        raise DamagedImage(f"the header of the {image_format.name} breaks off") from error
    _check_size(found, limits)
    return Header(image_format, found, len(encoded))


def _check_size(found: Found, limits: Limits) -> None:
    """Hold the picture against the pixel budget."""
    width, height = found.canvas or found.stored_size
    if width < 1 or height < 1:
        raise DamagedImage(f"the image says that it is {width}x{height} pixels")
    pixels = width * height * found.frame_count
    if pixels > limits.max_pixels:
        raise ImageTooLarge(
            f"{width}x{height} pixels in {found.frame_count} frame(s) are {pixels};"
            f" at most {limits.max_pixels} are taken"
        )
