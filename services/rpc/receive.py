"""The receiving side of a file stream: header, chunks, finish, each checked as it comes."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Generic, TypeVar, cast

from crc32c import crc32c
from google.protobuf.message import Message

from services.rpc.errors import ChecksumMismatch, IncompleteStream, InvalidRequest, SizeMismatch
from tintype.framing import Buffer, ChunkFrame, as_chunk
from tintype.streams import MAX_CHUNK_BYTES, Totals

Header = TypeVar("Header", bound=Message)


class IncomingFile(Generic[Header]):
    """One request stream: its header at once, its content when it is asked for.

    Iterate `chunks` or `frames`, once and to the end: only then has the finish been
    seen and has everything been compared.

    Attributes:
        header: the first message's part.
        totals: size and checksum of what has passed so far.
        sha256: digest of the whole, once the content is exhausted, if `with_sha256`;
            otherwise empty.
        expected_sha256: what the finish says it is, once the content is exhausted;
            compared here only if `with_sha256`.

    Raises:
        InvalidRequest: the first message is not the header.
        IncompleteStream: there is no first message.
    """

    def __init__(
        self,
        requests: Iterator[Message | ChunkFrame],
        header_part: str,
        *,
        max_bytes: int | None = None,
        with_sha256: bool = False,
    ) -> None:
        self._requests = requests
        self._max_bytes = max_bytes
        self._digest = sha256() if with_sha256 else None
        self.totals = Totals()
        self.sha256 = b""
        self.expected_sha256 = b""
        first = next(requests, None)
        if first is None:
            raise IncompleteStream(f"the stream ended before its {header_part}")
        if isinstance(first, ChunkFrame) or first.WhichOneof("part") != header_part:
            raise InvalidRequest(f"the first message must be the {header_part}")
        self.header = cast("Header", getattr(first, header_part))
        self._announced_bytes = _announced_bytes(self.header)

    def chunks(self) -> Iterator[Buffer]:
        """Yield the content as `frames` does, without the checksums."""
        for frame in self.frames():
            yield frame.content

    def frames(self) -> Iterator[ChunkFrame]:
        """Yield the content, every run already checked against its own checksum.

        Raises:
            ChecksumMismatch: a chunk or the whole has another checksum.
            SizeMismatch: the finish, or the header, names another size.
            IncompleteStream: the stream ended before its finish.
            InvalidRequest: a message out of turn, an empty or over-long chunk, or more
                content than the service takes.
        """
        for request in self._requests:
            chunk = as_chunk(request)
            if chunk is None:
                self._compare(request)
                return
            self._check(chunk)
            yield chunk
            # Else this chunk would stay in memory while the next one is received.
            del request, chunk
        raise IncompleteStream(
            f"the stream ended without finish, after {self.totals.size_bytes} bytes"
        )

    def _check(self, chunk: ChunkFrame) -> None:
        """Compare one chunk with its checksum and count it."""
        start = self.totals.size_bytes
        if not 0 < len(chunk.content) <= MAX_CHUNK_BYTES:
            raise InvalidRequest(
                f"a chunk must have 1 to {MAX_CHUNK_BYTES} bytes, not {len(chunk.content)}"
            )
        if self._max_bytes is not None and start + len(chunk.content) > self._max_bytes:
            raise InvalidRequest(f"the content is larger than {self._max_bytes} bytes")
        if self._announced_bytes is not None and start + len(chunk.content) > self._announced_bytes:
            raise SizeMismatch(f"more than the {self._announced_bytes} bytes of the header arrived")
        if crc32c(chunk.content) != chunk.crc32c:
            raise ChecksumMismatch(f"the chunk at byte {start} does not have its crc32c")
        self.totals.add(len(chunk.content), chunk.crc32c)
        if self._digest is not None:
            self._digest.update(chunk.content)

    def _compare(self, request: Message | ChunkFrame) -> None:
        """Compare what came with what the finish says was sent."""
        if isinstance(request, ChunkFrame) or request.WhichOneof("part") != "finish":
            raise InvalidRequest("after the first message only chunks and a finish may follow")
        finish = request.finish  # type: ignore[attr-defined]  # every stream request has it
        if finish.size_bytes != self.totals.size_bytes:
            raise SizeMismatch(
                f"finish says {finish.size_bytes} bytes, {self.totals.size_bytes} arrived"
            )
        if self._announced_bytes not in {None, self.totals.size_bytes}:
            raise SizeMismatch(
                f"the header says {self._announced_bytes} bytes, {self.totals.size_bytes} arrived"
            )
        if finish.crc32c != self.totals.crc32c:
            raise ChecksumMismatch("the content does not have the crc32c of its finish")
        self.expected_sha256 = getattr(finish, "sha256", b"")
        if len(self.expected_sha256) not in {0, 32}:
            raise InvalidRequest(f"a sha256 has 32 bytes, not {len(self.expected_sha256)}")
        if self._digest is not None:
            self.sha256 = self._digest.digest()
            if self.expected_sha256 not in {b"", self.sha256}:
                raise ChecksumMismatch("the content does not have the sha256 of its finish")


def _announced_bytes(header: Message) -> int | None:
    """Return the size that a header tells beforehand; None if it does not."""
    field = header.DESCRIPTOR.fields_by_name.get("size_bytes")
    if field is None or not field.has_presence or not header.HasField("size_bytes"):
        return None
    return cast("int", getattr(header, "size_bytes"))  # noqa: B009  # not every header has it
