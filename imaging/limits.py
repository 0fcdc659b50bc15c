"""How much of an image is taken in."""

import sys
from dataclasses import dataclass

MAX_INPUT_BYTES = 64 * 1024 * 1024
DEFAULT_MAX_PIXELS = 100_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds that hold before a decoder runs.

    Attributes:
        max_input_bytes: encoded size.
        max_pixels: width x height x frames.
    """

    max_input_bytes: int = MAX_INPUT_BYTES
    max_pixels: int = DEFAULT_MAX_PIXELS


# For what we made ourselves.
NO_LIMITS = Limits(max_input_bytes=sys.maxsize, max_pixels=sys.maxsize)
