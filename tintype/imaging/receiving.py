"""The receiving side of imaging calls: facts, then renditions, each run of bytes checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from crc32c import crc32c
from google.protobuf.message import Message

from tintype.errors import DataLoss, client_errors
from tintype.framing import Buffer, ChunkFrame, as_chunk
from tintype.imaging.v1 import imaging_pb2 as pb
from tintype.streams import OutgoingFile


@dataclass(frozen=True)
class Rendition:
    """One derived picture as it arrives.

    Attributes:
        header: name, format, size.
        chunks: its bytes, checked as they come and as a whole at the end; read them
            before the next rendition is asked for.
    """

    header: pb.RenditionHeader
    chunks: Iterator[Buffer]


class Responses:
    """A response stream whose errors are the client's own."""

    def __init__(self, call: Any, sent: OutgoingFile) -> None:
        self._call = call
        self._sent = sent

    def next(self) -> Message | ChunkFrame | None:
        """Return the next message; None at the end."""
        with client_errors(self._sent):
            message: Message | ChunkFrame | None = next(self._call, None)
        return message

    def expect(self, part: str) -> Any:
        """Return that part of the next message.

        Raises:
            DataLoss: something else came.
        """
        return self.part(self.next(), part)

    def part(self, message: Message | ChunkFrame | None, part: str) -> Any:
        """Return that part of a message that was received.

        Raises:
            DataLoss: it is another one.
        """
        if message is None or isinstance(message, ChunkFrame) or message.WhichOneof("part") != part:
            self.cancel()
            raise DataLoss(f"the service did not send its {part}", "INCOMPLETE_STREAM")
        return getattr(message, part)

    def cancel(self) -> None:
        """Give up what is still to come."""
        self._call.cancel()


class Processed:
    """An image being processed. Close it, or leave its `with` block, to give up the rest.

    Attributes:
        facts: what the image is.
    """

    def __init__(self, responses: Responses) -> None:
        self._responses = responses
        self.facts: pb.ImageFacts = responses.expect("facts")

    def renditions(self) -> Iterator[Rendition]:
        """Yield every rendition in the order they are ready."""
        while (message := self._responses.next()) is not None:
            rendition = open_rendition(self._responses, message)
            yield rendition
            # A caller that is not interested in the bytes need not read them.
            for _ in rendition.chunks:
                pass

    def close(self) -> None:
        """Give up what is still to come."""
        self._responses.cancel()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def open_rendition(responses: Responses, message: Message | ChunkFrame | None) -> Rendition:
    """Make a rendition of the message that opens it and those that follow."""
    header: pb.RenditionHeader = responses.part(message, "rendition")
    return Rendition(header, _chunks(responses, header))


def _chunks(responses: Responses, header: pb.RenditionHeader) -> Iterator[Buffer]:
    """Yield a rendition's bytes up to its end.

    Raises:
        DataLoss: a run or the whole arrived damaged.
    """
    size_bytes = checksum = 0
    message = responses.next()
    while message is not None and (chunk := as_chunk(message)) is not None:
        if crc32c(chunk.content) != chunk.crc32c:
            raise _damaged(header, f"at byte {size_bytes}")
        size_bytes += len(chunk.content)
        checksum = crc32c(chunk.content, checksum)
        yield chunk.content
        message = responses.next()
    end: pb.RenditionEnd = responses.part(message, "rendition_end")
    if (size_bytes, checksum) != (end.size_bytes, end.crc32c):
        raise _damaged(header, "as a whole")


def _damaged(header: pb.RenditionHeader, where: str) -> DataLoss:
    return DataLoss(f"rendition {header.name!r} arrived damaged, {where}", "CHECKSUM_MISMATCH")
