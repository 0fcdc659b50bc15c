"""Real photographs for tests, cut from those that scikit-image brings along."""

import io
import random
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

_NAMES = ("astronaut.png", "chelsea.png", "coffee.png", "retina.jpg", "rocket.jpg")


def photographs() -> list[Path]:
    """Return the files that the crops are cut from."""
    package = find_spec("skimage")
    assert package is not None
    assert package.submodule_search_locations is not None
    return [Path(package.submodule_search_locations[0], "data", name) for name in _NAMES]


def crops(count: int, side_px: int = 96, extra_bytes: int = 0) -> Iterator[bytes]:
    """Yield square crops as PNG, all different, the same ones in every run.

    Args:
        count: how many.
        side_px: width and height.
        extra_bytes: ballast in a private chunk, for a large file that is decoded fast.
    """
    choice = random.Random(count)  # pictures, not secrets
    images = [Image.open(path).convert("RGB") for path in photographs()]
    for number in range(count):
        image = images[number % len(images)]
        left = choice.randrange(image.width - side_px)
        top = choice.randrange(image.height - side_px)
        encoded = io.BytesIO()
        ballast = PngInfo()
        ballast.add(b"tiNt", bytes([number % 256]) * extra_bytes)
        image.crop((left, top, left + side_px, top + side_px)).save(encoded, "PNG", pnginfo=ballast)
        yield encoded.getvalue()
