"""The filesystem driver: objects as files, and uploads that survive the process."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from heapq import nsmallest
from pathlib import Path

from storage.drivers.filesystem import durable, footer
from storage.drivers.filesystem.errors import disk_errors
from storage.drivers.filesystem.locks import try_lock
from storage.drivers.filesystem.objects import ObjectFiles, make_info
from storage.drivers.filesystem.upload_folder import UploadFolder
from storage.drivers.filesystem.writer import Content
from storage.errors import (
    ChecksumMismatch,
    InvalidRange,
    SizeMismatch,
    StoreError,
    UploadConflict,
    UploadNotFound,
)
from storage.keys import check_key, random_base62
from storage.store import Chunk, ObjectInfo, PutInfo, no_sha256
from storage.uploads import MAX_UPLOADS_LIMIT, OpenUpload, Upload, UploadPage


class FilesystemStore(ObjectFiles):
    """Keeps objects as files (objects.py) and open uploads in a folder beside them.

    uploads/<id>/ is one upload (upload_folder.py). Locks on files tell whether a writer
    is at an upload; they end with the process that holds them.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._uploads = root / "uploads"
        with disk_errors():
            durable.make_folder(self._uploads)

    def start_upload(self, key: str, info: PutInfo) -> str:
        """Open an upload."""
        check_key(key)
        upload = UploadFolder(self._uploads / random_base62())
        with disk_errors():
            upload.create(key, info)
        return upload.upload_id

    def continue_upload(
        self,
        upload_id: str,
        offset: int,
        chunks: Iterable[Chunk],
        sha256: Callable[[], bytes] = no_sha256,
    ) -> ObjectInfo:
        """Append the chunks and finish."""
        with self._held(upload_id) as upload:
            key, info = upload.info()
            if upload.finished():
                raise UploadNotFound(upload_id)
            with upload.appending() as content:
                if offset != content.size_bytes:
                    raise InvalidRange(
                        f"the upload goes on at byte {content.size_bytes}, not {offset}",
                        persisted_bytes=str(content.size_bytes),
                    )
                content.append_all(chunks)
                return self._finish(upload, content, key, info, sha256())

    def query_upload(self, upload_id: str) -> Upload:
        """Tell how far an upload is."""
        upload = self._upload(upload_id)
        with disk_errors():
            upload.info()
            done = upload.finished()
            if done is None:
                try:
                    content = upload.progress()
                except UploadNotFound:
                    done = upload.finished()  # at this moment
                    if done is None:
                        raise
                else:
                    return Upload(upload_id, content.size_bytes, content.crc32c)
        return Upload(upload_id, done.size_bytes, done.crc32c or 0, done)

    def abort_upload(self, upload_id: str) -> None:
        """Give up an upload."""
        try:
            with self._held(upload_id) as upload, disk_errors():
                upload.remove()
                durable.sync_folder(self._uploads)
        except UploadNotFound:
            return

    def list_uploads(self, token: str = "", limit: int = MAX_UPLOADS_LIMIT) -> UploadPage:
        """Return one page of the uploads that are open, by their ids."""
        upload_ids: list[str] = []
        # A disk that is not mounted has no uploads, as it has no objects.
        with suppress(FileNotFoundError), disk_errors(), os.scandir(self._uploads) as found:
            following = (entry.name for entry in found if entry.name > token)
            upload_ids = nsmallest(limit + 1, following)
        uploads: list[OpenUpload] = []
        for upload_id in upload_ids[:limit]:
            # Finished, aborted or swept at this moment, or never wholly made.
            with suppress(UploadNotFound, FileNotFoundError):
                uploads.extend(self._open_upload(upload_id))
        return UploadPage(uploads, upload_ids[limit - 1] if len(upload_ids) > limit else "")

    def sweep_uploads(self, older_than: timedelta) -> int:
        """Remove old uploads, and at any age what a killed process left in staging."""
        limit = time.time() - older_than.total_seconds()
        removed = self.sweep_staging()
        with disk_errors():
            for folder in list(self._uploads.iterdir()):
                if folder.stat().st_mtime < limit and self._sweep(UploadFolder(folder), limit):
                    removed += 1
        return removed

    def _open_upload(self, upload_id: str) -> Iterator[OpenUpload]:
        """Yield the upload if it is open."""
        upload = self._upload(upload_id)
        with disk_errors():
            key, _ = upload.info()
            if upload.finished() is None:
                touch_time = datetime.fromtimestamp(upload.touched_s(), UTC)
                yield OpenUpload(upload_id, key, touch_time, upload.progress().size_bytes)

    def _sweep(self, upload: UploadFolder, limit: float) -> bool:
        """Remove one upload if nothing touched it since `limit` and nobody is at it."""
        with try_lock(upload.lock) as held:
            abandoned = (held or not upload.lock.exists()) and upload.touched_s() < limit
            if abandoned:
                upload.remove()
            return abandoned

    def _finish(
        self, upload: UploadFolder, content: Content, key: str, info: PutInfo, sha256: bytes
    ) -> ObjectInfo:
        """Make the object of a complete upload visible."""
        if info.size_bytes not in {None, content.size_bytes}:
            raise SizeMismatch(
                f"the upload was to have {info.size_bytes} bytes, not {content.size_bytes}"
            )
        try:
            content.check_sha256(sha256)
        except ChecksumMismatch:
            upload.remove()
            raise
        stored = make_info(key, content, info, sha256)
        with disk_errors():
            upload.note_done(stored)
        try:
            content.seal(footer.encode(stored, content.runs))
            self.publish(upload.content, stored, info)
        except StoreError:
            upload.note_open()
            raise
        upload.forget_runs()
        return stored

    def _upload(self, upload_id: str) -> UploadFolder:
        """Return an upload's folder, which need not exist. An id is a name, never a path."""
        if not upload_id.isascii() or not upload_id.isalnum():
            raise UploadNotFound(upload_id)
        return UploadFolder(self._uploads / upload_id)

    @contextmanager
    def _held(self, upload_id: str) -> Iterator[UploadFolder]:
        """Hold an upload's only right to write."""
        upload = self._upload(upload_id)
        with try_lock(upload.lock) as held:
            if held:
                yield upload
            elif upload.lock.exists():
                raise UploadConflict(f"another writer is at the upload {upload_id!r}")
            else:
                raise UploadNotFound(upload_id)
