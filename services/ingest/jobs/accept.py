"""Accepting work: the asset and its job become durable together, or not at all."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from services.ingest.catalog.jobs import UNFINISHED, add_later_job, renew_job
from services.ingest.catalog.messages import value_word
from services.ingest.catalog.tables import AssetRow, JobRow, RenditionRow
from services.ingest.dependencies import Dependencies
from services.ingest.documents.formats import HEAD_BYTES, DocumentType, sniff_document
from services.ingest.errors import ContentTaken, ExternalIdTaken, NotRetryable, WrongState
from services.ingest.fetch.fetcher import Fetcher
from services.ingest.garbage import collect_garbage
from services.ingest.head import take_head
from services.ingest.ids import new_id
from services.ingest.image_ingest import ImageIngest
from services.ingest.jobs.engine import JobEngine
from services.ingest.layout import document_layout
from services.ingest.new_asset import accepted_row, rendition_row
from services.rpc.receive import IncomingFile
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.storage.v1 import storage_pb2

# The job may run in another process: all that both see is the catalog.
_POLL_S = 0.1
# Left of the caller's deadline for the answer itself.
_ANSWER_S = 0.5

Accepted = tuple[asset_pb2.Asset, bool]


@dataclass(frozen=True)
class JobDesk:
    """Takes in work that is done by jobs."""

    needs: Dependencies
    engine: JobEngine
    fetcher: Fetcher

    def accept_url(self, owner: str, request: ingest_pb2.IngestUrlRequest) -> Accepted:
        """Accept an image at a URL; returns its asset and whether it was there already.

        Raises:
            UrlRefused: the URL is not public.
        """
        options = ingest_pb2.IngestOptions()
        options.CopyFrom(request.options)
        if (existing := self._existing(owner, options)) is not None:
            return existing, True
        self.fetcher.check(request.url)
        options.source_url = options.source_url or request.url
        options.file_name = options.file_name or _last_segment(request.url)
        job = JobRow(
            work="image",
            url=request.url,
            dedupe=options.dedupe,
            tolerate_truncated=options.tolerate_truncated,
        )
        return self._insert(accepted_row(new_id(), owner, "image", options), job)

    def wait(
        self, asset: asset_pb2.Asset, timeout_s: float, is_active: Callable[[], bool]
    ) -> Accepted:
        """Wait until an asset's job has ended, but no longer than the caller does.

        Args:
            asset: as it was accepted.
            timeout_s: how long the caller waits.
            is_active: False as soon as nobody waits any more.

        Returns:
            The asset that came of it, and whether it is one that was there already.

        Raises:
            AssetNotFound: somebody deleted it.
        """
        deadline = time.monotonic() + timeout_s - _ANSWER_S
        accepted_id = asset.id
        while _is_unfinished(asset) and time.monotonic() < deadline and is_active():
            time.sleep(_POLL_S)
            asset = self.needs.catalog.get(asset.owner, asset.id)
        return asset, asset.id != accepted_id

    def accept_document(
        self, owner: str, file: IncomingFile[ingest_pb2.IngestHeader], timeout_s: float
    ) -> Accepted:
        """Store a document's original and accept the reading of its pages.

        Raises:
            UnsupportedDocument: it is none that is read.
        """
        options = file.header.options
        if (existing := self._existing(owner, options)) is not None:
            return existing, True
        row = accepted_row(new_id(), owner, "document", options)
        chunks = file.chunks()
        first_bytes, head = take_head(chunks, HEAD_BYTES)
        kind = sniff_document(first_bytes, options.file_name)
        layout = document_layout(datetime.now(UTC), row.id, options.file_name, kind.format.value)
        info = self.needs.storage.put(
            layout.original_key(),
            chain(head, chunks),
            content_type=kind.content_type,
            timeout_s=timeout_s,
        )
        _set_original(row, rendition_row("original", info, (0, 0)), kind, file.sha256)
        # If this fails, the object is left to the sweep: the row may be there although
        # the database could not say so any more.
        asset, existed = self._insert(row, JobRow(work="document", dedupe=options.dedupe))
        if existed:
            unnamed = self.needs.catalog.add_garbage([info.key])
            collect_garbage(self.needs.catalog, self.needs.storage, unnamed)
        return asset, existed

    def hand_over(
        self, image: ImageIngest, original: storage_pb2.ObjectInfo, digest: bytes
    ) -> Accepted:
        """Accept an image that came as a stream and whose original is stored, to be derived later.

        Args:
            image: the ingest that cannot end in time.
            original: what the store says of the original.
            digest: its SHA-256.
        """
        options = image.file.header.options
        row = accepted_row(image.asset_id, image.owner, "image", options)
        row.renditions = [rendition_row("original", original, (0, 0))]
        row.renditions[0].position = 0
        row.size_bytes, row.sha256 = original.size_bytes, digest
        job = JobRow(
            work="image", dedupe=options.dedupe, tolerate_truncated=options.tolerate_truncated
        )
        return self._insert(row, job)

    def retry(self, owner: str, asset_id: str) -> asset_pb2.Asset:
        """Do a failed asset's job again.

        Raises:
            WrongState: it is not failed.
            NotRetryable: nothing is left to do it from.
        """

        def apply(row: AssetRow) -> None:
            if row.state != "failed":
                raise WrongState("retry", row.state, ("failed",))
            row.state = "processing" if row.kind == "image" else "pending"
            row.error_reason = row.error_message = ""
            row.error_retryable = False

        def also(session: Session) -> None:
            row = session.get_one(AssetRow, asset_id)
            # One that was whole once has an original, and no job any more.
            job = renew_job(session, asset_id)
            if job is None and row.renditions:
                job = add_later_job(session, asset_id, row.kind)
            if job is None or not (job.url or row.renditions):
                raise NotRetryable(asset_id)
            self.engine.enqueue(session, job)

        return self.needs.catalog.change(owner, asset_id, apply, also)

    def read_again(self, owner: str, asset_id: str) -> asset_pb2.Asset:
        """Read a document's pages and draw its preview again, by a job.

        Raises:
            WrongState: it is not ready.
        """

        def apply(row: AssetRow) -> None:
            if row.state != "ready":
                raise WrongState("read again", row.state, ("ready",))
            row.state = "pending"

        def also(session: Session) -> None:
            self.engine.enqueue(session, add_later_job(session, asset_id, "document"))

        return self.needs.catalog.change(owner, asset_id, apply, also)

    def _existing(self, owner: str, options: ingest_pb2.IngestOptions) -> asset_pb2.Asset | None:
        if not options.external_id:
            return None
        return self.needs.catalog.find_external(owner, options.external_id)

    def _insert(self, row: AssetRow, job: JobRow) -> Accepted:
        """Make the asset and its job durable in one transaction."""

        def also(session: Session) -> None:
            job.asset_id, job.run, job.update_time = row.id, 1, datetime.now(UTC)
            session.add(job)
            session.flush()
            self.engine.enqueue(session, job)

        external_id = row.external_id or ""
        try:
            # The bytes behind a URL, as the row has none yet, are compared when they are here.
            dedupe = job.dedupe and bool(row.sha256)
            return self.needs.catalog.insert(row, also, dedupe=dedupe), False
        except ContentTaken as taken:
            return taken.asset, True
        except ExternalIdTaken:
            # Somebody brought the same one at the same time and was faster.
            same = self.needs.catalog.find_external(row.owner, external_id)
            if same is None:
                raise
            return same, True


def _is_unfinished(asset: asset_pb2.Asset) -> bool:
    state = asset_pb2.AssetState.Name(asset.state)
    return value_word(state, "ASSET_STATE_") in UNFINISHED


def _last_segment(url: str) -> str:
    return unquote(urlsplit(url).path.rpartition("/")[2])


def _set_original(row: AssetRow, original: RenditionRow, kind: DocumentType, digest: bytes) -> None:
    original.position = 0
    row.renditions = [original]
    row.format = kind.format.value
    row.size_bytes = original.size_bytes
    row.sha256 = digest
