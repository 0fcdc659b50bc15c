"""What is asked of an image, and whether it can be asked."""

from dataclasses import dataclass

from imaging.errors import InvalidSpec
from imaging.fit import Fit
from imaging.formats import Format
from imaging.image import Size

MAX_RENDITIONS = 16
MAX_SIDE_PX = 16_384
MAX_PALETTE_SIZE = 16
MAX_NAME_LENGTH = 64
OUTPUT_FORMATS = frozenset({Format.JPEG, Format.PNG, Format.WEBP, Format.AVIF, Format.GIF})
WHITE_RGB = 0xFFFFFF


@dataclass(frozen=True)
class RenditionSpec:
    """One derived picture. Nothing is ever enlarged.

    Attributes:
        name: the caller's own, unique in a request.
        limit: largest width and height as displayed; 0: that side is not limited.
        format: None: JPEG when the picture is opaque and still, WebP otherwise.
        quality: 1 to 100; 0: the default of the format.
        background_rgb: behind transparent pixels when the format has no alpha, 0xRRGGBB.
    """

    name: str
    limit: Size
    fit: Fit = Fit.INSIDE
    format: Format | None = None
    quality: int = 0
    background_rgb: int = WHITE_RGB


@dataclass(frozen=True)
class ProcessSpec:
    """All that is asked of one image.

    Attributes:
        renditions: at most 16; none: facts only.
        palette_size: number of colours, 1 to 16.
        tolerate_truncated: take an image that breaks off, with a warning.
    """

    renditions: tuple[RenditionSpec, ...] = ()
    palette_size: int = 5
    tolerate_truncated: bool = False


def check_spec(spec: ProcessSpec) -> None:
    """Hold what is asked against what can be made.

    Raises:
        InvalidSpec: the text names the field, its value and what would be right.
    """
    if len(spec.renditions) > MAX_RENDITIONS:
        raise InvalidSpec(f"{len(spec.renditions)} renditions asked for, at most {MAX_RENDITIONS}")
    if not 1 <= spec.palette_size <= MAX_PALETTE_SIZE:
        raise InvalidSpec(f"palette_size is {spec.palette_size}, not 1 to {MAX_PALETTE_SIZE}")
    names = [rendition.name for rendition in spec.renditions]
    for name in names:
        if names.count(name) > 1:
            raise InvalidSpec(f"the rendition name {name!r} is there twice")
    for rendition in spec.renditions:
        _check_rendition(rendition)


def _check_rendition(rendition: RenditionSpec) -> None:
    where = f"rendition {rendition.name!r}"
    if not 1 <= len(rendition.name) <= MAX_NAME_LENGTH:
        raise InvalidSpec(f"{where}: its name must have 1 to {MAX_NAME_LENGTH} characters")
    for side, value in zip(("width_px", "height_px"), rendition.limit, strict=True):
        if not 0 <= value <= MAX_SIDE_PX:
            raise InvalidSpec(f"{where}: {side} is {value}, not 0 to {MAX_SIDE_PX}")
    if rendition.fit is Fit.COVER and 0 in rendition.limit:
        raise InvalidSpec(f"{where}: COVER needs width_px and height_px")
    if rendition.format is not None and rendition.format not in OUTPUT_FORMATS:
        raise InvalidSpec(f"{where}: {rendition.format.name} is only taken in, not made")
    if not 0 <= rendition.quality <= 100:
        raise InvalidSpec(f"{where}: quality is {rendition.quality}, not 1 to 100")
    if not 0 <= rendition.background_rgb <= WHITE_RGB:
        raise InvalidSpec(
            f"{where}: background_rgb is {rendition.background_rgb:#x}, not 0 to 0xffffff"
        )
