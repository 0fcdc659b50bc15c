"""The S3 driver: the seam over one bucket."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta

from storage.drivers.conditions import ConditionNotMet
from storage.drivers.reader import ByteSource, CheckedReader, NoBytes, first_block, last_block_end
from storage.drivers.resumable import ResumableUploads
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.copying import copy_object
from storage.drivers.s3.errors import check_bucket, store_errors
from storage.drivers.s3.layout import Found
from storage.drivers.s3.listing import list_visible
from storage.drivers.s3.options import S3Options
from storage.drivers.s3.reading import open_range, source_of
from storage.drivers.s3.records import delete_record, find, look
from storage.drivers.s3.signing import presign
from storage.drivers.s3.staging import S3Staging
from storage.drivers.s3.sweep import sweep_multiparts, sweep_records
from storage.drivers.s3.writing import put_stream
from storage.drivers.source import Replaced
from storage.errors import EtagMismatch, ObjectNotFound, StoreUnavailable
from storage.keys import check_key
from storage.ranges import resolve
from storage.store import MAX_LIST_LIMIT, Chunk, ObjectInfo, Page, PutInfo, always, no_sha256
from storage.uploads import MAX_UPLOADS_LIMIT, SignedUrl, Upload, UploadPage, UrlRequest

_LOOKS = 3


class S3Store:
    """Keeps objects in one bucket, under their own keys. Safe to share between threads."""

    def __init__(self, options: S3Options, clock: Callable[[], float] = time.time) -> None:
        """Connect to nothing yet.

        Args:
            options: where the bucket is.
            clock: this machine's, Unix time in seconds; wrong ones are allowed for.
        """
        self._s3 = S3Connection(options, clock)
        self._uploads = ResumableUploads(S3Staging(self._s3))

    @property
    def clock_skew_s(self) -> float:
        """Seconds that the server's clock is ahead of this machine's; 0 if none is known."""
        return self._s3.clock.skew_s

    def put(self, key: str, chunks: Iterable[Chunk], info: PutInfo) -> ObjectInfo:
        """Store the chunks as one object."""
        check_key(key)
        return put_stream(self._s3, key, chunks, info)

    def get(self, key: str, offset: int = 0, length_bytes: int | None = None) -> CheckedReader:
        """Open an object for reading."""
        check_key(key)
        if offset == 0 and length_bytes is None:
            found, answer = look(self._s3, "GET", key, {})
            source = source_of(self._s3, found, answer, 0, found.size_bytes)
            return _reader(found, 0, found.size_bytes, source)
        for _ in range(_LOOKS):
            with suppress(Replaced):
                return self._get_range(key, offset, length_bytes)
        raise StoreUnavailable(f"{key!r} is replaced faster than it can be opened")

    def head(self, key: str) -> ObjectInfo:
        """Return what is known about an object."""
        check_key(key)
        return find(self._s3, key).info()

    def delete(self, key: str, if_etag: str = "") -> None:
        """Remove an object.

        A server that ignores If-Match when deleting decides `if_etag` a moment earlier.
        """
        check_key(key)
        try:
            found = find(self._s3, key)
        except ObjectNotFound:
            if if_etag:
                raise
            return
        if if_etag not in {"", found.etag}:
            raise EtagMismatch(key, if_etag, found.etag)
        headers = {"If-Match": f'"{if_etag}"'} if if_etag else {}
        try:
            with store_errors(self._s3, key):
                self._s3.request("DELETE", key, headers=headers)
        except ConditionNotMet:
            raise EtagMismatch(key, if_etag, find(self._s3, key).etag) from None
        if found.is_record_hidden:
            delete_record(self._s3, found.put_id)

    def list(
        self, prefix: str = "", delimiter: str = "", token: str = "", limit: int = MAX_LIST_LIMIT
    ) -> Page:
        """Return one page of the objects whose keys start with `prefix`."""
        return list_visible(self._s3, prefix, delimiter, token, limit)

    def copy(
        self,
        source_key: str,
        target_key: str,
        info: PutInfo,
        if_source_etag: str = "",
        go_on: Callable[[], None] = always,
    ) -> ObjectInfo:
        """Copy an object inside the store."""
        check_key(source_key)
        check_key(target_key)
        return copy_object(self._s3, source_key, target_key, info, if_source_etag, go_on=go_on)

    def start_upload(self, key: str, info: PutInfo) -> str:
        """Open a resumable upload."""
        check_key(key)
        return self._uploads.start(key, info)

    def continue_upload(
        self,
        upload_id: str,
        offset: int,
        chunks: Iterable[Chunk],
        sha256: Callable[[], bytes] = no_sha256,
    ) -> ObjectInfo:
        """Append the chunks and, when they end, finish. What is kept is kept in whole parts."""
        return self._uploads.append(upload_id, offset, chunks, sha256)

    def query_upload(self, upload_id: str) -> Upload:
        """Tell how far an upload is."""
        return self._uploads.query(upload_id)

    def abort_upload(self, upload_id: str) -> None:
        """Give up an upload."""
        self._uploads.abort(upload_id)

    def list_uploads(self, token: str = "", limit: int = MAX_UPLOADS_LIMIT) -> UploadPage:
        """Return one page of the uploads that are open."""
        return self._uploads.list(token, limit)

    def sweep_uploads(self, older_than: timedelta) -> int:
        """Remove abandoned uploads, and what killed processes left behind."""
        return (
            self._uploads.sweep(older_than)
            + sweep_records(self._s3, older_than)
            + sweep_multiparts(self._s3, older_than)
        )

    def sign_url(self, key: str, request: UrlRequest) -> SignedUrl:
        """Sign a URL for one object."""
        check_key(key)
        return presign(self._s3, key, request)

    def check(self) -> None:
        """Ask for the bucket; create it if it is missing and that is allowed."""
        check_bucket(self._s3)

    def close(self) -> None:
        """Close all connections."""
        self._s3.close()

    def _get_range(self, key: str, offset: int, length_bytes: int | None) -> CheckedReader:
        """Open a range: the info first, because ranges are read in whole blocks."""
        found = find(self._s3, key)
        start, length = resolve(found.size_bytes, offset, length_bytes)
        if not length:
            return _reader(found, start, length, NoBytes())
        first, end = first_block(start), last_block_end(start + length, found.size_bytes)
        answer = open_range(self._s3, found, first, end)
        return _reader(found, start, length, source_of(self._s3, found, answer, first, end))


def _reader(found: Found, offset: int, length_bytes: int, source: ByteSource) -> CheckedReader:
    block_crcs = found.record.block_crcs if found.record else None
    return CheckedReader(found.info(), offset, length_bytes, block_crcs=block_crcs, source=source)
