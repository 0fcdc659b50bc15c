"""The sending side of a file stream: header, chunks, finish."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO

from crc32c import crc32c
from google.protobuf.message import Message

from tintype.checksums import combine
from tintype.framing import Buffer, ChunkFrame

CHUNK_BYTES = 1024 * 1024
MAX_CHUNK_BYTES = 2 * 1024 * 1024


@dataclass
class Totals:
    """What passed through a stream so far."""

    size_bytes: int = 0
    crc32c: int = 0

    def add(self, content_bytes: int, checksum: int) -> None:
        """Count a run of bytes with its CRC-32C."""
        self.size_bytes += content_bytes
        self.crc32c = combine(self.crc32c, checksum, content_bytes)


@dataclass
class OutgoingFile:
    """Turns the bytes of one file into the messages of one request stream.

    Iterating the instance reads `chunks` lazily. An exception raised by `chunks`
    ends the stream and is kept in `failure`, because grpc would otherwise report it
    as UNKNOWN and drop it: after a failed call, raise `failure` if it is set.

    Attributes:
        header: the first message.
        chunks: the content in runs of any size, cut or passed on as they come; a
            run may not change until the next one was asked for.
        finish: makes the last message of the totals.
    """

    header: Message
    chunks: Iterable[Buffer]
    finish: Callable[[Totals], Message]
    totals: Totals = field(default_factory=Totals)
    failure: BaseException | None = None

    def __iter__(self) -> Iterator[Message | ChunkFrame]:
        """Yield the messages in order."""
        yield self.header
        try:
            for content in self._cut():
                frame = ChunkFrame(content, crc32c(content))
                self.totals.add(len(content), frame.crc32c)
                yield frame
        except GeneratorExit:
            raise
        except BaseException as failure:
            self.failure = failure
            raise
        yield self.finish(self.totals)

    def _cut(self) -> Iterator[Buffer]:
        """Yield non-empty runs of at most `MAX_CHUNK_BYTES`."""
        for run in self.chunks:
            view = memoryview(run)
            for start in range(0, len(view), MAX_CHUNK_BYTES):
                yield view[start : start + MAX_CHUNK_BYTES]


def read_chunks(file: BinaryIO, chunk_bytes: int = CHUNK_BYTES) -> Iterator[bytes]:
    """Yield the rest of an open file in chunks; the caller closes it."""
    while content := file.read(chunk_bytes):
        yield content


def file_sha256(file: BinaryIO) -> bytes:
    """Return the SHA-256 of the rest of an open file; the caller closes it."""
    digest = sha256()
    for content in read_chunks(file):
        digest.update(content)
    return digest.digest()
