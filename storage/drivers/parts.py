"""Cutting a stream of unknown length into parts: of a multipart upload, or blocks of Azure's."""

import errno
import mmap
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crc32c import crc32c

from storage.checksums import combine
from storage.errors import StoreFull
from storage.store import Chunk

MIB = 1024 * 1024
# How parts grow, as nobody knows how long a stream will be: (parts, size of each).
Schedule = Sequence[tuple[int, int]]
# Larger parts wait in a file instead of in memory.
_MEMORY_BYTES = 64 * MIB
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Part(NamedTuple):
    """A run of a stream as it is uploaded.

    Attributes:
        content: valid until the part after the next is asked for.
        crc32c: of `content`, made of the chunks' own checksums.
        is_last: nothing follows.
    """

    content: memoryview
    crc32c: int
    is_last: bool


class SentPart(NamedTuple):
    """A part that the backend has.

    Attributes:
        number: from 1, in the order of the bytes.
        etag: as the backend gave it, without quotes; empty where it gives none.
        crc32c: of the part; None when the backend copied it.
    """

    number: int
    etag: str
    crc32c: int | None


def part_bytes(schedule: Schedule, offset: int) -> int:
    """Return the size of the part that begins at `offset`.

    Raises:
        StoreFull: no part can begin there; the object would be too large.
    """
    start = 0
    for count, size in schedule:
        start += count * size
        if offset < start:
            return size
    raise StoreFull(
        f"an object of more than {start} bytes does not fit into the parts there may be"
    )


def cut(chunks: Iterable[Chunk], schedule: Schedule, offset: int = 0) -> Iterator[Part]:
    """Yield the chunks as parts; at least one, and only the last smaller than its schedule.

    Memory is two parts: one being filled while the one before is being sent. What
    iterating `chunks` raises passes through.

    Args:
        chunks: the stream.
        schedule: how large the parts are.
        offset: where in the object it begins.
    """
    buffers: list[memoryview] = [memoryview(b""), memoryview(b"")]
    turn = used = crc = 0
    filling = _buffer(part_bytes(schedule, offset))
    for chunk in chunks:
        rest = memoryview(chunk.content)
        while rest:
            if used == len(filling):
                yield Part(filling, crc, is_last=False)
                offset += used
                buffers[turn], turn, used, crc = filling, turn ^ 1, 0, 0
                size = part_bytes(schedule, offset)
                filling = buffers[turn] if len(buffers[turn]) == size else _buffer(size)
            piece = rest[: len(filling) - used]
            filling[used : used + len(piece)] = piece
            whole = len(piece) == len(chunk.content)
            crc = combine(crc, chunk.crc32c if whole else crc32c(piece), len(piece))
            used += len(piece)
            rest = rest[len(piece) :]
    yield Part(filling[:used], crc, is_last=True)


def _buffer(size: int) -> memoryview:
    """Return zeroed memory that goes back to the system when nobody refers to it any more.

    Raises:
        StoreFull: there is no room for the file that stands behind it.
    """
    if size <= _MEMORY_BYTES:
        return memoryview(mmap.mmap(-1, size))
    try:
        with tempfile.TemporaryFile() as file:
            # A file with holes would be mapped, too; writing to one that the disk cannot
            # fill ends the process (SIGBUS).
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            else:  # macOS has none
                file.truncate(size)
            return memoryview(mmap.mmap(file.fileno(), size))
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise StoreFull(
            f"the storage process has no room for a part of {size} bytes in "
            f"{tempfile.gettempdir()} ({error.strerror})"
        ) from error
