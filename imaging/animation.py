"""What is particular to pictures that move."""

from math import ceil, sqrt

import cv2
import numpy as np

from imaging.image import Pixels

# The colours of an animation are those of so many of its frames, evenly spread; a
# first frame is too often black.
_SAMPLED_FRAMES = 8
_SAMPLED_PIXELS = 250_000


class FrameSampler:
    """Collects pixels from some frames of an animation while they pass."""

    def __init__(self, frame_count: int) -> None:
        last, wanted = frame_count - 1, min(_SAMPLED_FRAMES, frame_count)
        self._wanted = {number * last // max(1, wanted - 1) for number in range(wanted)}
        self._seen = 0
        self._kept: list[Pixels] = []

    def see(self, pixels: Pixels) -> None:
        """Take the next frame, every one in order."""
        if self._seen in self._wanted:
            step = max(1, ceil(sqrt(pixels.shape[0] * pixels.shape[1] / _SAMPLED_PIXELS)))
            self._kept.append(pixels[::step, ::step].copy())
        self._seen += 1

    def sample(self) -> Pixels:
        """Return what was collected as one picture, frame under frame."""
        return np.concatenate(same_channels(self._kept))


def same_channels(frames: list[Pixels]) -> list[Pixels]:
    """Return the frames with alpha if any of them has it, otherwise as they are."""
    if len({frame.shape[2] for frame in frames}) == 1:
        return frames
    return [
        frame
        if frame.shape[2] == 4
        else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2BGRA), np.uint8)
        for frame in frames
    ]
