"""Resumable uploads: parts in a hidden multipart upload, state in a hidden object.

The parts are put together at a hidden key and copied by the server to their own: so
that the digest of what came in several streams can be compared before anyone sees it,
and so that a condition that does not hold leaves the upload open.
"""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import replace

from storage.drivers.record import BLOCK_BYTES, Record, check_sha256, make_record
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.copying import copy_large
from storage.drivers.s3.errors import NoSuchUpload, store_errors
from storage.drivers.s3.layout import HIDDEN, Found
from storage.drivers.s3.multipart import Multipart, start_multipart
from storage.drivers.s3.parts import Part, cut
from storage.drivers.s3.records import find
from storage.drivers.s3.source import S3Source, open_range
from storage.drivers.s3.upload_state import UploadState, load, remove, save
from storage.drivers.s3.writing import put_whole
from storage.errors import (
    ChecksumMismatch,
    InvalidRange,
    UploadConflict,
    UploadNotFound,
)
from storage.keys import random_base62
from storage.store import Chunk, ObjectInfo, PutInfo
from storage.uploads import Upload

STAGING = f"{HIDDEN}staging/"


class S3Uploads:
    """The resumable uploads of one bucket; see `UploadStore` for every method."""

    def __init__(self, s3: S3Connection) -> None:
        self._s3 = s3

    def start(self, key: str, info: PutInfo) -> str:
        """Open an upload."""
        upload_id = random_base62()
        save(self._s3, upload_id, UploadState(key, info))
        return upload_id

    def append(
        self, upload_id: str, offset: int, chunks: Iterable[Chunk], sha256: Callable[[], bytes]
    ) -> ObjectInfo:
        """Append the chunks and finish."""
        self._check_free(upload_id)
        state = load(self._s3, upload_id)
        if state.record:
            raise UploadNotFound(upload_id)
        if offset != state.size_bytes:
            raise InvalidRange(
                f"the upload {upload_id!r} goes on at byte {state.size_bytes}, not {offset}",
                persisted_bytes=str(state.size_bytes),
            )
        with self._s3.busy_with(upload_id):
            state = save(self._s3, upload_id, replace(state, next_number=state.next_number + 1))
            for part in cut(chunks, offset):
                if part.is_last and not state.parts:
                    return self._finish_small(upload_id, state, part, sha256())
                if part.content:
                    state = self._send(upload_id, state, part)
            return self._finish(upload_id, state, sha256())

    def query(self, upload_id: str) -> Upload:
        """Tell how far an upload is."""
        state = load(self._s3, upload_id)
        info = state.finished()
        return Upload(upload_id, state.size_bytes, state.crc32c, info)

    def abort(self, upload_id: str) -> None:
        """Give up an upload, or forget a finished one."""
        self._check_free(upload_id)
        with suppress(UploadNotFound):
            state = load(self._s3, upload_id)
            remove(self._s3, upload_id)
            self._remove_bytes(upload_id, state)

    def _check_free(self, upload_id: str) -> None:
        """Refuse a second writer of this process; one of another is found out when it saves."""
        if upload_id in self._s3.busy:
            raise UploadConflict(f"a writer is at the upload {upload_id!r}")

    def _send(self, upload_id: str, state: UploadState, part: Part) -> UploadState:
        """Send one part and write down that it counts."""
        staging = STAGING + upload_id
        if not state.multipart_id:
            started = start_multipart(self._s3, staging, {}, checksums=True)
            # Written down before it is used, so that it can be found and aborted.
            state = save(self._s3, upload_id, replace(state, multipart_id=started.upload_id))
        multipart = Multipart(self._s3, staging, state.multipart_id)
        multipart.send(part, state.next_number)
        tally = state.tally()
        tally.add(Chunk(part.content, part.crc32c))
        return save(self._s3, upload_id, state.with_part(multipart.parts[0], tally))

    def _finish_small(
        self, upload_id: str, state: UploadState, part: Part, sha256: bytes
    ) -> ObjectInfo:
        """Store what fits into one part at once."""
        try:
            if sha256:
                check_sha256(sha256, hashlib.sha256(part.content).digest())
        except ChecksumMismatch:
            remove(self._s3, upload_id)
            raise
        tally = state.tally()
        tally.add(Chunk(part.content, part.crc32c))
        record = make_record(tally, state.info, sha256, self._s3.clock.now())
        info = put_whole(self._s3, state.key, part, record, state.info, put_id=upload_id)
        self._mark_finished(upload_id, state, record, info)
        return info

    def _finish(self, upload_id: str, state: UploadState, sha256: bytes) -> ObjectInfo:
        """Put the parts together, compare, and copy to where the object belongs."""
        staging = STAGING + upload_id
        multipart = Multipart(self._s3, staging, state.multipart_id, list(state.parts))
        # Gone if a writer before this one came as far as here.
        with suppress(NoSuchUpload):
            multipart.complete({}, state.crc32c)
        found = find(self._s3, staging)
        if sha256:
            try:
                check_sha256(sha256, self._digest(found))
            except ChecksumMismatch:
                remove(self._s3, upload_id)
                self._remove_bytes(upload_id, state)
                raise
        record = make_record(state.tally(), state.info, sha256, self._s3.clock.now())
        info = copy_large(self._s3, found, state.key, state.info, record, put_id=upload_id)
        self._mark_finished(upload_id, state, record, info)
        self._remove_bytes(upload_id, state)
        return info

    def _digest(self, found: Found) -> bytes:
        """Read the staged bytes again: several streams have no digest in common."""
        digest, end = hashlib.sha256(), found.size_bytes
        answer = open_range(self._s3, found, 0, end)
        with closing(S3Source(self._s3, found, answer, 0, end)) as source:
            for position in range(0, end, BLOCK_BYTES):
                digest.update(source.read(min(BLOCK_BYTES, end - position)))
        return digest.digest()

    def _mark_finished(
        self, upload_id: str, state: UploadState, record: Record, info: ObjectInfo
    ) -> None:
        """Remember what the upload became, for whoever asks after a lost answer."""
        finished = replace(
            state,
            size_bytes=info.size_bytes,
            crc32c=record.crc32c or 0,
            block_crcs=b"",
            record=record.encode(),
            object_etag=info.etag,
        )
        save(self._s3, upload_id, finished)

    def _remove_bytes(self, upload_id: str, state: UploadState) -> None:
        """Remove parts and staged object, whichever there is."""
        staging = STAGING + upload_id
        if state.multipart_id:
            Multipart(self._s3, staging, state.multipart_id).abort()
            with store_errors(self._s3, staging):
                self._s3.request("DELETE", staging)
