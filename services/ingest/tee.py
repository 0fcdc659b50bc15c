"""One stream of chunks read by several readers at once, a few chunks in memory."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from tintype.framing import Buffer

# Chunks that may wait for the slowest reader. With chunks of 2 MiB this bounds the
# memory of one ingest to 8 MiB for every reader.
_DEPTH = 4
# How often a waiting side looks whether the other one has given up.
_POLL_S = 0.1


class Broken(Exception):
    """The stream ended early; `Tee.failure` has the reason."""


@dataclass
class Tee:
    """Hands every chunk to every reader; the slowest one sets the pace.

    One thread writes, one thread reads each of `readers`. Whoever fails calls
    `break_off`, and all others stop within a moment.

    Attributes:
        failure: why the stream ended early; the first reason stays.
    """

    reader_count: int
    failure: BaseException | None = None
    _queues: list[queue.Queue[Buffer | None]] = field(init=False)
    _left: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._queues = [queue.Queue(_DEPTH) for _ in range(self.reader_count)]

    def write(self, chunk: Buffer) -> None:
        """Hand a chunk to all readers, waiting for room.

        Raises:
            Broken: somebody broke off.
        """
        for reader in range(self.reader_count):
            self._put(reader, chunk)

    def close(self) -> None:
        """Say that all chunks were written."""
        for reader in range(self.reader_count):
            self._put(reader, None)

    def leave(self, reader: int) -> None:
        """Say that one reader reads no more; the others go on without it."""
        self._left.add(reader)

    def break_off(self, failure: BaseException) -> None:
        """End the stream for everybody."""
        with self._lock:
            self.failure = self.failure or failure

    def read(self, reader: int) -> Iterator[Buffer]:
        """Yield the chunks of one reader, numbered from 0.

        Raises:
            Broken: somebody broke off.
        """
        while True:
            try:
                chunk = self._queues[reader].get(timeout=_POLL_S)
            except queue.Empty:
                self.check()
                continue
            self.check()
            if chunk is None:
                return
            yield chunk

    def check(self) -> None:
        """Raise `Broken` if somebody broke off."""
        if self.failure is not None:
            raise Broken

    def _put(self, reader: int, chunk: Buffer | None) -> None:
        while reader not in self._left:
            self.check()
            try:
                self._queues[reader].put(chunk, timeout=_POLL_S)
            except queue.Full:
                continue
            return
