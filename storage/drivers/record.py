"""What a driver writes down about an object besides its bytes: one text, checked itself.

S3 and Azure keep headers, but neither keeps a CRC-32C per block, 8 KiB of metadata
in any language, or a digest that is known only when the last byte has come. A record
holds all that. It travels in one metadata header when it is short, else in an object
of its own that was stored before the object it belongs to.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crc32c import crc32c

from storage.checksums import combine
from storage.errors import ChecksumMismatch, DataCorrupted
from storage.store import Chunk, ObjectInfo, PutInfo

# The unit in which reads are checked: a range is read from the start of the block that
# it begins in to the end of the block that it ends in. What the services send as one chunk.
BLOCK_BYTES = 1024 * 1024
_CRC_BYTES = 4


@dataclass
class Tally:
    """Size and checksums of the chunks that were added so far.

    Attributes:
        size_bytes: of all chunks.
        crc32c: of all chunks.
    """

    size_bytes: int = 0
    crc32c: int = 0
    _full_blocks: bytearray = field(default_factory=bytearray)
    _open_block: int = 0

    def add(self, chunk: Chunk) -> None:
        """Count a chunk, by its own checksum as far as it lies in one block."""
        view = memoryview(chunk.content)
        position = 0
        while position < len(view):
            room = BLOCK_BYTES - self.size_bytes % BLOCK_BYTES
            piece = view[position : position + room]
            crc = chunk.crc32c if len(piece) == len(view) else crc32c(piece)
            self._open_block = combine(self._open_block, crc, len(piece))
            self.size_bytes += len(piece)
            position += len(piece)
            if self.size_bytes % BLOCK_BYTES == 0:
                self._full_blocks += self._open_block.to_bytes(_CRC_BYTES, "little")
                self._open_block = 0
        self.crc32c = combine(self.crc32c, chunk.crc32c, len(view))

    def block_crcs(self) -> bytes:
        """Return the CRC-32C of every block, four bytes each, little-endian."""
        if self.size_bytes % BLOCK_BYTES == 0:
            return bytes(self._full_blocks)
        return bytes(self._full_blocks) + self._open_block.to_bytes(_CRC_BYTES, "little")

    @classmethod
    def resumed(cls, size_bytes: int, crc32c: int, block_crcs: bytes) -> "Tally":
        """Go on where another tally stopped."""
        full = size_bytes // BLOCK_BYTES * _CRC_BYTES
        open_block = int.from_bytes(block_crcs[full:], "little")
        return cls(size_bytes, crc32c, bytearray(block_crcs[:full]), open_block)


@dataclass(frozen=True)
class Record:
    """All of an object's info but its key and etag, and the checksums of its blocks.

    Attributes:
        crc32c: of the whole; None in a copy of what somebody else had stored.
        block_crcs: CRC-32C of every `BLOCK_BYTES`, four bytes each, little-endian; None
            where `crc32c` is.
    """

    size_bytes: int
    crc32c: int | None
    block_crcs: bytes | None
    modify_time: datetime
    content_type: str
    cache_control: str = ""
    content_disposition: str = ""
    sha256: bytes = b""
    user_metadata: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the record as ASCII text that starts with its own CRC-32C."""
        fields = {
            **vars(self),
            "block_crcs": None
            if self.block_crcs is None
            else urlsafe_b64encode(self.block_crcs).decode(),
            "modify_time": self.modify_time.isoformat(),
            "sha256": self.sha256.hex(),
            "user_metadata": dict(self.user_metadata),
        }
        text = json.dumps(fields, separators=(",", ":")).encode()
        return b"%08x%s" % (crc32c(text), text)

    def info(self, key: str, etag: str) -> ObjectInfo:
        """Return the record as the seam speaks of it."""
        return ObjectInfo(
            key=key,
            size_bytes=self.size_bytes,
            etag=etag,
            modify_time=self.modify_time,
            content_type=self.content_type,
            cache_control=self.cache_control,
            content_disposition=self.content_disposition,
            user_metadata=self.user_metadata,
            crc32c=self.crc32c,
            sha256=self.sha256,
        )


def make_record(tally: Tally, info: PutInfo, sha256: bytes, now_s: float) -> Record:
    """Write down what was put. `now_s` is Unix time."""
    return Record(
        size_bytes=tally.size_bytes,
        crc32c=tally.crc32c,
        block_crcs=tally.block_crcs(),
        modify_time=datetime.fromtimestamp(now_s, UTC),
        content_type=info.content_type,
        cache_control=info.cache_control,
        content_disposition=info.content_disposition,
        sha256=sha256,
        user_metadata=dict(info.user_metadata),
    )


def tallied(chunks: Iterable[Chunk], tally: Tally) -> Iterator[Chunk]:
    """Pass chunks on, counting them."""
    for chunk in chunks:
        tally.add(chunk)
        yield chunk


def check_sha256(expected: bytes, found: bytes) -> None:
    """Compare a digest with the one that the caller gave, if it gave one.

    Raises:
        ChecksumMismatch: they differ.
    """
    if expected and expected != found:
        raise ChecksumMismatch(
            f"the content has the sha256 {found.hex()}, not {expected.hex()} as its finish says"
        )


def check_size(key: str, size_bytes: int, record: Record) -> None:
    """Compare an object's size with its record's.

    Raises:
        DataCorrupted: they differ.
    """
    if record.size_bytes != size_bytes:
        raise DataCorrupted(
            f"{key!r} has {size_bytes} bytes, {record.size_bytes} were stored", key=key
        )


def decode_record(text: bytes, key: str) -> Record:
    """Read a record back.

    Raises:
        DataCorrupted: it is not what `encode` wrote. Names `key`.
    """
    try:
        if int(text[:8], 16) != crc32c(text[8:]):
            raise DataCorrupted(f"the record of {key!r} does not have its crc32c", key=key)
        fields = json.loads(text[8:])
        if fields["block_crcs"] is not None:
            fields["block_crcs"] = urlsafe_b64decode(fields["block_crcs"])
        fields["modify_time"] = datetime.fromisoformat(fields["modify_time"])
        fields["sha256"] = bytes.fromhex(fields["sha256"])
        return Record(**fields)
    except (ValueError, KeyError, TypeError) as error:
        raise DataCorrupted(f"the record of {key!r} cannot be read: {error}", key=key) from error


def ascii_header(value: str) -> str:
    """Return a header value that any HTTP server takes; the record keeps the exact one."""
    return "".join(char if " " <= char <= "~" else "?" for char in value)
