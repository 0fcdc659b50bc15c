"""The memory driver: what the seam means, in the fewest lines. For tests."""

import bisect
import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from types import TracebackType
from typing import Self

from crc32c import crc32c

from storage.checksums import chunks_of
from storage.drivers.stopping import stoppable
from storage.errors import ChecksumMismatch, EtagMismatch, ObjectExists, ObjectNotFound
from storage.keys import check_key
from storage.ranges import resolve
from storage.store import MAX_LIST_LIMIT, Chunk, ObjectInfo, Page, PutInfo, always


class MemoryReader:
    """An object, or a range of it, as it was when it was opened."""

    def __init__(self, info: ObjectInfo, content: bytes, offset: int, length_bytes: int) -> None:
        self.info = info
        self.offset = offset
        self.length_bytes = length_bytes
        self._content = content

    def __iter__(self) -> Iterator[Chunk]:
        """Yield the range."""
        end = self.offset + self.length_bytes
        return chunks_of([memoryview(self._content)[self.offset : end]])

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is held."""


class MemoryStore:
    """Keeps objects in a dictionary, until the process ends."""

    def __init__(self) -> None:
        self._objects: dict[str, tuple[ObjectInfo, bytes]] = {}
        self._lock = Lock()

    def put(self, key: str, chunks: Iterable[Chunk], info: PutInfo) -> ObjectInfo:
        """Store the chunks as one object."""
        check_key(key)
        content = b"".join(chunk.content for chunk in chunks)
        sha256 = info.sha256()
        if sha256 and hashlib.sha256(content).digest() != sha256:
            raise ChecksumMismatch("the content does not have the sha256 of its finish")
        stored = ObjectInfo(
            key=key,
            size_bytes=len(content),
            etag=secrets.token_hex(16),
            modify_time=datetime.now(UTC),
            content_type=info.content_type,
            cache_control=info.cache_control,
            content_disposition=info.content_disposition,
            user_metadata=dict(info.user_metadata),
            crc32c=crc32c(content),
            sha256=sha256,
        )
        with self._lock:
            if info.create_only and key in self._objects:
                raise ObjectExists(key)
            self._check_etag(key, info.if_etag)
            self._objects[key] = stored, content
        return stored

    def get(self, key: str, offset: int = 0, length_bytes: int | None = None) -> MemoryReader:
        """Open an object for reading."""
        info, content = self._find(key)
        return MemoryReader(info, content, *resolve(info.size_bytes, offset, length_bytes))

    def head(self, key: str) -> ObjectInfo:
        """Return what is known about an object."""
        return self._find(key)[0]

    def delete(self, key: str, if_etag: str = "") -> None:
        """Remove an object."""
        check_key(key)
        with self._lock:
            self._check_etag(key, if_etag)
            self._objects.pop(key, None)

    def list(
        self, prefix: str = "", delimiter: str = "", token: str = "", limit: int = MAX_LIST_LIMIT
    ) -> Page:
        """Return one page of the objects whose keys start with `prefix`."""
        with self._lock:
            known = {key: info for key, (info, _) in self._objects.items()}
        # Text in the order of its code points is in the byte order of its UTF-8.
        entries = sorted({_fold(key, prefix, delimiter) for key in known if key.startswith(prefix)})
        start = bisect.bisect_right(entries, token)
        page = entries[start : start + limit]
        return Page(
            [known[entry] for entry in page if not entry.endswith("/")],
            [entry for entry in page if entry.endswith("/")],
            page[-1] if start + limit < len(entries) else "",
        )

    def copy(
        self,
        source_key: str,
        target_key: str,
        info: PutInfo,
        if_source_etag: str = "",
        go_on: Callable[[], None] = always,
    ) -> ObjectInfo:
        """Copy an object."""
        source, content = self._find(source_key)
        if if_source_etag and source.etag != if_source_etag:
            raise EtagMismatch(source_key, if_source_etag, source.etag)
        kept = replace(
            info,
            content_type=source.content_type,
            cache_control=source.cache_control,
            content_disposition=source.content_disposition,
            user_metadata=source.user_metadata,
            sha256=lambda: source.sha256,
        )
        return self.put(target_key, stoppable(chunks_of([content]), go_on), kept)

    def check(self) -> None:
        """Nothing can be wrong."""

    def close(self) -> None:
        """Nothing is held."""

    def _find(self, key: str) -> tuple[ObjectInfo, bytes]:
        check_key(key)
        with self._lock:
            if key not in self._objects:
                raise ObjectNotFound(key)
            return self._objects[key]

    def _check_etag(self, key: str, wanted: str) -> None:
        """Compare the etag at the key with the one wanted, if any. The lock is held."""
        if not wanted:
            return
        if key not in self._objects:
            raise ObjectNotFound(key)
        found = self._objects[key][0].etag
        if found != wanted:
            raise EtagMismatch(key, wanted, found)


def _fold(key: str, prefix: str, delimiter: str) -> str:
    """Return the key, or what stands for it in a folded listing."""
    head, found, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
    return prefix + head + found if found else key
