"""What each rendition will be, decided before anything is decoded."""

from dataclasses import dataclass

from imaging.encode import CARRY_ANIMATION
from imaging.fit import Target, target
from imaging.formats import Format
from imaging.header import Header
from imaging.image import Pixels, Size
from imaging.spec import ProcessSpec, RenditionSpec

# The longest side that a format, or its encoder, holds.
_MAX_SIDES = {
    Format.JPEG: 65_500,
    Format.PNG: 1_000_000,
    Format.WEBP: 16_383,
    Format.AVIF: 65_536,
    Format.GIF: 65_535,
}


@dataclass(frozen=True)
class Plan:
    """One rendition to be made.

    Attributes:
        spec: what was asked for.
        target: its size.
        moves: all frames are wanted, not only the first.
    """

    spec: RenditionSpec
    target: Target
    moves: bool

    def crop(self, scaled: Pixels) -> Pixels:
        """Return what is kept of the picture at `target.scaled`; shares its memory."""
        (left, top), (width, height) = self.target.offset, self.target.size
        return scaled[top : top + height, left : left + width]

    def format_for(self, *, has_alpha: bool) -> Format:
        """Return the format to encode as, once it is known whether anything is transparent."""
        if self.spec.format is not None:
            return self.spec.format
        return Format.WEBP if has_alpha or self.moves else Format.JPEG


def _limit(header: Header, rendition: RenditionSpec) -> Size:
    """Return the size asked for, or what the format holds if that is less."""
    likely = Format.WEBP if header.found.has_alpha or header.animated else Format.JPEG
    side = _MAX_SIDES[rendition.format or likely]
    width, height = rendition.limit
    return Size(min(width or side, side), min(height or side, side))


def plan_renditions(header: Header, spec: ProcessSpec) -> list[Plan]:
    """Decide the sizes and who moves, in the order of the spec."""
    return [
        Plan(
            rendition,
            target(header.size, _limit(header, rendition), rendition.fit),
            # Without a format an animation becomes WebP, which moves.
            header.animated and rendition.format in {None, *CARRY_ANIMATION},
        )
        for rendition in spec.renditions
    ]
