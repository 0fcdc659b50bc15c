"""Opening every URL of an asset once, to see that it is what the asset says."""

import io
from dataclasses import dataclass

import urllib3
from PIL import Image, ImageOps, UnidentifiedImageError

from services.local.failure import Failure
from tintype.ingest.v1 import asset_pb2

_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Opened:
    """A rendition as it came over HTTP.

    Attributes:
        image: decoded, upright.
    """

    rendition: asset_pb2.Rendition
    image: Image.Image


def open_url(http: urllib3.PoolManager, rendition: asset_pb2.Rendition) -> Opened:
    """Fetch a rendition and compare it with what the asset says about it.

    Raises:
        Failure: names the URL and what differs: status, content type, length, ETag or
            the size in pixels.
    """
    try:
        answer = http.request("GET", rendition.url, timeout=_TIMEOUT_S, retries=False)
    except urllib3.exceptions.HTTPError as error:
        raise Failure(f"{rendition.url}: {error}") from error
    expected = {
        "status": (answer.status, 200),
        "Content-Type": (answer.headers.get("Content-Type"), rendition.content_type),
        "Content-Length": (answer.headers.get("Content-Length"), str(rendition.size_bytes)),
        "body's length": (len(answer.data), rendition.size_bytes),
        "ETag": (answer.headers.get("ETag", "").strip('"'), rendition.etag),
    }
    for name, (found, wanted) in expected.items():
        if found != wanted:
            raise Failure(f"{rendition.url}: {name} is {found!r}, not {wanted!r}")
    image = _decode(rendition.url, answer.data)
    if image.size != (rendition.width_px, rendition.height_px):
        raise Failure(
            f"{rendition.url}: decodes to {image.width}x{image.height},"
            f" not {rendition.width_px}x{rendition.height_px}"
        )
    return Opened(rendition, image)


def _decode(url: str, encoded: bytes) -> Image.Image:
    """Decode a picture as a browser shows it, upright."""
    try:
        image = Image.open(io.BytesIO(encoded))
        image.load()
    except (UnidentifiedImageError, OSError) as error:
        raise Failure(f"{url}: {error}") from error
    return ImageOps.exif_transpose(image)
