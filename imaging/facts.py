"""What is told about an image."""

from dataclasses import dataclass, field, replace

from imaging.decode import check_complete
from imaging.formats import Format
from imaging.header import Header, read_header
from imaging.image import Size
from imaging.limits import Limits
from imaging.palette import Color


@dataclass(frozen=True)
class ImageFacts:
    """What an image is, as its bytes tell.

    Attributes:
        size: as displayed.
        duration_ms: one pass of the animation; None for a still picture.
        colors: by share, largest first; empty where pixels were not looked at.
        thumbhash: empty where pixels were not looked at.
        warnings: what was not quite right but tolerated, one sentence each.
    """

    format: Format
    size: Size
    orientation: int
    frame_count: int
    duration_ms: int | None
    has_alpha: bool
    bit_depth: int
    profile_name: str
    size_bytes: int
    colors: tuple[Color, ...] = ()
    thumbhash: bytes = field(default=b"", repr=False)
    warnings: tuple[str, ...] = ()


def header_facts(header: Header) -> ImageFacts:
    """Tell what a header says."""
    return ImageFacts(
        format=header.format,
        size=header.size,
        orientation=header.found.orientation,
        frame_count=header.found.frame_count,
        duration_ms=header.found.duration_ms,
        has_alpha=header.found.has_alpha,
        bit_depth=header.found.bit_depth,
        profile_name=header.profile_name,
        size_bytes=header.size_bytes,
        warnings=header.found.warnings,
    )


def inspect(encoded: bytes, limits: Limits, *, tolerate_truncated: bool = False) -> ImageFacts:
    """Tell what an image is without decoding a pixel.

    Raises:
        UnsupportedFormat, DamagedImage, ImageTooLarge: as for `read_header` and
            `check_complete`.
    """
    header = read_header(encoded, limits)
    warnings = check_complete(header, tolerate_truncated=tolerate_truncated)
    facts = header_facts(header)
    return replace(facts, warnings=(*facts.warnings, *warnings))
