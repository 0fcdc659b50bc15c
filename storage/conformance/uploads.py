"""Resumable uploads."""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from crc32c import crc32c

from storage.checksums import chunks_of
from storage.conformance.tools import MIB, Chapter, content_of, read
from storage.errors import (
    ChecksumMismatch,
    EtagMismatch,
    InvalidKey,
    InvalidRange,
    ObjectExists,
    ObjectNotFound,
    SizeMismatch,
    UploadConflict,
    UploadNotFound,
)
from storage.store import Chunk, PutInfo
from storage.uploads import UploadStore

_CONTENT = content_of(23 * MIB + 77)
_PATIENCE_S = 30


class _Cut(Exception):
    """The connection of a caller broke."""


def _chunks(content: bytes, *, cut: bool = False) -> Iterator[Chunk]:
    """Yield content in chunks of 1 MiB; then break off, if told so."""
    yield from chunks_of(content[start : start + MIB] for start in range(0, len(content), MIB))
    if cut:
        raise _Cut


class Uploads(Chapter):
    """An object in several streams."""

    def test_an_upload_in_one_stream(self, store: UploadStore, prefix: str) -> None:
        """Is a put."""
        info = PutInfo("image/png", "no-store", "inline", {"a": "ü"})
        upload_id = store.start_upload(prefix + "object", info)
        stored = store.continue_upload(upload_id, 0, _chunks(_CONTENT))
        assert read(store, prefix + "object") == _CONTENT
        assert store.head(prefix + "object") == stored
        assert stored.crc32c == crc32c(_CONTENT)
        assert (stored.content_type, stored.cache_control) == ("image/png", "no-store")
        assert (stored.content_disposition, stored.user_metadata) == ("inline", {"a": "ü"})

    @pytest.mark.parametrize("content", [b"", b"x"], ids=["empty", "one byte"])
    def test_a_tiny_upload(self, store: UploadStore, prefix: str, content: bytes) -> None:
        """Needs no chunk at all."""
        upload_id = store.start_upload(prefix + "object", PutInfo())
        store.continue_upload(upload_id, 0, _chunks(content))
        assert read(store, prefix + "object") == content

    def test_an_upload_in_many_broken_streams(self, store: UploadStore, prefix: str) -> None:
        """Goes on where the store says; what it has once told never shrinks."""
        upload_id = store.start_upload(prefix + "object", PutInfo())
        kept = 0
        for end in (MIB // 2, 5 * MIB, 11 * MIB + 1, 11 * MIB + 1, 20 * MIB):
            with pytest.raises(_Cut):
                store.continue_upload(upload_id, kept, _chunks(_CONTENT[kept:end], cut=True))
            upload = store.query_upload(upload_id)
            assert upload.info is None
            assert kept <= upload.persisted_bytes <= end
            assert upload.persisted_crc32c == crc32c(_CONTENT[: upload.persisted_bytes])
            kept = upload.persisted_bytes
            with pytest.raises(ObjectNotFound):
                store.head(prefix + "object")
            assert store.list(prefix).objects == []
        assert kept > 0
        stored = store.continue_upload(upload_id, kept, _chunks(_CONTENT[kept:]))
        assert stored.crc32c == crc32c(_CONTENT)
        assert read(store, prefix + "object") == _CONTENT

    def test_all_bytes_first_and_the_end_later(self, store: UploadStore, prefix: str) -> None:
        """A stream may bring nothing but the end."""
        upload_id = store.start_upload(prefix + "object", PutInfo())
        with pytest.raises(_Cut):
            store.continue_upload(upload_id, 0, _chunks(_CONTENT, cut=True))
        kept = store.query_upload(upload_id).persisted_bytes
        store.continue_upload(upload_id, kept, _chunks(_CONTENT[kept:]))
        assert read(store, prefix + "object") == _CONTENT

    def test_a_finished_upload_answers_with_the_object(
        self, store: UploadStore, prefix: str
    ) -> None:
        """As often as it is asked, also when the object is replaced; it takes no more."""
        upload_id = store.start_upload(prefix + "object", PutInfo())
        stored = store.continue_upload(upload_id, 0, _chunks(_CONTENT))
        for _ in range(2):
            upload = store.query_upload(upload_id)
            assert upload.info == stored
            assert upload.persisted_bytes == len(_CONTENT)
            assert upload.persisted_crc32c == crc32c(_CONTENT)
        with pytest.raises(UploadNotFound):
            store.continue_upload(upload_id, len(_CONTENT), _chunks(b"more"))
        store.put(prefix + "object", _chunks(b"other"), PutInfo())
        answer = store.query_upload(upload_id).info
        assert answer
        assert answer.size_bytes == len(_CONTENT)

    @pytest.mark.parametrize("offset", [1, MIB, 22 * MIB, -1])
    def test_a_wrong_offset_is_refused(self, store: UploadStore, prefix: str, offset: int) -> None:
        """And the right one is named; nothing is harmed."""
        upload_id = store.start_upload(prefix + "object", PutInfo())
        with pytest.raises(_Cut):
            store.continue_upload(upload_id, 0, _chunks(_CONTENT[: 10 * MIB], cut=True))
        kept = store.query_upload(upload_id).persisted_bytes
        with pytest.raises(InvalidRange) as refusal:
            store.continue_upload(upload_id, kept + offset, _chunks(b"x"))
        assert refusal.value.metadata["persisted_bytes"] == str(kept)
        store.continue_upload(upload_id, kept, _chunks(_CONTENT[kept:]))
        assert read(store, prefix + "object") == _CONTENT

    def test_of_two_writers_one_is_refused(self, store: UploadStore, prefix: str) -> None:
        """And the other's bytes are not harmed."""
        upload_id = store.start_upload(prefix + "object", PutInfo())
        arrived, go_on = threading.Event(), threading.Event()

        def slow() -> Iterator[Chunk]:
            yield from _chunks(_CONTENT[: 9 * MIB])
            arrived.set()
            assert go_on.wait(_PATIENCE_S)
            yield from _chunks(_CONTENT[9 * MIB :])

        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(store.continue_upload, upload_id, 0, slow())
            try:
                assert arrived.wait(_PATIENCE_S)
                with pytest.raises(UploadConflict):
                    store.continue_upload(upload_id, 0, _chunks(b"intruder"))
                with pytest.raises(UploadConflict):
                    store.abort_upload(upload_id)
                assert store.query_upload(upload_id).info is None
            finally:
                go_on.set()
            first.result(_PATIENCE_S)
        assert read(store, prefix + "object") == _CONTENT

    def test_abort(self, store: UploadStore, prefix: str) -> None:
        """Nothing is left; again, and of what never was, it succeeds."""
        upload_id = store.start_upload(prefix + "object", PutInfo())
        with pytest.raises(_Cut):
            store.continue_upload(upload_id, 0, _chunks(_CONTENT, cut=True))
        for _ in range(2):
            store.abort_upload(upload_id)
        with pytest.raises(UploadNotFound):
            store.query_upload(upload_id)
        with pytest.raises(UploadNotFound):
            store.continue_upload(upload_id, 0, _chunks(b""))
        with pytest.raises(ObjectNotFound):
            store.head(prefix + "object")

    def test_abort_of_a_finished_upload_keeps_the_object(
        self, store: UploadStore, prefix: str
    ) -> None:
        """It is no way to delete."""
        upload_id = store.start_upload(prefix + "object", PutInfo())
        store.continue_upload(upload_id, 0, _chunks(_CONTENT))
        store.abort_upload(upload_id)
        assert read(store, prefix + "object") == _CONTENT

    @pytest.mark.parametrize("upload_id", ["", "none", "../objects", "a/b", "a\0b", "ü", "." * 300])
    def test_an_unknown_id(self, store: UploadStore, upload_id: str) -> None:
        """Whatever it looks like, is an upload that is not there."""
        with pytest.raises(UploadNotFound):
            store.query_upload(upload_id)
        with pytest.raises(UploadNotFound):
            store.continue_upload(upload_id, 0, _chunks(b"x"))
        store.abort_upload(upload_id)

    def test_conditions_are_decided_at_the_end(self, store: UploadStore, prefix: str) -> None:
        """And the upload stays open when they do not hold."""
        key = prefix + "object"
        once = store.start_upload(key, PutInfo(create_only=True))
        first = store.put(key, _chunks(b"first"), PutInfo())
        same = store.start_upload(key, PutInfo(if_etag=first.etag))
        with pytest.raises(ObjectExists):
            store.continue_upload(once, 0, _chunks(b"upload"))
        assert read(store, key) == b"first"
        second = store.put(key, _chunks(b"second"), PutInfo())
        with pytest.raises(EtagMismatch):
            store.continue_upload(same, 0, _chunks(b"upload"))
        assert store.head(key) == second
        assert store.query_upload(once).info is None
        store.delete(key)
        kept = store.query_upload(once).persisted_bytes
        store.continue_upload(once, kept, _chunks(b"upload"[kept:]))
        assert read(store, key) == b"upload"

    def test_sha256_over_all_streams(self, store: UploadStore, prefix: str) -> None:
        """Is checked and recorded."""
        digest = hashlib.sha256(_CONTENT).digest()
        upload_id = store.start_upload(prefix + "object", PutInfo())
        with pytest.raises(_Cut):
            store.continue_upload(upload_id, 0, _chunks(_CONTENT[: 12 * MIB], cut=True))
        kept = store.query_upload(upload_id).persisted_bytes
        stored = store.continue_upload(upload_id, kept, _chunks(_CONTENT[kept:]), lambda: digest)
        assert stored.sha256 == store.head(prefix + "object").sha256 == digest
        wrong = store.start_upload(prefix + "wrong", PutInfo())
        with pytest.raises(ChecksumMismatch):
            store.continue_upload(wrong, 0, _chunks(_CONTENT), lambda: digest[::-1])
        with pytest.raises(ObjectNotFound):
            store.head(prefix + "wrong")

    def test_a_size_that_was_told_must_be_met(self, store: UploadStore, prefix: str) -> None:
        """At the end, not before; until then more may come."""
        upload_id = store.start_upload(prefix + "object", PutInfo(size_bytes=3))
        with pytest.raises(SizeMismatch):
            store.continue_upload(upload_id, 0, _chunks(b"ab"))
        kept = store.query_upload(upload_id).persisted_bytes
        store.continue_upload(upload_id, kept, _chunks(b"abc"[kept:]))
        assert read(store, prefix + "object") == b"abc"

    def test_a_bad_key_is_refused_at_the_start(self, store: UploadStore) -> None:
        """Not after a gigabyte."""
        with pytest.raises(InvalidKey):
            store.start_upload("a/../b", PutInfo())

    def test_sweep(self, store: UploadStore, prefix: str) -> None:
        """Removes what is old enough, open or finished, and keeps objects."""
        done = store.start_upload(prefix + "object", PutInfo())
        store.continue_upload(done, 0, _chunks(_CONTENT))
        open_one = store.start_upload(prefix + "open", PutInfo())
        store.sweep_uploads(timedelta(hours=1))
        assert store.query_upload(open_one).info is None
        assert store.query_upload(done).info
        # In the future, so that clocks of backends with coarse times agree.
        store.sweep_uploads(timedelta(seconds=-5))
        for upload_id in (done, open_one):
            with pytest.raises(UploadNotFound):
                store.query_upload(upload_id)
        assert read(store, prefix + "object") == _CONTENT
