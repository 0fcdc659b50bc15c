"""The seam: what every place that keeps bytes must be able to do."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

Buffer = bytes | bytearray | memoryview

DEFAULT_CONTENT_TYPE = "application/octet-stream"
MAX_LIST_LIMIT = 1000


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
        if_etag: fail with `EtagMismatch` unless the object at the key has this etag;
            empty for no condition.
    """

    content_type: str = DEFAULT_CONTENT_TYPE
    cache_control: str = ""
    content_disposition: str = ""
    user_metadata: Mapping[str, str] = field(default_factory=dict)
    size_bytes: int | None = None
    create_only: bool = False
    if_etag: str = ""


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

    def __iter__(self) -> Iterator[Buffer]:
        """Yield the bytes in order, each run checked before it is yielded.

        Raises:
            DataCorrupted: the stored bytes no longer have their checksum.
        """
        ...


class ObjectStore(Protocol):
    """A flat map from key to bytes.

    Implementations are safe to share between threads. A reader sees an object
    whole or not at all: bytes become visible when `put` returns, never before, and
    a reader that has begun keeps what it began with. Every method checks its keys
    against the key rules (storage/keys.py).

    Every method may raise `StoreUnavailable`, `AccessDenied` or `BucketMissing`;
    writing ones also `StoreFull` and `StoreReadOnly`.
    """

    def put(self, key: str, chunks: Iterable[Buffer], info: PutInfo) -> ObjectInfo:
        """Store the chunks as one object, durably, replacing any object at `key`.

        If iterating `chunks` raises, nothing is stored and the error passes through
        unchanged. A chunk may not change until the next one was asked for.

        Raises:
            InvalidKey: `key` breaks the key rules.
            ObjectExists, EtagMismatch: the condition in `info` does not hold, decided
                at the moment the object would become visible.
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
        self, source_key: str, target_key: str, info: PutInfo, if_source_etag: str = ""
    ) -> ObjectInfo:
        """Copy an object inside the store with its content type, metadata and checksums.

        Of `info` only the conditions are heeded; they concern the target.

        Raises:
            ObjectNotFound: there is no source.
            ObjectExists, EtagMismatch: a condition does not hold.
        """
        ...
