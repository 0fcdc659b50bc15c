"""Decoding by Pillow: animations, CMYK, and the formats where it knows more kinds than OpenCV."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from itertools import islice

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageFile, ImageSequence

from imaging.errors import DamagedImage, ImagingError, UnsupportedFormat
from imaging.formats import Format
from imaging.header import Header
from imaging.headers.found import Found
from imaging.image import Pixels
from imaging.memory import MemoryWatch
from imaging.profile import cmyk_to_srgb, lab_to_srgb

# Numbers that are no colours: 32 bit integers and floats. What is black and what is
# white in them the file does not say.
_MEASUREMENTS = {"I", "F"}


def decode_first(encoded: bytes, header: Header) -> Pixels:
    """Decode the first frame as stored, not turned; CMYK and Lab come back as sRGB.

    Raises:
        DamagedImage, UnsupportedFormat
    """
    with _opened(encoded, header) as image:
        return _pixels(image, header.found)


def decode_frames(encoded: bytes, header: Header) -> Iterator[tuple[Pixels, int]]:
    """Yield every frame as displayed, whole and not turned, and its time in milliseconds.

    Raises:
        DamagedImage
    """
    with _opened(encoded, header) as image:
        stored = header.found.stored_size
        frames = ImageSequence.Iterator(image)
        # An APNG may hold a picture for those who know no APNG; it is none of the frames.
        first = 1 if getattr(image, "default_image", False) else 0
        for frame in islice(frames, first, None):
            # Some plugins tell the time of a frame only once it is decoded.
            pixels = _pixels(frame, header.found)[: stored.height, : stored.width]
            yield pixels, round(frame.info.get("duration") or 0)


@contextmanager
def _opened(encoded: bytes, header: Header) -> Iterator[PillowImage.Image]:
    """Open with the format's plugin and no other, and say all damage in our own words."""
    watch = MemoryWatch()
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    # Pillow has it for the whole process; a process decodes one image at a time.
    ImageFile.LOAD_TRUNCATED_IMAGES = not header.found.complete
    try:
        with PillowImage.open(BytesIO(encoded), formats=(_plugin(header.format),)) as image:
            yield image
    except (ImagingError, MemoryError):
        raise
    except Exception as error:
        if watch.ran_out():
            raise MemoryError(str(error)) from error
        # Plugins raise a dozen kinds, from SyntaxError to RuntimeError.
        # Pillow names the object it reads from, which tells the caller nothing.
        cause = re.sub(r" ?<_io\.BytesIO object at 0x[0-9a-f]+>", "", str(error))
        raise DamagedImage(f"the {header.format.name} cannot be decoded: {cause}") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _plugin(image_format: Format) -> str:
    """Return Pillow's name for a format.

    Raises:
        UnsupportedFormat: HEIC, and its decoder is not installed.
    """
    if image_format is not Format.HEIC:
        return image_format.name
    try:
        # It is optional: its wheel carries an encoder under the GPL.
        pillow_heif = import_module("pillow_heif")
    except ModuleNotFoundError as error:
        raise UnsupportedFormat(
            "HEIC is not decoded here: the service is installed without its extra 'heic'"
        ) from error
    pillow_heif.register_heif_opener()
    return "HEIF"


def _pixels(image: PillowImage.Image, found: Found) -> Pixels:
    """Bring whatever Pillow has to BGR or BGRA in 8 bits."""
    if image.mode in _MEASUREMENTS:
        raise UnsupportedFormat(
            f"the {image.format} holds 32-bit numbers (mode {image.mode}), not colours"
        )
    if image.mode == "CMYK":
        return cmyk_to_srgb(image, found.profile)
    if image.mode == "LAB":
        return lab_to_srgb(image)
    if image.mode.startswith("I;16"):
        return _deep_grey(image, found)
    if image.has_transparency_data:
        return np.asarray(
            cv2.cvtColor(np.asarray(image.convert("RGBA")), cv2.COLOR_RGBA2BGRA), np.uint8
        )
    return np.asarray(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR), np.uint8)


def _deep_grey(image: PillowImage.Image, found: Found) -> Pixels:
    """Bring grey of more than 8 bits to BGR or BGRA; Pillow hands it over as it is stored."""
    stored = np.asarray(image, np.uint16)
    shades = cv2.convertScaleAbs(stored, alpha=255 / (2**found.bit_depth - 1))
    if found.white_is_zero:
        shades = cv2.bitwise_not(shades)
    keyed = image.info.get("transparency")
    if keyed is None:
        return np.asarray(cv2.cvtColor(shades, cv2.COLOR_GRAY2BGR), np.uint8)
    pixels = np.asarray(cv2.cvtColor(shades, cv2.COLOR_GRAY2BGRA), np.uint8)
    pixels[stored == keyed, 3] = 0
    return pixels
