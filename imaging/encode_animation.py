"""Encoding: many frames into one animation, without metadata."""

from io import BytesIO
from typing import Any

from imaging.encode import AVIF_SPEED, DEFAULT_QUALITY, as_pillow
from imaging.formats import Format
from imaging.image import Pixels

# Frames are small and many; each costs a third of what the still picture's method costs.
_WEBP_METHOD = 0
# What the formats have room for: 16 bits of plays, 16 bits of hundredths of a second
# in GIF, 31 bits of milliseconds in all in WebP.
_MAX_PLAYS = 0xFFFF
_MAX_FRAME_MS = 600_000
_MAX_TOTAL_MS = 0x7FFFFFFF
# GIF: clear each frame before the next, so that what is transparent shows no older frame.
_CLEAR = 2


def encode_animation(
    frames: list[Pixels],
    durations_ms: list[int],
    plays: int,
    image_format: Format,
    quality: int,
) -> bytes:
    """Encode an animation.

    Args:
        frames: (row, column, channel), all BGR or all BGRA, all of one size.
        durations_ms: how long each frame is shown.
        plays: how often the animation is shown; 0: for ever. AVIF is shown for ever:
            Pillow's encoder has no option for it.
        image_format: one that carries animation.
        quality: 1 to 100; 0: the format's default.
    """
    # A file may ask for four thousand million repeats, or hold a frame for hours.
    plays = min(plays, _MAX_PLAYS)
    longest_ms = min(_MAX_FRAME_MS, _MAX_TOTAL_MS // len(frames))
    durations_ms = [min(max(0, duration_ms), longest_ms) for duration_ms in durations_ms]
    quality = quality or DEFAULT_QUALITY.get(image_format, 0)
    options: dict[str, Any] = {}
    if image_format is Format.WEBP:
        options = {"quality": quality, "method": _WEBP_METHOD, "loop": plays}
    elif image_format is Format.AVIF:
        options = {"quality": quality, "speed": AVIF_SPEED, "max_threads": 1}
    elif image_format is Format.GIF:
        # It counts repeats, not plays; without the number it plays once.
        options = {} if plays == 1 else {"loop": max(0, plays - 1)}
        if frames[0].shape[2] == 4:
            options["disposal"] = _CLEAR
    first, *others = [as_pillow(frame) for frame in frames]
    encoded = BytesIO()
    first.save(
        encoded,
        image_format.name,
        save_all=True,
        append_images=others,
        duration=durations_ms,
        **options,
    )
    return encoded.getvalue()
