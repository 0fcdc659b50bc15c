"""Short words for the suite: put bytes, read bytes, a prefix of one's own."""

import secrets
from functools import lru_cache
from typing import Any

import pytest

from storage.checksums import chunks_of
from storage.keys import MAX_KEY_BYTES
from storage.store import ObjectInfo, ObjectStore, PutInfo

MIB = 1024 * 1024


class Chapter:
    """What the chapters of the suite share.

    Attributes:
        longest_segment_bytes: a driver whose backend cannot hold every key that keeps the
            rules says so here, and must refuse longer ones as `InvalidKey`.
        lists_below_objects: False for a backend that does not list "a/b" while there is
            an object "a". It must keep, read and delete both all the same.
        lists_in_utf16_order: True for a backend that puts U+1F5BC before U+FFEE.
        folds_key_by_key: True for a backend that needs seconds for a small page of
            prefixes that stand for thousands of keys; it is asked for large ones only.
    """

    longest_segment_bytes = MAX_KEY_BYTES
    lists_below_objects = True
    lists_in_utf16_order = False
    folds_key_by_key = False

    @pytest.fixture
    def prefix(self) -> str:
        """Return the beginning of keys that no other test uses; ends with "/"."""
        return f"conformance/{secrets.token_hex(8)}/"


def put(store: ObjectStore, key: str, content: bytes, **info: Any) -> ObjectInfo:
    """Store bytes in chunks of 1 MiB."""
    runs = [content[start : start + MIB] for start in range(0, len(content), MIB)]
    return store.put(key, chunks_of(runs), PutInfo(**info))


def read(store: ObjectStore, key: str, offset: int = 0, length_bytes: int | None = None) -> bytes:
    """Read an object or a range of it."""
    with store.get(key, offset, length_bytes) as reader:
        content = b"".join(chunk.content for chunk in reader)
        assert len(content) == reader.length_bytes
        return content


@lru_cache(maxsize=16)
def content_of(size_bytes: int) -> bytes:
    """Return bytes of which no two runs of a few bytes at different places are the same."""
    pattern = b"".join(number.to_bytes(4, "big") for number in range(min(size_bytes, MIB) // 4 + 1))
    # Not a divisor of any chunk or part, so that a swapped one is seen.
    pattern = pattern[:1_000_003] or b"\0"
    return (pattern * (size_bytes // len(pattern) + 1))[:size_bytes]


def longest_segment(key: str) -> int:
    """Return the size in bytes of the longest segment of a key."""
    return max(len(segment.encode()) for segment in key.split("/"))
