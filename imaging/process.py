"""One picture's way from bytes to facts and renditions. Read `process` first."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from imaging.alpha import flatten
from imaging.animation import same_channels
from imaging.decode import check_complete
from imaging.encode import CARRY_ALPHA, encode
from imaging.encode_animation import encode_animation
from imaging.facts import ImageFacts, header_facts
from imaging.formats import Format
from imaging.header import Header, read_header
from imaging.image import Pixels, Size
from imaging.limits import NO_LIMITS, Limits
from imaging.palette import Color, sample_colors
from imaging.plan import Plan, plan_renditions
from imaging.scale import scale
from imaging.spec import ProcessSpec, check_spec
from imaging.thumbhash import thumbhash


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
        threads: what is done side by side with making the sizes.

    Raises:
        InvalidSpec, UnsupportedFormat, DamagedImage, ImageTooLarge: before anything
            is yielded.
    """
    check_spec(spec)
    header = read_header(encoded, limits)
    warnings = check_complete(header, tolerate_truncated=spec.tolerate_truncated)
    plans = plan_renditions(header, spec)
    facts = header_facts(header)
    # Colours are sampled while the largest rendition is being made, and that one, which
    # takes longest, is encoded while the others are.
    with ThreadPoolExecutor(threads) as pool:
        colors: list[Future[list[Color]]] = []
        running: list[Future[Rendition]] = []
        thumb = scale(
            header,
            encoded,
            plans,
            lambda sample: colors.append(pool.submit(sample_colors, sample, spec.palette_size)),
            lambda *one: running.append(pool.submit(_encode, header, *one)),
        )
        yield replace(
            facts,
            colors=tuple(colors[0].result()),
            thumbhash=thumbhash(thumb),
            warnings=(*facts.warnings, *warnings),
        )
        for done in as_completed(running):
            yield done.result()


def _encode(header: Header, plan: Plan, frames: list[Pixels], durations_ms: list[int]) -> Rendition:
    """Encode one rendition, laid on its background where the format carries no alpha."""
    spec = plan.spec
    frames = same_channels(frames)
    image_format = plan.format_for(has_alpha=frames[0].shape[2] == 4)
    if image_format not in CARRY_ALPHA:
        frames = [flatten(frame, spec.background_rgb) for frame in frames]
    count = len(frames)
    if count == 1:
        encoded = encode(frames[0], image_format, spec.quality)
    else:
        plays = header.found.plays
        encoded = encode_animation(frames, durations_ms, plays, image_format, spec.quality)
        # Encoders make one longer frame of equal ones.
        count = read_header(encoded, NO_LIMITS).found.frame_count
    return Rendition(spec.name, image_format, plan.target.size, count, encoded)
