"""Writing content and its checksums to a file that nobody can see yet."""

import hashlib
import os
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.checksums import combine
from storage.drivers.filesystem.errors import disk_errors
from storage.errors import ChecksumMismatch
from storage.store import Buffer, Chunk

# Small chunks are joined to runs of this length; a run is what a read checks at once.
_RUN_BYTES = 1024 * 1024
_READ_BYTES = 1024 * 1024


@dataclass
class Content:
    """What was written to a file so far.

    Attributes:
        descriptor: the file, open for reading and writing; whoever opened it closes it.
        size_bytes: length of the content.
        crc32c: of the content.
        chunks: how many it came in.
        runs: length and CRC-32C of each run, by turns.
    """

    descriptor: int
    size_bytes: int = 0
    crc32c: int = 0
    chunks: int = 0
    runs: "array[int]" = field(default_factory=lambda: array("I"))

    def append(self, chunk: Chunk) -> None:
        """Write one chunk behind what is there."""
        with disk_errors():
            write_all(self.descriptor, chunk.content, self.size_bytes)
        self.note(len(chunk.content), chunk.crc32c)

    def note(self, length: int, checksum: int) -> None:
        """Count content that is in the file."""
        self.chunks += 1
        self.size_bytes += length
        self.crc32c = combine(self.crc32c, checksum, length)
        if self.runs and self.runs[-2] + length <= _RUN_BYTES:
            self.runs[-1] = combine(self.runs[-1], checksum, length)
            self.runs[-2] += length
        else:
            self.runs.extend((length, checksum))

    def append_all(self, chunks: Iterable[Chunk]) -> None:
        """Write all chunks. What iterating them raises passes through."""
        for chunk in chunks:
            self.append(chunk)
            del chunk  # not to be kept while the next one is waited for

    def check_sha256(self, expected: bytes) -> None:
        """Read the content again and compare its SHA-256. Empty: do nothing.

        Raises:
            ChecksumMismatch: it has another.
        """
        if not expected:
            return
        digest = hashlib.sha256()
        with disk_errors():
            for offset in range(0, self.size_bytes, _READ_BYTES):
                length = min(_READ_BYTES, self.size_bytes - offset)
                digest.update(os.pread(self.descriptor, length, offset))
        if digest.digest() != expected:
            raise ChecksumMismatch("the content does not have the sha256 of its finish")

    def seal(self, footer: bytes) -> None:
        """Write the footer and wait until the disk has everything."""
        with disk_errors():
            write_all(self.descriptor, footer, self.size_bytes)
            os.fsync(self.descriptor)


def write_all(descriptor: int, content: Buffer, offset: int) -> None:
    """Write all of `content` at `offset`; the system may take it in pieces."""
    written = os.pwrite(descriptor, content, offset)
    while written < len(content):
        written += os.pwrite(descriptor, memoryview(content)[written:], offset + written)
