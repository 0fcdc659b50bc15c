"""Reading a range block by block, each block checked before anyone sees it."""

from collections.abc import Iterator
from typing import Protocol

from crc32c import crc32c

from storage.drivers.record import BLOCK_BYTES
from storage.errors import DataCorrupted
from storage.store import Buffer, Chunk, ObjectInfo, ObjectReader


class ByteSource(Protocol):
    """Open bytes of an object, from a block's start to a block's end or the object's."""

    def read(self, count: int) -> Buffer:
        """Return exactly `count` bytes, the next ones."""
        ...

    def close(self) -> None:
        """Let go of the connection. May be called twice."""
        ...


def first_block(offset: int) -> int:
    """Return where the block that holds the byte at `offset` begins."""
    return offset // BLOCK_BYTES * BLOCK_BYTES


def last_block_end(end: int, size_bytes: int) -> int:
    """Return where the block that holds the byte before `end` ends."""
    return min(-(-end // BLOCK_BYTES) * BLOCK_BYTES, size_bytes)


class NoBytes:
    """The source of a range without bytes."""

    def read(self, count: int) -> Buffer:
        """Nothing asks."""
        raise AssertionError(count)

    def close(self) -> None:
        """Nothing is held."""


class CheckedReader(ObjectReader):
    """Yields a range of an object in runs of at most a block."""

    def __init__(
        self,
        info: ObjectInfo,
        offset: int,
        length_bytes: int,
        *,
        block_crcs: bytes | None,
        source: ByteSource,
    ) -> None:
        """Read a range from `source`, which stands at `first_block(offset)`.

        Args:
            info: the object's.
            offset: first byte.
            length_bytes: number of bytes, all of them within the object.
            block_crcs: as in `Record`; None for an object that somebody else stored.
            source: closed with the reader.
        """
        self.info = info
        self.offset = offset
        self.length_bytes = length_bytes
        self._block_crcs = block_crcs
        self._source = source

    def __iter__(self) -> Iterator[Chunk]:
        """Yield checked chunks."""
        wanted_end = self.offset + self.length_bytes
        position = first_block(self.offset)
        end = last_block_end(wanted_end, self.info.size_bytes) if self.length_bytes else position
        while position < end:
            block = self._source.read(min(BLOCK_BYTES, end - position))
            crc = crc32c(block)
            self._compare(position, crc)
            first = max(self.offset - position, 0)
            last = min(wanted_end - position, len(block))
            if last - first == len(block):
                yield Chunk(block, crc)
            else:
                content = memoryview(block)[first:last]
                yield Chunk(content, crc32c(content))
            position += len(block)

    def _compare(self, position: int, crc: int) -> None:
        """Compare a block with what was written down when it was stored."""
        if self._block_crcs is None:
            return
        start = position // BLOCK_BYTES * 4
        if int.from_bytes(self._block_crcs[start : start + 4], "little") != crc:
            raise DataCorrupted(
                f"the block at byte {position} of {self.info.key!r} does not have its crc32c",
                key=self.info.key,
            )

    def close(self) -> None:
        """Let go of the connection."""
        self._source.close()

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()
