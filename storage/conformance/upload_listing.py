"""Listings of the resumable uploads that are open."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.checksums import chunks_of
from storage.conformance.tools import MIB, Chapter, content_of
from storage.store import Chunk, PutInfo
from storage.uploads import MAX_UPLOADS_LIMIT, OpenUpload, UploadPage, UploadStore

_CLOCKS_AGREE_WITHIN = timedelta(minutes=1)


class _Cut(Exception):
    """The connection of a caller broke."""


def _grow(store: UploadStore, upload_id: str) -> None:
    """Send 10 MiB to a new upload, then break off."""

    def cut() -> Iterator[Chunk]:
        yield from chunks_of([content_of(MIB)] * 10)
        raise _Cut

    with pytest.raises(_Cut):
        store.continue_upload(upload_id, 0, cut())


def _pages(store: UploadStore, limit: int) -> Iterator[UploadPage]:
    """Yield every page of the open uploads."""
    page = store.list_uploads(limit=limit)
    yield page
    while page.next_token:
        page = store.list_uploads(page.next_token, limit)
        yield page


def _listed(store: UploadStore, prefix: str, limit: int = MAX_UPLOADS_LIMIT) -> list[OpenUpload]:
    """Return the open uploads to keys under a prefix."""
    uploads = (upload for page in _pages(store, limit) for upload in page.uploads)
    return [upload for upload in uploads if upload.key.startswith(prefix)]


class UploadListing(Chapter):
    """Which uploads nobody has finished yet."""

    def test_open_uploads_are_listed(self, store: UploadStore, prefix: str) -> None:
        """With what is kept of them; finished and aborted ones are not."""
        fresh, grown, done, aborted = (
            store.start_upload(prefix + name, PutInfo())
            for name in ("frësh", "grown", "done", "aborted")
        )
        _grow(store, grown)
        store.continue_upload(done, 0, chunks_of([b"done"]))
        store.abort_upload(aborted)
        kept = store.query_upload(grown).persisted_bytes
        listed = _listed(store, prefix)
        assert sorted((one.key, one.upload_id, one.persisted_bytes) for one in listed) == [
            (prefix + "frësh", fresh, 0),
            (prefix + "grown", grown, kept),
        ]
        now = datetime.now(UTC)
        assert all(abs(one.touch_time - now) < _CLOCKS_AGREE_WITHIN for one in listed)

    def test_an_upload_that_grows_is_touched(self, store: UploadStore, prefix: str) -> None:
        """Being listed or asked about does not touch it."""
        upload_id = store.start_upload(prefix + "object", PutInfo())
        (before,) = _listed(store, prefix)
        # Backends tell whole seconds.
        time.sleep(1.1)
        store.query_upload(upload_id)
        assert _listed(store, prefix) == [before]
        _grow(store, upload_id)
        (after,) = _listed(store, prefix)
        assert after.touch_time > before.touch_time

    @pytest.mark.parametrize("limit", [1, 2, MAX_UPLOADS_LIMIT])
    def test_pages_of_open_uploads(self, store: UploadStore, prefix: str, limit: int) -> None:
        """Each is on one page, and aborting what was listed hides no other."""
        opened = sorted(store.start_upload(prefix + "object", PutInfo()) for _ in range(5))
        assert sorted(one.upload_id for one in _listed(store, prefix, limit)) == opened
        aborted = []
        for page in _pages(store, limit):
            assert len(page.uploads) <= limit
            for one in page.uploads:
                if one.key.startswith(prefix):
                    store.abort_upload(one.upload_id)
                    aborted.append(one.upload_id)
        assert sorted(aborted) == opened
        assert _listed(store, prefix) == []
