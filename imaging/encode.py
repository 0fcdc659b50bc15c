"""Encoding: one picture into one format, without metadata."""

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
from PIL import Image as PillowImage

from imaging.formats import Format
from imaging.image import Pixels

# Where people stop seeing a difference at the sizes of a web page.
DEFAULT_QUALITY = {Format.JPEG: 80, Format.WEBP: 80, Format.AVIF: 60}
# Three times as quick as WebP's usual 4, for a twentieth more bytes.
_WEBP_METHOD = 2
# The slowest that still keeps up with WebP; 6 takes five times as long for a sixth fewer bytes.
AVIF_SPEED = 9
# A tenth larger than level 6 and four times as quick.
_PNG_COMPRESSION = 3
CARRY_ALPHA = frozenset({Format.PNG, Format.WEBP, Format.AVIF, Format.GIF})
CARRY_ANIMATION = frozenset({Format.WEBP, Format.AVIF, Format.GIF})


def encode(pixels: Pixels, image_format: Format, quality: int) -> bytes:
    """Encode a still picture.

    Args:
        pixels: (row, column, channel), BGR, or BGRA where the format carries alpha.
        image_format: one of the output formats.
        quality: 1 to 100; 0: the format's default.
    """
    return _ENCODERS[image_format](pixels, quality or DEFAULT_QUALITY.get(image_format, 0))


def _jpeg(pixels: Pixels, quality: int) -> bytes:
    return _opencv(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])


def _png(pixels: Pixels, _quality: int) -> bytes:
    return _opencv(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_COMPRESSION])


def _avif(pixels: Pixels, quality: int) -> bytes:
    options = [cv2.IMWRITE_AVIF_QUALITY, quality, cv2.IMWRITE_AVIF_SPEED, AVIF_SPEED]
    return _opencv(".avif", pixels, options)


def _webp(pixels: Pixels, quality: int) -> bytes:
    # Pillow, because OpenCV does not let the method be chosen.
    encoded = BytesIO()
    as_pillow(pixels).save(encoded, "WEBP", quality=quality, method=_WEBP_METHOD)
    return encoded.getvalue()


def _gif(pixels: Pixels, _quality: int) -> bytes:
    encoded = BytesIO()
    as_pillow(pixels).save(encoded, "GIF")
    return encoded.getvalue()


_ENCODERS: dict[Format, Callable[[Pixels, int], bytes]] = {
    Format.JPEG: _jpeg,
    Format.PNG: _png,
    Format.WEBP: _webp,
    Format.AVIF: _avif,
    Format.GIF: _gif,
}


def _opencv(extension: str, pixels: Pixels, options: list[int]) -> bytes:
    done, encoded = cv2.imencode(extension, pixels, options)
    if not done:
        raise AssertionError(f"OpenCV does not encode {extension}")
    return encoded.tobytes()


def as_pillow(pixels: Pixels) -> PillowImage.Image:
    """Return a copy as Pillow has pictures, RGB or RGBA."""
    code = cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
    return PillowImage.fromarray(np.asarray(cv2.cvtColor(pixels, code), np.uint8))
