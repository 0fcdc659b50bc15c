"""Resumable uploads and signed URLs, answered out of a store."""

from datetime import UTC, datetime, timedelta

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from services.rpc.errors import InvalidRequest
from services.rpc.readahead import ReadAhead
from services.rpc.receive import IncomingFile
from services.storage.messages import (
    check_no_upload,
    object_info,
    open_upload,
    put_info,
    url_request,
)
from storage.errors import UploadNotFound
from storage.store import Chunk, ObjectInfo
from storage.uploads import MAX_UPLOADS_LIMIT, UploadStore, UrlSigner
from tintype.storage.v1 import storage_pb2 as pb
from tintype.streams import Totals


class UploadMethods:
    """The methods of the contract that concern uploads in several streams, and URLs."""

    def __init__(self, store: UploadStore, signer: UrlSigner, upload_ttl: timedelta) -> None:
        self._store = store
        self._signer = signer
        self._upload_ttl = upload_ttl
        self._read_ahead = ReadAhead()

    def StartUpload(
        self, request: pb.StartUploadRequest, _context: grpc.ServicerContext
    ) -> pb.StartUploadResponse:
        """Open an upload."""
        check_no_upload(request.header)
        upload_id = self._store.start_upload(request.header.key, put_info(request.header))
        expire_time = Timestamp()
        expire_time.FromDatetime(datetime.now(UTC) + self._upload_ttl)
        return pb.StartUploadResponse(upload_id=upload_id, expire_time=expire_time)

    def QueryUpload(
        self, request: pb.QueryUploadRequest, _context: grpc.ServicerContext
    ) -> pb.QueryUploadResponse:
        """Tell how far an upload is."""
        upload = self._store.query_upload(request.upload_id)
        return pb.QueryUploadResponse(
            persisted_bytes=upload.persisted_bytes,
            persisted_crc32c=upload.persisted_crc32c,
            info=None if upload.info is None else object_info(upload.info),
        )

    def AbortUpload(
        self, request: pb.AbortUploadRequest, _context: grpc.ServicerContext
    ) -> pb.AbortUploadResponse:
        """Give up an upload."""
        self._store.abort_upload(request.upload_id)
        return pb.AbortUploadResponse()

    def ListUploads(
        self, request: pb.ListUploadsRequest, _context: grpc.ServicerContext
    ) -> pb.ListUploadsResponse:
        """List one page of open uploads."""
        if not 0 <= request.page_size <= MAX_UPLOADS_LIMIT:
            raise InvalidRequest(
                f"page_size must be 0 to {MAX_UPLOADS_LIMIT}, not {request.page_size}"
            )
        page = self._store.list_uploads(request.page_token, request.page_size or MAX_UPLOADS_LIMIT)
        return pb.ListUploadsResponse(
            uploads=map(open_upload, page.uploads), next_page_token=page.next_token
        )

    def SignUrl(
        self, request: pb.SignUrlRequest, _context: grpc.ServicerContext
    ) -> pb.SignUrlResponse:
        """Issue a URL for one object."""
        signed = self._signer.sign_url(request.key, url_request(request))
        expire_time = Timestamp()
        expire_time.FromDatetime(signed.expire_time)
        return pb.SignUrlResponse(url=signed.url, expire_time=expire_time, headers=signed.headers)

    def _continue(self, incoming: IncomingFile[pb.PutHeader]) -> ObjectInfo:
        """Append a put's stream to the upload that its header names."""
        header = incoming.header
        named = {field.name for field, _ in header.ListFields()} - {"upload_id", "upload_offset"}
        if named:
            raise InvalidRequest(
                f"with an upload_id, {', '.join(sorted(named))} must be empty: "
                "they were fixed at StartUpload"
            )
        upload = self._store.query_upload(header.upload_id)
        if upload.info is not None:
            raise UploadNotFound(header.upload_id)
        # The finish is about the whole object. Should another stream be faster, the
        # store refuses the offset.
        incoming.totals = Totals(upload.persisted_bytes, upload.persisted_crc32c)
        return self._store.continue_upload(
            header.upload_id,
            header.upload_offset,
            self._read_ahead(map(Chunk._make, incoming.frames())),
            lambda: incoming.expected_sha256,
        )
