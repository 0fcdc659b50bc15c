"""From an encoded picture to pixels at every size that is wanted, with one decode."""

from collections.abc import Callable, Sequence

from imaging.animation import FrameSampler
from imaging.decode import decode, decode_animation, reduction_for
from imaging.fit import target
from imaging.header import Header
from imaging.image import Pixels, Size
from imaging.plan import Plan
from imaging.resize import resize_chain, shrink_in_turn

# All that a ThumbHash looks at.
_THUMB = Size(100, 100)

Ready = Callable[[Plan, list[Pixels], list[int]], None]
"""Takes a rendition's frames, cropped, one if it does not move, and their milliseconds."""
Sampled = Callable[[Pixels], None]
"""Takes what colours are sampled from, once."""


def scale(
    header: Header, encoded: bytes, plans: Sequence[Plan], sampled: Sampled, ready: Ready
) -> Pixels:
    """Decode and bring to size; every plan goes to `ready` as soon as it is made.

    Returns:
        The whole picture at no more than 100 x 100, for a ThumbHash.

    Raises:
        DamagedImage, UnsupportedFormat: as for `decode`.
    """
    scale_picture = _scale_animation if header.animated else _scale_still
    return scale_picture(header, encoded, plans, sampled, ready)


def _scale_still(
    header: Header, encoded: bytes, plans: Sequence[Plan], sampled: Sampled, ready: Ready
) -> Pixels:
    """Decode once; twice only if a rendition needs more of a large JPEG than colours do."""
    largest = Size(
        max((plan.target.scaled.width for plan in plans), default=1),
        max((plan.target.scaled.height for plan in plans), default=1),
    )
    usual, needed = reduction_for(header, Size(1, 1)), reduction_for(header, largest)
    image = decode(header, encoded, needed)
    sampled((image if usual == needed else decode(header, encoded, usual)).pixels)
    small = target(image.size, _THUMB).scaled
    thumb = image.pixels
    # A side that does not divide evenly is rounded up, with columns that show nothing.
    # What the quick decoder refuses comes from the other one, which reduces nothing.
    reduced = 1 if image.size == header.size else needed
    extent = header.size.width / reduced, header.size.height / reduced
    sizes = [plan.target.scaled for plan in plans]
    for size, pixels in shrink_in_turn(image.pixels, [*sizes, small], extent):
        for plan in plans:
            if plan.target.scaled == size:
                ready(plan, [plan.crop(pixels)], [0])
        if size == small:
            thumb = pixels
    return thumb


def _scale_animation(
    header: Header, encoded: bytes, plans: Sequence[Plan], sampled: Sampled, ready: Ready
) -> Pixels:
    """Decode frame by frame; only the first frame and small ones are ever there in full."""
    frames: list[list[Pixels]] = [[] for _ in plans]
    durations_ms: list[int] = []
    sampler = FrameSampler(header.found.frame_count)
    thumb = None
    moving = [(plan, kept) for plan, kept in zip(plans, frames, strict=True) if plan.moves]
    for image, duration_ms in decode_animation(header, encoded):
        if thumb is None:
            *scaled, thumb = _all_sizes(image.pixels, plans)
            for plan, kept, pixels in zip(plans, frames, scaled, strict=True):
                kept.append(plan.crop(pixels))
        else:
            scaled = resize_chain(image.pixels, [plan.target.scaled for plan, _ in moving])
            for (plan, kept), pixels in zip(moving, scaled, strict=True):
                kept.append(plan.crop(pixels))
        durations_ms.append(duration_ms)
        sampler.see(image.pixels)
    if thumb is None:
        raise AssertionError("an animation without frames is refused while it is decoded")
    for plan, kept in zip(plans, frames, strict=True):
        ready(plan, kept, durations_ms)
    sampled(sampler.sample())
    return thumb


def _all_sizes(pixels: Pixels, plans: Sequence[Plan]) -> list[Pixels]:
    """Return the picture at the size of every plan, and small for the ThumbHash."""
    own = Size(pixels.shape[1], pixels.shape[0])
    wanted = [plan.target.scaled for plan in plans]
    return resize_chain(pixels, [*wanted, target(own, _THUMB).scaled])
