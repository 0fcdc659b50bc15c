"""The storage client's part for uploads in several streams, and for signed URLs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import cast

from google.protobuf.duration_pb2 import Duration

from tintype.framing import Buffer
from tintype.storage.calls import Calls, Digest, precondition
from tintype.storage.v1 import storage_pb2 as pb
from tintype.streams import Totals

_METHODS = {"GET": pb.SIGNED_METHOD_GET, "PUT": pb.SIGNED_METHOD_PUT}


class UploadCalls(Calls):
    """Resumable uploads and signed URLs.

    A resumable upload goes on after anything, a restart of either side included:

        upload_id = client.start_upload("films/a.mp4").upload_id
        while True:
            file.seek(client.query_upload(upload_id).persisted_bytes)
            try:
                client.continue_upload(upload_id, file.tell(), read_chunks(file))
            except Unavailable:
                continue
            break
    """

    def start_upload(
        self,
        key: str,
        *,
        content_type: str = "",
        cache_control: str = "",
        content_disposition: str = "",
        user_metadata: Mapping[str, str] | None = None,
        size_bytes: int | None = None,
        create_only: bool = False,
        if_etag: str = "",
        timeout_s: float | None = None,
    ) -> pb.StartUploadResponse:
        """Open a resumable upload; the conditions are decided when it is finished."""
        header = pb.PutHeader(
            key=key,
            content_type=content_type,
            cache_control=cache_control,
            content_disposition=content_disposition,
            user_metadata=user_metadata,
            size_bytes=size_bytes,
            precondition=precondition(create_only=create_only, if_etag=if_etag),
        )
        request = pb.StartUploadRequest(header=header)
        return cast("pb.StartUploadResponse", self._call("StartUpload", request, timeout_s))

    def continue_upload(
        self,
        upload_id: str,
        offset: int,
        chunks: Iterable[Buffer],
        *,
        sha256: Digest = b"",
        timeout_s: float | None = None,
    ) -> pb.ObjectInfo:
        """Send the rest of an upload, and finish it when the chunks end.

        If iterating `chunks` raises, that error comes back unchanged, and what had
        arrived stays: the upload can be continued.

        Args:
            upload_id: from `start_upload`.
            offset: where the first chunk belongs; `query_upload` tells.
            chunks: the rest of the content, in runs of any size.
            sha256: of the whole object, to be checked and recorded; empty for neither.
            timeout_s: seconds for all of it.

        Raises:
            OutOfRange: the upload goes on elsewhere.
            Aborted: another writer is at it.
            NotFound: there is no such upload, or it is finished.
        """
        upload = self.query_upload(upload_id, timeout_s=timeout_s)
        header = pb.PutHeader(upload_id=upload_id, upload_offset=offset)
        sent_before = Totals(offset, upload.persisted_crc32c)
        return self._put(header, chunks, sent_before, sha256, timeout_s)

    def query_upload(
        self, upload_id: str, *, timeout_s: float | None = None
    ) -> pb.QueryUploadResponse:
        """Tell how much of an upload the service keeps; of a finished one, the object."""
        request = pb.QueryUploadRequest(upload_id=upload_id)
        return cast("pb.QueryUploadResponse", self._call("QueryUpload", request, timeout_s))

    def abort_upload(self, upload_id: str, *, timeout_s: float | None = None) -> None:
        """Give up an upload. One that is not there is fine."""
        self._call("AbortUpload", pb.AbortUploadRequest(upload_id=upload_id), timeout_s)

    def list_uploads(self, *, timeout_s: float | None = None) -> Iterator[pb.OpenUpload]:
        """Yield the uploads that are open, in no particular order, from all pages.

        `timeout_s` is for each page.
        """
        token = ""
        while True:
            page = self.list_uploads_page(page_token=token, timeout_s=timeout_s)
            yield from page.uploads
            token = page.next_page_token
            if not token:
                return

    def list_uploads_page(
        self, *, page_size: int = 0, page_token: str = "", timeout_s: float | None = None
    ) -> pb.ListUploadsResponse:
        """Return one page of the open uploads; see ListUploadsRequest in the contract."""
        request = pb.ListUploadsRequest(page_size=page_size, page_token=page_token)
        return cast("pb.ListUploadsResponse", self._call("ListUploads", request, timeout_s))

    def sign_url(
        self,
        key: str,
        *,
        method: str = "GET",
        expiry: timedelta | None = None,
        content_type: str = "",
        content_disposition: str = "",
        timeout_s: float | None = None,
    ) -> pb.SignUrlResponse:
        """Issue a URL that works without credentials until it expires.

        Args:
            key: the object, which need not exist yet.
            method: "GET" (HEAD too) or "PUT".
            expiry: 1 second to 7 days; None for 15 minutes.
            content_type: PUT: what the request must carry.
            content_disposition: GET: what to answer with.
            timeout_s: seconds for the call.
        """
        request = pb.SignUrlRequest(
            key=key,
            method=_METHODS[method],
            content_type=content_type,
            content_disposition=content_disposition,
        )
        if expiry is not None:
            duration = Duration()
            duration.FromTimedelta(expiry)
            request.expiry.CopyFrom(duration)
        return cast("pb.SignUrlResponse", self._call("SignUrl", request, timeout_s))
