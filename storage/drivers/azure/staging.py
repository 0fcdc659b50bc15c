"""Where Azure keeps the blocks of resumable uploads, and what is known about them."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime

from azure.core import MatchConditions
from azure.storage.blob import BlobBlock

from storage.drivers.azure.connection import AzureConnection
from storage.drivers.azure.errors import store_errors
from storage.drivers.azure.layout import HIDDEN, find
from storage.drivers.azure.listing import list_hidden, page_hidden
from storage.drivers.azure.reading import open_object
from storage.drivers.azure.writing import SCHEDULE, block_name, put_stream, put_whole, stage
from storage.drivers.conditions import ConditionNotMet
from storage.drivers.parts import Part, Schedule
from storage.drivers.record import Record
from storage.drivers.staging import States, gone_as_conflict
from storage.drivers.upload_state import UploadState
from storage.errors import ObjectNotFound
from storage.store import Buffer, ObjectInfo

UPLOADS = f"{HIDDEN}uploads/"
_STAGING = f"{HIDDEN}staging/"


class AzureStaging:
    """The `StagingArea` of one container: a hidden blob with waiting blocks for each."""

    schedule: Schedule = SCHEDULE

    def __init__(self, azure: AzureConnection) -> None:
        self._azure = azure

    def now(self) -> float:
        """Return this machine's time; Azure has no quarrel with it."""
        return time.time()

    def busy_with(self, upload_id: str) -> AbstractContextManager[None]:
        """Be at an upload in the block."""
        return self._azure.busy.hold(upload_id)

    def read_state(self, upload_id: str) -> tuple[bytes, str]:
        """Return the text about an upload and its etag."""
        with store_errors(self._azure.options, UPLOADS + upload_id):
            download = self._azure.call(self._azure.blob(UPLOADS + upload_id).download_blob)
            return bytes(download.readall()), str(download.properties.etag)

    def write_state(self, upload_id: str, text: bytes, version: str) -> str:
        """Replace the text that has this etag."""
        condition = (
            {"etag": version, "match_condition": MatchConditions.IfNotModified}
            if version
            else {"match_condition": MatchConditions.IfMissing}
        )
        blob = self._azure.blob(UPLOADS + upload_id)
        with store_errors(self._azure.options, UPLOADS + upload_id):
            written = self._azure.call(
                lambda: blob.upload_blob(text, length=len(text), overwrite=True, **condition)
            )
        return str(written["etag"])

    def remove_state(self, upload_id: str) -> None:
        """Forget an upload."""
        self._delete(UPLOADS + upload_id)

    def list_states(self, token: str, limit: int) -> States:
        """Return one page of the uploads and when they were last written."""
        page = page_hidden(self._azure, UPLOADS, token, limit)
        written = {entry.key.removeprefix(UPLOADS): entry.modify_time for entry in page.objects}
        return States(written, page.next_token)

    def old_states(self, before: datetime) -> Iterator[str]:
        """Yield the uploads last written before a time."""
        for entry in list_hidden(self._azure, UPLOADS):
            if entry.modify_time <= before:
                yield entry.key.removeprefix(UPLOADS)

    def open_parts(self, upload_id: str) -> str:
        """Blocks need no place before the first one comes."""
        return _STAGING + upload_id

    def send_part(self, upload_id: str, parts_id: str, part: Part, number: int) -> str:
        """Stage one block; it is known by its number."""
        stage(self._azure, parts_id, part, block_name(upload_id, number))
        return ""

    def join_parts(self, upload_id: str, state: UploadState) -> None:
        """Commit the blocks, unless that was done already."""
        blocks = [BlobBlock(block_name(upload_id, part.number)) for part in state.parts]
        try:
            with store_errors(self._azure.options, state.parts_id):
                self._azure.blob(state.parts_id).commit_block_list(blocks)
        except ConditionNotMet:
            with gone_as_conflict(upload_id):
                find(self._azure, state.parts_id)

    def read_joined(self, upload_id: str, size_bytes: int) -> Iterator[Buffer]:
        """Yield the hidden object."""
        with open_object(self._azure, _STAGING + upload_id, 0, size_bytes) as reader:
            for chunk in reader:
                yield chunk.content

    def publish(self, upload_id: str, state: UploadState, record: Record) -> ObjectInfo:
        """Put the hidden object at its key.

        Its bytes come through this process: Azure copies whole objects of any size only
        in the background, where a reader would meet half of one.
        """
        staged = open_object(
            self._azure, _STAGING + upload_id, 0, None, block_crcs=state.block_crcs
        )
        info = replace(state.info, sha256=lambda: record.sha256)
        modify_s = record.modify_time.timestamp()
        with staged as reader:
            return put_stream(
                self._azure, state.key, reader, info, put_id=upload_id, modify_s=modify_s
            )

    def publish_small(
        self, upload_id: str, state: UploadState, part: Part, record: Record
    ) -> ObjectInfo:
        """Put an object of a single part."""
        return put_whole(self._azure, state.key, part, record, state.info, put_id=upload_id)

    def remove_parts(self, upload_id: str, parts_id: str) -> None:
        """Delete what the blocks became; waiting ones go by themselves."""
        if parts_id:
            self._delete(_STAGING + upload_id)

    def _delete(self, name: str) -> None:
        with suppress(ObjectNotFound), store_errors(self._azure.options, name):
            self._azure.blob(name).delete_blob()
