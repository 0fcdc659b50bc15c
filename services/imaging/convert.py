"""Between the imaging contract's messages and imaging's own words."""

from typing import cast

from google.protobuf.duration_pb2 import Duration

from imaging.errors import InvalidSpec
from imaging.facts import ImageFacts
from imaging.fit import Fit
from imaging.formats import Format
from imaging.image import Size
from imaging.palette import Color
from imaging.process import Rendition
from imaging.spec import WHITE_RGB, ProcessSpec, RenditionSpec
from tintype.imaging.v1 import imaging_pb2 as pb

DEFAULT_PALETTE_SIZE = 5

_FORMATS: dict[Format, pb.ImageFormat] = {
    image_format: cast("pb.ImageFormat", pb.ImageFormat.Value(f"IMAGE_FORMAT_{image_format.name}"))
    for image_format in Format
}
_FROM_WIRE = {value: image_format for image_format, value in _FORMATS.items()}
_FITS = {pb.FIT_UNSPECIFIED: Fit.INSIDE, pb.FIT_INSIDE: Fit.INSIDE, pb.FIT_COVER: Fit.COVER}


def process_spec(message: pb.ProcessSpec) -> ProcessSpec:
    """Read what is asked of an image.

    Raises:
        InvalidSpec: a format or fit that this version does not know.
    """
    return ProcessSpec(
        renditions=tuple(_rendition_spec(rendition) for rendition in message.renditions),
        palette_size=message.palette_size or DEFAULT_PALETTE_SIZE,
        tolerate_truncated=message.options.tolerate_truncated,
    )


def resize_spec(message: pb.ResizeSpec) -> ProcessSpec:
    """Read what is asked of an image that gets one rendition."""
    return process_spec(pb.ProcessSpec(renditions=[message.rendition], options=message.options))


def palette_spec(message: pb.PaletteOptions) -> ProcessSpec:
    """Read what is asked of an image whose colours are wanted."""
    return process_spec(pb.ProcessSpec(palette_size=message.palette_size, options=message.options))


def _rendition_spec(message: pb.RenditionSpec) -> RenditionSpec:
    fit = _FITS.get(message.fit)
    if fit is None:
        raise InvalidSpec(f"rendition {message.name!r}: there is no fit {message.fit}")
    image_format = _FROM_WIRE.get(message.format)
    if image_format is None and message.format != pb.IMAGE_FORMAT_UNSPECIFIED:
        raise InvalidSpec(f"rendition {message.name!r}: there is no format {message.format}")
    has_background = message.HasField("background_rgb")
    return RenditionSpec(
        name=message.name,
        limit=Size(message.width_px, message.height_px),
        fit=fit,
        format=image_format,
        quality=message.quality,
        background_rgb=message.background_rgb if has_background else WHITE_RGB,
    )


def facts_message(facts: ImageFacts) -> pb.ImageFacts:
    """Write what was found."""
    duration = None
    if facts.duration_ms is not None:
        duration = Duration()
        duration.FromMilliseconds(facts.duration_ms)
    return pb.ImageFacts(
        format=_FORMATS[facts.format],
        width_px=facts.size.width,
        height_px=facts.size.height,
        orientation=facts.orientation,
        frame_count=facts.frame_count,
        duration=duration,
        has_alpha=facts.has_alpha,
        bit_depth=facts.bit_depth,
        profile_name=facts.profile_name,
        size_bytes=facts.size_bytes,
        colors=color_messages(facts.colors),
        thumbhash=facts.thumbhash,
        warnings=facts.warnings,
    )


def color_messages(colors: tuple[Color, ...]) -> list[pb.Color]:
    """Write colours."""
    return [pb.Color(rgb=color.rgb, share=color.share) for color in colors]


def rendition_message(rendition: Rendition, size_bytes: int) -> pb.RenditionHeader:
    """Write what opens a rendition."""
    return pb.RenditionHeader(
        name=rendition.name,
        format=_FORMATS[rendition.format],
        content_type=rendition.format.content_type,
        width_px=rendition.size.width,
        height_px=rendition.size.height,
        frame_count=rendition.frame_count,
        size_bytes=size_bytes,
    )
