"""The receiving side of a read: an object's info first, then its bytes, each run checked."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from crc32c import crc32c

from tintype.checksums import combine
from tintype.errors import DataLoss, client_errors
from tintype.framing import Buffer, as_chunk
from tintype.storage.v1 import storage_pb2 as pb  # noqa: TC001  # names the types of attributes


class ObjectReader:
    """An object that is being read, or a range of it. Close it, or leave its `with` block.

    The call is made when the reader is: a missing object is said there, not when
    iterating. Iterate once. Not to be shared between threads.

    Attributes:
        info: the whole object's.
        offset: first byte that is read.
        length_bytes: number of bytes that are read.
        not_modified: the object still has the etag of `if_none_match`; nothing follows.
    """

    def __init__(self, call: Any) -> None:
        self._call = call
        try:
            with client_errors():
                header: pb.GetHeader = next(call).header
        except BaseException:
            call.cancel()
            raise
        self.info: pb.ObjectInfo = header.info
        self.offset: int = header.offset
        self.length_bytes: int = header.length_bytes
        self.not_modified: bool = header.not_modified

    def __iter__(self) -> Iterator[Buffer]:
        """Yield the bytes in order, each run checked against its CRC-32C.

        A whole object is also held against its own checksum, after its last run.

        Raises:
            DataLoss: bytes were damaged on the way, or are damaged in the store.
        """
        received = checksum = 0
        with client_errors():
            for message in self._call:
                chunk = as_chunk(message)
                if chunk is None or crc32c(chunk.content) != chunk.crc32c:
                    raise self._damaged(f"at byte {self.offset + received}")
                received += len(chunk.content)
                checksum = combine(checksum, chunk.crc32c, len(chunk.content))
                yield chunk.content
        if received != self.length_bytes:
            raise self._damaged(f"{received} bytes instead of {self.length_bytes}")
        whole = self.info.size_bytes == received and self.info.HasField("crc32c")
        if whole and not self.not_modified and checksum != self.info.crc32c:
            raise self._damaged("as a whole")

    def read(self) -> bytes:
        """Return all that follows in one piece."""
        return b"".join(self)

    def close(self) -> None:
        """End the call; nothing more is received."""
        self._call.cancel()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the reader."""
        self.close()

    def _damaged(self, where: str) -> DataLoss:
        """Say that what arrived is not what was sent."""
        key = self.info.key
        return DataLoss(
            f"{key!r} arrived damaged, {where}", "CHECKSUM_MISMATCH", metadata={"key": key}
        )
