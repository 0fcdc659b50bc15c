"""Whole objects: what is put is what is got."""

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from crc32c import crc32c

from storage.checksums import chunks_of
from storage.conformance.tools import MIB, Chapter, content_of, put, read
from storage.errors import ChecksumMismatch, ObjectNotFound
from storage.store import DEFAULT_CONTENT_TYPE, Chunk, ObjectStore, PutInfo


class Basics(Chapter):
    """Put, get, head, delete of whole objects."""

    @pytest.mark.parametrize(
        "size",
        [
            0,
            1,
            2,
            MIB - 1,
            MIB,
            MIB + 1,
            2 * MIB,
            5 * MIB,
            8 * MIB - 1,
            8 * MIB,
            8 * MIB + 1,
            17 * MIB,
        ],
    )
    def test_what_was_put_is_got(self, store: ObjectStore, prefix: str, size: int) -> None:
        """At every boundary of chunks and parts."""
        content = content_of(size)
        info = put(store, prefix + "object", content)
        assert info.size_bytes == size
        assert read(store, prefix + "object") == content

    def test_chunks_may_have_any_size(self, store: ObjectStore, prefix: str) -> None:
        """From 1 byte to 2 MiB, in any mixture."""
        content = content_of(6 * MIB)
        cuts = [0, 1, 3, 1000, MIB, MIB + 7, 3 * MIB + 7, 3 * MIB + 8, 5 * MIB, 6 * MIB]
        runs = [content[a:b] for a, b in pairwise(cuts)]
        store.put(prefix + "object", chunks_of(runs), PutInfo())
        assert read(store, prefix + "object") == content

    def test_chunks_read_have_their_checksum_and_size(
        self, store: ObjectStore, prefix: str
    ) -> None:
        """The service hands them on as they are."""
        put(store, prefix + "object", content_of(3 * MIB + 5))
        with store.get(prefix + "object", 17, 2 * MIB) as reader:
            for chunk in reader:
                assert 0 < len(chunk.content) <= 2 * MIB
                assert crc32c(chunk.content) == chunk.crc32c

    def test_info_is_kept_with_the_object(self, store: ObjectStore, prefix: str) -> None:
        """Head, get and list tell what put was told and what it answered."""
        before = datetime.now(UTC) - timedelta(seconds=5)
        metadata = {"camera": "Böx № 1", "iso-speed": "100", "empty": "", "long": "x" * 1000}
        info = put(
            store,
            prefix + "object",
            b"hello",
            content_type="image/jpeg",
            cache_control="public, max-age=60",
            content_disposition='inline; filename="x.jpg"',
            user_metadata=metadata,
        )
        assert info == store.head(prefix + "object")
        with store.get(prefix + "object") as reader:
            assert reader.info == info
        assert (info.key, info.size_bytes) == (prefix + "object", 5)
        assert info.content_type == "image/jpeg"
        assert info.cache_control == "public, max-age=60"
        assert info.content_disposition == 'inline; filename="x.jpg"'
        assert info.user_metadata == metadata
        assert info.crc32c == crc32c(b"hello")
        assert info.sha256 == b""
        assert info.etag
        assert '"' not in info.etag
        assert before < info.modify_time < datetime.now(UTC) + timedelta(seconds=5)
        listed = store.list(prefix).objects[0]
        assert (listed.key, listed.size_bytes, listed.etag) == (info.key, 5, info.etag)

    def test_content_type_has_a_default(self, store: ObjectStore, prefix: str) -> None:
        """And the rest is empty."""
        put(store, prefix + "object", b"")
        info = store.head(prefix + "object")
        assert info.content_type == DEFAULT_CONTENT_TYPE
        assert (info.cache_control, info.content_disposition) == ("", "")
        assert info.user_metadata == {}

    @pytest.mark.parametrize("size", [0, 5, 9 * MIB])
    def test_sha256_is_checked_and_recorded(
        self, store: ObjectStore, prefix: str, size: int
    ) -> None:
        """When it is asked for; one that is wrong stores nothing."""
        content = content_of(size)
        digest = hashlib.sha256(content).digest()
        put(store, prefix + "object", content, sha256=lambda: digest)
        assert store.head(prefix + "object").sha256 == digest
        with pytest.raises(ChecksumMismatch):
            put(store, prefix + "wrong", content, sha256=lambda: bytes(32))
        with pytest.raises(ObjectNotFound):
            store.head(prefix + "wrong")

    @pytest.mark.parametrize("size", [3, 9 * MIB])
    def test_whole_checksum_is_made_of_the_chunks(
        self, store: ObjectStore, prefix: str, size: int
    ) -> None:
        """However they were cut."""
        content = content_of(size)
        info = put(store, prefix + "object", content)
        assert info.crc32c == store.head(prefix + "object").crc32c == crc32c(content)

    def test_put_replaces(self, store: ObjectStore, prefix: str) -> None:
        """Bytes and info, and the etag changes."""
        first = put(store, prefix + "object", b"first", content_type="text/plain")
        second = put(store, prefix + "object", b"other")
        assert read(store, prefix + "object") == b"other"
        assert store.head(prefix + "object").content_type == DEFAULT_CONTENT_TYPE
        assert first.etag != second.etag

    def test_missing_is_one_thing(self, store: ObjectStore, prefix: str) -> None:
        """Said by the call, not when iterating; a folder is no object."""
        put(store, prefix + "folder/object", b"")
        for key in (prefix + "none", prefix + "folder", prefix + "folder/object/below"):
            with pytest.raises(ObjectNotFound):
                store.get(key)
            with pytest.raises(ObjectNotFound):
                store.head(key)
            with pytest.raises(ObjectNotFound):
                store.copy(key, prefix + "copy", PutInfo())

    def test_delete(self, store: ObjectStore, prefix: str) -> None:
        """It is gone; deleting again, or what never was, succeeds."""
        put(store, prefix + "object", b"x")
        put(store, prefix + "other", b"y")
        for _ in range(2):
            store.delete(prefix + "object")
        with pytest.raises(ObjectNotFound):
            store.get(prefix + "object")
        assert read(store, prefix + "other") == b"y"

    def test_copy(self, store: ObjectStore, prefix: str) -> None:
        """Bytes, type, metadata and checksums come along; the source stays."""
        content = content_of(3 * MIB + 1)
        digest = hashlib.sha256(content).digest()
        source = put(
            store,
            prefix + "source",
            content,
            content_type="image/png",
            cache_control="no-store",
            user_metadata={"a": "b"},
            sha256=lambda: digest,
        )
        copy = store.copy(prefix + "source", prefix + "copy", PutInfo())
        assert read(store, prefix + "copy") == read(store, prefix + "source") == content
        assert store.head(prefix + "copy") == copy
        for name in (
            "size_bytes",
            "content_type",
            "cache_control",
            "user_metadata",
            "crc32c",
            "sha256",
        ):
            assert getattr(copy, name) == getattr(source, name)

    def test_chunks_are_asked_for_once(self, store: ObjectStore, prefix: str) -> None:
        """A stream cannot be read twice; a store may not try."""
        asked = iter([Chunk(b"one", crc32c(b"one")), Chunk(b"two", crc32c(b"two"))])
        store.put(prefix + "object", asked, PutInfo())
        assert read(store, prefix + "object") == b"onetwo"
