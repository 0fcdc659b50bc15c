"""Bytes that can be sent a second time, for as long as they are few."""

import threading
from collections.abc import Iterator

from tintype.framing import Buffer

# Most photographs are smaller; it is what one ingest may hold until storage has them.
_HELD_BYTES = 16 * 1024 * 1024


class Replay:
    """Reads a source once, and gives it out from the beginning as often as it is iterated.

    What was read is held until it is more than `held_bytes`; then all is let go, and only
    the newest iteration can go on. An older one may still be waiting for its next bytes in
    another thread, as that of a call that failed does: what it takes is not lost.

    Attributes:
        possible: whether the beginning is still held.
    """

    def __init__(self, source: Iterator[Buffer], held_bytes: int = _HELD_BYTES) -> None:
        self.possible = True
        self._source = source
        self._room_bytes = held_bytes
        self._held: list[Buffer] = []
        self._newest = 0
        self._end: BaseException | None = None
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Buffer]:
        """Yield all bytes, from the beginning on. Raises what the source raised."""
        self._newest += 1
        number, position = self._newest, 0
        while True:
            with self._lock:
                if position < len(self._held):
                    chunk = self._held[position]
                    position += 1
                else:
                    try:
                        chunk = self._read()
                    except StopIteration:
                        return
                    position = self._hold(chunk, is_newest=number == self._newest)
            yield chunk

    def _read(self) -> Buffer:
        """Read on. The source's end, good or bad, is everybody's."""
        if self._end is None:
            try:
                return next(self._source)
            except BaseException as end:
                self._end = end
        raise self._end

    def _hold(self, chunk: Buffer, *, is_newest: bool) -> int:
        """Hold a chunk, or let all go; returns how many are held."""
        self._held.append(chunk)
        self._room_bytes -= len(chunk)
        # What an older iteration took has yet to reach the newest one.
        if self._room_bytes < 0 and is_newest:
            self.possible = False
            self._held.clear()
        return len(self._held)
