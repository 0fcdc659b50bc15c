"""The seam: what every place that keeps bytes must be able to do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

Buffer = bytes | bytearray | memoryview

DEFAULT_CONTENT_TYPE = "application/octet-stream"
MAX_CHUNK_BYTES = 2 * 1024 * 1024
MAX_LIST_LIMIT = 1000


class Chunk(NamedTuple):
    """A run of bytes with its checksum; how content passes the seam, both ways.

    Whoever hands a chunk over has compared content and checksum, so that the other
    side need not compute it again: `combine` (storage/checksums.py) makes the whole
    object's checksum of its chunks'. `chunks_of` there makes chunks of plain bytes.

    Attributes:
        content: 1 to `MAX_CHUNK_BYTES` bytes; may not change until the next chunk was
            asked for.
        crc32c: of `content`.
    """

    content: Buffer
    crc32c: int


def no_sha256() -> bytes:
    """Ask for no SHA-256: the default of `PutInfo.sha256`."""
    return b""


def always() -> None:
    """Go on: the default of `ObjectStore.copy`."""


@dataclass(frozen=True)
class PutInfo:
    """How an object is to be stored.

    Attributes:
        content_type: media type.
        cache_control: empty for none.
        content_disposition: empty for none.
        user_metadata: the caller's own names and values.
        size_bytes: size when it is known beforehand, for a store that can use it.
        create_only: fail with `ObjectExists` if there is an object at the key.
        if_etag: fail with `EtagMismatch` unless the object at the key has this etag,
            or with `ObjectNotFound` if there is none; empty for no condition.
        sha256: called once, after the last chunk: the SHA-256 that the content must
            have and that is recorded (32 bytes), or empty for neither. It is the
            store that compares, because some can do so when asked (reading a staging
            file again) and need not compute it for everyone.
    """

    content_type: str = DEFAULT_CONTENT_TYPE
    cache_control: str = ""
    content_disposition: str = ""
    user_metadata: Mapping[str, str] = field(default_factory=dict)
    size_bytes: int | None = None
    create_only: bool = False
    if_etag: str = ""
    sha256: Callable[[], bytes] = no_sha256


@dataclass(frozen=True)
class ObjectInfo:
    """What is kept beside the bytes of an object.

    Attributes:
        key: where it is stored.
        size_bytes: size of the whole object.
        etag: changes whenever the bytes at the key change; no quotes, never empty.
        modify_time: when it became visible, aware, UTC.
        crc32c: of the whole object; None when the store does not know it.
        sha256: of the whole object, 32 bytes; empty when it was not asked for.
    """

    key: str
    size_bytes: int
    etag: str
    modify_time: datetime
    content_type: str = DEFAULT_CONTENT_TYPE
    cache_control: str = ""
    content_disposition: str = ""
    user_metadata: Mapping[str, str] = field(default_factory=dict)
    crc32c: int | None = None
    sha256: bytes = b""


@dataclass(frozen=True)
class Page:
    """One page of a listing.

    Attributes:
        objects: in the byte order of their keys.
        common_prefixes: folded prefixes, each ending in the delimiter, in byte order.
        next_token: where the next page begins; empty for the last page.
    """

    objects: list[ObjectInfo]
    common_prefixes: list[str]
    next_token: str = ""


class ObjectReader(AbstractContextManager["ObjectReader"], Protocol):
    """An open object, or a range of it. Close it, or leave its `with` block.

    Attributes:
        info: the whole object's.
        offset: first byte that is read.
        length_bytes: number of bytes that are read.
    """

    info: ObjectInfo
    offset: int
    length_bytes: int

    def __iter__(self) -> Iterator[Chunk]:
        """Yield the bytes in order, each run checked before it is yielded.

        Raises:
            DataCorrupted: the stored bytes no longer have their checksum.
        """
        ...


class ObjectStore(Protocol):
    """A flat map from key to bytes.

    Implementations are safe to share between threads. A reader sees an object
    whole or not at all: bytes become visible when `put` returns, never before, and
    a reader that has begun yields what it began with, or raises `ObjectNotFound` where
    a backend cannot keep what was replaced. Every method checks its keys
    against the key rules (storage/keys.py).

    Every method may raise `StoreUnavailable`, `AccessDenied` or `BucketMissing`;
    writing ones also `StoreFull` and `StoreReadOnly`.
    """

    def put(self, key: str, chunks: Iterable[Chunk], info: PutInfo) -> ObjectInfo:
        """Store the chunks as one object, durably, replacing any object at `key`.

        If iterating `chunks` raises, nothing is stored and the error passes through
        unchanged.

        Raises:
            InvalidKey: `key` breaks the key rules.
            ObjectExists, EtagMismatch, ObjectNotFound: the condition in `info` does not
                hold, decided at the moment the object would become visible.
            ChecksumMismatch: the content does not have the SHA-256 of `info`.
        """
        ...

    def get(self, key: str, offset: int = 0, length_bytes: int | None = None) -> ObjectReader:
        """Open an object for reading.

        Args:
            key: the object.
            offset: first byte; negative counts from the end, and further back than the
                start is the start.
            length_bytes: bytes to read at most; None: to the end.

        Raises:
            ObjectNotFound: there is none, said here and not when iterating.
            InvalidRange: `offset` is at or beyond the end, except 0 of an empty object.
        """
        ...

    def head(self, key: str) -> ObjectInfo:
        """Return what is known about an object.

        Raises:
            ObjectNotFound: there is none.
        """
        ...

    def delete(self, key: str, if_etag: str = "") -> None:
        """Remove an object. Without a condition, removing what is not there succeeds.

        Raises:
            ObjectNotFound, EtagMismatch: with `if_etag`, there is none or another one.
        """
        ...

    def list(
        self, prefix: str = "", delimiter: str = "", token: str = "", limit: int = MAX_LIST_LIMIT
    ) -> Page:
        """Return one page of the objects whose keys start with `prefix`, in byte order.

        Args:
            prefix: any text, not only whole segments.
            delimiter: "/" folds keys that share a segment after the prefix; "" does not.
            token: `next_token` of the page before.
            limit: objects and prefixes on the page, 1 to 1,000.
        """
        ...

    def copy(
        self,
        source_key: str,
        target_key: str,
        info: PutInfo,
        if_source_etag: str = "",
        go_on: Callable[[], None] = always,
    ) -> ObjectInfo:
        """Copy an object inside the store with its content type, metadata and checksums.

        Of `info` only the conditions are heeded; they concern the target. `go_on` is
        called again and again, the last time before the copy would become visible; if
        it raises, nothing is stored and the error passes through unchanged.

        Raises:
            ObjectNotFound: there is no source.
            ObjectExists, EtagMismatch: a condition does not hold.
        """
        ...

    def check(self) -> None:
        """Ask the backend, cheaply, whether it would serve: for health and for start-up.

        Raises:
            StoreError: what is wrong, in words for an operator.
        """
        ...

    def close(self) -> None:
        """Let go of connections and files. The store is not used afterwards."""
        ...
