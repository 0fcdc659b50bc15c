"""What a format's reader hands back, and the bound that every one of them keeps."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from imaging.errors import DamagedImage
from imaging.image import Size

# A file of 64 MiB has a quarter of a million parts when it is an honest GIF. More
# only costs time, and Python counts them slowly.
MAX_PARTS = 500_000
# A screen's profile has a few hundred bytes, a printer's two million.
MAX_PROFILE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Found:
    """A picture as its structure describes it.

    Attributes:
        stored_size: before turning upright.
        canvas: what a decoder may need room for, when that is more than `stored_size`.
        orientation: EXIF value, 1 to 8.
        frame_count: 1 for a still picture.
        duration_ms: one pass of the animation; None for a still picture.
        plays: how often the animation is shown; 0: for ever.
        channels: colour channels: 1 grey, 3, also of a palette's colours, or 4 for CMYK;
            alpha not counted.
        keyed: transparency is a colour or a table of colours, not a channel.
        bit_depth: bits per channel as stored.
        white_is_zero: a grey picture stores white as 0.
        profile: ICC profile, embedded or of the space that the file gives in numbers;
            empty: none.
        color_space: what that space is called; empty where the profile has a name.
        complete: the file goes on to the end that the format prescribes.
        warnings: what a reader should know, one sentence each.
    """

    stored_size: Size
    canvas: Size | None = None
    orientation: int = 1
    frame_count: int = 1
    duration_ms: int | None = None
    plays: int = 0
    channels: int = 3
    has_alpha: bool = False
    keyed: bool = False
    bit_depth: int = 8
    white_is_zero: bool = False
    profile: bytes = field(default=b"", repr=False)
    color_space: str = ""
    complete: bool = True
    warnings: tuple[str, ...] = ()


def parts(limit: int = MAX_PARTS) -> Iterator[int]:
    """Count the parts of a file while they are walked.

    Raises:
        DamagedImage: there are more than any honest file has.
    """
    yield from range(limit)
    raise DamagedImage(f"the file has more than {limit} parts")
