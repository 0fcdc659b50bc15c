"""One picture's way from bytes to facts and renditions. Read `process` first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from imaging.alpha import flatten
from imaging.decode import check_complete, decode, reduction_for
from imaging.encode import CARRY_ALPHA, encode
from imaging.facts import ImageFacts, header_facts
from imaging.fit import Target, target
from imaging.formats import Format
from imaging.header import Header, read_header
from imaging.image import Image, Pixels, Size
from imaging.limits import Limits
from imaging.palette import sample_colors
from imaging.resize import resize_chain
from imaging.spec import ProcessSpec, RenditionSpec, check_spec
from imaging.thumbhash import thumbhash

# All that a ThumbHash looks at.
_THUMB = Size(100, 100)


@dataclass(frozen=True)
class Rendition:
    """One derived picture, encoded."""

    name: str
    format: Format
    size: Size
    frame_count: int
    encoded: bytes = field(repr=False)


def process(
    encoded: bytes, spec: ProcessSpec, limits: Limits, threads: int = 1
) -> Iterator[ImageFacts | Rendition]:
    """Yield an image's facts, then every rendition in the order they are ready.

    Args:
        encoded: the file.
        spec: what is asked for.
        limits: what is taken in.
        threads: renditions that are encoded side by side.

    Raises:
        InvalidSpec, UnsupportedFormat, DamagedImage, ImageTooLarge: before anything
            is yielded.
    """
    check_spec(spec)
    header = read_header(encoded, limits)
    warnings = check_complete(header, tolerate_truncated=spec.tolerate_truncated)
    targets = [target(header.size, rendition.limit, rendition.fit) for rendition in spec.renditions]
    image, sampled = _decode_once(header, encoded, targets)
    thumb = target(image.size, _THUMB).scaled
    *scaled, small = resize_chain(image.pixels, [*(made.scaled for made in targets), thumb])
    facts = header_facts(header)
    yield replace(
        facts,
        colors=tuple(sample_colors(sampled.pixels, spec.palette_size)),
        thumbhash=thumbhash(small),
        warnings=(*facts.warnings, *warnings),
    )
    yield from _encode_all(spec, targets, scaled, threads)


def _decode_once(header: Header, encoded: bytes, targets: list[Target]) -> tuple[Image, Image]:
    """Return the picture that renditions are made of and the one that colours are sampled from.

    They are the same, except that a rendition wider than the usual needs more of a
    large JPEG than colours are sampled from.
    """
    largest = Size(
        max((made.scaled.width for made in targets), default=1),
        max((made.scaled.height for made in targets), default=1),
    )
    usual, needed = reduction_for(header, Size(1, 1)), reduction_for(header, largest)
    image = decode(header, encoded, needed)
    return image, image if usual == needed else decode(header, encoded, usual)


def _encode_all(
    spec: ProcessSpec, targets: list[Target], scaled: list[Pixels], threads: int
) -> Iterator[Rendition]:
    """Encode side by side, the largest first because it takes longest."""
    jobs = sorted(
        zip(spec.renditions, targets, scaled, strict=True),
        key=lambda job: job[1].size.width * job[1].size.height,
        reverse=True,
    )
    with ThreadPoolExecutor(threads) as pool:
        for done in as_completed([pool.submit(_encode_one, *job) for job in jobs]):
            yield done.result()


def _encode_one(rendition: RenditionSpec, made: Target, scaled: Pixels) -> Rendition:
    left, top = made.offset
    pixels = scaled[top : top + made.size.height, left : left + made.size.width]
    usual = Format.WEBP if pixels.shape[2] == 4 else Format.JPEG
    image_format = rendition.format or usual
    if image_format not in CARRY_ALPHA:
        pixels = flatten(pixels, rendition.background_rgb)
    encoded = encode(pixels, image_format, rendition.quality)
    return Rendition(rendition.name, image_format, made.size, 1, encoded)
