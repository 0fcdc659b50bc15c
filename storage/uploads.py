"""The seam of resumable uploads, and of signed URLs: what a store in service does besides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from storage.store import Chunk, ObjectInfo, ObjectStore, PutInfo, no_sha256

# Fewer than objects: of each upload, what is known has to be read by itself.
MAX_UPLOADS_LIMIT = 100


@dataclass(frozen=True)
class Upload:
    """How far a resumable upload is.

    Attributes:
        upload_id: as `start_upload` gave it.
        persisted_bytes: what is kept and survives a crash of this process; where the
            upload goes on. Never shrinks. Of a finished upload, the object's size.
        persisted_crc32c: of these bytes.
        info: the object, once the upload is finished; None while it is open.
    """

    upload_id: str
    persisted_bytes: int
    persisted_crc32c: int
    info: ObjectInfo | None = None


@dataclass(frozen=True)
class OpenUpload:
    """An upload as it is listed.

    Attributes:
        upload_id: as `start_upload` gave it.
        key: where the object will be.
        touch_time: when it was opened, or last grew if that was later; aware, UTC, by
            the backend's clock.
        persisted_bytes: what is kept.
    """

    upload_id: str
    key: str
    touch_time: datetime
    persisted_bytes: int


@dataclass(frozen=True)
class UploadPage:
    """One page of open uploads.

    Attributes:
        uploads: in no particular order.
        next_token: where the next page begins; empty for the last page.
    """

    uploads: list[OpenUpload]
    next_token: str = ""


class UploadStore(ObjectStore, Protocol):
    """A store that takes an object in several streams, also across its own crashes.

    What is needed to go on lives in the store itself (a staging file, a multipart
    upload, uncommitted blocks), never only in the process: any copy of the service
    may take the next stream. An unfinished upload is invisible to `get` and `list`.
    """

    def start_upload(self, key: str, info: PutInfo) -> str:
        """Open an upload and return its unguessable id (base62, at least 128 bits).

        `info` is kept with it, conditions included; they are decided when the upload
        is finished. `info.sha256` is not used here.
        """
        ...

    def continue_upload(
        self,
        upload_id: str,
        offset: int,
        chunks: Iterable[Chunk],
        sha256: Callable[[], bytes] = no_sha256,
    ) -> ObjectInfo:
        """Append the chunks and, when they end, finish: the object becomes visible.

        If iterating `chunks` raises, the upload stays open, the error passes through
        unchanged, and what had arrived is kept as far as the store can: a file system
        keeps every chunk, S3 whole parts.

        Args:
            upload_id: an open upload.
            offset: where the first chunk belongs; the persisted size.
            chunks: the rest of the content.
            sha256: as in `PutInfo`, over the whole object.

        Raises:
            UploadNotFound: there is no such upload, or it is finished.
            UploadConflict: another writer is at it; of two at once, at least one gets
                this, and the other's bytes are not harmed.
            InvalidRange: `offset` is not the persisted size; the metadata
                `persisted_bytes` names it.
            ObjectExists, EtagMismatch, ObjectNotFound: the condition given at the start
                does not hold; the upload stays open.
            ChecksumMismatch: the whole does not have its SHA-256; the upload is removed,
                because nothing can be appended that would make it right.
            SizeMismatch: the whole is not as long as was said at the start; the upload
                stays open.
        """
        ...

    def query_upload(self, upload_id: str) -> Upload:
        """Tell how far an upload is; of a finished one, what it became.

        A finished upload is remembered until `sweep_uploads` forgets it.

        Raises:
            UploadNotFound: it was never there, aborted or swept.
        """
        ...

    def abort_upload(self, upload_id: str) -> None:
        """Give up an upload and remove what it kept. One that is not there is fine.

        An upload that is finished is only forgotten; its object stays.

        Raises:
            UploadConflict: a writer is at it.
        """
        ...

    def list_uploads(self, token: str = "", limit: int = MAX_UPLOADS_LIMIT) -> UploadPage:
        """Return one page of the uploads that are open, each upload on one page only.

        An upload that is opened, finished or aborted meanwhile may be listed or not. A
        page may have fewer than `limit`, or none, and not be the last.

        Args:
            token: `next_token` of the page before.
            limit: uploads on the page, 1 to 100.
        """
        ...

    def sweep_uploads(self, older_than: timedelta) -> int:
        """Remove what was begun and not touched for that long, and return how many.

        Open uploads, the memory of finished ones, and whatever a killed process left
        behind; never what a writer is at.
        """
        ...


@dataclass(frozen=True)
class UrlRequest:
    """Which URL to sign.

    Attributes:
        method: "GET" (HEAD too, but not on S3, which signs the method) or "PUT".
        expiry: how long it works, at most 7 days.
        content_type: PUT: what the request must carry; empty for any.
        content_disposition: GET: what to answer with; empty for the object's own.
    """

    method: str
    expiry: timedelta
    content_type: str = ""
    content_disposition: str = ""


@dataclass(frozen=True)
class SignedUrl:
    """A URL that works without further credentials until it expires.

    Attributes:
        url: absolute, on the host that the public reaches.
        expire_time: aware, UTC.
        headers: what the request must carry, by name.
    """

    url: str
    expire_time: datetime
    headers: dict[str, str] = field(default_factory=dict)


class UrlSigner(Protocol):
    """Issues signed URLs for the objects of one store."""

    def sign_url(self, key: str, request: UrlRequest) -> SignedUrl:
        """Sign a URL for one object, which need not exist yet."""
        ...
