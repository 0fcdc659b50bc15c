"""The ingest service's methods that accept work for jobs, or look at what became of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from google.protobuf.message import Message

from services.ingest.dependencies import Dependencies
from services.ingest.documents.content import MAX_DOCUMENT_BYTES
from services.ingest.jobs.accept import JobDesk
from services.ingest.requests import check_options, owner_or
from services.rpc.errors import InvalidRequest, Overloaded
from services.rpc.receive import IncomingFile
from tintype.framing import ChunkFrame
from tintype.ingest.v1 import asset_pb2, ingest_pb2

# Half of the calls that a process serves at one time.
_MAX_WAITING = 32


class JobMethods:
    """Part of tintype.ingest.v1.IngestService; the servicer inherits it.

    Args:
        needs: what an ingest works with.
        desk: takes in the work.
        default_owner: whose an asset is when a request does not say.
        call_timeout_s: longest a call may take when the caller sets no deadline.
    """

    def __init__(
        self, needs: Dependencies, desk: JobDesk, default_owner: str, call_timeout_s: float
    ) -> None:
        self._needs = needs
        self._desk = desk
        self._default_owner = default_owner
        self._call_timeout_s = call_timeout_s
        self._waiting_places = threading.BoundedSemaphore(_MAX_WAITING)

    def IngestUrl(
        self, request: ingest_pb2.IngestUrlRequest, context: grpc.ServicerContext
    ) -> ingest_pb2.IngestUrlResponse:
        """Accept the image at a URL, and wait for what becomes of it if asked to."""
        check_options(request.options)
        owner = self._owner(request.options.owner)
        if not request.wait:
            asset, existed = self._desk.accept_url(owner, request)
            return ingest_pb2.IngestUrlResponse(asset=asset, existed=existed)
        with self._waiting():
            asset, existed = self._desk.accept_url(owner, request)
            asset, same = self._desk.wait(asset, self._timeout_s(context), context.is_active)
        return ingest_pb2.IngestUrlResponse(asset=asset, existed=existed or same)

    def IngestDocument(
        self, requests: Iterator[Message | ChunkFrame], context: grpc.ServicerContext
    ) -> ingest_pb2.IngestDocumentResponse:
        """Store a document and accept the reading of its pages."""
        file: IncomingFile[ingest_pb2.IngestHeader] = IncomingFile(
            requests, "header", max_bytes=MAX_DOCUMENT_BYTES, with_sha256=True
        )
        options, size_bytes = file.header.options, file.header.size_bytes
        check_options(options)
        if size_bytes > MAX_DOCUMENT_BYTES:
            raise InvalidRequest(
                f"the document has {size_bytes} bytes; at most {MAX_DOCUMENT_BYTES} are taken"
            )
        owner = self._owner(options.owner)
        asset, existed = self._desk.accept_document(owner, file, self._timeout_s(context))
        return ingest_pb2.IngestDocumentResponse(asset=asset, existed=existed)

    def ListPages(
        self, request: ingest_pb2.ListPagesRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.ListPagesResponse:
        """List the pages of a document with their text and deep links."""
        owner, catalog = self._owner(request.owner), self._needs.catalog
        found, token = catalog.pages(owner, request.asset_id, request.page_size, request.page_token)
        return ingest_pb2.ListPagesResponse(pages=found, next_page_token=token)

    def ListFailures(
        self, request: ingest_pb2.ListFailuresRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.ListFailuresResponse:
        """List an owner's failed assets."""
        failed = ingest_pb2.AssetFilter(states=[asset_pb2.ASSET_STATE_FAILED])
        assets, token = self._needs.catalog.list_page(
            self._owner(request.owner), failed, request.page_size, request.page_token
        )
        return ingest_pb2.ListFailuresResponse(assets=assets, next_page_token=token)

    def RetryAsset(
        self, request: ingest_pb2.RetryAssetRequest, _context: grpc.ServicerContext
    ) -> ingest_pb2.RetryAssetResponse:
        """Do a failed asset's job again."""
        asset = self._desk.retry(self._owner(request.owner), request.id)
        return ingest_pb2.RetryAssetResponse(asset=asset)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Hold one of the places of those who wait for a job: each holds a thread.

        Raises:
            Overloaded: all are taken.
        """
        if not self._waiting_places.acquire(blocking=False):
            raise Overloaded(
                f"{_MAX_WAITING} calls wait for their jobs already: call without `wait`, or later"
            )
        try:
            yield
        finally:
            self._waiting_places.release()

    def _owner(self, owner: str) -> str:
        return owner_or(owner, self._default_owner)

    def _timeout_s(self, context: grpc.ServicerContext) -> float:
        """Return how long the call may still take."""
        remaining_s: float | None = context.time_remaining()
        return min(remaining_s or self._call_timeout_s, self._call_timeout_s)
