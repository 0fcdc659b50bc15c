"""One image's way: a tee to storage and imaging, derivatives to storage, the row last."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import stamina
import structlog

from services.ingest.catalog.tables import RenditionRow
from services.ingest.dependencies import Dependencies
from services.ingest.derivatives import derive_stored, is_transient, store_renditions
from services.ingest.errors import ContentTaken, ExternalIdTaken
from services.ingest.garbage import collect_garbage
from services.ingest.head import sniff_image
from services.ingest.ids import new_id
from services.ingest.layout import Layout, image_layout
from services.ingest.new_asset import image_row, rendition_row
from services.ingest.original import Original
from services.ingest.recipe import DERIVATIVE_WIDTHS_PX, process_spec
from services.ingest.tee import Broken, Tee
from services.rpc.receive import IncomingFile
from tintype.errors import TintypeError
from tintype.framing import Buffer
from tintype.imaging.v1 import imaging_pb2
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.storage.v1 import storage_pb2

_STORAGE, _IMAGING = 0, 1  # readers of the tee
_ANSWER_SHARE = 0.2
# How long the answer waits for the job of an asset that somebody else brought.
_SETTLE_S = 10.0
# How much of that time imaging may take before the original is stored without it.
_IMAGING_SHARE = 0.75
_log = structlog.get_logger(__name__)


@dataclass
class ImageIngest:
    """The ingest of one image. Use once.

    The original becomes visible in the store only after imaging has accepted its
    bytes, and the asset only after all its objects are stored. Whatever fails, all
    objects that were stored are deleted again before the error is raised.

    Attributes:
        needs: storage, imaging and the catalog.
        owner: whose it will be.
        file: what the caller sends.
        timeout_s: how long the caller waits.
        hand_over: gives an image whose original is stored to a job.
        settle: waits for an asset's job, but no longer than so many seconds.
    """

    needs: Dependencies
    owner: str
    file: IncomingFile[ingest_pb2.IngestHeader]
    timeout_s: float
    hand_over: Callable[
        ["ImageIngest", storage_pb2.ObjectInfo, bytes], tuple[asset_pb2.Asset, bool]
    ]
    settle: Callable[[asset_pb2.Asset, float], asset_pb2.Asset]
    asset_id: str = field(default_factory=new_id)
    keys: list[str] = field(default_factory=list)
    _tee: Tee = field(default_factory=lambda: Tee(reader_count=2))
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        # The rest is for the commit and the answer.
        self._deadline = time.monotonic() + self.timeout_s * (1 - _ANSWER_SHARE)

    def run(self) -> Iterator[ingest_pb2.IngestResponse]:
        """Yield what happens, as it happens, and at last the asset."""
        options = self.file.header.options
        if options.external_id:
            existing = self.needs.catalog.find_external(self.owner, options.external_id)
            if existing is not None:
                yield self._committed(existing, existed=True)
                return
        try:
            yield from self._run(options)
        except BaseException as failure:
            self._tee.break_off(failure)
            self._remove_objects()
            if isinstance(failure, Broken) and self._tee.failure is not None:
                raise self._tee.failure from None
            raise

    def break_off(self, failure: BaseException) -> None:
        """End the ingest from outside, as when the caller has gone."""
        self._tee.break_off(failure)

    def _run(self, options: ingest_pb2.IngestOptions) -> Iterator[ingest_pb2.IngestResponse]:
        yield ingest_pb2.IngestResponse(accepted=ingest_pb2.Accepted(asset_id=self.asset_id))
        chunks = self.file.chunks()
        image_format, head = sniff_image(chunks)
        layout = image_layout(
            self.needs.upload_prefix,
            datetime.now(UTC),
            self.asset_id,
            options.file_name,
            image_format.extension,
        )
        spec = process_spec(
            self.needs.derivative_format, tolerate_truncated=options.tolerate_truncated
        )
        original = Original(self.needs.storage, self._tee, _STORAGE, self._remaining_s)
        self.keys.append(layout.original_key())
        # Nobody waits for the pump: it may be waiting for a caller who sends no more.
        threading.Thread(target=self._pump, args=(head, chunks), daemon=True).start()
        original.begin(layout.original_key(), image_format.content_type)
        try:
            try:
                yield from self._derive(options, layout, spec, original)
            except TintypeError as failure:
                if not is_transient(failure) or original.has_failed():
                    raise
                _log.info("deriving again", asset=self.asset_id, error=str(failure))
                yield self._derive_again(options, layout, original)
        except BaseException as failure:
            self._tee.break_off(failure)
            # Nothing may be stored after the clean-up that follows.
            original.wait()
            raise

    def _derive(
        self,
        options: ingest_pb2.IngestOptions,
        layout: Layout,
        spec: imaging_pb2.ProcessSpec,
        original: Original,
    ) -> Iterator[ingest_pb2.IngestResponse]:
        """Take imaging's answer, store what it made, commit."""
        chunks = self._tee.read(_IMAGING)
        with self.needs.imaging.process(
            chunks, spec, timeout_s=self._remaining_s() * _IMAGING_SHARE, owner=self.owner
        ) as processed:
            facts = processed.facts
            original.accept()
            info = original.info()
            rows = [rendition_row("original", info, (facts.width_px, facts.height_px))]
            stored = ingest_pb2.Stored(size_bytes=info.size_bytes)
            yield ingest_pb2.IngestResponse(stored=stored)
            for row in store_renditions(
                self.needs.storage, layout, processed, self.keys, self._remaining_s()
            ):
                rows.append(row)
                event = ingest_pb2.RenditionStored(
                    name=row.name, index=len(rows) - 1, count=len(DERIVATIVE_WIDTHS_PX)
                )
                yield ingest_pb2.IngestResponse(rendition=event)
        yield self._commit(options, facts, rows)

    def _derive_again(
        self,
        options: ingest_pb2.IngestOptions,
        layout: Layout,
        original: Original,
    ) -> ingest_pb2.IngestResponse:
        """Let the original become durable, and work from it for as long as the caller waits."""
        self._tee.leave(_IMAGING)
        original.accept()
        info = original.info()
        try:
            for attempt in stamina.retry_context(
                on=is_transient, attempts=None, timeout=self._remaining_s(), wait_max=0.5
            ):
                with attempt:
                    facts, rows = derive_stored(
                        self.needs,
                        layout.original_key(),
                        owner=self.owner,
                        tolerate_truncated=options.tolerate_truncated,
                        timeout_s=self._remaining_s(),
                        keys=self.keys,
                    )
        except TintypeError as failure:
            if not is_transient(failure):
                raise
            asset, existed = self.hand_over(self, info, self.file.sha256)
            return self._committed(asset, existed=existed)
        return self._commit(options, facts, rows)

    def _remaining_s(self) -> float:
        """Return how long the work may still take, never less than a moment."""
        return max(0.01, self._deadline - time.monotonic())

    def _commit(
        self,
        options: ingest_pb2.IngestOptions,
        facts: imaging_pb2.ImageFacts,
        rows: list[RenditionRow],
    ) -> ingest_pb2.IngestResponse:
        """Make the asset exist, unless it does already."""
        catalog = self.needs.catalog
        row = image_row(
            self.asset_id,
            self.owner,
            options=options,
            facts=facts,
            digest=self.file.sha256,
            renditions=rows,
        )
        try:
            return self._committed(catalog.insert(row, dedupe=options.dedupe), existed=False)
        except ContentTaken as taken:
            return self._committed(taken.asset, existed=True)
        except ExternalIdTaken:
            # Somebody brought the same one at the same time and was faster.
            same = catalog.find_external(self.owner, options.external_id)
            if same is None:
                raise
            return self._committed(same, existed=True)

    def _committed(self, asset: asset_pb2.Asset, *, existed: bool) -> ingest_pb2.IngestResponse:
        """End with an asset: this one, or one that made this one needless."""
        if existed:
            self._remove_objects()
            asset = self.settle(asset, min(self._remaining_s(), _SETTLE_S))
        # From here on the objects are the asset's, even if the caller has gone.
        self.keys.clear()
        return ingest_pb2.IngestResponse(done=ingest_pb2.Done(asset=asset, existed=existed))

    def _pump(self, head: list[Buffer], chunks: Iterator[Buffer]) -> None:
        """Write what the caller sends into the tee."""
        try:
            for chunk in head:
                self._tee.write(chunk)
            for chunk in chunks:
                self._tee.write(chunk)
            self._tee.close()
        except BaseException as failure:
            self._tee.break_off(failure)

    def _remove_objects(self) -> None:
        """Delete what was stored."""
        if self.keys:
            unnamed = self.needs.catalog.add_garbage(self.keys)
            collect_garbage(self.needs.catalog, self.needs.storage, unnamed)
