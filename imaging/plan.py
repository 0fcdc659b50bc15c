"""What each rendition will be, decided before anything is decoded."""

from dataclasses import dataclass

from imaging.encode import CARRY_ANIMATION
from imaging.fit import Target, target
from imaging.formats import Format
from imaging.header import Header
from imaging.image import Pixels
from imaging.spec import ProcessSpec, RenditionSpec


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


def plan_renditions(header: Header, spec: ProcessSpec) -> list[Plan]:
    """Decide the sizes and who moves, in the order of the spec."""
    return [
        Plan(
            rendition,
            target(header.size, rendition.limit, rendition.fit),
            # Without a format an animation becomes WebP, which moves.
            header.animated and rendition.format in {None, *CARRY_ANIMATION},
        )
        for rendition in spec.renditions
    ]
