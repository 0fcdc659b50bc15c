"""The Azure driver: the seam over one container."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from azure.core import MatchConditions

from storage.drivers.azure.connection import AzureConnection
from storage.drivers.azure.errors import store_errors
from storage.drivers.azure.layout import delete_record, find
from storage.drivers.azure.listing import list_visible
from storage.drivers.azure.options import AzureOptions
from storage.drivers.azure.reading import open_object
from storage.drivers.azure.signing import sign
from storage.drivers.azure.staging import AzureStaging
from storage.drivers.azure.sweep import sweep_records
from storage.drivers.azure.writing import put_stream
from storage.drivers.conditions import ConditionNotMet
from storage.drivers.reader import CheckedReader
from storage.drivers.resumable import ResumableUploads
from storage.drivers.stopping import stoppable
from storage.errors import EtagMismatch, ObjectNotFound
from storage.keys import check_key, random_base62
from storage.store import MAX_LIST_LIMIT, Chunk, ObjectInfo, Page, PutInfo, always, no_sha256
from storage.uploads import MAX_UPLOADS_LIMIT, SignedUrl, Upload, UploadPage, UrlRequest


class AzureStore:
    """Keeps objects in one container, under their own keys. Safe to share between threads."""

    def __init__(self, options: AzureOptions) -> None:
        self._azure = AzureConnection(options)
        self._uploads = ResumableUploads(AzureStaging(self._azure))

    def put(self, key: str, chunks: Iterable[Chunk], info: PutInfo) -> ObjectInfo:
        """Store the chunks as one object."""
        check_key(key)
        put_id = random_base62()
        with self._azure.busy.hold(put_id):
            return put_stream(self._azure, key, chunks, info, put_id=put_id)

    def get(self, key: str, offset: int = 0, length_bytes: int | None = None) -> CheckedReader:
        """Open an object for reading."""
        check_key(key)
        return open_object(self._azure, key, offset, length_bytes)

    def head(self, key: str) -> ObjectInfo:
        """Return what is known about an object."""
        check_key(key)
        return find(self._azure, key).info()

    def delete(self, key: str, if_etag: str = "") -> None:
        """Remove an object."""
        check_key(key)
        try:
            found = find(self._azure, key)
            if if_etag not in {"", found.etag}:
                raise EtagMismatch(key, if_etag, found.etag)
            condition: dict[str, Any] = (
                {"etag": f'"{if_etag}"', "match_condition": MatchConditions.IfNotModified}
                if if_etag
                else {}
            )
            with store_errors(self._azure.options, key):
                self._azure.blob(key).delete_blob(**condition)
        except ConditionNotMet:
            raise EtagMismatch(key, if_etag, find(self._azure, key).etag) from None
        except ObjectNotFound:
            if if_etag:
                raise
            return
        if found.is_record_hidden:
            delete_record(self._azure, found.put_id)

    def list(
        self, prefix: str = "", delimiter: str = "", token: str = "", limit: int = MAX_LIST_LIMIT
    ) -> Page:
        """Return one page of the objects whose keys start with `prefix`."""
        return list_visible(self._azure, prefix, delimiter, token, limit)

    def copy(
        self,
        source_key: str,
        target_key: str,
        info: PutInfo,
        if_source_etag: str = "",
        go_on: Callable[[], None] = always,
    ) -> ObjectInfo:
        """Copy an object. Its bytes come through this process, checked on the way."""
        check_key(source_key)
        check_key(target_key)
        try:
            reader = open_object(self._azure, source_key, 0, None, if_etag=if_source_etag)
        except ConditionNotMet:
            found = find(self._azure, source_key)
            raise EtagMismatch(source_key, if_source_etag, found.etag) from None
        source = reader.info
        kept = replace(
            info,
            content_type=source.content_type,
            cache_control=source.cache_control,
            content_disposition=source.content_disposition,
            user_metadata=source.user_metadata,
            sha256=lambda: source.sha256,
        )
        with reader:
            return self.put(target_key, stoppable(reader, go_on), kept)

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
        """Append the chunks and, when they end, finish. What is kept is kept in whole blocks."""
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
        return self._uploads.sweep(older_than) + sweep_records(self._azure, older_than)

    def sign_url(self, key: str, request: UrlRequest) -> SignedUrl:
        """Sign a URL for one object."""
        check_key(key)
        return sign(self._azure.options, key, request)

    def check(self) -> None:
        """Ask for the container; create it if it is missing and that is allowed."""
        with store_errors(self._azure.options):
            self._azure.call(self._azure.container.get_container_properties)

    def close(self) -> None:
        """Close all connections."""
        self._azure.close()
