"""Where S3 keeps the parts of resumable uploads, and what is known about them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import datetime

from storage.drivers.parts import Part, Schedule
from storage.drivers.record import BLOCK_BYTES, Record
from storage.drivers.s3.connection import S3Connection
from storage.drivers.s3.copying import copy_large
from storage.drivers.s3.errors import NoSuchUpload, store_errors
from storage.drivers.s3.layout import HIDDEN
from storage.drivers.s3.listing import list_hidden, page_hidden
from storage.drivers.s3.multipart import SCHEDULE, Multipart, start_multipart
from storage.drivers.s3.reading import open_range, source_of
from storage.drivers.s3.records import find
from storage.drivers.s3.writing import put_whole
from storage.drivers.staging import States, gone_as_conflict
from storage.drivers.upload_state import UploadState
from storage.store import Buffer, ObjectInfo

UPLOADS = f"{HIDDEN}uploads/"
STAGING = f"{HIDDEN}staging/"


class S3Staging:
    """The `StagingArea` of one bucket: a multipart upload of a hidden object for each."""

    schedule: Schedule = SCHEDULE

    def __init__(self, s3: S3Connection) -> None:
        self._s3 = s3

    def now(self) -> float:
        """Return the server's time."""
        return self._s3.now()

    def busy_with(self, upload_id: str) -> AbstractContextManager[None]:
        """Be at an upload in the block."""
        return self._s3.busy.hold(upload_id)

    def read_state(self, upload_id: str) -> tuple[bytes, str]:
        """Return the text about an upload and its etag."""
        with store_errors(self._s3, UPLOADS + upload_id):
            answer = self._s3.request("GET", UPLOADS + upload_id)
        return answer.body, answer.headers["ETag"].strip('"')

    def write_state(self, upload_id: str, text: bytes, version: str) -> str:
        """Replace the text that has this etag."""
        headers = {"If-Match": f'"{version}"'} if version else {"If-None-Match": "*"}
        with store_errors(self._s3, UPLOADS + upload_id):
            answer = self._s3.put(UPLOADS + upload_id, text, headers=headers)
        return answer.headers["ETag"].strip('"')

    def remove_state(self, upload_id: str) -> None:
        """Forget an upload."""
        with store_errors(self._s3, UPLOADS + upload_id):
            self._s3.request("DELETE", UPLOADS + upload_id)

    def list_states(self, token: str, limit: int) -> States:
        """Return one page of the uploads and when they were last written."""
        page = page_hidden(self._s3, UPLOADS, token, limit)
        written = {entry.key.removeprefix(UPLOADS): entry.modify_time for entry in page.objects}
        return States(written, page.next_token)

    def old_states(self, before: datetime) -> Iterator[str]:
        """Yield the uploads last written before a time."""
        for entry in list_hidden(self._s3, UPLOADS):
            if entry.modify_time <= before:
                yield entry.key.removeprefix(UPLOADS)

    def open_parts(self, upload_id: str) -> str:
        """Start the multipart upload."""
        return start_multipart(self._s3, STAGING + upload_id, {}, checksums=True).upload_id

    def send_part(self, upload_id: str, parts_id: str, part: Part, number: int) -> str:
        """Send one part."""
        multipart = Multipart(self._s3, STAGING + upload_id, parts_id)
        multipart.send(part, number)
        return multipart.parts[0].etag

    def join_parts(self, upload_id: str, state: UploadState) -> None:
        """Complete the multipart upload, unless that was done already."""
        parts = list(state.parts)
        multipart = Multipart(self._s3, STAGING + upload_id, state.parts_id, parts)
        try:
            multipart.complete({}, state.crc32c)
        except NoSuchUpload:
            with gone_as_conflict(upload_id):
                find(self._s3, STAGING + upload_id)

    def read_joined(self, upload_id: str, size_bytes: int) -> Iterator[Buffer]:
        """Yield the hidden object."""
        found, end = find(self._s3, STAGING + upload_id), size_bytes
        answer = open_range(self._s3, found, 0, end)
        with closing(source_of(self._s3, found, answer, 0, end)) as source:
            for position in range(0, end, BLOCK_BYTES):
                yield source.read(min(BLOCK_BYTES, end - position))

    def publish(self, upload_id: str, state: UploadState, record: Record) -> ObjectInfo:
        """Let the server copy the hidden object to its key."""
        found = find(self._s3, STAGING + upload_id)
        return copy_large(self._s3, found, state.key, state.info, record, put_id=upload_id)

    def publish_small(
        self, upload_id: str, state: UploadState, part: Part, record: Record
    ) -> ObjectInfo:
        """Put an object of a single part."""
        return put_whole(self._s3, state.key, part, record, state.info, put_id=upload_id)

    def remove_parts(self, upload_id: str, parts_id: str) -> None:
        """Abort the multipart upload and delete what it may have become."""
        if parts_id:
            Multipart(self._s3, STAGING + upload_id, parts_id).abort()
            with store_errors(self._s3):
                self._s3.request("DELETE", STAGING + upload_id)
