"""Resumable uploads over S3 and Azure: parts in a hidden place, state in a hidden text.

The parts are put together at a hidden key and copied to their own by the backend: so
that the digest of what came in several streams can be compared before anyone sees it,
and so that a condition that does not hold leaves the upload open.

Every write of the state names the version it replaces, so of two writers that both
believe the upload to be theirs only one goes on. Nothing about an upload is kept in a
process.
"""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.drivers.conditions import ConditionNotMet
from storage.drivers.parts import Part, SentPart, cut
from storage.drivers.record import Record, check_sha256, make_record
from storage.drivers.staging import StagingArea
from storage.drivers.upload_state import UploadState, decode_state, encode_state
from storage.errors import (
    ChecksumMismatch,
    InvalidRange,
    ObjectNotFound,
    SizeMismatch,
    UploadConflict,
    UploadNotFound,
)
from storage.keys import random_base62
from storage.store import Chunk, ObjectInfo, PutInfo
from storage.uploads import OpenUpload, Upload, UploadPage


class ResumableUploads:
    """The resumable uploads of one store; see `UploadStore` for every method."""

    def __init__(self, area: StagingArea) -> None:
        self._area = area

    def start(self, key: str, info: PutInfo) -> str:
        """Open an upload."""
        upload_id = random_base62()
        self._save(upload_id, UploadState(key, info))
        return upload_id

    def append(
        self, upload_id: str, offset: int, chunks: Iterable[Chunk], sha256: Callable[[], bytes]
    ) -> ObjectInfo:
        """Append the chunks and finish."""
        # A second writer of this process is refused here; one of another is found out
        # when it saves.
        with self._area.busy_with(upload_id):
            state = self._load(upload_id)
            if state.record:
                raise UploadNotFound(upload_id)
            if offset != state.size_bytes:
                raise InvalidRange(
                    f"the upload {upload_id!r} goes on at byte {state.size_bytes}, not {offset}",
                    persisted_bytes=str(state.size_bytes),
                )
            state = self._save(upload_id, replace(state, next_number=state.next_number + 1))
            for part in cut(chunks, self._area.schedule, offset):
                if part.is_last:
                    _check_size(state, state.size_bytes + len(part.content))
                if part.is_last and not state.parts:
                    return self._finish_small(upload_id, state, part, sha256())
                if part.content:
                    state = self._send(upload_id, state, part)
            return self._finish(upload_id, state, sha256())

    def query(self, upload_id: str) -> Upload:
        """Tell how far an upload is."""
        state = self._load(upload_id)
        info = state.finished()
        return Upload(upload_id, state.size_bytes, state.crc32c, info)

    def abort(self, upload_id: str) -> None:
        """Give up an upload, or forget a finished one."""
        with self._area.busy_with(upload_id), suppress(UploadNotFound):
            state = self._load(upload_id)
            self._area.remove_state(upload_id)
            self._area.remove_parts(upload_id, state.parts_id)

    def list(self, token: str, limit: int) -> UploadPage:
        """Return one page of the uploads that are open."""
        states = self._area.list_states(token, limit)
        uploads = []
        for upload_id, written in states.written.items():
            with suppress(UploadNotFound):  # aborted or swept at this moment
                state = self._load(upload_id)
                if not state.record:
                    uploads.append(OpenUpload(upload_id, state.key, written, state.size_bytes))
        return UploadPage(uploads, states.next_token)

    def sweep(self, older_than: timedelta) -> int:
        """Remove the uploads that nobody touched for that long; those here are spared."""
        before = datetime.fromtimestamp(self._area.now(), UTC) - older_than
        removed = 0
        for upload_id in self._area.old_states(before):
            with suppress(UploadConflict):
                self.abort(upload_id)
                removed += 1
        return removed

    def _send(self, upload_id: str, state: UploadState, part: Part) -> UploadState:
        """Send one part and write down that it counts."""
        if not state.parts_id:
            # Written down before it is used, so that it can be found and removed.
            parts_id = self._area.open_parts(upload_id)
            state = self._save(upload_id, replace(state, parts_id=parts_id))
        number = state.next_number
        etag = self._area.send_part(upload_id, state.parts_id, part, number)
        tally = state.tally()
        tally.add(Chunk(part.content, part.crc32c))
        sent = SentPart(number, etag, part.crc32c)
        return self._save(upload_id, state.with_part(sent, tally))

    def _finish_small(
        self, upload_id: str, state: UploadState, part: Part, sha256: bytes
    ) -> ObjectInfo:
        """Store what fits into one part at once."""
        try:
            if sha256:
                check_sha256(sha256, hashlib.sha256(part.content).digest())
        except ChecksumMismatch:
            self._area.remove_state(upload_id)
            raise
        tally = state.tally()
        tally.add(Chunk(part.content, part.crc32c))
        record = make_record(tally, state.info, sha256, self._area.now())
        info = self._area.publish_small(upload_id, state, part, record)
        self._mark_finished(upload_id, state, record, info)
        return info

    def _finish(self, upload_id: str, state: UploadState, sha256: bytes) -> ObjectInfo:
        """Put the parts together, compare, and copy to where the object belongs."""
        self._area.join_parts(upload_id, state)
        if sha256:
            try:
                check_sha256(sha256, self._digest(upload_id, state))
            except ChecksumMismatch:
                self._area.remove_state(upload_id)
                self._area.remove_parts(upload_id, state.parts_id)
                raise
        record = make_record(state.tally(), state.info, sha256, self._area.now())
        info = self._area.publish(upload_id, state, record)
        self._mark_finished(upload_id, state, record, info)
        self._area.remove_parts(upload_id, state.parts_id)
        return info

    def _digest(self, upload_id: str, state: UploadState) -> bytes:
        """Read the joined bytes: several streams have no digest in common."""
        digest = hashlib.sha256()
        for block in self._area.read_joined(upload_id, state.size_bytes):
            digest.update(block)
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
        self._save(upload_id, finished)

    def _load(self, upload_id: str) -> UploadState:
        """Read the state of an upload."""
        if not (upload_id.isascii() and upload_id.isalnum()):
            raise UploadNotFound(upload_id)
        try:
            return decode_state(*self._area.read_state(upload_id))
        except ObjectNotFound:
            raise UploadNotFound(upload_id) from None

    def _save(self, upload_id: str, state: UploadState) -> UploadState:
        """Replace the version that `state` was made of; returns it with its new version.

        Raises:
            UploadConflict: another writer has replaced it, or removed it.
        """
        try:
            version = self._area.write_state(upload_id, encode_state(state), state.version)
        except (ConditionNotMet, ObjectNotFound):
            version = self._settled(upload_id, state)
        return replace(state, version=version)

    def _settled(self, upload_id: str, state: UploadState) -> str:
        """Return the version that is there if it is ours, written by a request sent twice."""
        try:
            there = self._load(upload_id)
        except UploadNotFound:
            raise UploadConflict(f"the upload {upload_id!r} was removed meanwhile") from None
        if encode_state(there) != encode_state(state):
            raise UploadConflict(f"another writer went on with the upload {upload_id!r}")
        return there.version


def _check_size(state: UploadState, size_bytes: int) -> None:
    """Compare the size of the whole with what was said at the start.

    Raises:
        SizeMismatch: they differ. The last part was not sent: more may come.
    """
    if state.info.size_bytes not in {None, size_bytes}:
        raise SizeMismatch(
            f"the upload was to have {state.info.size_bytes} bytes, not {size_bytes}"
        )
