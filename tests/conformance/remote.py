"""The storage client behind the store's seam, so that the suite can run on it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from threading import Condition
from types import TracebackType
from typing import Any, Self

from crc32c import crc32c

import storage.errors as store_errors
from services.rpc.status import STATUSES
from storage.store import Chunk, ObjectInfo, Page, PutInfo, always, no_sha256
from storage.uploads import MAX_UPLOADS_LIMIT, OpenUpload, Upload, UploadPage, UploadStore
from tintype.errors import TintypeError
from tintype.storage.client import ObjectReader, StorageClient
from tintype.storage.v1 import storage_pb2 as pb

_BY_REASON = {
    status.reason: kind
    for kind, status in STATUSES.items()
    if issubclass(kind, store_errors.StoreError)
}


@contextmanager
def seam_errors() -> Iterator[None]:
    """Say the client's errors in the store's words again, by their reason."""
    try:
        yield
    except UnicodeEncodeError as error:  # no message can carry it
        raise store_errors.InvalidKey("must be UTF-8") from error
    except TintypeError as error:
        kind = _BY_REASON.get(error.reason)
        if kind is None:
            raise
        said = kind.__new__(kind)
        store_errors.StoreError.__init__(said, str(error), **error.metadata)
        raise said from error


def seam_info(info: pb.ObjectInfo) -> ObjectInfo:
    """Say a message in the store's words."""
    return ObjectInfo(
        key=info.key,
        size_bytes=info.size_bytes,
        etag=info.etag,
        modify_time=info.modify_time.ToDatetime(UTC),
        content_type=info.content_type,
        cache_control=info.cache_control,
        content_disposition=info.content_disposition,
        user_metadata=dict(info.user_metadata),
        crc32c=info.crc32c if info.HasField("crc32c") else None,
        sha256=info.sha256,
    )


class RemoteReader:
    """A client's reader as the seam has it."""

    def __init__(self, reader: ObjectReader) -> None:
        self._reader = reader
        self.info = seam_info(reader.info)
        self.offset = reader.offset
        self.length_bytes = reader.length_bytes

    def __iter__(self) -> Iterator[Chunk]:
        with seam_errors():
            for content in self._reader:
                yield Chunk(content, crc32c(content))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.close()


class WatchedStore:
    """The service's own store, which tells when no upload is being written to any more."""

    def __init__(self, store: UploadStore) -> None:
        self._store = store
        self._idle = Condition()
        self._writers = 0

    def continue_upload(self, *args: Any) -> ObjectInfo:
        with self._idle:
            self._writers += 1
        try:
            return self._store.continue_upload(*args)
        finally:
            with self._idle:
                self._writers -= 1
                self._idle.notify_all()

    def wait_idle(self) -> None:
        """Wait until the service has noticed that a caller is gone."""
        with self._idle:
            assert self._idle.wait_for(lambda: not self._writers, 30)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class RemoteStore:
    """A store that is a client and a service away.

    Attributes:
        behind: the service's own store, for what no call of the contract does.
    """

    def __init__(self, client: StorageClient, behind: WatchedStore) -> None:
        self._client = client
        self.behind = behind

    @seam_errors()
    def put(self, key: str, chunks: Iterable[Chunk], info: PutInfo) -> ObjectInfo:
        runs = (chunk.content for chunk in chunks)
        stored = self._client.put(key, runs, sha256=info.sha256, **_options(info))
        return seam_info(stored)

    @seam_errors()
    def get(self, key: str, offset: int = 0, length_bytes: int | None = None) -> RemoteReader:
        return RemoteReader(
            self._client.get(key, offset=offset, length_bytes=length_bytes or 0, timeout_s=60)
        )

    @seam_errors()
    def head(self, key: str) -> ObjectInfo:
        return seam_info(self._client.head(key))

    @seam_errors()
    def delete(self, key: str, if_etag: str = "") -> None:
        self._client.delete(key, if_etag=if_etag)

    @seam_errors()
    def list(
        self, prefix: str = "", delimiter: str = "", token: str = "", limit: int = 1000
    ) -> Page:
        page = self._client.list_page(prefix, delimiter, page_size=limit, page_token=token)
        objects = [seam_info(info) for info in page.objects]
        return Page(objects, list(page.common_prefixes), page.next_page_token)

    @seam_errors()
    def copy(
        self,
        source_key: str,
        target_key: str,
        info: PutInfo,
        if_source_etag: str = "",
        go_on: Callable[[], None] = always,
    ) -> ObjectInfo:
        go_on()
        copied = self._client.copy(
            source_key,
            target_key,
            create_only=info.create_only,
            if_etag=info.if_etag,
            if_source_etag=if_source_etag,
        )
        return seam_info(copied)

    @seam_errors()
    def start_upload(self, key: str, info: PutInfo) -> str:
        return self._client.start_upload(key, **_options(info)).upload_id

    @seam_errors()
    def continue_upload(
        self,
        upload_id: str,
        offset: int,
        chunks: Iterable[Chunk],
        sha256: Callable[[], bytes] = no_sha256,
    ) -> ObjectInfo:
        runs = (chunk.content for chunk in chunks)
        try:
            return seam_info(self._client.continue_upload(upload_id, offset, runs, sha256=sha256))
        except TintypeError:
            raise
        except Exception:  # the caller's own: the call is over here before it is over there
            self.behind.wait_idle()
            raise

    @seam_errors()
    def query_upload(self, upload_id: str) -> Upload:
        upload = self._client.query_upload(upload_id)
        info = seam_info(upload.info) if upload.HasField("info") else None
        return Upload(upload_id, upload.persisted_bytes, upload.persisted_crc32c, info)

    @seam_errors()
    def abort_upload(self, upload_id: str) -> None:
        self._client.abort_upload(upload_id)

    @seam_errors()
    def list_uploads(self, token: str = "", limit: int = MAX_UPLOADS_LIMIT) -> UploadPage:
        page = self._client.list_uploads_page(page_size=limit, page_token=token)
        uploads = [
            OpenUpload(
                upload.upload_id,
                upload.key,
                upload.touch_time.ToDatetime(UTC),
                upload.persisted_bytes,
            )
            for upload in page.uploads
        ]
        return UploadPage(uploads, page.next_page_token)

    def sweep_uploads(self, older_than: timedelta) -> int:
        return self.behind.sweep_uploads(older_than)

    def check(self) -> None:
        self.behind.check()

    def close(self) -> None:
        self._client.close()


def _options(info: PutInfo) -> dict[str, object]:
    """Return how to store as the client's arguments."""
    return {
        "content_type": info.content_type,
        "cache_control": info.cache_control,
        "content_disposition": info.content_disposition,
        "user_metadata": info.user_metadata,
        "size_bytes": info.size_bytes,
        "create_only": info.create_only,
        "if_etag": info.if_etag,
    }
