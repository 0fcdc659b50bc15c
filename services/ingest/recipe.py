"""What is made of every image."""

from tintype.imaging.v1 import imaging_pb2 as pb

# Counted up whenever the renditions or the colours of an image would come out
# differently; ReprocessAssets rebuilds what is behind.
RECIPE_VERSION = 1
COLOR_COUNT = 5
MAX_IMAGE_BYTES = 64 * 1024 * 1024

# Widths in pixels. Large first: it is what the others are made from.
DERIVATIVE_WIDTHS_PX = {"large": 1920, "medium": 1280, "preview": 800, "small": 320}
# The order in which an asset lists its pictures.
RENDITION_ORDER = ("original", "preview", "small", "medium", "large")

_FORMATS = {
    "auto": pb.IMAGE_FORMAT_UNSPECIFIED,
    "webp": pb.IMAGE_FORMAT_WEBP,
    "avif": pb.IMAGE_FORMAT_AVIF,
    "jpeg": pb.IMAGE_FORMAT_JPEG,
}
EXTENSIONS = {
    pb.IMAGE_FORMAT_JPEG: "jpg",
    pb.IMAGE_FORMAT_PNG: "png",
    pb.IMAGE_FORMAT_WEBP: "webp",
    pb.IMAGE_FORMAT_AVIF: "avif",
    pb.IMAGE_FORMAT_GIF: "gif",
}


def process_spec(derivative_format: str, *, tolerate_truncated: bool) -> pb.ProcessSpec:
    """Ask imaging for the four derivatives and five colours.

    Args:
        derivative_format: "auto", "webp", "avif" or "jpeg".
        tolerate_truncated: accept an image that breaks off in the middle.
    """
    return pb.ProcessSpec(
        renditions=[
            pb.RenditionSpec(name=name, width_px=width_px, format=_FORMATS[derivative_format])
            for name, width_px in DERIVATIVE_WIDTHS_PX.items()
        ],
        palette_size=COLOR_COUNT,
        options=pb.DecodeOptions(tolerate_truncated=tolerate_truncated),
    )
