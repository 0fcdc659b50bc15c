"""Encoded pictures made at run time, by Pillow, for tests to take apart again."""

from io import BytesIO
from typing import Any

import cv2
import numpy as np
import skimage.data
from PIL import Image as PillowImage

from imaging.facts import ImageFacts
from imaging.image import Pixels, Size
from imaging.limits import Limits
from imaging.process import Rendition, process
from imaging.spec import ProcessSpec, RenditionSpec

FULL = Size(0, 0)


def astronaut() -> Pixels:
    """A real photograph, 512 x 512, BGR. Public domain, by NASA; scikit-image carries it."""
    return np.asarray(cv2.cvtColor(skimage.data.astronaut(), cv2.COLOR_RGB2BGR), np.uint8)


def save(image: PillowImage.Image, image_format: str, **options: Any) -> bytes:
    encoded = BytesIO()
    image.save(encoded, image_format, **options)
    return encoded.getvalue()


def as_bgra(image: PillowImage.Image) -> Pixels:
    return np.asarray(
        cv2.cvtColor(np.asarray(image.convert("RGBA")), cv2.COLOR_RGBA2BGRA), np.uint8
    )


def opened(encoded: bytes) -> PillowImage.Image:
    return PillowImage.open(BytesIO(encoded))


def run(
    encoded: bytes, *renditions: RenditionSpec, **options: Any
) -> tuple[ImageFacts, dict[str, Rendition]]:
    """Process in this process; returns the facts and the renditions by name."""
    facts, *made = process(encoded, ProcessSpec(renditions, **options), Limits())
    assert isinstance(facts, ImageFacts)
    return facts, {item.name: item for item in made if isinstance(item, Rendition)}


def corners(width: int = 48, height: int = 32) -> PillowImage.Image:
    """Four colours, one a quarter: any turn or mirror shows."""
    image = PillowImage.new("RGB", (width, height))
    quarters = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))
    for index, color in enumerate(quarters):
        left, top = index % 2 * (width // 2), index // 2 * (height // 2)
        image.paste(color, (left, top, left + width // 2, top + height // 2))
    return image
