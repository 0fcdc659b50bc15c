"""Converting a picture from its own colour space to sRGB."""

from functools import lru_cache
from io import BytesIO

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageCms

from imaging.image import Pixels

# The widest difference of a conversion that is not worth making.
_SAME = 1


def to_srgb(pixels: Pixels, profile: bytes, *, grey: bool = False) -> Pixels:
    """Return the picture in sRGB; unchanged when the profile is sRGB, broken or of another kind.

    Args:
        pixels: (row, column, channel), BGR or BGRA; alpha is kept as it is.
        profile: ICC profile; empty for none.
        grey: the file holds shades, no colours. Only then a grey profile is of its kind.
            A colour profile is in either case: its curves say how light a shade is.
    """
    if not profile:
        return pixels
    mode = _PROFILE_MODES.get(profile[16:20])
    transform = _transform(profile, mode) if mode else None
    if transform is None or (mode == "L" and not grey):
        return pixels
    code = cv2.COLOR_BGR2GRAY if mode == "L" else cv2.COLOR_BGR2RGB
    converted = _apply(transform, PillowImage.fromarray(cv2.cvtColor(pixels[:, :, :3], code)))
    if pixels.shape[2] == 4:
        return np.dstack([converted, pixels[:, :, 3]])
    return converted


def cmyk_to_srgb(image: PillowImage.Image, profile: bytes) -> Pixels:
    """Return a CMYK picture as BGR, by its profile or else by plain subtraction."""
    transform = _transform(profile, "CMYK") if profile[16:20] == b"CMYK" else None
    if transform is None:
        return cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR).astype(np.uint8)
    return _apply(transform, image)


def lab_to_srgb(image: PillowImage.Image) -> Pixels:
    """Return a picture in Lab (D50) as BGR."""
    return _apply(_lab_transform(), image)


# A profile's own word for its colour space (ICC.1:2022, 7.2.8), and Pillow's.
_PROFILE_MODES = {b"RGB ": "RGB", b"GRAY": "L"}


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Build the conversion; None if it changes nothing or the profile cannot be used."""
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), mode, "RGB"
        )
    except (ImageCms.PyCMSError, OSError, TypeError):
        return None
    if mode == "RGB" and _changes_nothing(transform):
        return None
    return transform


@lru_cache(maxsize=1)
def _lab_transform() -> ImageCms.ImageCmsTransform:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(lab, srgb, "LAB", "RGB")


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Try a grid of colours: profiles of sRGB go by many names and some lie."""
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(27, 27, 3)
    after = _apply(transform, PillowImage.fromarray(grid))[:, :, ::-1]
    return int(np.abs(after.astype(np.int16) - grid).max()) <= _SAME


def _apply(transform: ImageCms.ImageCmsTransform, image: PillowImage.Image) -> Pixels:
    converted = ImageCms.applyTransform(image, transform)
    if converted is None:
        raise AssertionError("a conversion that is not in place returns its picture")
    return np.asarray(cv2.cvtColor(np.asarray(converted), cv2.COLOR_RGB2BGR), np.uint8)
