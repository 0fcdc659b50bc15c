"""Reading an object's file, every run checked before any of it is handed on."""

import os
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from crc32c import crc32c

from storage.drivers.filesystem.errors import disk_errors
from storage.drivers.filesystem.footer import Footer
from storage.errors import DataCorrupted
from storage.store import Chunk


class FileReader:
    """An open object, or a range of it. Keeps its file even when the key changes.

    Not to be shared between threads.
    """

    def __init__(self, descriptor: int, footer: Footer, offset: int, length_bytes: int) -> None:
        self._descriptor = descriptor
        self._runs = footer.runs
        self.info = footer.info
        self.offset = offset
        self.length_bytes = length_bytes

    def __iter__(self) -> Iterator[Chunk]:
        """Yield the range, one chunk for every run that it touches."""
        end = self.offset + self.length_bytes
        run_start = 0
        for index in range(0, len(self._runs), 2):
            run_end = run_start + self._runs[index]
            if run_start >= end:
                return
            if run_end > self.offset:
                yield self._cut(self._read(run_start, index), run_start, end)
            run_start = run_end

    def _read(self, run_start: int, index: int) -> Chunk:
        """Read and check one whole run."""
        length, checksum = self._runs[index], self._runs[index + 1]
        with disk_errors():
            content = os.pread(self._descriptor, length, run_start)
        if len(content) != length or crc32c(content) != checksum:
            raise DataCorrupted(
                f"{self.info.key!r} is damaged on the disk, between bytes {run_start} and "
                f"{run_start + length}",
                key=self.info.key,
            )
        return Chunk(content, checksum)

    def _cut(self, run: Chunk, run_start: int, end: int) -> Chunk:
        """Return the part of a run that lies in the range."""
        first = max(0, self.offset - run_start)
        last = min(len(run.content), end - run_start)
        if (first, last) == (0, len(run.content)):
            return run
        content = memoryview(run.content)[first:last]
        return Chunk(content, crc32c(content))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        os.close(self._descriptor)
