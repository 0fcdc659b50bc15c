"""ISO base media files: boxes inside boxes (ISO/IEC 14496-12, 4.2)."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from imaging.headers.found import parts

# In one container. A picture of many tiles has a few thousand.
_MAX_BOXES = 50_000


class Box(NamedTuple):
    """A box: its type, and where its content begins and ends.

    `whole` is false when it claims to go on after its container's end.
    """

    kind: bytes
    start: int
    end: int
    whole: bool


def boxes(encoded: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes that stand between two positions."""
    position = start
    for _ in parts(_MAX_BOXES):
        if position + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", encoded, position)
        content = position + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", encoded, content)
            content += 8
        elif size == 0:
            size = end - position
        stop = position + max(size, content - position)
        yield Box(kind, content, min(stop, end), stop <= end)
        position = stop


def find(encoded: bytes, start: int, end: int, *path: bytes) -> Box | None:
    """Return the first box that is reached by going down `path`; None if there is none."""
    found = None
    for kind in path:
        found = next((box for box in boxes(encoded, start, end) if box.kind == kind), None)
        if found is None:
            return None
        start, end = found.start, found.end
    return found
