"""One job, done by each library in one process: an encoded JPEG in, four encoded sizes out."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pyvips
from PIL import Image as PillowImage

from bench.imaging_photographs import Photograph
from imaging.encode import AVIF_SPEED, encode
from imaging.formats import Format
from imaging.image import Pixels, Size
from imaging.limits import Limits
from imaging.process import Rendition, process
from imaging.resize import resize_chain
from imaging.spec import ProcessSpec, RenditionSpec

WIDTHS = (1920, 1280, 800, 320)
Encoded = dict[int, bytes]


@dataclass(frozen=True)
class Output:
    """A format, and the settings that ask the same work of every encoder."""

    format: Format
    quality: int
    pillow: dict[str, Any]
    vips: dict[str, Any]
    sharp: dict[str, Any]

    @property
    def name(self) -> str:
        """As the libraries call it."""
        return self.format.name.lower()


OUTPUTS = {
    "jpeg": Output(Format.JPEG, 80, {}, {}, {"optimiseCoding": False}),
    "webp": Output(Format.WEBP, 80, {"method": 2}, {"effort": 2}, {"effort": 2}),
    "avif": Output(
        Format.AVIF,
        60,
        {"speed": AVIF_SPEED},
        {"effort": 9 - AVIF_SPEED, "compression": "av1"},
        {"effort": 9 - AVIF_SPEED},
    ),
}


@dataclass(frozen=True)
class Job:
    """A photograph and what is to be made of it."""

    photograph: Photograph
    output: Output
    encoded: bytes = field(repr=False)

    @property
    def widths(self) -> list[int]:
        """Those that do not enlarge, largest first."""
        return [width for width in WIDTHS if width <= self.photograph.width]

    @property
    def sizes(self) -> list[Size]:
        """The widths with their heights, rounded to the nearest."""
        own = self.photograph
        return [Size(w, (2 * own.height * w + own.width) // (2 * own.width)) for w in self.widths]


def tintype(job: Job, threads: int = os.cpu_count() or 1) -> Encoded:
    """The product's own way, which also samples five colours and makes a ThumbHash."""
    renditions = [
        RenditionSpec(str(w), Size(w, 0), format=job.output.format, quality=job.output.quality)
        for w in job.widths
    ]
    made = process(job.encoded, ProcessSpec(tuple(renditions)), Limits(), threads)
    return {int(one.name): one.encoded for one in made if isinstance(one, Rendition)}


def floor_of(job: Job) -> Callable[[Job], Encoded]:
    """Decode once and encode what was scaled beforehand: nobody can do with less."""
    whole = decoded(job)
    reduced = 2 if job.photograph.width >= 2 * max(job.widths) else 1
    flags = cv2.IMREAD_REDUCED_COLOR_2 if reduced == 2 else cv2.IMREAD_COLOR
    scaled = resize_chain(whole, job.sizes)

    def floor(job: Job) -> Encoded:
        cv2.imdecode(np.frombuffer(job.encoded, np.uint8), flags)
        output = job.output
        encoded = [encode(p, output.format, output.quality) for p in scaled]
        return dict(zip(job.widths, encoded, strict=True))

    return floor


def vips(job: Job) -> Encoded:
    """pyvips: every size from the file, with libjpeg's shrinking, as its manual advises."""
    suffix = {"jpeg": ".jpg", "webp": ".webp", "avif": ".avif"}[job.output.name]
    options = {"Q": job.output.quality, "strip": True, **job.output.vips}
    return {
        width: pyvips.Image.thumbnail_buffer(job.encoded, width).write_to_buffer(suffix, **options)
        for width in job.widths
    }


def pillow(job: Job) -> Encoded:
    """Pillow: one decode with draft, every size from the next larger by its Lanczos filter."""
    picture = PillowImage.open(BytesIO(job.encoded))
    picture.draft("RGB", job.sizes[0])
    made = {}
    for width, size in zip(job.widths, job.sizes, strict=True):
        picture = picture.resize(size, PillowImage.Resampling.LANCZOS)
        encoded = BytesIO()
        picture.save(encoded, job.output.name, quality=job.output.quality, **job.output.pillow)
        made[width] = encoded.getvalue()
    return made


def decoded(job: Job) -> Pixels:
    """The photograph itself."""
    return np.asarray(cv2.imdecode(np.frombuffer(job.encoded, np.uint8), cv2.IMREAD_COLOR))
