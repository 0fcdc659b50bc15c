"""The ingest client's calls whose work is done by jobs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tintype.channel import Stub
from tintype.errors import client_errors
from tintype.framing import Buffer
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.streams import OutgoingFile, Totals, read_chunks


class JobCalls:
    """Part of `IngestClient`, which inherits it.

    Attributes:
        stub: every method of the service by its name.
    """

    stub: Stub

    def ingest_url(
        self,
        url: str,
        options: ingest_pb2.IngestOptions | None = None,
        *,
        wait: bool = False,
        timeout_s: float | None = None,
    ) -> ingest_pb2.IngestUrlResponse:
        """Ingest the image at a URL of the public network.

        Args:
            url: http or https.
            options: how it is to be kept.
            wait: come back only when the job has ended, or shortly before `timeout_s`; an
                asset that failed says so in its state.
            timeout_s: longest the call may take.

        Raises:
            InvalidArgument: the URL is none that may be fetched.
        """
        request = ingest_pb2.IngestUrlRequest(url=url, options=options, wait=wait)
        with client_errors():
            response: ingest_pb2.IngestUrlResponse = self.stub.IngestUrl(request, timeout=timeout_s)
            return response

    def ingest_document(
        self,
        chunks: Iterable[Buffer],
        options: ingest_pb2.IngestOptions | None = None,
        *,
        size_bytes: int | None = None,
        timeout_s: float | None = None,
    ) -> ingest_pb2.IngestDocumentResponse:
        """Store a document; its pages are read by a job.

        Args:
            chunks: its bytes, in runs of any size. An exception raised by iterating it ends
                the call and passes through.
            options: how it is to be kept; its file name tells Markdown from plain text.
            size_bytes: its size, where known, so that one too large is refused at once.
            timeout_s: longest the call may take.

        Raises:
            InvalidArgument: it is none that is read, or too large.
        """
        header = ingest_pb2.IngestHeader(options=options, size_bytes=size_bytes)
        outgoing = OutgoingFile(ingest_pb2.IngestDocumentRequest(header=header), chunks, _finish)
        with client_errors(outgoing):
            response: ingest_pb2.IngestDocumentResponse = self.stub.IngestDocument(
                iter(outgoing), timeout=timeout_s
            )
            return response

    def ingest_document_file(
        self,
        path: Path,
        options: ingest_pb2.IngestOptions | None = None,
        *,
        timeout_s: float | None = None,
    ) -> ingest_pb2.IngestDocumentResponse:
        """Store the document in a file, under its own name unless the options give one.

        Raises:
            OSError: the file cannot be read.
        """
        named = ingest_pb2.IngestOptions(file_name=path.name)
        if options is not None:
            named.MergeFrom(options)
        with path.open("rb") as file:
            return self.ingest_document(
                read_chunks(file), named, size_bytes=path.stat().st_size, timeout_s=timeout_s
            )

    def list_pages(
        self, asset_id: str, owner: str = "", *, timeout_s: float | None = None
    ) -> Iterator[ingest_pb2.DocumentPage]:
        """Yield a document's pages in order; `timeout_s` is for each answer of some.

        Raises:
            NotFound: the owner has none of this id.
        """
        request = ingest_pb2.ListPagesRequest(asset_id=asset_id, owner=owner)
        while True:
            with client_errors():
                answer = self.stub.ListPages(request, timeout=timeout_s)
            yield from answer.pages
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def list_failures(
        self, owner: str = "", *, timeout_s: float | None = None
    ) -> Iterator[asset_pb2.Asset]:
        """Yield an owner's failed assets, newest first; `timeout_s` is for each page."""
        request = ingest_pb2.ListFailuresRequest(owner=owner)
        while True:
            with client_errors():
                page = self.stub.ListFailures(request, timeout=timeout_s)
            yield from page.assets
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def retry_asset(
        self, asset_id: str, owner: str = "", *, timeout_s: float | None = None
    ) -> asset_pb2.Asset:
        """Do a failed asset's job again.

        Raises:
            NotFound: the owner has none of this id.
            FailedPrecondition: it is not failed, or nothing is left to try again with.
        """
        request = ingest_pb2.RetryAssetRequest(id=asset_id, owner=owner)
        with client_errors():
            asset: asset_pb2.Asset = self.stub.RetryAsset(request, timeout=timeout_s).asset
            return asset


def _finish(totals: Totals) -> ingest_pb2.IngestDocumentRequest:
    finish = ingest_pb2.Finish(size_bytes=totals.size_bytes, crc32c=totals.crc32c)
    return ingest_pb2.IngestDocumentRequest(finish=finish)
